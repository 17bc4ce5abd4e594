"""The distribution of what a group sells: its series miss together, so it is wider than if each missed alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.distributions import LARGE_MEAN
from orderpoint.forecast.hierarchy.origins import Origin
from orderpoint.forecast.hierarchy.tree import Tree
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution, Family

Floats = NDArray[np.float64]


def correlations(tree: Tree, origins: tuple[Origin, ...]) -> Floats:
    """Mean correlation (levels,) of the errors of two series of a group, in 0..1; 0 without origins.

    With standard deviations s of n series, a group's error has the variance sum(s^2) + r (sum(s)^2 - sum(s^2)); r is
    matched to the squared errors of the groups at held-out origins, weighed by their precision.
    """
    top, bottom = np.zeros((2, len(tree.levels)))
    for o in origins:
        variance = o.series.ratio * o.said + o.series.level_cv2 * o.said**2
        alone, together = _parts(tree, variance)
        weight = together / np.maximum(alone + together, 1e-12) ** 2
        excess = (tree.sums @ (o.came - o.said)) ** 2 - alone
        top += np.bincount(tree.level, weight * excess, len(tree.levels))
        bottom += np.bincount(tree.level, weight * together, len(tree.levels))
    return np.clip(np.divide(top, np.maximum(bottom, 1e-12)), 0.0, 1.0)


def sums_of_groups(tree: Tree, demand: Demand, correlation: Floats, first: int, last: int) -> Distribution:
    """Distribution of each group's demand in the periods `first` to `last`, both included, (G,).

    The mean is the sum of its series' means, so that all levels agree. `correlation` (levels,) as `correlations` has
    it. Small groups of counts are counts, others gamma distributed. Raises ValueError where a period is beyond the
    forecast.
    """
    alone = demand.sum_over(first, last)
    mean = tree.sums @ alone.means()
    own, together = _parts(tree, alone.variances())
    variance = own + correlation[tree.level] * together
    counts = (demand.family == Family.COUNT) | (demand.family == Family.ZERO_INFLATED)
    continuous = (tree.sums @ (~counts).astype(np.float64) > 0) | (mean > LARGE_MEAN)
    family = np.where(continuous, Family.GAMMA, Family.COUNT).astype(np.uint8)
    return replace(Distribution.single(Family.GAMMA, mean, variance), family=family)


def _parts(tree: Tree, variance: Floats) -> tuple[Floats, Floats]:
    """Variance (G,) of a group's sum where nothing is correlated, and what full correlation would add."""
    alone = tree.sums @ variance
    return alone, np.maximum((tree.sums @ np.sqrt(variance)) ** 2 - alone, 0.0)
