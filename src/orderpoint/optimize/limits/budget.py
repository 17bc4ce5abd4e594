"""One budget over many lines, shared by marginal return.

Source: B. Fox (1966), "Discrete optimization via marginal analysis", Management Science 13(3), 210-216: take the steps
of all lines' concave envelopes in the order of saving per money. What is wanted is not the order but the return at
which the money ends: every line keeps the two corners of its envelope between which that return lies, and a pivot
halves what is between them, as in a search for a weighted median (A. Lawler 1979, "Fast approximation algorithms for
knapsack problems", Mathematics of Operations Research 4(4), 339-356, for one item each).
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.limits.curves import Allocation, Curves, next_return
from orderpoint.optimize.limits.envelope import Columns, envelopes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FEW = 256
"""Steps that are sorted rather than halved further."""
ASKED = 127
"""Lines whose middle steps are asked for a pivot."""


def allocate(curves: Curves, budget: float) -> Allocation:
    """Share `budget` (money) over the lines so that the saving is greatest; never spends more than the budget.

    Steps of the envelopes as far as they fit, then what is left goes to the best choices that still fit. The bound is
    that of the Lagrangian at the return of the first step that did not fit, which is the linear program's where `fine`.
    """
    money, saving = curves.money, curves.saving
    hull = envelopes(money, saving, budget)
    choice, price = _marginal(money, hull, budget)
    spent = float(_picked(money, choice).sum())
    bound = _bounds(money, saving, curves.fine, price, budget).sum() + price * budget
    _fill(money, saving, choice, budget - spent)
    saved = float(_picked(saving, choice).sum())
    gap = max(bound - saved, 0.0) / bound if bound > 0.0 else 0.0
    most = float(max(bound, saved))
    return Allocation(choice, next_return(money, saving, choice), float(gap), float(price), most)


def _picked(values: FloatArray, choice: IntArray) -> FloatArray:
    """The value of each line's choice, (n,)."""
    picked: FloatArray = values[np.arange(len(choice)), choice]
    return picked


def _marginal(money: FloatArray, hull: tuple[Columns, FloatArray, IntArray], budget: float) -> tuple[IntArray, float]:
    """(choice, return of the first step that does not fit, 0 where all do)."""
    corner, slope, count = hull
    rows = np.arange(len(money))
    low, high = np.zeros(len(money), np.int64), count - 1
    if money[rows, corner[rows, high]].sum() <= budget:
        return corner[rows, high].astype(np.int64), 0.0
    middle = np.empty_like(low)
    while int((high - low).sum()) > FEW:
        pivot = _pivot(slope, low, high)
        if _reached(money, corner, slope, low, high, pivot, middle) <= budget:
            if (middle == low).all():  # every step left is worth the pivot or less: those worth just it come next
                pivot = np.nextafter(pivot, 0.0)
                if _reached(money, corner, slope, low, high, pivot, middle) > budget:
                    high[:] = middle
                    break
            low[:] = middle
        else:
            high[:] = middle
    return _last_steps(money, corner, slope, low, high, budget)


def _pivot(slope: FloatArray, low: IntArray, high: IntArray) -> float:
    """The median of the middle steps of some lines that still have a choice."""
    open_lines = np.flatnonzero(high > low)
    asked = open_lines[:: max(len(open_lines) // ASKED, 1)]
    steps = slope[asked, (low[asked] + high[asked] + 1) // 2]
    return float(np.partition(steps, len(steps) // 2)[len(steps) // 2])


@njit(cache=True, parallel=True)
def _reached(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    money: FloatArray,
    corner: Columns,
    slope: FloatArray,
    low: IntArray,
    high: IntArray,
    pivot: float,
    middle: IntArray,
) -> float:
    """Money spent when each line takes its steps of a return above `pivot`; `middle` gets the corner it comes to."""
    spent = np.empty(len(money))
    for i in prange(len(money)):
        first, last = low[i], high[i]
        while first < last:
            at = (first + last + 1) // 2
            if slope[i, at] > pivot:
                first = at
            else:
                last = at - 1
        middle[i] = first
        spent[i] = money[i, corner[i, first]]
    return float(spent.sum())


def _last_steps(
    money: FloatArray, corner: Columns, slope: FloatArray, low: IntArray, high: IntArray, budget: float
) -> tuple[IntArray, float]:
    """Take the steps between `low` and `high` one by one, by descending return, until one does not fit."""
    rows = np.arange(len(money))
    choice = corner[rows, low].astype(np.int64)
    left = budget - float(money[rows, choice].sum())
    line = np.repeat(rows, high - low)
    first = np.repeat(np.cumsum(high - low) - (high - low), high - low)
    at = low[line] + 1 + np.arange(len(line)) - first
    order = np.lexsort((at, line, -slope[line, at]))
    for i, k in zip(line[order].tolist(), at[order].tolist(), strict=True):
        cost = money[i, corner[i, k]] - money[i, choice[i]]
        if cost > left:
            return choice, float(slope[i, k])
        left -= cost
        choice[i] = corner[i, k]
    return choice, 0.0


def _fill(money: FloatArray, saving: FloatArray, choice: IntArray, left: float) -> None:
    """Spend what is left on the best choices that still fit, lines of the highest return first."""
    gain = _fitting(money, saving, choice, left)
    lines = np.flatnonzero(gain > 0.0)
    _fill_in_order(money, saving, choice, lines[np.argsort(-gain[lines], kind="stable")], left)


@njit(cache=True, parallel=True)
def _fitting(money: FloatArray, saving: FloatArray, choice: IntArray, left: float) -> FloatArray:
    """(n,): the highest return per money among larger choices that `left` still pays for; 0 where there is none."""
    gain = np.zeros(len(money))
    for i in prange(len(money)):
        spent, saved = money[i, choice[i]], saving[i, choice[i]]
        for k in range(choice[i] + 1, money.shape[1]):
            more = money[i, k] - spent
            if more > left:
                break
            gain[i] = max(gain[i], (saving[i, k] - saved) / max(more, 1e-300))
    return gain


@njit(cache=True)
def _fill_in_order(money: FloatArray, saving: FloatArray, choice: IntArray, lines: IntArray, left: float) -> None:
    """Raise each of `lines` in turn to the choice of the greatest saving that still fits."""
    for i in lines:
        best = choice[i]
        for k in range(choice[i] + 1, money.shape[1]):
            if money[i, k] - money[i, choice[i]] > left:
                break
            if saving[i, k] > saving[i, best]:
                best = k
        left -= money[i, best] - money[i, choice[i]]
        choice[i] = best


@njit(cache=True, parallel=True)
def _bounds(money: FloatArray, saving: FloatArray, fine: NDArray[np.bool_], price: float, budget: float) -> FloatArray:
    """(n,): the most that saving - price x money can be, over choices of at most `budget`."""
    result = np.zeros(len(money))
    for i in prange(len(money)):
        best, last = 0.0, 0
        for k in range(money.shape[1]):
            if money[i, k] > budget:
                break
            best = max(best, saving[i, k] - price * money[i, k])
            last = k
        if not fine[i]:
            best = max(best, between(money[i, : last + 1], saving[i, : last + 1], price))
        result[i] = best
    return result


@njit(cache=True)
def between(money: FloatArray, saving: FloatArray, price: float) -> float:
    """The same over choices between two columns: a concave curve stays below its neighbouring chords, made longer."""
    best = 0.0
    last = len(money) - 1
    for k in range(2, last):
        width = money[k + 1] - money[k]
        before = money[k] - money[k - 1]
        if width <= 0.0 or before <= 0.0 or not np.isfinite(saving[k]):
            continue
        rise = (saving[k] - saving[k - 1]) / before
        fall = 0.0
        if k + 2 <= last and money[k + 2] > money[k + 1]:
            fall = (saving[k + 2] - saving[k + 1]) / (money[k + 2] - money[k + 1])
        if rise <= fall:
            continue
        meet = (saving[k + 1] - fall * width - saving[k]) / (rise - fall)
        meet = min(max(meet, 0.0), width)
        best = max(best, saving[k] + rise * meet - price * (money[k] + meet))
    return best
