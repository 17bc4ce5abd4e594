"""Limits over many lines: one budget shared by marginal return, and limits of one line that contradict each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.domain.errors import InfeasibleError
from orderpoint.tables import checks
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Curves:
    """What each of n lines may spend and save: `money`, `saving` float64 (n, P), money ascending.

    Column 0 is no order (0, 0); a line with fewer than P choices repeats its last. `fine` bool (n,): the columns are
    all the choices a line has; where False the choices between two columns are taken to be concave in money.
    """

    money: FloatArray
    saving: FloatArray
    fine: NDArray[np.bool_]

    def __post_init__(self) -> None:
        checks.shape("curves.saving", self.saving, self.money.shape)
        checks.shape("curves.fine", self.fine, (len(self.money),))
        if (np.diff(self.money, axis=1) < 0).any():
            raise ValueError("curves.money: expected ascending money along each line; sort the choices")


@dataclass(frozen=True, eq=False)
class Allocation:
    """The columns chosen: `choice` int64 (n,).

    `shadow_price` float64 (n,): gain of one more unit of money for a line that was cut. `gap`: certified relative
    distance of the saving to the best possible, at least 0.
    """

    choice: IntArray
    shadow_price: FloatArray
    gap: float


def allocate(curves: Curves, budget: float) -> Allocation:
    """Share `budget` (money) over the lines so that the saving is greatest; never spends more than the budget.

    Greedy on the steps of each line's concave envelope (marginal return; B. Fox 1966, "Discrete optimization via
    marginal analysis", Management Science 13(3)), then what is left of the budget goes to the best choices that still
    fit. The bound is that of the Lagrangian at the return of the first step that did not fit, which is the linear
    program's where `fine`.
    """
    saving = np.where(curves.money > budget, -np.inf, curves.saving)
    envelope = _envelope(curves.money, saving)
    line, left, right = (envelope[:, k].astype(np.int64) for k in range(3))
    order = np.lexsort((left, line, -envelope[:, 3]))
    choice, multiplier = _greedy(curves.money, saving, line[order], right[order], budget)
    spent = float(np.take_along_axis(curves.money, choice[:, None], 1).sum())
    _fill(curves.money, saving, choice, line[order], budget - spent)
    saved = float(np.take_along_axis(curves.saving, choice[:, None], 1).sum())
    bound = _bound(curves.money, saving, curves.fine, multiplier) + multiplier * budget
    gap = max(bound - saved, 0.0) / bound if bound > 0 else 0.0
    return Allocation(choice, _shadow(curves.money, curves.saving, choice), gap)


@njit(cache=True)
def _envelope(money: FloatArray, saving: FloatArray) -> FloatArray:
    """Steps of the rising part of every line's concave envelope: (steps, 4) of line, from, to, return per money."""
    n, columns = money.shape
    steps = np.empty((n * (columns - 1), 4))
    count = 0
    for i in range(n):
        at = 0
        while True:
            best, to = 0.0, -1
            for k in range(at + 1, columns):
                spent = money[i, k] - money[i, at]
                if spent <= 0.0:
                    continue
                slope = (saving[i, k] - saving[i, at]) / spent
                if slope > best or (to >= 0 and slope == best):
                    best, to = slope, k
            if to < 0:
                break
            steps[count, 0], steps[count, 1], steps[count, 2], steps[count, 3] = i, at, to, best
            count += 1
            at = to
    return steps[:count]


@njit(cache=True)
def _greedy(
    money: FloatArray, saving: FloatArray, line: IntArray, to: IntArray, budget: float
) -> tuple[IntArray, float]:
    """(choice, return of the first step that does not fit, else 0) of the steps in descending order of return."""
    choice = np.zeros(len(money), np.int64)
    left = budget
    for k in range(len(line)):
        i = line[k]
        cost = money[i, to[k]] - money[i, choice[i]]
        if cost > left:
            return choice, (saving[i, to[k]] - saving[i, choice[i]]) / cost
        left -= cost
        choice[i] = to[k]
    return choice, 0.0


@njit(cache=True)
def _fill(money: FloatArray, saving: FloatArray, choice: IntArray, line: IntArray, left: float) -> None:
    """Spend what is left on the best choices that still fit, lines of the highest return first."""
    for k in range(len(line)):
        i = line[k]
        best = choice[i]
        for column in range(money.shape[1]):
            if money[i, column] - money[i, choice[i]] <= left and saving[i, column] > saving[i, best]:
                best = column
        left -= money[i, best] - money[i, choice[i]]
        choice[i] = best


@njit(cache=True)
def _bound(money: FloatArray, saving: FloatArray, fine: NDArray[np.bool_], multiplier: float) -> float:
    """Sum over lines of the most that saving - multiplier * money can be."""
    total = 0.0
    for i in range(len(money)):
        best = 0.0
        for k in range(money.shape[1]):
            best = max(best, saving[i, k] - multiplier * money[i, k])
        if not fine[i]:
            best = max(best, _between(money[i], saving[i], multiplier))
        total += best
    return total


@njit(cache=True)
def _between(money: FloatArray, saving: FloatArray, multiplier: float) -> float:
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
        best = max(best, saving[k] + rise * meet - multiplier * (money[k] + meet))
    return best


@njit(cache=True)
def _shadow(money: FloatArray, saving: FloatArray, choice: IntArray) -> FloatArray:
    """(n,): the highest return per money of any larger choice; 0 where none gains."""
    result = np.zeros(len(money))
    for i in range(len(money)):
        for k in range(choice[i] + 1, money.shape[1]):
            spent = money[i, k] - money[i, choice[i]]
            if spent > 0.0:
                result[i] = max(result[i], (saving[i, k] - saving[i, choice[i]]) / spent)
    return result


@dataclass(frozen=True, slots=True)
class Conflict:
    """Limits of series `series` (a row) that no order can keep together; nothing is ordered there."""

    series: int
    limits: tuple[str, ...]


def conflicts(snapshot: Snapshot) -> tuple[Conflict, ...]:
    """The series whose own limits contradict each other, in row order; the rest of the plan goes on."""
    costs, supply = snapshot.costs, snapshot.supply
    pack = np.maximum(np.ceil(supply.pack), 1.0)
    least = np.maximum(np.ceil(supply.moq / pack), 1.0) * pack
    starts = supply.offsets[:-1]
    too_small = np.logical_and.reduceat(least > supply.max_quantity, starts)
    too_full = np.minimum.reduceat(least, starts) > costs.max_stock
    crossed = costs.min_stock > costs.max_stock
    found = []
    for row in np.flatnonzero((too_small | too_full | crossed) & snapshot.orderable):
        if crossed[row]:
            found.append(Conflict(int(row), ("min_stock", "max_stock")))
        elif too_small[row]:
            found.append(Conflict(int(row), ("moq", "max_quantity")))
        else:
            found.append(Conflict(int(row), ("moq", "max_stock")))
    return tuple(found)


def require_agreement(min_stock: float | None, max_stock: float | None) -> None:
    """Raises InfeasibleError where the bounds of a whole run (--min-stock, --max-stock) contradict each other."""
    if min_stock is not None and max_stock is not None and min_stock > max_stock:
        raise InfeasibleError((f"--min-stock {min_stock:g}", f"--max-stock {max_stock:g}"))
