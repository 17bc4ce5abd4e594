"""Quantiles of every period of every series."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.families.component import COUNT, GAMMA, ZERO_INFLATED
from orderpoint.tables.families.count import count_quantile, excess_of
from orderpoint.tables.families.empirical import placed_by, residual_moments, residual_quantile
from orderpoint.tables.families.gamma import gamma_quantile
from orderpoint.tables.families.level import Series

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
    for row in prange(rows):
        if series.family[row] <= ZERO_INFLATED or series.family[row] == GAMMA:
            for t in range(periods):
                out[row, t] = period_quantile(series, row, t, p)
        else:
            knots = series.knots[row]
            moments = residual_moments(knots)
            residual = residual_quantile(knots, p)
            for t in range(periods):
                mean = series.mean[row, t]
                variance = series.ratio[row] * mean + series.level_cv2[row] * mean * mean
                location, scale = placed_by(knots, mean, variance, moments)
                out[row, t] = max(0.0, location + scale * residual) if mean > 0.0 else 0.0
    return out
