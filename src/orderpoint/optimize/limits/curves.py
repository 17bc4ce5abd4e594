"""What each line may spend and save, and what was chosen of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables import checks

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
        if not ascending(self.money):
            raise ValueError("curves.money: expected ascending money along each line; sort the choices")


@dataclass(frozen=True, eq=False)
class Allocation:
    """The columns chosen: `choice` int64 (n,).

    `shadow_price` float64 (n,): gain of one more unit of money for a line that was cut. `gap`: certified relative
    distance of the saving to the best possible, at least 0. `price`: what one more unit of the budget would save.
    `bound`: no choice saves more, money.
    """

    choice: IntArray
    shadow_price: FloatArray
    gap: float
    price: float = 0.0
    bound: float = 0.0


@njit(cache=True, parallel=True)
def ascending(values: FloatArray) -> bool:
    """Whether every row of (n, P) ascends (equal neighbours allowed)."""
    falls = 0
    for i in prange(len(values)):
        fell = 0
        for k in range(1, values.shape[1]):
            fell |= values[i, k] < values[i, k - 1]
        falls += fell
    return bool(falls == 0)


@njit(cache=True, parallel=True)
def next_return(money: FloatArray, saving: FloatArray, choice: IntArray) -> FloatArray:
    """(n,): the highest return per money of any larger choice; 0 where none gains."""
    result = np.zeros(len(money))
    for i in prange(len(money)):
        spent, saved, best = money[i, choice[i]], saving[i, choice[i]], 0.0
        for k in range(choice[i] + 1, money.shape[1]):
            more, better = money[i, k] - spent, saving[i, k] - saved
            if more > 0.0 and better > best * more:
                best = better / more
        result[i] = best
    return result
