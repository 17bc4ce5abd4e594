"""Money and a number of orders shared over many lines at once, with a certified gap.

The Lagrangian of the budget leaves, for each price of money, a choice among orders: the most worth it, as many as may
be placed. So the best price of an order is known for every price of money (the worth of the first order left out), and

    D(price) = price x budget + sum over the orders chosen of their worth at the price

is the bound of both relaxed together, convex in one number (A. Geoffrion 1974, as in `limits.relaxation`). Which orders
are placed is read off its minimum, money is shared over them (`limits.budget`), and orders near the edge are exchanged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.budget import allocate
from orderpoint.optimize.limits.curves import Curves
from orderpoint.optimize.limits.envelope import envelopes
from orderpoint.optimize.service.order_limit import OrderLimit
from orderpoint.optimize.service.order_prices import Offered, Search, total
from orderpoint.optimize.service.pareto_orders import best_of_orders

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MOST_EXACT = 24
"""Series up to which the exact choice is tried."""
EXCHANGED, ROUNDS = 6, 2
"""Orders on either side of the edge that are exchanged with each other, and rounds of it."""
SMALL_GAP = 1e-5
"""Relative gap at which the search ends."""


@dataclass(frozen=True, eq=False)
class Placed:
    """The columns chosen, `choice` (n,), the certified relative `gap` of their gain, and the `price` of an order.

    `price`: what one order more would gain.
    """

    choice: IntArray
    gap: float
    price: float


def counted(lines: Offered, budget: float, limit: OrderLimit) -> Placed:
    """The columns that gain most within `budget` (money, inf where there is none) and the number of orders."""
    if len(lines.money) <= MOST_EXACT and np.isfinite(budget):
        exact = best_of_orders(lines.money, lines.gain, limit, budget)
        if exact is not None:
            return Placed(exact[0], 0.0, exact[1])
    search = Search(lines, limit, envelopes(lines.money, lines.gain, budget))
    low, high = search.edge(budget)
    bound, price = min(search.bound(at, budget) for at in {low, high})
    if low == 0.0 and search.answer(0.0)[1] <= budget:
        choice = search.answer(0.0)[0]
    else:
        choice = _best_placed(search, (low, high), budget, bound)
    gain = total(lines.gain, choice)
    gap = max(bound - gain, 0.0) / bound if bound > 0.0 else 0.0
    return Placed(choice, float(gap), price)


def _best_placed(search: Search, edge: tuple[float, float], budget: float, bound: float) -> IntArray:
    """The best sharing of the budget over the orders chosen on either side of the edge, or near it."""
    lines, limit = search.lines, search.limit
    best, most, chosen = np.zeros(len(lines.money), np.int64), -np.inf, limit.placed
    rank = [limit.best(search.worth(price)[1]) for price in edge]
    rank.append(limit.best(search.worth(edge[1])[1] + 1e-9 * np.maximum(search.worth(0.0)[1], 0.0)))
    for placed in rank:
        choice = _shared(lines, limit, placed, budget)
        if total(lines.gain, choice) > most:
            best, most, chosen = choice, total(lines.gain, choice), placed
    worth = search.worth(edge[1])[1]
    for _ in range(ROUNDS):
        if bound - most <= SMALL_GAP * bound:
            break
        inside = np.flatnonzero(chosen & ~limit.placed)
        outside = np.flatnonzero(~chosen)
        inside = inside[np.argsort(worth[inside], kind="stable")][:EXCHANGED]
        outside = outside[np.argsort(-worth[outside], kind="stable")][:EXCHANGED]
        before = most
        for out, into in ((a, b) for a in inside for b in outside):
            if not chosen[out] or chosen[into]:
                continue
            placed = chosen.copy()
            placed[out], placed[into] = False, True
            choice = _shared(lines, limit, placed, budget)
            if total(lines.gain, choice) > most:
                best, most, chosen = choice, total(lines.gain, choice), placed
        if most <= before:
            break
    return best


def _shared(lines: Offered, limit: OrderLimit, placed: BoolArray, budget: float) -> IntArray:
    """The budget shared over the lines of the orders `placed`; (n,) columns."""
    rows = np.flatnonzero(placed[limit.order_of])
    choice = np.zeros(len(lines.money), np.int64)
    if len(rows):
        choice[rows] = allocate(Curves(lines.money[rows], lines.gain[rows], lines.fine[rows]), budget).choice
    return choice


def traced(lines: Offered, limit: OrderLimit, points: int) -> tuple[FloatArray, FloatArray]:
    """(money, gain), both ascending, of the best that the number of orders allows at up to `points` prices of money."""
    search = Search(lines, limit, envelopes(lines.money, lines.gain, np.inf))
    steps = np.unique(search.steps())
    prices = np.append(steps[np.linspace(0, len(steps) - 1, min(points, len(steps))).astype(np.int64)][::-1], 0.0)
    money, gain = [0.0], [0.0]
    for price in prices:
        choice, spent = search.answer(float(price))
        earned = total(lines.gain, choice)
        if spent > money[-1] and earned > gain[-1]:
            money.append(spent)
            gain.append(earned)
        elif spent == money[-1]:
            gain[-1] = max(gain[-1], earned)  # what is had for nothing
    return np.array(money), np.array(gain)
