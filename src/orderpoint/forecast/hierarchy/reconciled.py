"""Any forecaster made coherent with forecasts of the groups it adds up to, where held-out spans prove that it helps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast import blend
from orderpoint.forecast.base import Fitted, Forecaster, Weighted
from orderpoint.forecast.choice import Choice, choice_of
from orderpoint.forecast.hierarchy.both import Both, agree
from orderpoint.forecast.hierarchy.nodes import correlations, sums_of_groups
from orderpoint.forecast.hierarchy.origins import forecast_at, held_out
from orderpoint.forecast.hierarchy.proof import Proof, prove
from orderpoint.forecast.hierarchy.tree import Tree, tree_of
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales


@dataclass(frozen=True, slots=True)
class Reconciled:
    """`base` forecasts the series, `top` the groups (None: the portfolio), and both are reconciled.

    `span`: periods in the sums that are made to agree and are scored, best the lead time plus review of most items
    (None: 21 days, 3 weeks, 2 months). Where no group is or nothing is proved, the forecast is `base`'s to the bit.
    """

    base: Forecaster
    span: int | None = None
    top: Forecaster | None = None

    def __post_init__(self) -> None:
        """Check the parameters."""
        if self.span is not None and self.span < 1:
            raise ValueError(f"span: expected at least 1 period, got {self.span}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return f"{self.base.name} reconciled"

    def fit(self, sales: Sales, known: Known) -> Fit:
        """Fit series and groups at held-out origins; on the whole history the groups only where that proved them."""
        span = self.span or blend.DEFAULT_SPAN[sales.timeline.period]
        tree = tree_of(sales.index, known.catalog)
        who = (self.base, self.top or Portfolio(span=span))
        times = held_out(sales, span) if tree.count else ()
        origins = tuple(forecast_at(t, tree, who, (sales, known), span) for t in times)
        correlation = correlations(tree, origins)
        if not origins:
            return Fit(self.base.fit(sales, known), tree, correlation)
        proof = prove(tree, origins, span)
        if not proof.acts:
            return Fit(self.base.fit(sales, known), tree, correlation, proof)
        both = Both.fit(tree, who, sales, known, span)
        return Fit(both.series, tree, correlation, proof, both)


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted base; beside it what was proved, None without origins, and both forecasters where that lets them act.

    `correlation` (levels,) of the errors of two series of a group, see `nodes.correlations`.
    """

    base: Fitted
    tree: Tree
    correlation: NDArray[np.float64]
    proof: Proof | None = None
    both: Both | None = None

    def demand(self, periods: int, known: Known) -> Demand:
        """Demand of the `periods` periods that follow; a planner's overrides stand as the base has them.

        Counts stay counts: means move, and the variance of the level shrinks. Raises ValueError as the base does.
        """
        said = self.base.demand(periods, known)
        if self.both is None or self.proof is None:
            return said
        series, groups = self.both.demand(periods, known)
        agreed = agree(self.both.tree, series, groups, self.both.span, self.proof.trust)
        moved = said.mean * agreed.factor
        if known.overrides:
            bare = self.base.demand(periods, replace(known, overrides=()))
            moved = np.where(said.mean == bare.mean, moved, said.mean)
        return replace(said, mean=moved, level_cv2=said.level_cv2 * agreed.share)

    def groups(self, first: int, last: int, known: Known) -> Distribution:
        """Distribution of the demand of each group of `tree` in the periods `first` to `last`, both included, (G,)."""
        return sums_of_groups(self.tree, self.demand(last + 1, known), self.correlation, first, last)

    def weights(self) -> dict[str, NDArray[np.float64]]:
        """Weight (n,) of each model of the base by its label; empty where the base is one model."""
        return self.base.weights() if isinstance(self.base, Weighted) else {}

    @property
    def choice(self) -> Choice | None:
        """The base's choice among candidates."""
        return choice_of(self.base)
