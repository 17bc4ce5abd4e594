"""Distributions of a non-negative quantity, one for each series, with the numbers that stock decisions ask for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Family(IntEnum):
    """The shape of a distribution; mean and variance are given beside it."""

    COUNT = 0
    """Negative binomial with the given mean and variance; Poisson where the variance is at most the mean."""
    ZERO_INFLATED = 1
    """Zero with an extra probability, else a COUNT; mean and variance are of the whole."""
    GAMMA = 2
    """Continuous: gamma with the given mean and variance, for demand in kilograms or of very many units."""
    EMPIRICAL = 3
    """Continuous: mean + standard deviation x a standardised residual with given quantiles, cut at zero."""


@dataclass(frozen=True, eq=False)
class Distribution:
    """n distributions, each a mixture of m components (m = 1 where there is nothing to mix).

    `family` uint8 (n,), values of `Family`. `weight`, `mean`, `variance`, `zero` float64 (n, m): weight of each component (rows sum to 1), its
    mean and variance, and the extra probability of zero (ZERO_INFLATED only). `knots` float64 (n, K): quantiles of the standardised
    residual at `(k + 0.5) / K`, ascending (EMPIRICAL only, else K = 0).
    """

    family: NDArray[np.uint8]
    weight: FloatArray
    mean: FloatArray
    variance: FloatArray
    zero: FloatArray
    knots: FloatArray

    # filled in by the distribution helper: means() -> (n,), variances() -> (n,), cdf(x), quantile(p), expected_shortage(x),
    # expected_left(x)
