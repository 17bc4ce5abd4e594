"""The families that a distribution may belong to."""

from __future__ import annotations

from enum import IntEnum


class Family(IntEnum):
    """The shape of a distribution; mean and variance are given beside it."""

    COUNT = 0
    """Negative binomial with the given mean and variance; Poisson where the variance is at most the mean."""
    ZERO_INFLATED = 1
    """Zero with an extra probability, else a COUNT; mean and variance are of the whole."""
    GAMMA = 2
    """Continuous: gamma with the given mean and variance, for demand in kilograms or of very many units."""
    EMPIRICAL = 3
    """Continuous: standard deviation x a standardised residual with given quantiles, moved to the given mean, cut at
    zero."""
