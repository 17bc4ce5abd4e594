"""Sums of periods with extra zeros, as a mixture over how many of the periods are active.

Each of k periods is active with probability 1 - z, and then a count of mean c_t. Given the level, counts of one ratio
add up, so the sum over the active ones is again such a count; only which are active remains. Few active periods (0 to
3) are components of their own: of mean J c (c the average of the c_t), plus the variance that comes of not knowing
which, J (k - J) / (k - 1) times the variance of the c_t. More active periods are two components that keep what is left
of the first three moments. So mean and variance are exact; with equal c_t and a known level all is exact up to three
periods.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
FEW_ACTIVE = 3
COMPONENTS = FEW_ACTIVE + 3  # 0, 1, 2, 3 active periods, and two for more
WITHIN = 0.5  # of the variance of many active periods, the part within each component: one smooth hump, not two
NO_WEIGHT = 1e-7  # below it what is left of the moments is rounding


@njit(cache=True, error_model="numpy")
def two_points(mean: float, variance: float, third: float) -> tuple[float, float, float]:
    """(low, high, weight of low) of the two-point distribution with this mean, variance and third central moment."""
    sd = math.sqrt(variance)
    half = 0.5 * third / (variance * sd)
    root = math.sqrt(1.0 + half * half)
    return mean + sd * (half - root), mean + sd * (half + root), (half + root) / (2.0 * root)


@njit(cache=True, error_model="numpy")
def fill_active(zero: float, sums: FloatArray, spread: tuple[float, float], out: FloatArray) -> None:
    """Weight, mean and variance of the components into `out` (3, COMPONENTS).

    `sums`: number of periods with demand, and sums of their m, m^2, m^3, where m = (1 - z) c; `spread`: ratio and
    level_cv2.
    """
    ratio, cv2 = spread
    periods, active = sums[0], 1.0 - zero
    centre = sums[1] / (periods * active)
    scatter = max(0.0, sums[2] / (periods * active * active) - centre * centre)
    # moments of the sum of active means, from the cumulants of weighted coin tosses
    first = sums[1]
    second = zero / active * sums[2] + first * first
    third = zero * (zero - active) / (active * active) * sums[3] + 3.0 * first * second - 2.0 * first**3
    left, weight = 1.0, zero**periods
    for j in range(FEW_ACTIVE + 1):
        if j > periods:
            break
        mean = j * centre
        unknown = j * (periods - j) / (periods - 1.0) * scatter if periods > 1.0 else 0.0
        out[0, j] = weight
        out[1, j] = mean
        out[2, j] = ratio * mean + cv2 * (mean * mean + unknown) + unknown
        left -= weight
        first -= weight * mean
        second -= weight * (mean * mean + unknown)
        third -= weight * (mean**3 + 3.0 * mean * unknown)
        weight *= (periods - j) / (j + 1.0) * active / zero
    if left < NO_WEIGHT or periods <= FEW_ACTIVE:
        out[0] /= out[0].sum()
        return
    mean = first / left
    variance = max(0.0, second / left - mean * mean)
    _fill_many(left, (mean, variance, third / left - 3.0 * mean * second / left + 2.0 * mean**3), spread, out)


@njit(cache=True, error_model="numpy")
def _fill_many(
    weight: float, moments: tuple[float, float, float], spread: tuple[float, float], out: FloatArray
) -> None:
    """The last two components: one of the given weight where the moments leave no room for two."""
    mean, variance, third = moments
    low, high, share, unknown = mean, mean, 1.0, variance
    if variance > 1e-9 * mean * mean:
        low, high, share = two_points(mean, (1.0 - WITHIN) * variance, third)
        unknown = WITHIN * variance
        if low <= 0.0:
            low, high, share, unknown = mean, mean, 1.0, variance
    for k in range(2):
        node = low if k == 0 else high
        out[0, FEW_ACTIVE + 1 + k] = weight * (share if k == 0 else 1.0 - share)
        out[1, FEW_ACTIVE + 1 + k] = node
        out[2, FEW_ACTIVE + 1 + k] = spread[0] * node + spread[1] * (node * node + unknown) + unknown
