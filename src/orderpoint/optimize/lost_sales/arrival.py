"""The law of the stock that an order of today will find: demand taken off and receipts added, period by period."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NEGLIGIBLE = 1e-15
"""Chances below it at the ends of a law are left out."""


@njit(cache=True)
def stock_at_arrival(demand: FloatArray, state: IntArray, lead_time: int) -> FloatArray:
    """Law of the stock left, P(X = 0), P(X = 1), .., just before today's order arrives.

    Chances below NEGLIGIBLE at either end are left out: over a long lead time most stocks that can be are out of reach.
    """
    size = state.sum() + 1
    law, after = np.zeros(size), np.zeros(size)
    low, top = state[0], state[0]
    law[top] = 1.0
    tail = np.cumsum(demand[::-1])[::-1]
    for k in range(lead_time):
        receipt = state[k + 1] if k + 1 < lead_time else 0
        least = max(low - len(demand) + 1, 0)
        after[receipt + least : receipt + top + 1] = 0.0
        for d in range(min(len(demand), top)):
            first = max(low, d + 1)
            _add(after[receipt + first - d :], demand[d], law[first : top + 1])
        for x in range(low, min(top + 1, len(demand))):
            after[receipt] += law[x] * tail[x]
        law, after = after, law
        low, top = _within(law, receipt + least, receipt + top)
    law[:low] = 0.0
    return law[: top + 1]


@njit(cache=True)
def _add(target: FloatArray, chance: float, law: FloatArray) -> None:
    """`chance` times `law` onto the first of `target`; by places from 0 on, which compiles to vectors."""
    for x in range(len(law)):
        target[x] += chance * law[x]


@njit(cache=True)
def _within(law: FloatArray, low: int, top: int) -> tuple[int, int]:
    """The ends of what is likely enough to count."""
    while low < top and law[low] < NEGLIGIBLE:
        low += 1
    while low < top and law[top] < NEGLIGIBLE:
        top -= 1
    return low, top
