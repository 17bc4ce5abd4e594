"""Clark-Scarf for normal demand, exact but for rounding: smooth functions between their kinks, integrated by Gauss.

Legend (Snyder and Shen, section 6.2; stage 1 serves the customers):

    h_j, L_j, p   echelon holding cost, lead time, stockout cost
    D_j           demand over L_j, normal with mean m and standard deviation s
    C_j(y)        E[h_j (y - D_j) + G_{j-1}(y - D_j)]; S_j is where it is least
    G_j(x)        C_j(min(x, S_j)), the least cost of stages 1..j that hold x in all; G_0(x) = (p + h_1 + .. + h_N) x^-

C_1 has a closed form. Above S_{j-1} the function G_{j-1} is constant, below it is smooth: the expectation is a normal
probability plus a Gauss-Legendre sum over the smooth side alone. C_j is kept as a cubic Hermite spline with its exact
slopes below S_j; where even all stock of the line cannot meet demand it is a straight line.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

KNOTS = 512
"""Intervals of a spline: 16 standard deviations in steps of about 0.03, error about 1e-9 of p s."""
REACH = 8.0
"""Standard deviations beyond which a normal variable is not looked at: probability 1e-15."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


class Spline(NamedTuple):
    """C_{j-1} from `low` in steps of `step`: values and slopes at knots; above `level` (S_{j-1}) it counts as `top`."""

    low: float
    step: float
    value: FloatArray
    slope: FloatArray
    level: float
    top: float


class Stage(NamedTuple):
    """h_j, the mean and standard deviation of D_j, and the slope of G_0 where j = 1 (else 0)."""

    holding: float
    mean: float
    deviation: float
    shortage: float


def normal_levels(
    costs: tuple[FloatArray, FloatArray, FloatArray], demand: FloatArray, levels: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Levels (n, N) and costs (n,): the best, or of given `levels`. `costs`: h, L, p; `demand` (n, 2): mean, sd."""
    h, L, p = (np.ascontiguousarray(one, np.float64) for one in costs)
    best = np.empty_like(h) if levels is None else levels
    return best, _all(h, L, p, demand, (best, levels is None))


@njit(cache=True, parallel=True)
def _all(
    h: FloatArray, L: FloatArray, p: FloatArray, demand: FloatArray, levels: tuple[FloatArray, bool]
) -> FloatArray:
    cost = np.empty(len(h))
    for i in prange(len(h)):
        cost[i] = _one(h[i], L[i], p[i], demand[i], (levels[0][i], levels[1]))
    return cost


@njit(cache=True)
def _one(h: FloatArray, L: FloatArray, p: float, demand: FloatArray, levels: tuple[FloatArray, bool]) -> float:
    """The cost of one system; its best levels are written into `levels` where they are asked for."""
    S, asked = levels
    value, slope = np.empty((2, KNOTS + 1)), np.empty((2, KNOTS + 1))
    below, time = Spline(0.0, 1.0, value[0], slope[0], 0.0, 0.0), 0.0
    for j in range(len(h)):
        time += L[j]
        stage = Stage(h[j], demand[0] * L[j], demand[1] * math.sqrt(L[j]), (p + h.sum()) if j == 0 else 0.0)
        middle, far = demand[0] * time, REACH * demand[1] * math.sqrt(time)
        if asked:
            S[j] = _least(stage, below, middle - far, middle + far)
        low = min(middle - far, S[j] - 1e-9 * far)
        step, rows = (S[j] - low) / KNOTS, j % 2
        if j + 1 < len(h):
            for k in range(KNOTS + 1):
                value[rows, k], slope[rows, k] = _cost(stage, below, low + k * step)
        top = _cost(stage, below, S[j])[0]
        below = Spline(low, step, value[rows], slope[rows], S[j], top)
    return below.top


@njit(cache=True)
def _least(stage: Stage, below: Spline, low: float, high: float) -> float:
    """Where C_j, which is convex, is least: its slope is halved down to rounding."""
    while _cost(stage, below, high)[1] < 0.0:
        high += high - low
    while high - low > 1e-13 * max(abs(high), abs(low), 1e-300):
        y = 0.5 * (low + high)
        if y in (low, high):
            break
        if _cost(stage, below, y)[1] < 0.0:
            low = y
        else:
            high = y
    return 0.5 * (low + high)


@njit(cache=True)
def _cost(stage: Stage, below: Spline, y: float) -> tuple[float, float]:
    """C_j(y) and its slope."""
    h, m, s, shortage = stage
    if shortage > 0.0:
        z = (y - m) / s
        tail = 0.5 * math.erfc(z / math.sqrt(2.0))
        loss = s * (math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) - z * tail)
        return h * (y - m) + shortage * loss, h - shortage * tail
    if s == 0.0:
        value, slope = _at(below, y - m) if y - m < below.level else (below.top, 0.0)
        return h * (y - m) + value, h + slope
    first = max((y - m - below.level) / s, -REACH)
    value = h * (y - m) + below.top * 0.5 * math.erfc(-(y - m - below.level) / (s * math.sqrt(2.0)))
    slope = h
    if first < REACH:
        half = 0.5 * (REACH - first)
        for k in range(len(NODES)):
            t = first + half * (1.0 + NODES[k])
            weight = half * WEIGHTS[k] * math.exp(-0.5 * t * t) / math.sqrt(2.0 * math.pi)
            at = _at(below, y - m - s * t)
            value += weight * at[0]
            slope += weight * at[1]
    return value, slope


@njit(cache=True)
def _at(spline: Spline, x: float) -> tuple[float, float]:
    """The spline and its slope at x, at most its level; below its first knot the straight line."""
    if x <= spline.low:
        return spline.value[0] + spline.slope[0] * (x - spline.low), spline.slope[0]
    k = min(int((x - spline.low) / spline.step), KNOTS - 1)
    t, d = (x - spline.low) / spline.step - k, spline.step
    a, b, da, db = spline.value[k], spline.value[k + 1], d * spline.slope[k], d * spline.slope[k + 1]
    c2, c3 = 3.0 * (b - a) - 2.0 * da - db, 2.0 * (a - b) + da + db
    return a + t * (da + t * (c2 + t * c3)), (da + t * (2.0 * c2 + 3.0 * t * c3)) / d
