"""Sums of periods by their family: negative binomial of one variance ratio, Poisson and gamma are closed under sums."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.reorder.tables import ExposureTables, packed
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.families.masses import Masses

FloatArray = NDArray[np.float64]


def applies(demand: Distribution) -> bool:
    """Whether the sum of independent periods stays in the family (whole units: else rounding comes before the sum)."""
    return demand.mean.shape[1] == 1 and bool((demand.family == Family.COUNT).all())


def spans(demand: Distribution, chances: FloatArray, review_periods: int) -> ExposureTables:
    """The laws where the lead time is k periods with probability chances[:, k] (n, m)."""
    n, m = chances.shape
    begins = np.zeros((n, m + review_periods - 1))
    for k in range(review_periods):
        begins[:, k : k + m] += chances / review_periods
    after = _mixed(demand, begins, first=1)
    review = _mixed(demand, np.ones((n, 1)), first=review_periods)
    return packed((review, _mixed(demand, chances, first=0), _mixed(demand, begins, first=0), after, after))


def _mixed(demand: Distribution, weight: FloatArray, first: int) -> Masses:
    """Table of the sum over `first` + k periods with probability weight[:, k]."""
    kept = weight[:, weight.any(axis=0)]
    periods = first + np.flatnonzero(weight.any(axis=0))
    shape = kept.shape
    return Distribution(
        family=demand.family,
        weight=np.ascontiguousarray(kept),
        mean=demand.mean * periods,
        variance=np.maximum(demand.variance, demand.mean) * periods,
        zero=np.zeros(shape),
        knots=np.empty((shape[0], 0)),
    ).masses()
