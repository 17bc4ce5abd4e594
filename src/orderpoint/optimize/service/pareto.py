"""The exact frontier of money against service for few series, by dynamic programming over efficient combinations.

Source: G. Nemhauser & Z. Ullmann (1969), "Discrete dynamic programming and capital allocation", Management Science
15(9), 494-505. After each series the list holds every combination of the series so far that no other beats in both
money and service; one more series shifts the list by each of its choices, and the shifted lists are merged. Nothing is
approximated, so the list may grow as fast as the number of combinations: it is given up beyond MOST_POINTS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_POINTS = 100_000
SAME_MONEY = 1e-9
"""Sums of money that differ by less are the same (they were added in another order)."""


@dataclass(frozen=True, eq=False)
class Efficient:
    """All m efficient combinations of n series: `money`, `gain` (m,) ascending, and `choice` int64 (m, n)."""

    money: FloatArray
    gain: FloatArray
    choice: IntArray


def efficient(money: FloatArray, gain: FloatArray, most_money: float = np.inf) -> Efficient | None:
    """The frontier of choosing a column of each row of `money`, `gain` (n, P); None where it grows beyond MOST_POINTS.

    Columns cost at least 0, and those above `most_money` in all are left out.
    """
    total, worth = np.zeros(1), np.zeros(1)
    steps: list[tuple[IntArray, IntArray]] = []
    for row in range(len(money)):
        columns = _distinct(money[row], gain[row])
        spent = (total[:, None] + money[row, columns]).ravel()
        earned = (worth[:, None] + gain[row, columns]).ravel()
        came = np.repeat(np.arange(len(total)), len(columns))
        column = np.tile(columns, len(total))
        kept = undominated(spent, earned, most_money)
        total, worth = spent[kept], earned[kept]
        steps.append((came[kept].astype(np.int64), column[kept].astype(np.int64)))
        if len(total) > MOST_POINTS:
            return None
    return Efficient(total, worth, _traced(steps, len(total)))


def _distinct(money: FloatArray, gain: FloatArray) -> IntArray:
    """Columns of different money, the one that gains most for each."""
    order = np.lexsort((-gain, money))
    columns: IntArray = order[np.unique(money[order], return_index=True)[1]].astype(np.int64)
    return columns


def undominated(money: FloatArray, gain: FloatArray, most_money: float) -> IntArray:
    """Rows that no other beats in money and gain, by ascending money."""
    order = np.lexsort((-gain, np.round(money / SAME_MONEY)))
    order = order[money[order] <= most_money + SAME_MONEY]
    best = np.maximum.accumulate(gain[order])
    rises = np.concatenate([[True], gain[order][1:] > best[:-1] + 1e-15])
    kept: IntArray = order[rises[: len(order)]].astype(np.int64)
    return kept


def _traced(steps: list[tuple[IntArray, IntArray]], count: int) -> IntArray:
    """The column of every row behind each of the last `count` points."""
    choice = np.zeros((count, len(steps)), np.int64)
    at = np.arange(count)
    for row in range(len(steps) - 1, -1, -1):
        came, column = steps[row]
        choice[:, row] = column[at]
        at = came[at]
    return choice
