"""The normal distribution for scalars inside compiled loops."""

from __future__ import annotations

import math

from numba import njit

SQRT_HALF = math.sqrt(0.5)
INVERSE_SQRT_TWO_PI = 1.0 / math.sqrt(2.0 * math.pi)
TAIL = 0.02425


@njit(cache=True, error_model="numpy")
def normal_cdf(z: float) -> float:
    """P(Z <= z)."""
    return 0.5 * math.erfc(-z * SQRT_HALF)


@njit(cache=True, error_model="numpy")
def normal_density(z: float) -> float:
    """Density at z."""
    return INVERSE_SQRT_TWO_PI * math.exp(-0.5 * z * z)


@njit(cache=True, error_model="numpy")
def rough_normal_quantile(p: float) -> float:
    """The z with P(Z <= z) = p, to a relative error of 1.15e-9 (P. J. Acklam's rational approximation, 2003)."""
    if p < TAIL or p > 1.0 - TAIL:
        t = math.sqrt(-2.0 * math.log(min(p, 1.0 - p)))
        top = -7.784894002430293e-03 * t - 3.223964580411365e-01
        top = ((top * t - 2.400758277161838) * t - 2.549732539343734) * t
        top = (top + 4.374664141464968) * t + 2.938163982698783
        low = ((7.784695709041462e-03 * t + 3.224671290700398e-01) * t + 2.445134137142996) * t + 3.754408661907416
        z = top / (low * t + 1.0)
        return z if p < TAIL else -z
    h = p - 0.5
    r = h * h
    top = (-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02
    top = ((top * r + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239
    low = (-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02
    low = (low * r + 6.680131188771972e01) * r - 1.328068155288572e01
    return top * h / (low * r + 1.0)


@njit(cache=True, error_model="numpy")
def normal_quantile(p: float) -> float:
    """The z with P(Z <= z) = p to machine precision; minus and plus infinity at 0 and 1."""
    if p <= 0.0:
        return -math.inf
    if p >= 1.0:
        return math.inf
    z = rough_normal_quantile(p)
    # one step of Halley's method, on the smaller tail so that no digits are lost
    error = normal_cdf(z) - p if p < 0.5 else (1.0 - p) - normal_cdf(-z)
    step = error / normal_density(z)
    return z - step / (1.0 + 0.5 * z * step)
