"""The law of a random lead time: gamma by its normal score, cut late; and the periods that goods arrive in.

Source: E. Wilson & M. Hilferty, "The distribution of chi-square", PNAS 17 (1931): the quantile of a gamma at the
normal score z is mean (1 - 1/9k + z / (3 sqrt k))^3, with k = mean^2 / variance.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LATEST_SD = 3.0
"""A random lead time is cut this many standard deviations after its mean."""

SAME_DAY = 1e-9


@njit(cache=True)
def delay(mean_days: float, sd_days: float, score: float) -> float:
    """Days by which a lead time differs from its mean at the normal score; `sd_days` above 0."""
    mean = max(mean_days, 0.5)
    shape = (mean / sd_days) ** 2
    root = max(1.0 - 1.0 / (9.0 * shape) + score / (3.0 * shape**0.5), 0.0)
    return float(min(mean * root**3, mean + LATEST_SD * sd_days) - mean)


@njit(cache=True)
def period_from(starts: FloatArray, day: float) -> int:
    """The first period that starts on or after `day`, at most B; `starts` (B + 1,) are first days, ascending."""
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high) // 2
        if starts[middle] >= day - SAME_DAY:
            high = middle
        else:
            low = middle + 1
    return low


def lead_time_table(mean_days: FloatArray, sd_days: FloatArray, period_days: float, points: int) -> IntArray:
    """Equally likely lead times in whole periods, (k, points), ascending; a certain one repeats itself.

    Goods are on sale from the first period that starts on or after their day; `period_days` is a period's length.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import, needed once

    scores = ndtri((np.arange(points) + 0.5) / points)
    table = np.empty((len(mean_days), points), np.int64)
    for row, (mean, sd) in enumerate(zip(mean_days, sd_days, strict=True)):
        days = np.full(points, mean)
        if sd > 0.0:
            days = mean + np.array([delay(mean, sd, score) for score in scores])
        table[row] = np.ceil(np.maximum(days, 0.0) / period_days - SAME_DAY)
    return table
