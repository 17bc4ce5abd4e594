"""Probability tables, P(D = k) for k = 0, 1, .. of every row, for algorithms that sum over demand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.families.component import component_cdf, component_quantile, count_behind
from orderpoint.tables.families.mixture import LAST_COUNT, Mixtures
from orderpoint.tables.families.saddlepoint import count_mass

FloatArray = NDArray[np.float64]
TAIL = 1e-14  # what lies beyond the last entry is added to it
NEGLIGIBLE_MASS = 1e-40


class Masses(NamedTuple):
    """Row i is `values[offsets[i]:offsets[i + 1]]`: P(D_i = 0), P(D_i = 1), .., which sum to 1; at least one entry."""

    offsets: NDArray[np.int64]
    values: FloatArray


@njit(cache=True, parallel=True, error_model="numpy")
def lengths(mixtures: Mixtures) -> NDArray[np.int64]:
    """How many entries each row needs, so that what is left out is below 1e-14 in each component."""
    rows, components = mixtures.weight.shape
    out = np.empty(rows, np.int64)
    for row in prange(rows):
        last = 0.0
        for j in range(components):
            if mixtures.weight[row, j] > 0.0:
                moments = (mixtures.mean[row, j], mixtures.variance[row, j], mixtures.zero[row, j])
                x = component_quantile(int(mixtures.family[row]), 1.0 - TAIL, moments, mixtures.knots[row])
                last = max(last, x)
        out[row] = int(last + 0.5) + 1
    return out


@njit(cache=True, error_model="numpy")
def _add_count(mean: float, excess: float, weight: float, out: FloatArray) -> None:
    """Add weight * P(D = k) to `out[k]`, by the recursion up and down from the mode, where no entry underflows."""
    if mean <= 0.0:
        out[0] += weight
        return
    ratio = 1.0 + excess
    start = min(max(0, int(mean)), len(out) - 1)
    peak = weight * count_mass(float(start), mean, excess)
    mass = peak
    for k in range(start, len(out)):
        out[k] += mass
        mass *= (mean + excess * k) / (ratio * (k + 1.0))
        if mass < NEGLIGIBLE_MASS and k > mean:
            break
    mass = peak
    for k in range(start, 0, -1):
        mass *= ratio * k / (mean + excess * (k - 1.0))
        out[k - 1] += mass


@njit(cache=True, error_model="numpy")
def fill_row(mixtures: Mixtures, row: int, out: FloatArray) -> None:
    """P(D = k) of one row; of continuous families the probability of what rounds to k."""
    out[:] = 0.0
    family = int(mixtures.family[row])
    for j in range(mixtures.weight.shape[1]):
        weight = mixtures.weight[row, j]
        if weight <= 0.0:
            continue
        moments = (mixtures.mean[row, j], mixtures.variance[row, j], mixtures.zero[row, j])
        if family <= LAST_COUNT:
            zero = moments[2] if family == LAST_COUNT else 0.0
            inner, excess = count_behind(moments[0], moments[1], zero)
            out[0] += weight * zero
            _add_count(inner, excess, weight * (1.0 - zero), out)
        else:
            below = 0.0
            for k in range(len(out)):
                upto = component_cdf(family, k + 0.5, moments, mixtures.knots[row])
                out[k] += weight * (upto - below)
                below = upto
    out[-1] += max(0.0, 1.0 - out.sum())


@njit(cache=True, parallel=True, error_model="numpy")
def fill(mixtures: Mixtures, masses: Masses) -> None:
    """All rows of `masses`."""
    for row in prange(len(masses.offsets) - 1):
        fill_row(mixtures, row, masses.values[masses.offsets[row] : masses.offsets[row + 1]])


def tabulate(mixtures: Mixtures) -> Masses:
    """The probability table of every row."""
    offsets = np.zeros(len(mixtures.family) + 1, np.int64)
    np.cumsum(lengths(mixtures), out=offsets[1:])
    masses = Masses(offsets, np.empty(int(offsets[-1])))
    fill(mixtures, masses)
    return masses
