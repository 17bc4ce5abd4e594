"""Poisson, negative binomial and binomial probabilities that keep their digits at any size.

Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000): the Stirling error and the deviance
are computed apart, so nothing large is subtracted from anything large. Arguments may be real, which makes the same two
functions the leading factors of the incomplete gamma and beta functions.
"""

from __future__ import annotations

import math

from numba import njit

HALF_LOG_TWO_PI = 0.9189385332046727
TWO_PI = 2.0 * math.pi
STIRLING_SERIES_FROM = 15.0
DEVIANCE_SERIES_WITHIN = 0.1
NEGLIGIBLE = 1e-10  # quantities this much smaller than their neighbour change nothing but the rounding


@njit(cache=True, error_model="numpy")
def stirling_error(x: float) -> float:
    """log(x!) minus Stirling's formula, for real x > 0."""
    if x <= STIRLING_SERIES_FROM:
        return math.lgamma(x + 1.0) - (x + 0.5) * math.log(x) + x - HALF_LOG_TWO_PI
    s = 1.0 / (x * x)
    return (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s / 1188.0)))) / x


@njit(cache=True, error_model="numpy")
def deviance(x: float, mean: float) -> float:
    """The deviance x log(x / mean) + mean - x, without cancellation where x is close to the mean; x, mean > 0."""
    difference = x - mean
    if abs(difference) < DEVIANCE_SERIES_WITHIN * (x + mean):
        v = difference / (x + mean)
        total = difference * v
        term = 2.0 * x * v
        v *= v
        for j in range(1, 100):
            term *= v
            following = total + term / (2 * j + 1)
            if following == total:
                break
            total = following
        return total
    return x * math.log(x / mean) + mean - x


@njit(cache=True, error_model="numpy")
def poisson_mass(x: float, mean: float) -> float:
    """mean^x exp(-mean) / x! for real x >= 0 and mean >= 0."""
    if mean <= 0.0:
        return 1.0 if x == 0.0 else 0.0
    if x <= mean * 1e-300:
        return math.exp(-mean)
    if mean <= x * 1e-300:
        return 0.0
    return math.exp(-stirling_error(x) - deviance(x, mean)) / math.sqrt(TWO_PI * x)


@njit(cache=True, error_model="numpy")
def binomial_mass(a: float, b: float, p: float, q: float) -> float:
    """(a + b)! / (a! b!) p^a q^b for real a, b >= 0, with q = 1 - p given apart so that neither loses digits."""
    n = a + b
    if a <= 0.0:
        return math.exp(b * math.log1p(-p) if p < 0.5 else b * math.log(q))
    if b <= 0.0:
        return math.exp(a * math.log1p(-q) if q < 0.5 else a * math.log(p))
    exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * p) - deviance(b, n * q)
    return math.exp(exponent) * math.sqrt(n / (TWO_PI * a * b))


@njit(cache=True, error_model="numpy")
def count_mass(k: float, mean: float, excess: float) -> float:
    """P(D = k) of a count with the given mean and variance mean * (1 + excess): negative binomial, or Poisson at 0."""
    if k < 0.0:
        return 0.0
    if mean <= 0.0:
        return 1.0 if k == 0.0 else 0.0
    if excess <= NEGLIGIBLE:
        return poisson_mass(k, mean)
    size = mean / excess
    if k == 0.0:
        return math.exp(-size * math.log1p(excess))
    ratio = 1.0 + excess
    return binomial_mass(size, k, 1.0 / ratio, excess / ratio) * size / (size + k)
