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
    """The z with P(Z <= z) = p to machine precision; minus and plus infinity at 0 and 1.

    M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988), 477-484.
    """
    if p <= 0.0:
        return -math.inf
    if p >= 1.0:
        return math.inf
    h = p - 0.5
    if abs(h) <= 0.425:
        return h * _near_median(0.180625 - h * h)
    r = math.sqrt(-math.log(min(p, 1.0 - p)))
    z = _in_tail(r - 1.6) if r <= 5.0 else _far_in_tail(r - 5.0)
    return z if h > 0.0 else -z


@njit(cache=True, error_model="numpy")
def _near_median(r: float) -> float:
    top = ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457
    top = (((top * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r
    low = ((5226.4952788528545610 * r + 28729.085735721942674) * r + 39307.895800092710610) * r + 21213.794301586595867
    low = (((low * r + 5394.1960214247511077) * r + 687.18700749205790830) * r + 42.313330701600911252) * r
    return (top + 3.3871328727963666080) / (low + 1.0)


@njit(cache=True, error_model="numpy")
def _in_tail(r: float) -> float:
    top = ((7.7454501427834140764e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
    top = (((top + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.76949722146069140550) * r
    low = ((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
    low = (((low + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940) * r
    return ((top + 4.63033784615654529590) * r + 1.42343711074968357734) / ((low + 2.05319162663775882187) * r + 1.0)


@njit(cache=True, error_model="numpy")
def _far_in_tail(r: float) -> float:
    top = ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
    top = (((top + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580) * r
    low = ((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
    low = (((low + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
    return ((top + 5.46378491116411436990) * r + 6.65790464350110377720) / ((low + 5.99832206555887937690e-1) * r + 1.0)
