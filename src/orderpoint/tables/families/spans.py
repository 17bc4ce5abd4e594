"""The sum of a span of periods: its components with their weights, means and variances, and its shape."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.families.active import COMPONENTS, fill_active
from orderpoint.tables.families.component import ZERO_INFLATED
from orderpoint.tables.families.level import Series

FloatArray = NDArray[np.float64]
SUMS = 5  # number of periods with demand, then sums of m, m^2, m^3, m^1.5


@njit(cache=True, error_model="numpy")
def _add(mean: float, sums: FloatArray) -> None:
    if mean > 0.0:
        sums[0] += 1.0
        sums[1] += mean
        sums[2] += mean * mean
        sums[3] += mean * mean * mean
        sums[4] += mean * math.sqrt(mean)


@njit(cache=True, error_model="numpy")
def _close(series: Series, row: int, sums: FloatArray, out: FloatArray) -> None:
    """Components of the sum of the periods added so far into `out` (3, components)."""
    out[:] = 0.0
    mean, cv2 = sums[1], series.level_cv2[row]
    if series.family[row] == ZERO_INFLATED and series.zero[row] > 0.0 and mean > 0.0:
        fill_active(series.zero[row], sums, (series.ratio[row], cv2), out)
        return
    out[0, 0] = 1.0
    out[1, 0] = mean
    out[2, 0] = series.ratio[row] * mean + cv2 * mean * mean


@njit(cache=True, error_model="numpy")
def shape_of(ratio: float, cv2: float, mean: float, power: float) -> tuple[float, float]:
    """How a sum of periods is shaped: (share of the residual's own shape, skewness of the rest).

    `power` is the sum of m^1.5. Third cumulants add as variances do: that of the residuals is their skewness times
    (ratio m)^1.5 summed; that of a gamma level, through mean and variance, is 2 cv2^2 M^3 + 3 ratio cv2 M^2.
    """
    variance = ratio * mean + cv2 * mean * mean
    if mean <= 0.0 or variance <= 0.0:
        return 1.0, 0.0
    cube = variance * math.sqrt(variance)
    own = min(1.0, ratio * math.sqrt(ratio) * power / cube)
    if own >= 1.0:
        return 1.0, 0.0
    rest = (2.0 * cv2 * cv2 * mean**3 + 3.0 * ratio * cv2 * mean * mean) / cube
    return own, min(2.0, rest / (1.0 - own))


@njit(cache=True, parallel=True, error_model="numpy")
def span_sums(
    series: Series, first: NDArray[np.int64], last: NDArray[np.int64], components: int
) -> tuple[FloatArray, FloatArray]:
    """(n, 3, components) weights, means, variances of the sum of periods first..last; (n, 2) its shape (`shape_of`)."""
    rows = series.mean.shape[0]
    out, shape = np.empty((rows, 3, components)), np.empty((rows, 2))
    for row in prange(rows):
        sums = np.zeros(SUMS)
        for period in range(first[row], last[row] + 1):
            _add(series.mean[row, period], sums)
        _close(series, row, sums, out[row])
        own, skewness = shape_of(series.ratio[row], series.level_cv2[row], sums[1], sums[4])
        shape[row, 0] = own
        shape[row, 1] = skewness
    return out, shape


@njit(cache=True, parallel=True, error_model="numpy")
def random_sums(
    series: Series, first: NDArray[np.int64], chances: FloatArray, components: int
) -> tuple[FloatArray, FloatArray]:
    """As `span_sums`, for a span of k = 0, 1, .. periods with probability chances[:, k]: (n, 3, lengths * components).

    The shape is the average over the lengths, as all components share their knots.
    """
    rows, lengths = chances.shape
    out, shape = np.empty((rows, 3, lengths * components)), np.zeros((rows, 2))
    for row in prange(rows):
        sums = np.zeros(SUMS)
        for periods in range(lengths):
            if periods > 0:
                _add(series.mean[row, first[row] + periods - 1], sums)
            part = out[row, :, periods * components : (periods + 1) * components]
            _close(series, row, sums, part)
            part[0] *= chances[row, periods]
            own, skewness = shape_of(series.ratio[row], series.level_cv2[row], sums[1], sums[4])
            shape[row, 0] += chances[row, periods] * own
            shape[row, 1] += chances[row, periods] * skewness
    return out, shape


def components_of(series: Series) -> int:
    """How many components a sum needs: more than one only where there are extra zeros."""
    return COMPONENTS if bool((series.family == ZERO_INFLATED).any()) else 1
