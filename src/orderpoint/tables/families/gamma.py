"""The gamma distribution of a given mean and variance; a point where the variance is none."""

from __future__ import annotations

import math

from numba import njit

from orderpoint.tables.families.incomplete_gamma import gamma_tails, gamma_tails_by
from orderpoint.tables.families.normal import rough_normal_quantile
from orderpoint.tables.families.saddlepoint import poisson_mass

MOST_STEPS = 60


@njit(cache=True, error_model="numpy")
def standard_gamma_quantile(p: float, shape: float) -> float:
    """The x with P(shape, x) = p: Halley's method inside a bracket, from Wilson-Hilferty or the power law near zero."""
    if p <= 0.0 or shape <= 0.0:
        return 0.0
    if p >= 1.0:
        return math.inf
    x = _start(p, shape)
    if x < 1e-290:
        return 0.0
    low, high = 0.0, math.inf
    for _ in range(MOST_STEPS):
        mass = poisson_mass(shape, x)
        lower, upper = gamma_tails_by(shape, x, mass)
        error = lower - p if p < 0.5 else (1.0 - p) - upper
        if error > 0.0:
            high = x
        else:
            low = x
        density = mass * shape / x
        if density <= 0.0:
            x = 0.5 * (low + high) if high < math.inf else 2.0 * x
            continue
        newton = error / density
        step = newton / (1.0 - 0.5 * min(1.0, newton * ((shape - 1.0) / x - 1.0)))
        if abs(step) <= 1e-5 * x / (1.0 + math.sqrt(shape)):
            return x - step  # the method is cubic: the next error is below the rounding
        x -= step
        if not low < x < high:
            x = 0.5 * (low + high) if high < math.inf else 2.0 * low
    return x


@njit(cache=True, error_model="numpy")
def _start(p: float, shape: float) -> float:
    if shape > 1.0:
        z = rough_normal_quantile(min(max(p, 1e-300), 1.0 - 1e-16))
        w = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * math.sqrt(shape))
        if w > 0.1:
            return shape * w * w * w
        return math.exp((math.log(p) + math.lgamma(shape + 1.0)) / shape)
    split = 1.0 - shape * (0.253 + shape * 0.12)
    if p < split:
        return math.exp((math.log(p) + math.lgamma(shape + 1.0)) / shape)
    return 1.0 - math.log(max(1e-16, 1.0 - (p - split) / (1.0 - split)))


@njit(cache=True, error_model="numpy")
def gamma_cdf(x: float, mean: float, variance: float) -> float:
    """P(D <= x)."""
    if x < 0.0:
        return 0.0
    if mean <= 0.0:
        return 1.0
    if variance <= mean * mean * 1e-24:
        return 1.0 if x >= mean else 0.0
    return gamma_tails(mean * mean / variance, x * mean / variance)[0]


@njit(cache=True, error_model="numpy")
def gamma_quantile(p: float, mean: float, variance: float) -> float:
    """The x with P(D <= x) = p."""
    if mean <= 0.0 or p <= 0.0:
        return 0.0
    if variance <= mean * mean * 1e-24:
        return mean
    return standard_gamma_quantile(p, mean * mean / variance) * variance / mean


@njit(cache=True, error_model="numpy")
def gamma_shortage(x: float, mean: float, variance: float) -> tuple[float, float]:
    """(E[(D - x)+], E[(x - D)+]), by a Q(a + 1, y) = a Q(a, y) + y^(a + 1)... (DLMF 8.8.6)."""
    if x <= 0.0 or mean <= 0.0 or variance <= mean * mean * 1e-24:
        return max(0.0, mean - x), max(0.0, x - mean)
    shape = mean * mean / variance
    scaled = x * mean / variance
    mass = poisson_mass(shape, scaled)
    lower, upper = gamma_tails_by(shape, scaled, mass)
    edge = mean * mass
    return max(0.0, (mean - x) * upper + edge), max(0.0, (x - mean) * lower + edge)
