"""Quantiles of every period of every series."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.families.component import COUNT, GAMMA
from orderpoint.tables.families.count import count_quantile, excess_of
from orderpoint.tables.families.empirical import blend, empirical_quantile, normal_nodes
from orderpoint.tables.families.gamma import gamma_quantile
from orderpoint.tables.families.level import Series
from orderpoint.tables.families.spans import shape_of

FloatArray = NDArray[np.float64]


@njit(cache=True, error_model="numpy")
def period_quantile(series: Series, row: int, period: int, p: float) -> float:
    """The p quantile of one period's demand of a row that is not EMPIRICAL, the level being unknown."""
    mean = series.mean[row, period]
    cv2 = series.level_cv2[row]
    variance = series.ratio[row] * mean + cv2 * mean * mean
    if series.family[row] == COUNT:
        return count_quantile(p, mean, excess_of(mean, variance))
    if series.family[row] == GAMMA:
        return gamma_quantile(p, mean, variance)
    zero = series.zero[row]
    if p <= zero or zero >= 1.0:
        return 0.0
    inner = mean / (1.0 - zero)
    excess = excess_of(inner, series.ratio[row] * inner + cv2 * inner * inner)
    return count_quantile((p - zero) / (1.0 - zero), inner, excess)


@njit(cache=True, parallel=True, error_model="numpy")
def all_period_quantiles(series: Series, p: float) -> FloatArray:
    """(n, H): the p quantile of every period."""
    rows, periods = series.mean.shape
    out = np.empty((rows, periods))
    normal = normal_nodes(series.knots.shape[1])
    for row in prange(rows):
        if p <= 0.0:
            out[row] = 0.0
        elif series.family[row] <= GAMMA:
            for t in range(periods):
                out[row, t] = period_quantile(series, row, t, p)
        else:
            _fill_empirical(series, row, p, (normal, out[row]))
    return out


@njit(cache=True, error_model="numpy")
def _fill_empirical(series: Series, row: int, p: float, normal_and_out: tuple[FloatArray, FloatArray]) -> None:
    """One row's quantiles, each period with the shape that its share of the level's spread gives it."""
    normal, out = normal_and_out
    knots = series.knots[row].copy()
    ratio, cv2 = series.ratio[row], series.level_cv2[row]
    for t in range(len(out)):
        mean = series.mean[row, t]
        if cv2 > 0.0:
            blend(series.knots[row], normal, shape_of(ratio, cv2, mean, mean * np.sqrt(mean)), knots)
        out[t] = empirical_quantile(knots, p, mean, ratio * mean + cv2 * mean * mean)
