"""Probability tables of counts, and what one base stock costs against them: the bricks of the one-warehouse system.

A count with mean m and variance v is Poisson where v <= m, else negative binomial; with e = v / m - 1 both keep

    P(k + 1) / P(k) = (m + e k) / ((1 + e) (k + 1)).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

TAIL_SDS = 8.0
TAIL_UNITS = 30.0


@njit(cache=True)
def table_length(mean: float, variance: float) -> int:
    """Entries of a table that leaves out less than 1e-12 of a count."""
    excess = max(variance / mean - 1.0, 0.0) if mean > 0.0 else 0.0
    return int(mean + TAIL_SDS * np.sqrt(max(variance, mean)) + TAIL_UNITS * (1.0 + excess)) + 1


@njit(cache=True)
def count_masses(mean: float, variance: float, length: int) -> FloatArray:
    """P(0), .., P(length - 1) of a count, scaled to sum to 1; from the mode outwards, where nothing underflows."""
    masses = np.zeros(length)
    if mean <= 0.0:
        masses[0] = 1.0
        return masses
    excess = max(variance / mean - 1.0, 0.0)
    start = min(int(mean), length - 1)
    masses[start] = 1.0
    for k in range(start, length - 1):
        masses[k + 1] = masses[k] * (mean + excess * k) / ((1.0 + excess) * (k + 1.0))
    for k in range(start, 0, -1):
        masses[k - 1] = masses[k] * (1.0 + excess) * k / (mean + excess * (k - 1.0))
    scaled: FloatArray = masses / masses.sum()
    return scaled


@njit(cache=True)
def thinned(masses: FloatArray, share: float) -> FloatArray:
    """The table of a count of which each unit is kept with probability `share`, by Horner's rule on its polynomial."""
    out = np.zeros(len(masses))
    for b in range(len(masses) - 1, -1, -1):
        for k in range(len(masses) - 1 - b, 0, -1):
            out[k] = (1.0 - share) * out[k] + share * out[k - 1]
        out[0] = (1.0 - share) * out[0] + masses[b]
    return out


@njit(cache=True)
def convolved(a: FloatArray, b: FloatArray) -> FloatArray:
    """The table of the sum of two independent counts."""
    out = np.zeros(len(a) + len(b) - 1)
    for i in range(len(a)):
        if a[i] > 0.0:
            for j in range(len(b)):
                out[i + j] += a[i] * b[j]
    return out


@njit(cache=True)
def beyond(masses: FloatArray, level: int) -> FloatArray:
    """The table of (D - level)+."""
    if level <= 0:
        out = np.zeros(len(masses) - level)
        out[-level:] = masses
        return out
    out = np.zeros(max(len(masses) - level, 1))
    for k in range(len(masses)):
        out[max(k - level, 0)] += masses[k]
    return out


@njit(cache=True)
def moments(masses: FloatArray) -> tuple[float, float]:
    """(mean, variance) of a table."""
    mean, square = 0.0, 0.0
    for k in range(len(masses)):
        mean += k * masses[k]
        square += float(k) * k * masses[k]
    return mean, max(square - mean * mean, 0.0)


@njit(cache=True)
def left_and_short(masses: FloatArray, level: float) -> tuple[float, float]:
    """(E[(level - D)+], E[(D - level)+]), units."""
    left, short = 0.0, 0.0
    for k in range(len(masses)):
        if k < level:
            left += (level - k) * masses[k]
        else:
            short += (k - level) * masses[k]
    return left, short


@njit(cache=True)
def best_level(masses: FloatArray, holding: float, penalty: float) -> float:
    """The least S with P(D <= S) >= p / (h + p)."""
    wanted, below = penalty / (holding + penalty), 0.0
    for k in range(len(masses)):
        below += masses[k]
        if below >= wanted - 1e-12:
            return float(k)
    return float(len(masses) - 1)
