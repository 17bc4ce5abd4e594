"""The empirical family: a piecewise-linear quantile function, moved and scaled to a given mean and variance.

The knots are quantiles of a residual at (k + 0.5) / K. Beyond the outer knots the function goes on as a straight line
over the remaining half step, rising `TAIL_STEPS` times the neighbouring step: then the mean beyond the last knot is
that of a normal's tail, and no quantile is further out than the data bear. Residuals are standardised here, so that
mean and variance hold whatever the knots. Where the result reaches below zero it is cut there, and moved to the left
until the mean holds again.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables.families.normal import normal_quantile

FloatArray = NDArray[np.float64]
TAIL_STEPS = 1.5
MOST_STEPS = 60


@njit(cache=True, error_model="numpy")
def node(knots: FloatArray, k: int) -> tuple[float, float]:
    """(probability, residual) of node k = 0..K + 1 of the quantile function: the ends, and the knots between."""
    count = len(knots)
    if k == 0:
        return 0.0, knots[0] - TAIL_STEPS * (knots[1] - knots[0])
    if k > count:
        return 1.0, knots[count - 1] + TAIL_STEPS * (knots[count - 1] - knots[count - 2])
    return (k - 0.5) / count, knots[k - 1]


@njit(cache=True, error_model="numpy")
def residual_quantile(knots: FloatArray, p: float) -> float:
    """The residual at probability p in [0, 1]."""
    k = min(max(math.floor(p * len(knots) + 0.5), 0), len(knots))
    left, low = node(knots, k)
    right, high = node(knots, k + 1)
    share = min(1.0, max(0.0, (p - left) / (right - left)))
    return low + share * (high - low)


@njit(cache=True, error_model="numpy")
def residual_moments(knots: FloatArray) -> tuple[float, float]:
    """(mean, standard deviation) of the residual, exact over the piecewise-linear quantile function."""
    mean, square = 0.0, 0.0
    left, low = node(knots, 0)
    for k in range(1, len(knots) + 2):
        right, high = node(knots, k)
        width = right - left
        mean += width * 0.5 * (low + high)
        square += width * (low * low + low * high + high * high) / 3.0
        left, low = right, high
    return mean, math.sqrt(max(0.0, square - mean * mean))


@njit(cache=True, error_model="numpy")
def moments_above(knots: FloatArray, location: float, scale: float) -> tuple[float, float, float]:
    """(P(Y > 0), E[Y+], E[Y+^2]) of Y = location + scale * residual, exact."""
    share, first, second = 0.0, 0.0, 0.0
    left, low = node(knots, 0)
    low = location + scale * low
    for k in range(1, len(knots) + 2):
        right, high = node(knots, k)
        high = location + scale * high
        width = right - left
        if low > 0.0:
            share += width
            first += width * 0.5 * (low + high)
            second += width * (low * low + low * high + high * high) / 3.0
        elif high > 0.0:
            part = width * high / (high - low)
            share += part
            first += part * 0.5 * high
            second += part * high * high / 3.0
        left, low = right, high
    return share, first, second


@njit(cache=True, error_model="numpy")
def placed(knots: FloatArray, mean: float, variance: float) -> tuple[float, float]:
    """(location, scale) so that (location + scale * residual)+ has the mean, and the variance where nothing is cut."""
    centre, sd = residual_moments(knots)
    return placed_by(knots, mean, variance, (centre, sd))


@njit(cache=True, error_model="numpy")
def placed_by(knots: FloatArray, mean: float, variance: float, moments: tuple[float, float]) -> tuple[float, float]:
    """`placed`, where the residual's moments are known already."""
    centre, sd = moments
    if sd <= 0.0 or variance <= 0.0:
        return mean, 0.0
    scale = math.sqrt(variance) / sd
    location = mean - scale * centre
    _, lowest = node(knots, 0)
    if location + scale * lowest >= 0.0:
        return location, scale
    # E[Y+] is convex and increasing in the location, and too large here: Newton's method comes down to its root
    for _ in range(MOST_STEPS):
        share, first, _ = moments_above(knots, location, scale)
        gap = first - mean
        if gap <= 1e-14 * mean or share <= 0.0:
            break
        location -= gap / share
    return location, scale


@njit(cache=True, error_model="numpy")
def empirical_cdf(knots: FloatArray, x: float, mean: float, variance: float) -> float:
    """P(D <= x)."""
    if x < 0.0:
        return 0.0
    if mean <= 0.0:
        return 1.0
    location, scale = placed(knots, mean, variance)
    if scale <= 0.0:
        return 1.0 if x >= mean else 0.0
    target = (x - location) / scale
    left, low = node(knots, 0)
    if target < low:
        return 0.0
    for k in range(1, len(knots) + 2):
        right, high = node(knots, k)
        if target < high:
            return left + (right - left) * (target - low) / (high - low)
        left, low = right, high
    return 1.0


@njit(cache=True, error_model="numpy")
def empirical_quantile(knots: FloatArray, p: float, mean: float, variance: float) -> float:
    """The least x with P(D <= x) >= p."""
    if mean <= 0.0:
        return 0.0
    location, scale = placed(knots, mean, variance)
    return max(0.0, location + scale * residual_quantile(knots, p))


@njit(cache=True, error_model="numpy")
def empirical_shortage(knots: FloatArray, x: float, mean: float, variance: float) -> tuple[float, float]:
    """(E[(D - x)+], E[(x - D)+]), the integral over the quantile function."""
    if x <= 0.0 or mean <= 0.0:
        return max(0.0, mean - x), max(0.0, x - mean)
    location, scale = placed(knots, mean, variance)
    short = moments_above(knots, location - x, scale)[1]
    return short, max(0.0, short - mean + x)


@njit(cache=True, error_model="numpy")
def skewed(z: float, skewness: float) -> float:
    """A standard normal z given the skewness of a gamma (Wilson and Hilferty's cube, as a Pearson type III factor)."""
    if skewness < 1e-6:
        return z
    root = max(0.0, 1.0 + skewness * z / 6.0 - skewness * skewness / 36.0)
    return (root * root * root - 1.0) * 2.0 / skewness


@njit(cache=True, error_model="numpy")
def blend(knots: FloatArray, normal: FloatArray, shape: tuple[float, float], out: FloatArray) -> None:
    """Knots of a sum into `out`: a share of the standardised residual, the rest a gamma's of the given skewness.

    `normal` holds the normal quantiles of the knots' probabilities. To first order (Cornish and Fisher) skewnesses of
    blended quantiles add in proportion to their shares, as `spans.shape_of` needs them to.
    """
    own, skewness = shape
    centre, sd = residual_moments(knots)
    for k in range(len(knots)):
        residual = (knots[k] - centre) / sd if sd > 0.0 else 0.0
        out[k] = own * residual + (1.0 - own) * skewed(normal[k], skewness)


@njit(cache=True, parallel=True, error_model="numpy")
def all_blends(knots: FloatArray, normal: FloatArray, shape: FloatArray) -> FloatArray:
    """(n, K): the knots of every row's sum, of shape (share, skewness) (n, 2)."""
    out = np.empty(knots.shape)
    for row in prange(len(knots)):
        if shape[row, 0] >= 1.0:
            out[row] = knots[row]
        else:
            blend(knots[row], normal, (shape[row, 0], shape[row, 1]), out[row])
    return out


@njit(cache=True, error_model="numpy")
def normal_nodes(count: int) -> FloatArray:
    """Normal quantiles at (k + 0.5) / count."""
    out = np.empty(count)
    for k in range(count):
        out[k] = normal_quantile((k + 0.5) / count)
    return out
