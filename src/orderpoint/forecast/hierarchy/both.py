"""Series and groups forecast from the same history, and the step that makes the two agree."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.base import Fitted, Forecaster
from orderpoint.forecast.hierarchy.above import above, plain
from orderpoint.forecast.hierarchy.mint import MinT, Variances
from orderpoint.forecast.hierarchy.tree import Tree
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]

MOST_CV2 = 0.5
"""Variance of a series' level, over its squared mean, that counts at most: a new series is not there to take up every
gap."""
LEAST_CV2 = 0.001
"""No group's level is taken to be known better than to 3 %."""


@dataclass(frozen=True, eq=False)
class Both:
    """Fitted forecasters of the series and of the groups. `of_groups`: what was known of the groups."""

    tree: Tree
    series: Fitted
    groups: Fitted
    of_groups: Known
    span: int

    @classmethod
    def fit(cls, tree: Tree, who: tuple[Forecaster, Forecaster], sales: Sales, known: Known, span: int) -> Both:
        """Fit `who`, the forecasters of series and of groups."""
        up = above(tree, sales, known, span)
        return cls(tree, who[0].fit(sales, known), who[1].fit(up.sales, plain(up.known)), up.known, span)

    def demand(self, periods: int, known: Known) -> tuple[Demand, Demand]:
        """Both forecasts, without overrides and known uplifts, which are of series and days, not of levels."""
        told = plain(replace(self.of_groups, calendar=known.calendar))
        return self.series.demand(periods, plain(known)), self.groups.demand(periods, told)


def blocks(mean: Floats, span: int) -> Floats:
    """Sums (n, K) of means (n, H) over `span` periods at a time, the last of what is left."""
    return np.asarray(np.add.reduceat(mean, np.arange(0, mean.shape[1], span), axis=1))


@dataclass(frozen=True, eq=False)
class Trust:
    """How far forecasts are to be believed.

    `belief`: by what the series' variances are multiplied; the less, the less the groups move them. `doubt` (levels,):
    the same for the groups of each level of the tree.
    """

    belief: float
    doubt: Floats


@dataclass(frozen=True, eq=False)
class Agreed:
    """`factor` (n, H): the reconciled mean of a period over its own. `share` (n,): what the level's variance keeps."""

    factor: Floats
    share: Floats


def agree(tree: Tree, series: Demand, groups: Demand, span: int, trust: Trust) -> Agreed:
    """Reconcile the sums over spans of `span` periods; each period keeps its share of its span.

    The errors that are weighed are those of the levels, cv2 M^2 as held-out origins have shown them (`Demand`): what a
    period brings by chance is in a sum and in its parts alike, and such coherent errors leave minimum-trace
    reconciliation as it is.
    """
    b, u = blocks(series.mean, span), blocks(groups.mean, span)
    variances = Variances(
        trust.belief * np.minimum(series.level_cv2, MOST_CV2) * b[:, 0] ** 2,
        trust.doubt[tree.level] * level_variance(groups, u[:, 0]),
    )
    mint = MinT(tree.sums, variances)
    factor = np.divide(mint.not_negative(b, u), b, out=np.ones_like(b), where=b > 0)
    return Agreed(np.repeat(factor, span, axis=1)[:, : series.mean.shape[1]], mint.shares())


def level_variance(groups: Demand, total: Floats) -> Floats:
    """Variance (G,) of the level of sums with the mean `total` (G,)."""
    return np.asarray(np.maximum(groups.level_cv2, LEAST_CV2) * total**2)
