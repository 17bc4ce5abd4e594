"""Random numbers by address: each draw is a hash of (seed, stream, series, day), so no order of work can change it.

The mixing step is SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", figure 15).
Counts are drawn by inverting the distribution function: one uniform gives one count, so two worlds that differ in their
intensity only share their luck.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT: Final = 2.0**-53

Key = np.uint64
"""What a stream of draws starts from."""


@njit(cache=True)
def mixed(state: Key) -> Key:
    """Sixty-four well-mixed bits of a 64-bit state."""
    z = np.uint64(state) + _GOLDEN
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@njit(cache=True)
def key_of(seed: int, stream: int, series: int) -> Key:
    """Key of one stream of one series."""
    key = mixed(np.uint64(seed))
    key = mixed(key ^ np.uint64(stream))
    return mixed(key ^ np.uint64(series))


@njit(cache=True)
def uniform(key: Key, number: int) -> float:
    """Draw `number` of a stream, uniform in the open interval (0, 1)."""
    bits = mixed(np.uint64(key) + np.uint64(number) * _GOLDEN) >> _S11
    return (float(bits) + 0.5) * _TO_UNIT


@njit(cache=True)
def normal(key: Key, number: int) -> float:
    """Draw `number` of a stream, standard normal (Box-Muller, the cosine branch)."""
    radius = math.sqrt(-2.0 * math.log(uniform(key, 2 * number)))
    return radius * math.cos(2.0 * math.pi * uniform(key, 2 * number + 1))


@njit(cache=True)
def negative_binomial(u: float, mean: float, size: float) -> int:
    """The count whose distribution function first reaches `u`; its variance is mean + mean^2 / size.

    It is 0 where the mean is not positive.

    Exact by summing the probabilities. Where the chance of zero is too small for a float the shape is nearly normal,
    and the cube-root approximation of the gamma (Wilson and Hilferty 1931) is used.
    """
    if not mean > 0.0:
        return 0
    log_zero = -size * math.log1p(mean / size)
    if log_zero < -690.0:
        return _wilson_hilferty(u, mean, size)
    chance = math.exp(log_zero)
    total = chance
    ratio = mean / (mean + size)
    count = 0
    most = 50.0 * mean + 2_000.0
    while total < u and count < most:
        chance *= (count + size) / (count + 1.0) * ratio
        total += chance
        count += 1
    return count


@njit(cache=True)
def _wilson_hilferty(u: float, mean: float, size: float) -> int:
    variance = mean + mean * mean / size
    shape = mean * mean / variance
    z = _normal_quantile(u)
    root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * math.sqrt(shape))
    return max(0, round(mean * root**3))


@njit(cache=True)
def _normal_quantile(u: float) -> float:
    """Quantile of the standard normal by bisection on erfc; to 1e-10."""
    low, high = -9.0, 9.0
    while high - low > 1e-10:
        middle = 0.5 * (low + high)
        if 0.5 * math.erfc(-middle / math.sqrt(2.0)) < u:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@njit(cache=True)
def poisson(u: float, mean: float) -> int:
    """The Poisson count whose distribution function first reaches `u`; meant for means below 500."""
    if not mean > 0.0:
        return 0
    chance = math.exp(-mean)
    total = chance
    count = 0
    while total < u and count < 10.0 * mean + 100.0:
        count += 1
        chance *= mean / count
        total += chance
    return count
