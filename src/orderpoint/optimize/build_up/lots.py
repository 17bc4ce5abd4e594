"""Which position the best lot of one review leads to, from every position."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.build_up.grid import Grid, Terms

FloatArray = NDArray[np.float64]

ALIKE = 1e-9
"""An order has to save more than this share of the cost."""


@njit(cache=True)
def decide(
    ordered: FloatArray,
    idle: FloatArray,
    waste: FloatArray,
    kind: tuple[Grid, Terms, tuple[float, float, float]],
    values: FloatArray,
) -> tuple[float, float]:
    """Fill V of each stratum into `values`; returns (s, S) in units, (0, 0) where nothing is ever ordered."""
    grid, terms, (pack, most, highest) = kind
    strata, count = values.shape
    up_to, stay = waste.copy(), waste.copy()
    for s in range(strata):
        up_to += ordered[s] / strata
        stay += idle[s] / strata
    step = max(int(np.round(pack / grid.stride)), 1)
    first = max(int(np.ceil(terms.least / grid.stride / step - 1e-9)) * step, step)
    last = int(min(most / grid.stride, float(count)) // step) * step
    cap = int(min((highest - grid.low) / grid.stride, count - 1.0)) if highest > grid.low else -1
    best = _best_after(up_to, first, (step, last, cap))
    level = int(np.argmin(up_to[: cap + 1])) if cap >= 0 else 0
    point = -1
    for m in range(count):
        to = best[m]
        saves = to >= 0 and terms.fixed + up_to[to] < stay[m] - ALIKE * (1.0 + abs(stay[m]))
        if saves:
            point = m
        for s in range(strata):
            values[s, m] = terms.fixed + ordered[s, to] + waste[to] if saves else idle[s, m] + waste[m]
            values[s, m] -= waste[m]
    if point < 0:
        return 0.0, 0.0
    return grid.low + point * grid.stride, grid.low + max(level, point + first) * grid.stride


@njit(cache=True)
def _best_after(up_to: FloatArray, first: int, lots: tuple[int, int, int]) -> NDArray[np.int64]:
    """For each position the best that an order leads to, -1 where no lot fits; `lots`: (step, last, cap)."""
    step, last, cap = lots
    count = len(up_to)
    best = np.full(count, -1, np.int64)
    if last < first:
        return best
    if last >= count - 1:
        for m in range(cap - first, -1, -1):
            best[m] = m + first
            if m + step < count and best[m + step] >= 0 and up_to[best[m + step]] < up_to[m + first]:
                best[m] = best[m + step]
        return best
    for m in range(min(cap - first, count - 1) + 1):
        for to in range(m + first, min(m + last, cap) + 1, step):
            if best[m] < 0 or up_to[to] < up_to[best[m]]:
                best[m] = to
    return best
