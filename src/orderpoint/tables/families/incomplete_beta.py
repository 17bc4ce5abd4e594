"""The regularised incomplete beta function, both tails at once, at bounded cost.

Lentz' continued fraction (DLMF 8.17.22) on the side where it converges; where both parameters are very large, Temme's
uniform expansion (DLMF 8.18.9, its first two terms), whose error there is below the rounding of the other.
"""

from __future__ import annotations

import math

from numba import njit

from orderpoint.tables.families.saddlepoint import TWO_PI, binomial_mass, deviance

UNIFORM_FROM = 1e6
NEAR_MODE = 1e-3
SMALLEST = 1e-300
PRECISION = 4e-16
MOST_TERMS = 20_000


@njit(cache=True, error_model="numpy")
def beta_tails(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    """(I_x(a, b), 1 - I_x(a, b)) for a, b > 0 and y = 1 - x, given apart so that neither loses digits."""
    if x <= 0.0:
        return 0.0, 1.0
    if y <= 0.0:
        return 1.0, 0.0
    if a > UNIFORM_FROM and b > UNIFORM_FROM:
        return _uniform(a, b, x, y)
    n = a + b
    front = binomial_mass(a, b, x, y) / n
    if x < (a + 1.0) / (n + 2.0):
        lower = min(1.0, front * b * _fraction(a, b, x))
        return lower, 1.0 - lower
    upper = min(1.0, front * a * _fraction(b, a, y))
    return 1.0 - upper, upper


@njit(cache=True, error_model="numpy")
def _fraction(a: float, b: float, x: float) -> float:
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    if abs(d) < SMALLEST:
        d = SMALLEST
    d = 1.0 / d
    h = d
    for m in range(1, MOST_TERMS):
        twice = a + 2.0 * m
        numerator = m * (b - m) * x / ((twice - 1.0) * twice)
        d = 1.0 + numerator * d
        if abs(d) < SMALLEST:
            d = SMALLEST
        c = 1.0 + numerator / c
        if abs(c) < SMALLEST:
            c = SMALLEST
        d = 1.0 / d
        h *= d * c
        numerator = -(a + m) * (a + b + m) * x / (twice * (twice + 1.0))
        d = 1.0 + numerator * d
        if abs(d) < SMALLEST:
            d = SMALLEST
        c = 1.0 + numerator / c
        if abs(c) < SMALLEST:
            c = SMALLEST
        d = 1.0 / d
        change = d * c
        h *= change
        if abs(change - 1.0) < PRECISION:
            break
    return h


@njit(cache=True, error_model="numpy")
def _uniform(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    n = a + b
    mode = a / n
    spread = math.sqrt(mode * (b / n))
    half = deviance(a, n * x) + deviance(b, n * y)
    distance = x - mode if x < 0.5 else (b / n) - y
    eta = math.copysign(math.sqrt(2.0 * half / n), distance)
    scaled = distance / spread
    if abs(scaled) > NEAR_MODE * spread:
        correction = 1.0 / eta - 1.0 / scaled
    else:  # the same difference as a series, where both terms are about to cancel
        correction = (1.0 - 2.0 * mode) / (3.0 * spread) - scaled * (1.0 - spread * spread) / (12.0 * spread * spread)
    correction *= math.exp(-half) / math.sqrt(TWO_PI * n)
    signed = math.copysign(math.sqrt(half), distance)
    lower = 0.5 * math.erfc(-signed) + correction
    upper = 0.5 * math.erfc(signed) - correction
    return min(1.0, max(0.0, lower)), min(1.0, max(0.0, upper))
