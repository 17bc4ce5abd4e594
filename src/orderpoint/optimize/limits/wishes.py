"""Wishes that cost more than they save (service targets, minimum stock), granted where the shared limits leave room."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.limits.modes import UNBOUNDED
from orderpoint.optimize.limits.moves import fits, move
from orderpoint.optimize.limits.problem import Bounds, Lines, Loads, Terms, bounds_of, loads_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def granted(lines: Lines, terms: Terms, choice: IntArray, wish: FloatArray) -> IntArray:
    """`choice` (n,) with lines raised towards `wish` (n,) units, in row order, as far as all limits stay kept."""
    loads = loads_of(lines, terms, choice)
    boxed = np.isfinite(terms.container)
    count = np.ceil(loads.order_volume / np.where(boxed, terms.container, 1.0) - 1e-7)
    containers = np.where(boxed, count, UNBOUNDED).astype(np.int64)
    containers = np.where(terms.all_or_nothing & (loads.order_money <= 0.0), 0, containers)
    raised = choice.copy()
    _raise(lines, bounds_of(terms, containers), wish, raised, loads)
    return raised


@njit(cache=True)
def _raise(lines: Lines, bounds: Bounds, wish: FloatArray, choice: IntArray, loads: Loads) -> None:
    """Raise each line in turn to the largest column up to its wish that fits."""
    for i in range(len(choice)):
        for k in range(lines.quantity.shape[1] - 1, choice[i], -1):
            asked = choice[i] < k and lines.quantity[i, k] <= wish[i]
            if asked and np.isfinite(lines.saving[i, k]) and fits(lines, bounds, i, k, choice, loads):
                move(lines, i, k, choice, loads)
                break
