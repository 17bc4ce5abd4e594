"""What lines and orders choose at a price of money, and the bound that this gives (see `counted`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.limits.budget import between
from orderpoint.optimize.limits.envelope import Columns
from orderpoint.optimize.service.order_limit import OrderLimit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

HALVINGS = 60


@dataclass(frozen=True, eq=False)
class Offered:
    """Lines that orders are made of: `money`, `gain` (n, P) from (0, 0) on, `fine` (n,) as in `Curves`."""

    money: FloatArray
    gain: FloatArray
    fine: BoolArray


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
        return choice, total(self.lines.money, choice)

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


def total(values: FloatArray, choice: IntArray) -> float:
    """The sum of each line's choice."""
    return float(values[np.arange(len(choice)), choice].sum())


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
