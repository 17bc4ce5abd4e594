"""Share money over series so that the most is served: exactly for few series, by marginal return for many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.budget import allocate
from orderpoint.optimize.limits.curves import Curves
from orderpoint.optimize.limits.envelope import steps_of as envelope
from orderpoint.optimize.service.counted import MOST_EXACT, Placed, counted, traced
from orderpoint.optimize.service.order_limit import OrderLimit
from orderpoint.optimize.service.order_prices import Offered
from orderpoint.optimize.service.pareto import efficient
from orderpoint.tables import checks
from orderpoint.tables.decisions import Frontier

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FRONTIER_POINTS = 128
"""Points of a frontier under a number of orders."""


@dataclass(frozen=True, eq=False)
class Shared:
    """What n series can be ordered in: `quantity`, `money`, `short` (n, P), by ascending quantity from 0.

    `asked` (n,) is what the shortfall is a share of, `target` (n,) the service to be reached first (0: none). `fine`
    bool (n,): the columns are all the choices that there are up to the last.
    """

    quantity: FloatArray
    money: FloatArray
    short: FloatArray
    asked: FloatArray
    target: FloatArray
    fine: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for name in ("money", "short"):
            checks.shape(f"shared.{name}", getattr(self, name), self.quantity.shape)
        for name in ("asked", "target", "fine"):
            checks.shape(f"shared.{name}", getattr(self, name), (len(self.quantity),))

    def gain(self) -> FloatArray:
        """Service over all series that each choice adds to ordering nothing, (n, P)."""
        total = max(float(self.asked.sum()), 1e-300)
        return (self.short[:, :1] - self.short) / total

    def floors(self) -> IntArray:
        """The first choice of each series that reaches its target, (n,); the best there is where none does."""
        allowed = (1.0 - self.target) * self.asked + 1e-12
        reached = self.short <= allowed[:, None]
        best = np.argmin(self.short, axis=1)
        return np.where(self.target > 0.0, np.where(reached.any(axis=1), reached.argmax(axis=1), best), 0)


@dataclass(frozen=True, eq=False)
class Split:
    """The columns chosen, `choice` (n,), their quantities, `shadow_price` (n,), certified `gap` and frontier.

    `shadow_price`: what one more unit of money would keep from being short, in the measure's own unit (units, chances
    of a stockout, unit-days of waiting).

    `multiplier`: service that one more unit of money would add, 0 where all is bought that helps. `order_price`:
    service that one more order would add, 0 where they do not bind. `orders`: how many are placed.
    """

    choice: IntArray
    quantity: FloatArray
    shadow_price: FloatArray
    gap: float
    multiplier: float
    frontier: Frontier
    order_price: float = 0.0
    orders: int = 0


def bought_at(curves: Shared, price: float) -> Split:
    """What each series buys by itself where a unit of money has to add the service `price`; targets in any case."""
    gain = curves.gain()
    choice = np.maximum(np.argmax(gain - price * curves.money, axis=1), curves.floors())
    return _split(curves, gain, Placed(choice, 0.0, 0.0), None)


def share(curves: Shared, money: float, price: float = 0.0, orders: OrderLimit | None = None) -> Split:
    """Share `money` and a number of orders over the series: targets first, then where they serve most.

    `price`: service that a unit of money has to add beyond the targets, where there is no budget (`money` inf).
    """
    gain, floors, rows = curves.gain(), curves.floors(), np.arange(len(curves.quantity))
    first = Placed(np.zeros(len(rows), np.int64), 0.0, 0.0)
    if floors.any():
        upto = np.minimum(np.arange(gain.shape[1])[None, :], floors[:, None])
        some = Offered(curves.money[rows[:, None], upto], gain[rows[:, None], upto], curves.fine)
        first = _best(some, money, orders)
    start = np.minimum(first.choice, floors)
    from_here = np.maximum(np.arange(gain.shape[1])[None, :], start[:, None])
    start_money, start_gain = curves.money[rows, start], gain[rows, start]
    further = curves.money[rows[:, None], from_here] - start_money[:, None]
    better = gain[rows[:, None], from_here] - start_gain[:, None] - (price * further if price > 0.0 else 0.0)
    left = None if orders is None else orders.after(start > 0)
    more = _best(Offered(further, better, curves.fine), money - float(start_money.sum()), left)
    short = (start < floors).any()  # what could not be reached is what the gap and the price of an order speak of
    told = first if short else more
    choice = np.maximum(more.choice, start)
    return _split(curves, gain, Placed(choice, told.gap, told.price), orders)


def _split(curves: Shared, gain: FloatArray, found: Placed, orders: OrderLimit | None) -> Split:
    """The split of one choice for each series, with the frontier it stands beside."""
    choice, rows = found.choice, np.arange(len(found.choice))
    frontier = _frontier(curves, gain, orders)
    spent = float(curves.money[rows, choice].sum())
    price = _next_return(curves.money, -curves.short, choice)
    multiplier = float(np.interp(spent, frontier.money, frontier.shadow_price)) if len(frontier.money) else 0.0
    ordered = curves.quantity[rows, choice] > 0.0
    placed = int(ordered.sum())
    if orders is not None:
        used = orders.used(ordered)
        placed = int(used.sum())
        if placed >= orders.most:  # money alone opens no further order
            price = np.where(used[orders.order_of], price, 0.0)
    quantity = curves.quantity[rows, choice]
    return Split(choice, quantity, price, found.gap, multiplier, frontier, found.price, placed)


def _best(lines: Offered, limit: float, orders: OrderLimit | None) -> Placed:
    """The columns that gain most, with their certified relative gap, 0 where they are exact."""
    if orders is not None and orders.most < int((~orders.placed).sum()):
        return counted(lines, limit, orders)
    if np.isinf(limit):
        return Placed(np.argmax(lines.gain, axis=1), 0.0, 0.0)
    exact = efficient(lines.money, lines.gain, limit) if len(lines.money) <= MOST_EXACT else None
    if exact is not None and len(exact.money):
        return Placed(exact.choice[-1], 0.0, 0.0)
    shared = allocate(Curves(lines.money, lines.gain, lines.fine), limit)
    return Placed(shared.choice, shared.gap, 0.0)


def _frontier(curves: Shared, gain: FloatArray, orders: OrderLimit | None) -> Frontier:
    """The frontier of the concave envelopes, from no order to all that helps; under a number of orders its corners."""
    total = max(float(curves.asked.sum()), 1e-300)
    idle = 1.0 - float(curves.short[:, 0].sum()) / total
    if orders is not None and orders.most < len(orders.placed):
        money, added = traced(Offered(curves.money, gain, curves.fine), orders, FRONTIER_POINTS)
        return Frontier(money, idle + added, np.append(np.diff(added) / np.diff(money), 0.0))
    steps = envelope(curves.money, gain)
    order = np.argsort(-steps[:, 3], kind="stable")
    line, left, right = (steps[order, k].astype(np.int64) for k in range(3))
    spent = np.cumsum(curves.money[line, right] - curves.money[line, left])
    added = np.cumsum(gain[line, right] - gain[line, left])
    bought = np.isfinite(steps[order, 3])  # the others are had for nothing
    start = float(added[~bought][-1]) if not bought.all() else 0.0
    slopes = np.append(steps[order, 3][bought], 0.0)
    money, service = np.append(0.0, spent[bought]), np.append(start, added[bought])
    return Frontier(money, idle + service, slopes)


def _next_return(money: FloatArray, gain: FloatArray, choice: IntArray) -> FloatArray:
    """(n,): the highest gain per money of any larger choice of each series; 0 where none gains."""
    rows = np.arange(len(money))
    more = money - money[rows, choice][:, None]
    better = gain - gain[rows, choice][:, None]
    slope = np.divide(better, more, out=np.zeros_like(more), where=more > 1e-12)
    best: FloatArray = np.maximum(slope.max(axis=1), 0.0)
    return best
