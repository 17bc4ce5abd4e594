"""Counts: negative binomial with mean m and variance m (1 + excess), Poisson where the excess is none.

Near zero everything is a sum of the probability recursion started at P(0); further up the tails come from the
incomplete gamma and beta functions, so that no cost grows with the mean.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from orderpoint.tables.families.incomplete_beta import beta_tails
from orderpoint.tables.families.incomplete_gamma import gamma_tails
from orderpoint.tables.families.normal import rough_normal_quantile
from orderpoint.tables.families.saddlepoint import NEGLIGIBLE, count_mass

FEW = 64  # below this many steps a plain sum is cheaper than a continued fraction
FEW_MEAN = 100.0  # and P(0) is far from underflow
WALK = 32
STEPS = 4 * FEW
RECIPROCALS = 1.0 / np.arange(1.0, STEPS + 1.0)  # a product costs a third of a quotient


@njit(cache=True, error_model="numpy")
def excess_of(mean: float, variance: float) -> float:
    """Variance / mean - 1, at least 0; 0 where it is too small to matter."""
    if mean <= 0.0 or variance <= mean:
        return 0.0
    excess = (variance - mean) / mean
    return excess if excess > NEGLIGIBLE else 0.0


@njit(cache=True, error_model="numpy")
def count_at_zero(mean: float, excess: float) -> float:
    """P(D = 0)."""
    return math.exp(-mean) if excess <= NEGLIGIBLE else math.exp(-mean / excess * math.log1p(excess))


@njit(cache=True, error_model="numpy")
def count_tails(k: float, mean: float, excess: float) -> tuple[float, float]:
    """(P(D <= k), P(D > k)) for a whole number k."""
    if k < 0.0:
        return 0.0, 1.0
    if mean <= 0.0 or k == math.inf:
        return 1.0, 0.0
    if k < FEW and mean < FEW_MEAN and (k < 4.0 * mean + 8.0 or excess > 0.0):
        lower = _summed(int(k), mean, excess)
        return lower, 1.0 - lower
    if excess <= NEGLIGIBLE:
        below, above = gamma_tails(k + 1.0, mean)
        return above, below
    ratio = 1.0 + excess
    return beta_tails(mean / excess, k + 1.0, 1.0 / ratio, excess / ratio)


@njit(cache=True, error_model="numpy")
def _summed(k: int, mean: float, excess: float) -> float:
    """P(D <= k) by the recursion P(j + 1) = P(j) (mean + excess j) / ((1 + excess) (j + 1))."""
    first, slope = mean / (1.0 + excess), excess / (1.0 + excess)
    mass = count_at_zero(mean, excess)
    total = mass
    for j in range(
        k
    ):  # the same steps as in `_located`, so that a quantile and its probability agree to the last digit
        mass *= (first + slope * j) * RECIPROCALS[j]
        total += mass
    return min(1.0, total)


@njit(cache=True, error_model="numpy")
def count_quantile(p: float, mean: float, excess: float) -> float:
    """The least whole number k with P(D <= k) >= p; infinity where p >= 1."""
    if mean <= 0.0 or p <= 0.0:
        return 0.0
    if p >= 1.0:
        return math.inf
    return _located(p, mean, excess)[0]


@njit(cache=True, error_model="numpy")
def count_at_quantile(p: float, mean: float, excess: float) -> tuple[float, float, float]:
    """(k, E[(D - k)+], E[(k - D)+]) at the quantile k of 0 < p < 1, for little more than the quantile alone."""
    if mean <= 0.0:
        return 0.0, 0.0, 0.0
    k, lower, mass = _located(p, mean, excess)
    edge = (mean + excess * k) * mass
    return k, max(0.0, (mean - k) * (1.0 - lower) + edge), max(0.0, (k - mean) * lower + edge)


@njit(cache=True, error_model="numpy")
def _located(p: float, mean: float, excess: float) -> tuple[float, float, float]:
    """(k, P(D <= k), P(D = k)) at the quantile of 0 < p < 1, mean > 0."""
    if mean < FEW_MEAN:
        mass = count_at_zero(mean, excess)
        total = mass
        if total >= p:
            return 0.0, total, mass
        if mean < FEW:
            first, slope = mean / (1.0 + excess), excess / (1.0 + excess)
            for j in range(STEPS):
                mass *= (first + slope * j) * RECIPROCALS[j]
                total += mass
                if total >= p:
                    return j + 1.0, total, mass
    return _searched(p, mean, excess)


@njit(cache=True, error_model="numpy")
def _guess(p: float, mean: float, excess: float) -> float:
    """A whole number near the quantile: Cornish-Fisher with skewness, or the exponential tail where it is very skew."""
    ratio = 1.0 + excess
    sd = math.sqrt(mean * ratio)
    skewness = (1.0 + 2.0 * excess) / sd
    z = rough_normal_quantile(min(max(p, 1e-300), 1.0 - 1e-16))
    guess = mean + sd * (z + skewness * (z * z - 1.0) / 6.0)
    if skewness > 2.0:
        guess = -ratio * math.log(1.0 - p) if p > 0.5 else mean
    return float(np.floor(max(0.0, guess)))


@njit(cache=True, error_model="numpy")
def _searched(p: float, mean: float, excess: float) -> tuple[float, float, float]:
    """The same by a walk from a guess; by bisection where the walk is long."""
    k = _guess(p, mean, excess)
    lower, _ = count_tails(k, mean, excess)
    mass = count_mass(k, mean, excess)
    ratio = 1.0 + excess
    if lower >= p:
        for _ in range(WALK):
            if k == 0.0 or lower - mass < p:
                return k, lower, mass
            lower -= mass
            mass *= ratio * k / (mean + excess * (k - 1.0))
            k -= 1.0
    else:
        for _ in range(WALK):
            mass *= (mean + excess * k) / (ratio * (k + 1.0))
            lower += mass
            k += 1.0
            if lower >= p:
                return k, lower, mass
    k = _bisected(p, mean, excess, k)
    return k, count_tails(k, mean, excess)[0], count_mass(k, mean, excess)


@njit(cache=True, error_model="numpy")
def _bisected(p: float, mean: float, excess: float, start: float) -> float:
    """The quantile by doubling steps away from `start`, then bisection."""
    step = float(np.floor(1.0 + math.sqrt(mean * (1.0 + excess))))
    low, high = start, start
    if count_tails(start, mean, excess)[0] >= p:
        while low >= 0.0 and count_tails(low, mean, excess)[0] >= p:
            high = low
            low -= step
            step *= 2.0
        low = max(low, -1.0)
    else:
        while count_tails(high, mean, excess)[0] < p:
            low = high
            high += step
            step *= 2.0
            if high > 1e17:
                return high
    while high - low > 1.0:
        middle = float(np.floor(0.5 * (low + high)))
        if count_tails(middle, mean, excess)[0] >= p:
            high = middle
        else:
            low = middle
    return high


@njit(cache=True, error_model="numpy")
def count_shortage(x: float, mean: float, excess: float) -> tuple[float, float]:
    """(E[(D - x)+], E[(x - D)+]) for real x.

    From j P(j) = (mean + excess (j - 1)) / (1 + excess) P(j - 1): the sum of j P(j) over j > k is mean P(D > k)
    + (mean + excess k) P(k).
    """
    if x < 0.0:
        return mean - x, 0.0
    k = float(np.floor(x))
    lower, upper = count_tails(k, mean, excess)
    edge = (mean + excess * k) * count_mass(k, mean, excess)
    return max(0.0, (mean - x) * upper + edge), max(0.0, (x - mean) * lower + edge)
