"""Gradient and information of every series' coefficients, around its own moving level, in two compiled passes."""

from __future__ import annotations

from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells, FloatArray
from orderpoint.forecast.threads import in_chunks

Floats = NDArray[np.float64]
Columns = tuple[FloatArray, FloatArray, NDArray[np.int32]]

CUT = 6.0
"""A cell's error counts for at most CUT standard deviations of a Poisson count, plus one unit."""
LEAST_MEAN = 1e-6
MOST_LOG = 3.0
WIDE = 8
"""Columns are filled up with zeros to a multiple of it, so that all go through a register side by side."""
U = np.uint64


def moments(cells: Cells, columns: Columns, beta: Floats, keep: float) -> tuple[Floats, Floats, Floats]:
    """(gradient (n, K), information (n, K, K), variance over mean (n,)) of quasi-Poisson demand at `beta` (n, K).

    `columns`: `Design.own`, `.shared` and `.place`. The level of a period is the discounted demand of all seen periods
    over their discounted season and effect, both ways in time; each column is taken less its mean with those weights,
    which is what profiling the level out of the likelihood leaves of it.
    """
    n, count = beta.shape
    out = (np.zeros((n, count)), np.zeros((n, count, count)), np.ones(n))
    in_chunks(partial(_moments, cells, columns, np.ascontiguousarray(beta), keep, out), n)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _moments(
    cells: Cells,
    columns: Columns,
    beta: Floats,
    keep: float,
    out: tuple[Floats, Floats, Floats],
    some: tuple[int, int],
) -> None:
    gradient, information, ratio = out
    count, periods = beta.shape[1], cells.demand.shape[1]
    width = U((count + WIDE - 1) // WIDE * WIDE)
    x, exposure = np.zeros((periods, width)), np.empty(periods)
    later, columns_later = np.empty((periods, 2)), np.empty((periods, width))
    run, centred, slope, curve = np.zeros(width), np.empty(width), np.empty(width), np.empty((width, width))
    for i in range(some[0], some[1]):
        seen, demand = cells.seen[i], cells.demand[i]
        _fill(columns, i, beta[i], cells.factor[cells.group[i]], (x, exposure))
        _backwards(demand, seen, (x, exposure), keep, (later, columns_later, run))
        run[:], slope[:], curve[:] = 0.0, 0.0, 0.0
        units, weight, squares, had = 0.0, 0.0, 0.0, 0
        for t in range(periods):
            units *= keep
            weight *= keep
            for k in range(width):
                run[k] *= keep
            if not seen[t]:
                continue
            e = exposure[t]
            units += demand[t]
            weight += e
            for k in range(width):
                run[k] += e * x[t, k]
            around = weight + later[t, 1]
            mean = e * (units + later[t, 0]) / around if around > 0.0 else 0.0
            if mean <= LEAST_MEAN:
                continue
            most = CUT * np.sqrt(mean) + 1.0
            error = min(max(demand[t] - mean, -most), most)
            squares += error * error / mean
            had += 1
            share = 1.0 / around
            for k in range(width):
                centred[k] = x[t, k] - (run[k] + columns_later[t, k]) * share
                slope[k] += error * centred[k]
            _add_square(centred, mean, count, curve)
        gradient[i] = slope[:count]
        information[i] = curve[:count, :count]
        if had > 0:
            ratio[i] = squares / had


@njit(cache=True, error_model="numpy")
def _add_square(centred: Floats, mean: float, count: int, curve: Floats) -> None:
    """Add `mean` times the square of the columns, (count, W)."""
    for k in range(U(count)):
        part = mean * centred[k]
        for m in range(U(len(centred))):
            curve[k, m] += part * centred[m]


@njit(cache=True, error_model="numpy")
def _fill(columns: Columns, i: int, beta: Floats, factor: FloatArray, out: tuple[Floats, Floats]) -> None:
    """Columns (T, W) of one series, and season times effect of each period (T,)."""
    own, shared, place = columns
    x, exposure = out
    a, b, where = own.shape[0], shared.shape[1], place[i]
    for t in range(len(x)):
        log = 0.0
        for k in range(a):
            x[t, k] = own[k, i, t]
            log += beta[k] * x[t, k]
        for k in range(b):
            x[t, a + k] = shared[where, k, t]
            log += beta[a + k] * x[t, a + k]
        exposure[t] = factor[t] * np.exp(min(max(log, -MOST_LOG), MOST_LOG))


@njit(cache=True, error_model="numpy")
def _backwards(
    demand: FloatArray,
    seen: NDArray[np.bool_],
    known: tuple[Floats, Floats],
    keep: float,
    out: tuple[Floats, Floats, Floats],
) -> None:
    """Discounted sums behind each period without it: demand and exposure (T, 2), exposure times columns (T, W)."""
    x, exposure = known
    later, columns_later, run = out
    width = U(x.shape[1])
    run[:] = 0.0
    units, weight = 0.0, 0.0
    for back in range(len(x)):
        t = U(len(x) - 1 - back)
        units *= keep
        weight *= keep
        later[t, 0], later[t, 1] = units, weight
        for k in range(width):
            run[k] *= keep
            columns_later[t, k] = run[k]
        if seen[t]:
            units += demand[t]
            weight += exposure[t]
            for k in range(width):
                run[k] += exposure[t] * x[t, k]
