"""One distribution of any family, as scalars: what mixtures are made of, and what other compiled loops may call."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.tables.families.count import count_quantile, count_shortage, count_tails, excess_of
from orderpoint.tables.families.empirical import (
    empirical_cdf,
    empirical_quantile,
    empirical_shortage,
    moments_above,
    placed,
)
from orderpoint.tables.families.family import Family
from orderpoint.tables.families.gamma import gamma_cdf, gamma_quantile, gamma_shortage

FloatArray = NDArray[np.float64]
COUNT = int(Family.COUNT)
ZERO_INFLATED = int(Family.ZERO_INFLATED)
GAMMA = int(Family.GAMMA)


@njit(cache=True, error_model="numpy")
def count_behind(mean: float, variance: float, zero: float) -> tuple[float, float]:
    """(mean, excess) of the count behind extra zeros, from mean and variance of the whole; Poisson where too narrow."""
    if zero <= 0.0:
        return mean, excess_of(mean, variance)
    if zero >= 1.0 or mean <= 0.0:
        return 0.0, 0.0
    inner = mean / (1.0 - zero)
    return inner, excess_of(inner, (variance + mean * mean) / (1.0 - zero) - inner * inner)


@njit(cache=True, error_model="numpy")
def component_cdf(family: int, x: float, moments: tuple[float, float, float], knots: FloatArray) -> float:
    """P(D <= x) of the component with `moments` (mean, variance, extra probability of zero)."""
    mean, variance, zero = moments
    if x < 0.0:
        return 0.0
    if mean <= 0.0:
        return 1.0
    if family == COUNT:
        return count_tails(float(np.floor(x)), mean, excess_of(mean, variance))[0]
    if family == ZERO_INFLATED:
        inner, excess = count_behind(mean, variance, zero)
        return zero + (1.0 - zero) * count_tails(float(np.floor(x)), inner, excess)[0]
    if family == GAMMA:
        return gamma_cdf(x, mean, variance)
    return empirical_cdf(knots, x, mean, variance)


@njit(cache=True, error_model="numpy")
def component_quantile(family: int, p: float, moments: tuple[float, float, float], knots: FloatArray) -> float:
    """The least x with P(D <= x) >= p (whole for counts); 0 at p <= 0."""
    mean, variance, zero = moments
    if mean <= 0.0 or p <= 0.0:
        return 0.0
    if family == COUNT:
        return count_quantile(p, mean, excess_of(mean, variance))
    if family == ZERO_INFLATED:
        if p <= zero:
            return 0.0
        inner, excess = count_behind(mean, variance, zero)
        return count_quantile((p - zero) / (1.0 - zero), inner, excess)
    if family == GAMMA:
        return gamma_quantile(p, mean, variance)
    return empirical_quantile(knots, p, mean, variance)


@njit(cache=True, error_model="numpy")
def component_shortage(
    family: int, x: float, moments: tuple[float, float, float], knots: FloatArray
) -> tuple[float, float]:
    """(E[(D - x)+], E[(x - D)+])."""
    mean, variance, zero = moments
    if mean <= 0.0:
        return max(0.0, -x), max(0.0, x)
    if family == COUNT:
        return count_shortage(x, mean, excess_of(mean, variance))
    if family == ZERO_INFLATED:
        inner, excess = count_behind(mean, variance, zero)
        short, left = count_shortage(x, inner, excess)
        return (1.0 - zero) * short + zero * max(0.0, -x), (1.0 - zero) * left + zero * max(0.0, x)
    if family == GAMMA:
        return gamma_shortage(x, mean, variance)
    return empirical_shortage(knots, x, mean, variance)


@njit(cache=True, error_model="numpy")
def component_variance(family: int, moments: tuple[float, float, float], knots: FloatArray) -> float:
    """The variance that it has: the given one, but for counts narrower than Poisson and for what zero cuts."""
    mean, variance, zero = moments
    if mean <= 0.0:
        return 0.0
    if family == COUNT:
        return max(mean, variance)
    if family == ZERO_INFLATED:
        inner, excess = count_behind(mean, variance, zero)
        return (1.0 - zero) * inner * (1.0 + excess + zero * inner)
    if family == GAMMA:
        return variance
    location, scale = placed(knots, mean, variance)
    if scale <= 0.0:
        return 0.0
    return moments_above(knots, location, scale)[2] - mean * mean
