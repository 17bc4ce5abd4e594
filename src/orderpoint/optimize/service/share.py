"""Share money over series so that the most is served: exactly for few series, by marginal return for many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.budget import allocate
from orderpoint.optimize.limits.curves import Curves
from orderpoint.optimize.limits.envelope import steps_of as envelope
from orderpoint.optimize.service.pareto import efficient
from orderpoint.tables import checks
from orderpoint.tables.decisions import Frontier

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_EXACT = 24
"""Series up to which the exact frontier is tried."""


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
    """The quantities chosen (n,), their `shadow_price` (n,), the certified `gap` and the frontier.

    `shadow_price`: what one more unit of money would keep from being short, in the measure's own unit (units, chances
    of a stockout, unit-days of waiting).

    `multiplier`: service that one more unit of money would add, 0 where all is bought that helps.
    """

    quantity: FloatArray
    shadow_price: FloatArray
    gap: float
    multiplier: float
    frontier: Frontier


def bought_at(curves: Shared, price: float) -> Split:
    """What each series buys by itself where a unit of money has to add the service `price`; targets in any case."""
    gain = curves.gain()
    choice = np.maximum(np.argmax(gain - price * curves.money, axis=1), curves.floors())
    return _split(curves, gain, choice, 0.0)


def share(curves: Shared, money: float) -> Split:
    """Share `money` over the series: targets first, then where it serves most."""
    gain = curves.gain()
    floors = curves.floors()
    choice = np.zeros(len(floors), np.int64)
    gap = 0.0
    rows = np.arange(len(floors))
    if floors.any():
        upto = np.minimum(np.arange(gain.shape[1])[None, :], floors[:, None])
        choice, gap = _best(curves.money[rows[:, None], upto], gain[rows[:, None], upto], curves.fine, money)
        choice = np.minimum(choice, floors)
    if (choice >= floors).all():
        from_here = np.maximum(np.arange(gain.shape[1])[None, :], choice[:, None])
        start_money, start_gain = curves.money[rows, choice], gain[rows, choice]
        further = curves.money[rows[:, None], from_here] - start_money[:, None]
        better = gain[rows[:, None], from_here] - start_gain[:, None]
        more, gap = _best(further, better, curves.fine, money - float(start_money.sum()))
        choice = np.maximum(more, choice)
    return _split(curves, gain, choice, gap)


def _split(curves: Shared, gain: FloatArray, choice: IntArray, gap: float) -> Split:
    """The split of one choice for each series, with the frontier it stands beside."""
    rows = np.arange(len(choice))
    frontier = _frontier(curves, gain, envelope(curves.money, gain))
    spent = float(curves.money[rows, choice].sum())
    price = _next_return(curves.money, -curves.short, choice)
    multiplier = float(np.interp(spent, frontier.money, frontier.shadow_price)) if len(frontier.money) else 0.0
    return Split(curves.quantity[rows, choice], price, gap, multiplier, frontier)


def _best(money: FloatArray, gain: FloatArray, fine: NDArray[np.bool_], limit: float) -> tuple[IntArray, float]:
    """(choice, certified relative gap, 0 where it is exact)."""
    exact = efficient(money, gain, limit) if len(money) <= MOST_EXACT else None
    if exact is not None and len(exact.money):
        return exact.choice[-1], 0.0
    shared = allocate(Curves(money, gain, fine), limit)
    return shared.choice, shared.gap


def _frontier(curves: Shared, gain: FloatArray, steps: FloatArray) -> Frontier:
    """The frontier of the concave envelopes, from no order to all that helps."""
    order = np.argsort(-steps[:, 3], kind="stable")
    line, left, right = (steps[order, k].astype(np.int64) for k in range(3))
    spent = np.cumsum(curves.money[line, right] - curves.money[line, left])
    added = np.cumsum(gain[line, right] - gain[line, left])
    total = max(float(curves.asked.sum()), 1e-300)
    idle = 1.0 - float(curves.short[:, 0].sum()) / total
    slopes = np.concatenate([steps[order, 3], [0.0]])
    return Frontier(np.concatenate([[0.0], spent]), idle + np.concatenate([[0.0], added]), slopes)


def _next_return(money: FloatArray, gain: FloatArray, choice: IntArray) -> FloatArray:
    """(n,): the highest gain per money of any larger choice of each series; 0 where none gains."""
    rows = np.arange(len(money))
    more = money - money[rows, choice][:, None]
    better = gain - gain[rows, choice][:, None]
    slope = np.divide(better, more, out=np.zeros_like(more), where=more > 1e-12)
    best: FloatArray = np.maximum(slope.max(axis=1), 0.0)
    return best
