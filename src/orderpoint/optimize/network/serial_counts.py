"""Clark-Scarf for Poisson demand, whole units: the recursion itself, over every level that can matter.

The legend is that of `serial_normal`. Below the lowest level of a table C_j is a straight line, since even all stock
of the line cannot meet demand there; probabilities below 1e-18 of the largest are left out.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

TINY = 1e-18


def count_levels(
    costs: tuple[FloatArray, FloatArray, FloatArray], mean: FloatArray, levels: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Levels (n, N) and costs (n,): the best, or those of given `levels`. `costs`: h, L (n, N), p (n,)."""
    h, L, p = (np.ascontiguousarray(one, np.float64) for one in costs)
    best = np.empty_like(h) if levels is None else levels
    return best, _all(h, L, p, mean, (best, levels is None))


@njit(cache=True, parallel=True)
def _all(h: FloatArray, L: FloatArray, p: FloatArray, mean: FloatArray, levels: tuple[FloatArray, bool]) -> FloatArray:
    cost = np.empty(len(h))
    for i in prange(len(h)):
        cost[i] = _one(h[i], L[i], p[i], mean[i], (levels[0][i], levels[1]))
    return cost


@njit(cache=True)
def _one(h: FloatArray, L: FloatArray, p: float, mean: float, levels: tuple[FloatArray, bool]) -> float:
    S, asked = levels
    total = mean * L.sum()
    far = int(12.0 * math.sqrt(total)) + 40
    low, high = -far - int(total), int(total) + far
    if not asked:
        high = max(high, int(S.max()))
        low = min(low, int(S.min()) - 2)
    below, top = np.empty(high - low + 1), 0.0
    for x in range(low, high + 1):
        below[x - low] = (p + h.sum()) * max(-x, 0)
    for j in range(len(h)):
        first, f = _poisson(mean * L[j])
        here = np.empty_like(below)
        for y in range(low, high + 1):
            total_cost = h[j] * (y - mean * L[j])
            for k in range(len(f)):
                x = y - first - k - low
                total_cost += f[k] * (below[x] if x >= 0 else below[0] + x * (below[1] - below[0]))
            here[y - low] = total_cost
        if asked:
            S[j] = low + int(np.argmin(here))
        at = int(S[j]) - low
        top = here[at]
        here[at:] = top
        below = here
    return float(top)


@njit(cache=True)
def _poisson(mean: float) -> tuple[int, FloatArray]:
    """The first count that matters, and the probabilities from there on, which sum to 1."""
    if mean == 0.0:
        return 0, np.ones(1)
    mode = int(mean)
    first, last, up, down = mode, mode, 1.0, 1.0
    while first > 0 and down > TINY:
        down *= first / mean
        first -= 1
    while up > TINY:
        last += 1
        up *= mean / last
    f = np.empty(last - first + 1)
    f[mode - first] = 1.0
    for x in range(mode - 1, first - 1, -1):
        f[x - first] = f[x + 1 - first] * (x + 1) / mean
    for x in range(mode + 1, last + 1):
        f[x - first] = f[x - 1 - first] * mean / x
    return first, f / f.sum()
