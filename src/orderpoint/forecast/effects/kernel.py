"""Gradient and information of every series' coefficients, around its own moving level, in one compiled pass."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells, FloatArray

Floats = NDArray[np.float64]
Columns = tuple[FloatArray, FloatArray, NDArray[np.int32]]

CUT = 6.0
"""A cell's error counts for at most CUT standard deviations of a Poisson count, plus one unit."""
LEAST_MEAN = 1e-6
MOST_LOG = 3.0


@njit(cache=True, parallel=True)
def moments(cells: Cells, columns: Columns, beta: Floats, keep: float) -> tuple[Floats, Floats, Floats]:
    """(gradient (n, K), information (n, K, K), variance over mean (n,)) of quasi-Poisson demand at `beta` (n, K).

    `columns`: `Design.own`, `.shared` and `.place`. The level of a period is the discounted demand of all seen periods
    over their discounted season and effect, both ways in time; each column is taken less its mean with those weights,
    which is what profiling the level out of the likelihood leaves of it.
    """
    n, count = beta.shape
    gradient = np.zeros((n, count))
    information = np.zeros((n, count, count))
    ratio = np.ones(n)
    for i in prange(n):
        x = _columns(columns, i, cells.demand.shape[1])
        exposure = _exposure(x, beta[i], cells.factor[cells.group[i]])
        seen = cells.seen[i]
        sums = _both_ways(cells.demand[i], seen, exposure, x, keep)
        centred, slope, curve = np.empty(count), np.zeros(count), np.zeros((count, count))
        squares, had = 0.0, 0
        for t in range(len(seen)):
            if not seen[t] or sums[t, 1] <= 0.0:
                continue
            mean = exposure[t] * sums[t, 0] / sums[t, 1]
            if mean <= LEAST_MEAN:
                continue
            most = CUT * np.sqrt(mean) + 1.0
            error = min(max(cells.demand[i, t] - mean, -most), most)
            squares += error * error / mean
            had += 1
            for k in range(count):
                centred[k] = x[t, k] - sums[t, 2 + k] / sums[t, 1]
                slope[k] += error * centred[k]
            for k in range(count):
                part = mean * centred[k]
                for m in range(k + 1):
                    curve[k, m] += part * centred[m]
        gradient[i] = slope
        information[i] = curve + curve.T - np.diag(np.diag(curve))
        if had > 0:
            ratio[i] = squares / had
    return gradient, information, ratio


@njit(cache=True)
def _columns(columns: Columns, i: int, periods: int) -> Floats:
    """All columns of one series, (T, K); those beyond `periods` are left."""
    own, shared, place = columns
    a, b = own.shape[0], shared.shape[1]
    out = np.empty((periods, a + b))
    for t in range(periods):
        for k in range(a):
            out[t, k] = own[k, i, t]
        for k in range(b):
            out[t, a + k] = shared[place[i], k, t]
    return out


@njit(cache=True)
def _exposure(x: Floats, beta: Floats, factor: FloatArray) -> Floats:
    """Season times effect of each period, (T,)."""
    out = np.empty(len(x))
    for t in range(len(x)):
        log = 0.0
        for k in range(len(beta)):
            log += beta[k] * x[t, k]
        out[t] = factor[t] * np.exp(min(max(log, -MOST_LOG), MOST_LOG))
    return out


@njit(cache=True)
def _both_ways(demand: FloatArray, seen: NDArray[np.bool_], exposure: Floats, x: Floats, keep: float) -> Floats:
    """Discounted sums (T, 2 + K) around each period, itself included: demand, exposure, exposure times each column."""
    periods, count = x.shape
    out = np.zeros((periods, 2 + count))
    run = np.zeros(2 + count)
    for way in range(2):
        run[:] = 0.0
        for step in range(periods):
            t = step if way == 0 else periods - 1 - step
            for c in range(2 + count):
                run[c] *= keep
                if way == 1:
                    out[t, c] += run[c]
            if seen[t]:
                run[0] += demand[t]
                run[1] += exposure[t]
                for k in range(count):
                    run[2 + k] += exposure[t] * x[t, k]
            if way == 0:
                for c in range(2 + count):
                    out[t, c] += run[c]
    return out
