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
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.limits.budget import allocate, between
from orderpoint.optimize.limits.curves import Curves
from orderpoint.optimize.limits.envelope import Columns, envelopes
from orderpoint.optimize.service.order_limit import OrderLimit
from orderpoint.optimize.service.pareto_orders import best_of_orders

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MOST_EXACT = 24
"""Series up to which the exact choice is tried."""
HALVINGS = 60
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


@dataclass(frozen=True, eq=False)
class Offered:
    """Lines that orders are made of: `money`, `gain` (n, P) from (0, 0) on, `fine` (n,) as in `Curves`."""

    money: FloatArray
    gain: FloatArray
    fine: BoolArray


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
    gain = _total(lines.gain, choice)
    gap = max(bound - gain, 0.0) / bound if bound > 0.0 else 0.0
    return Placed(choice, float(gap), price)


@dataclass(frozen=True, eq=False)
class Search:
    """The lines with their envelopes (`limits.envelope`), asked for answers to a price of money."""

    lines: Offered
    limit: OrderLimit
    hull: tuple[Columns, FloatArray, IntArray]

    def steps(self) -> FloatArray:
        """The finite gains per money of all steps of the envelopes; beyond a line's corners nothing is said."""
        _, slope, count = self.hull
        used = (np.arange(slope.shape[1])[None, :] < count[:, None]) & (np.arange(slope.shape[1]) > 0)
        steps: FloatArray = slope[used]
        return steps[np.isfinite(steps)]

    def worth(self, price: float) -> tuple[IntArray, FloatArray]:
        """(the best column of each line (n,), the worth of each order) at a price of money."""
        choice = np.empty(len(self.lines.money), np.int64)
        worth = answers(self.lines.money, self.lines.gain, *self.hull, price, choice)
        return choice, np.bincount(self.limit.order_of, worth, len(self.limit.placed)).astype(np.float64)

    def answer(self, price: float) -> tuple[IntArray, float]:
        """(columns of the orders most worth it, money they take) at a price of money."""
        choice, worth = self.worth(price)
        choice = np.where(self.limit.best(worth)[self.limit.order_of], choice, 0)
        return choice, _total(self.lines.money, choice)

    def edge(self, budget: float) -> tuple[float, float]:
        """Two neighbouring prices of money: at the first the budget is passed, at the other not; 0 if nowhere."""
        if self.answer(0.0)[1] <= budget:
            return 0.0, 0.0
        low, high = 0.0, float(self.steps().max(initial=0.0))
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if not low < middle < high:
                break
            if self.answer(middle)[1] <= budget:
                high = middle
            else:
                low = middle
        return low, high

    def bound(self, price: float, budget: float) -> tuple[float, float]:
        """(D, worth of the first order left out) at a price of money, choices between columns included."""
        lines, limit = self.lines, self.limit
        most = bounds(lines.money, lines.gain, lines.fine, price, budget)
        worth = np.bincount(limit.order_of, most, len(limit.placed))
        others = np.sort(worth[~limit.placed])[::-1]
        within = float(worth[limit.placed].sum() + others[: limit.most].sum())
        charge = price * budget if price > 0.0 else 0.0
        return within + charge, float(others[limit.most]) if len(others) > limit.most else 0.0


def _best_placed(search: Search, edge: tuple[float, float], budget: float, bound: float) -> IntArray:
    """The best sharing of the budget over the orders chosen on either side of the edge, or near it."""
    lines, limit = search.lines, search.limit
    best, most, chosen = np.zeros(len(lines.money), np.int64), -np.inf, limit.placed
    rank = [limit.best(search.worth(price)[1]) for price in edge]
    rank.append(limit.best(search.worth(edge[1])[1] + 1e-9 * np.maximum(search.worth(0.0)[1], 0.0)))
    for placed in rank:
        choice = _shared(lines, limit, placed, budget)
        if _total(lines.gain, choice) > most:
            best, most, chosen = choice, _total(lines.gain, choice), placed
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
            if _total(lines.gain, choice) > most:
                best, most, chosen = choice, _total(lines.gain, choice), placed
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


def _total(values: FloatArray, choice: IntArray) -> float:
    """The sum of each line's choice."""
    return float(values[np.arange(len(choice)), choice].sum())


def traced(lines: Offered, limit: OrderLimit, points: int) -> tuple[FloatArray, FloatArray]:
    """(money, gain), both ascending, of the best that the number of orders allows at up to `points` prices of money."""
    search = Search(lines, limit, envelopes(lines.money, lines.gain, np.inf))
    steps = np.unique(search.steps())
    prices = np.append(steps[np.linspace(0, len(steps) - 1, min(points, len(steps))).astype(np.int64)][::-1], 0.0)
    money, gain = [0.0], [0.0]
    for price in prices:
        choice, spent = search.answer(float(price))
        earned = _total(lines.gain, choice)
        if spent > money[-1] and earned > gain[-1]:
            money.append(spent)
            gain.append(earned)
        elif spent == money[-1]:
            gain[-1] = max(gain[-1], earned)  # what is had for nothing
    return np.array(money), np.array(gain)


@njit(cache=True, parallel=True)
def answers(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    money: FloatArray,
    gain: FloatArray,
    corner: Columns,
    slope: FloatArray,
    count: IntArray,
    price: float,
    choice: IntArray,
) -> FloatArray:
    """Fill `choice` (n,) with the least column of the greatest gain - price x money; that is returned, (n,)."""
    worth = np.empty(len(money))
    for i in prange(len(money)):
        first, last = 0, count[i] - 1
        while first < last:
            middle = (first + last + 1) // 2
            if slope[i, middle] > price:
                first = middle
            else:
                last = middle - 1
        choice[i] = corner[i, first]
        worth[i] = gain[i, choice[i]] - price * money[i, choice[i]]
    return worth


@njit(cache=True, parallel=True)
def bounds(money: FloatArray, gain: FloatArray, fine: BoolArray, price: float, budget: float) -> FloatArray:
    """(n,): the most that gain - price x money can be over choices of at most `budget`, those between columns too."""
    result = np.zeros(len(money))
    for i in prange(len(money)):
        best, last = 0.0, 0
        for k in range(1, money.shape[1]):
            if money[i, k] > budget:
                break
            best = max(best, gain[i, k] - price * money[i, k])
            last = k
        if not fine[i]:
            best = max(best, between(money[i, : last + 1], gain[i, : last + 1], price))
        result[i] = best
    return result
