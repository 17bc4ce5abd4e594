"""Joint demand paths of one series: one level for each path, stratified over the paths, then independent periods."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.families.component import COUNT, GAMMA, ZERO_INFLATED
from orderpoint.tables.families.count import count_quantile
from orderpoint.tables.families.counter_random import key, uniform
from orderpoint.tables.families.empirical import placed_by, residual_moments, residual_quantile
from orderpoint.tables.families.gamma import gamma_quantile, standard_gamma_quantile
from orderpoint.tables.families.level import Series

FloatArray = NDArray[np.float64]
LEVELS, ORDER, PERIODS = 0, 1, 2  # streams of random numbers
PATH_STRIDE = 1 << 20  # more than any number of periods
NO_MOMENTS = (0.0, 1.0)


@njit(cache=True, error_model="numpy")
def fill_levels(cv2: float, seed: np.uint64, row: int, levels: FloatArray) -> None:
    """Levels of one row's paths: one draw from each of as many equally likely strata, in an order of the row's own."""
    paths = len(levels)
    if cv2 <= 1e-12:
        levels[:] = 1.0
        return
    within = key(seed, row, LEVELS)
    for j in range(paths):
        levels[j] = standard_gamma_quantile((j + uniform(within, j)) / paths, 1.0 / cv2) * cv2
    order = key(seed, row, ORDER)
    for j in range(paths - 1, 0, -1):
        other = min(j, int(uniform(order, j) * (j + 1)))
        levels[j], levels[other] = levels[other], levels[j]


@njit(cache=True, error_model="numpy")
def draw(series: Series, row: int, u: float, mean: float, moments: tuple[float, float]) -> float:
    """One period's demand at probability u, given its mean at the path's level; `moments` of the row's residual."""
    family = series.family[row]
    if mean <= 0.0:
        return 0.0
    if family == COUNT:
        return count_quantile(u, mean, max(0.0, series.ratio[row] - 1.0))
    if family == ZERO_INFLATED:
        zero = series.zero[row]
        if u <= zero:
            return 0.0
        return count_quantile((u - zero) / (1.0 - zero), mean / (1.0 - zero), max(0.0, series.ratio[row] - 1.0))
    if family == GAMMA:
        return gamma_quantile(u, mean, series.ratio[row] * mean)
    location, scale = placed_by(series.knots[row], mean, series.ratio[row] * mean, moments)
    return max(0.0, location + scale * residual_quantile(series.knots[row], u))


@njit(cache=True, error_model="numpy")
def fill_paths(series: Series, row: int, seed: np.uint64, out: NDArray[np.float32]) -> None:
    """Paths of one row into `out` (paths, H), for loops that need no more than one row at a time."""
    paths, periods = out.shape
    levels = np.empty(paths)
    fill_levels(series.level_cv2[row], seed, row, levels)
    moments = NO_MOMENTS
    if series.family[row] > GAMMA:
        moments = residual_moments(series.knots[row])
    numbers = key(seed, row, PERIODS)
    for path in range(paths):
        for t in range(periods):
            u = uniform(numbers, path * PATH_STRIDE + t)
            out[path, t] = draw(series, row, u, levels[path] * series.mean[row, t], moments)


@njit(cache=True, parallel=True, error_model="numpy")
def all_paths(series: Series, rows: NDArray[np.int64], paths: int, seed: np.uint64) -> NDArray[np.float32]:
    """(len(rows), paths, H): paths of the given rows."""
    out = np.empty((len(rows), paths, series.mean.shape[1]), np.float32)
    for k in prange(len(rows)):
        fill_paths(series, rows[k], seed, out[k])
    return out
