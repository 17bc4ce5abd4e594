"""Paths of demand spread as evenly as a few paths can be: a Latin hypercube over strata of a series' level.

A plain draw costs one inversion of a distribution function, and pays it again for every path. Here the N paths of a
series fall into G strata of its level, and in each period the N / G paths of a stratum take the quantiles
(k + (h + 1/2) / G) G / N, k = 0, 1, ..., of that period's demand in a random order, where h = (a g + b) mod G with a
the golden share of G and b a random number of the period: a lattice over level and quantile, so that the few high
quantiles of a slow item meet all levels alike, and no stratum is high in every period (M. McKay, R. Beckman & W.
Conover 1979, "A comparison of three methods for selecting values of input variables", Technometrics 21(2)). Sorted
quantiles are one walk over the probabilities, which makes a draw several times cheaper. The strata's levels are moved
so that their mean and variance are those of the level.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.demand import SEED_MASK, Demand
from orderpoint.tables.families.component import COUNT, GAMMA, ZERO_INFLATED
from orderpoint.tables.families.count import count_at_zero, count_quantile
from orderpoint.tables.families.counter_random import hashed, key
from orderpoint.tables.families.empirical import placed_by, residual_moments, residual_quantile
from orderpoint.tables.families.gamma import standard_gamma_quantile
from orderpoint.tables.families.level import Series
from orderpoint.tables.families.normal import normal_quantile

FloatArray = NDArray[np.float64]

IN_STRATUM = 4
"""Paths of one stratum, where the level varies; fewer spread the level finer, more make a draw cheaper."""
LARGE_MEAN = 64.0
"""Counts above this mean are taken from the Cornish-Fisher expansion, off by less than 0.02 standard deviations."""
SMOOTH_SHAPE = 30.0
WILSON_HILFERTY_SHAPE = 1.0
STREAM = 7
"""The stream of random numbers of this file (`tables.families.paths` has its own)."""


class Points(NamedTuple):
    """The quantiles of one stratum in one period.

    Its `offset` h among the `strata`, and the normal `scores` of all N quantiles.
    """

    offset: int
    strata: int
    scores: FloatArray


def scenarios(demand: Demand, paths: int, seed: int, rows: slice) -> NDArray[np.float32]:
    """(rows, paths, H): evenly spread demand paths; they depend on the row, the seed and `paths` alone."""
    chosen = np.arange(len(demand.index), dtype=np.int64)[rows]
    scores = np.array([normal_quantile((k + 0.5) / paths) for k in range(paths)])
    return _all(demand.arrays(), chosen, scores, np.uint64(seed & SEED_MASK))


@njit(cache=True, parallel=True, error_model="numpy")
def _all(series: Series, rows: NDArray[np.int64], scores: FloatArray, seed: np.uint64) -> NDArray[np.float32]:
    out = np.empty((len(rows), len(scores), series.mean.shape[1]), np.float32)
    for k in prange(len(rows)):
        _fill(series, rows[k], scores, seed, out[k])
    return out


@njit(cache=True, error_model="numpy")
def _fill(series: Series, row: int, scores: FloatArray, seed: np.uint64, out: NDArray[np.float32]) -> None:
    """Paths (paths, H) of one row."""
    paths, periods = out.shape
    size = paths
    if series.level_cv2[row] > 0.0:
        size = IN_STRATUM if paths % IN_STRATUM == 0 else 1
    strata = paths // size
    levels = _levels(series.level_cv2[row], strata)
    values, order = np.empty(size), np.arange(size)
    state = key(seed, row, STREAM)
    moments = (0.0, 1.0)
    if series.family[row] > GAMMA:
        moments = residual_moments(series.knots[row])
    mixing = _golden(strata)
    for t in range(periods):
        turn = int(hashed(state + np.uint64(t)) % np.uint64(strata))
        for g in range(strata):
            points = Points((mixing * g + turn) % strata, strata, scores)
            _quantiles(series, row, levels[g] * series.mean[row, t], points, moments, values)
            state = _shuffled(order, state)
            for k in range(size):
                out[g * size + order[k], t] = values[k]


@njit(cache=True, error_model="numpy")
def _golden(strata: int) -> int:
    """A number near the golden share of `strata` that has no divisor in common with it."""
    number = max(int(0.6180339887498949 * strata), 1)
    while True:
        a, b = number, strata
        while b:
            a, b = b, a % b
        if a == 1:
            return number
        number += 1


@njit(cache=True, error_model="numpy")
def _levels(cv2: float, strata: int) -> FloatArray:
    """Levels of equally likely strata, with mean 1 and variance `cv2`."""
    levels = np.ones(strata)
    if strata == 1:
        return levels
    for g in range(strata):
        u = (g + 0.5) / strata
        if cv2 * WILSON_HILFERTY_SHAPE < 1.0:
            levels[g] = max(1.0 - cv2 / 9.0 + normal_quantile(u) * math.sqrt(cv2) / 3.0, 0.0) ** 3
        else:
            levels[g] = standard_gamma_quantile(u, 1.0 / cv2) * cv2
    spread = math.sqrt(cv2) / max(levels.std(), 1e-12)
    mean = levels.mean()
    for g in range(strata):
        levels[g] = max(1.0 + (levels[g] - mean) * spread, 0.0)
    return levels


@njit(cache=True, error_model="numpy")
def _shuffled(order: NDArray[np.int64], state: np.uint64) -> np.uint64:
    """Shuffle `order` in place (Fisher & Yates); returns the next state."""
    for k in range(len(order) - 1, 0, -1):
        state = state + np.uint64(0x9E3779B97F4A7C15)
        other = int((hashed(state) >> np.uint64(40)) * np.uint64(k + 1) >> np.uint64(24))
        order[k], order[other] = order[other], order[k]
    return state


@njit(cache=True, error_model="numpy")
def _quantiles(
    series: Series,
    row: int,
    mean: float,
    points: Points,
    moments: tuple[float, float],
    values: FloatArray,
) -> None:
    """Ascending quantiles of one period's demand into `values`."""
    family = series.family[row]
    if mean <= 0.0:
        values[:] = 0.0
    elif family == COUNT:
        _counts(mean, max(series.ratio[row] - 1.0, 0.0), 0.0, points, values)
    elif family == ZERO_INFLATED:
        zero = series.zero[row]
        _counts(mean / (1.0 - zero), max(series.ratio[row] - 1.0, 0.0), zero, points, values)
    elif family == GAMMA:
        _gammas(mean, series.ratio[row], points, values)
    else:
        location, scale = placed_by(series.knots[row], mean, series.ratio[row] * mean, moments)
        for k in range(len(values)):
            u = _share(points, k)
            values[k] = max(0.0, location + scale * residual_quantile(series.knots[row], u))


@njit(cache=True, error_model="numpy")
def _share(points: Points, k: int) -> float:
    """The probability of quantile k of the stratum."""
    return (k * points.strata + points.offset + 0.5) / len(points.scores)


@njit(cache=True, error_model="numpy")
def _score(points: Points, k: int) -> float:
    """The standard normal's quantile at the same probability."""
    return float(points.scores[k * points.strata + points.offset])


@njit(cache=True, error_model="numpy")
def _counts(mean: float, excess: float, zero: float, points: Points, values: FloatArray) -> None:
    """Quantiles of a count with an extra probability `zero` of none: a walk over its probabilities, or an expansion."""
    if mean < LARGE_MEAN:
        mass = count_at_zero(mean, excess)
        total, x = mass, 0
        for k in range(len(values)):
            u = (_share(points, k) - zero) / (1.0 - zero)
            while total < u and (mass > 1e-18 or x < mean):
                mass *= (mean + excess * x) / ((1.0 + excess) * (x + 1.0))
                x += 1
                total += mass
            values[k] = x
        return
    smooth = zero == 0.0 and mean > SMOOTH_SHAPE * excess
    sd = math.sqrt(mean * (1.0 + excess))
    skewness = (1.0 + 2.0 * excess) / sd
    for k in range(len(values)):
        if smooth:
            z = _score(points, k)
            values[k] = max(math.floor(mean + sd * (z + skewness * (z * z - 1.0) / 6.0) + 0.5), 0.0)
        else:
            u = (_share(points, k) - zero) / (1.0 - zero)
            values[k] = count_quantile(u, mean, excess) if u > 0.0 else 0.0


@njit(cache=True, error_model="numpy")
def _gammas(mean: float, ratio: float, points: Points, values: FloatArray) -> None:
    """Quantiles of a gamma with variance `ratio` times its mean: Wilson & Hilferty's form where it is good."""
    shape = mean / max(ratio, 1e-12)
    for k in range(len(values)):
        if shape > WILSON_HILFERTY_SHAPE:
            root = 1.0 - 1.0 / (9.0 * shape) + _score(points, k) / (3.0 * math.sqrt(shape))
            values[k] = mean * max(root, 0.0) ** 3
        else:
            u = _share(points, k)
            values[k] = standard_gamma_quantile(u, shape) * ratio
