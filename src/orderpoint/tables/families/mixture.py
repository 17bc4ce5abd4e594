"""Mixtures of components, one for each row: the bulk questions of `Distribution`, in parallel over rows."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.families.component import (
    component_cdf,
    component_quantile,
    component_shortage,
    component_variance,
)
from orderpoint.tables.families.family import Family

FloatArray = NDArray[np.float64]
LAST_COUNT = int(Family.ZERO_INFLATED)
MOST_HALVINGS = 1_100  # from one down to the least normal number: a very skew gamma has its quantiles there


class Mixtures(NamedTuple):
    """The arrays of a `Distribution`, as one argument of a compiled loop: n rows, m components, K knots."""

    family: NDArray[np.uint8]
    weight: FloatArray
    mean: FloatArray
    variance: FloatArray
    zero: FloatArray
    knots: FloatArray


@njit(cache=True, error_model="numpy")
def mixture_cdf(mixtures: Mixtures, row: int, x: float) -> float:
    """P(D <= x) of one row."""
    total = 0.0
    for j in range(mixtures.weight.shape[1]):
        weight = mixtures.weight[row, j]
        if weight > 0.0:
            moments = (mixtures.mean[row, j], mixtures.variance[row, j], mixtures.zero[row, j])
            total += weight * component_cdf(int(mixtures.family[row]), x, moments, mixtures.knots[row])
    return min(1.0, total)


@njit(cache=True, error_model="numpy")
def mixture_shortage(mixtures: Mixtures, row: int, x: float) -> tuple[float, float]:
    """(E[(D - x)+], E[(x - D)+]) of one row."""
    short, left = 0.0, 0.0
    for j in range(mixtures.weight.shape[1]):
        weight = mixtures.weight[row, j]
        if weight > 0.0:
            moments = (mixtures.mean[row, j], mixtures.variance[row, j], mixtures.zero[row, j])
            part = component_shortage(int(mixtures.family[row]), x, moments, mixtures.knots[row])
            short += weight * part[0]
            left += weight * part[1]
    return short, left


@njit(cache=True, error_model="numpy")
def mixture_quantile(mixtures: Mixtures, row: int, p: float) -> float:
    """The least x with P(D <= x) >= p of one row: between the least and the largest quantile of its components."""
    family = int(mixtures.family[row])
    low, high = math.inf, 0.0
    for j in range(mixtures.weight.shape[1]):
        if mixtures.weight[row, j] > 0.0:
            moments = (mixtures.mean[row, j], mixtures.variance[row, j], mixtures.zero[row, j])
            x = component_quantile(family, p, moments, mixtures.knots[row])
            low = min(low, x)
            high = max(high, x)
    if low >= high or high == math.inf:
        return high
    if family <= LAST_COUNT:
        return _whole(mixtures, row, p, (low, high))
    return _real(mixtures, row, p, (low, high))


@njit(cache=True, error_model="numpy")
def _whole(mixtures: Mixtures, row: int, p: float, bracket: tuple[float, float]) -> float:
    low, high = bracket[0] - 1.0, bracket[1]
    while high - low > 1.0:
        middle = float(np.floor(0.5 * (low + high)))
        if mixture_cdf(mixtures, row, middle) >= p:
            high = middle
        else:
            low = middle
    return high


@njit(cache=True, error_model="numpy")
def _real(mixtures: Mixtures, row: int, p: float, bracket: tuple[float, float]) -> float:
    low, high = bracket
    if mixture_cdf(mixtures, row, low) >= p:
        return low
    for _ in range(MOST_HALVINGS):
        middle = 0.5 * (low + high)
        if not low < middle < high or high - low <= 1e-14 * high:
            break
        if mixture_cdf(mixtures, row, middle) >= p:
            high = middle
        else:
            low = middle
    return high


@njit(cache=True, parallel=True, error_model="numpy")
def all_cdf(mixtures: Mixtures, x: FloatArray) -> FloatArray:
    """P(D_i <= x_i) for every row i."""
    out = np.empty(len(x))
    for row in prange(len(x)):
        out[row] = mixture_cdf(mixtures, row, x[row])
    return out


@njit(cache=True, parallel=True, error_model="numpy")
def all_quantile(mixtures: Mixtures, p: FloatArray) -> FloatArray:
    """The p_i quantile for every row i."""
    out = np.empty(len(p))
    for row in prange(len(p)):
        out[row] = mixture_quantile(mixtures, row, p[row])
    return out


@njit(cache=True, parallel=True, error_model="numpy")
def all_shortage(mixtures: Mixtures, x: FloatArray) -> FloatArray:
    """(2, n): E[(D_i - x_i)+] and E[(x_i - D_i)+] for every row i."""
    out = np.empty((2, len(x)))
    for row in prange(len(x)):
        short, left = mixture_shortage(mixtures, row, x[row])
        out[0, row] = short
        out[1, row] = left
    return out


@njit(cache=True, parallel=True, error_model="numpy")
def all_variance(mixtures: Mixtures) -> FloatArray:
    """Variance of every row: mean of the components' variances plus variance of their means."""
    rows, components = mixtures.weight.shape
    out = np.empty(rows)
    for row in prange(rows):
        mean = 0.0
        for j in range(components):
            mean += mixtures.weight[row, j] * mixtures.mean[row, j]
        total = 0.0
        for j in range(components):
            moments = (mixtures.mean[row, j], mixtures.variance[row, j], mixtures.zero[row, j])
            within = component_variance(int(mixtures.family[row]), moments, mixtures.knots[row])
            total += mixtures.weight[row, j] * (within + (mixtures.mean[row, j] - mean) ** 2)
        out[row] = total
    return out
