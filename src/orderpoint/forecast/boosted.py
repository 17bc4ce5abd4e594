"""Boosted trees: one global model over all series, blended with the portfolio by what both said out of sample."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast import blend, judgement
from orderpoint.forecast.boosting import model, uplift
from orderpoint.forecast.boosting.model import Model
from orderpoint.forecast.boosting.options import BUDGETS, HORIZON, WARM, Budget, Effort, Grown, Strategy
from orderpoint.forecast.boosting.proof import Judged, portfolio_first, prove
from orderpoint.forecast.boosting.scales import Scales
from orderpoint.forecast.choice import Choice, Money
from orderpoint.forecast.distributions import MOST_CV2, Learning
from orderpoint.forecast.features import past as pasts
from orderpoint.forecast.features.inputs import Recipe
from orderpoint.forecast.features.layout import WINDOWS
from orderpoint.forecast.features.past import Past
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Family
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
PROOF_SHARE = 0.5
"""Share of the rounds that the model which is scored on held-out origins may use."""


@dataclass(frozen=True, slots=True)
class Boosted:
    """Gradient boosted trees (LightGBM), or a forest or a tree, on features of all series at once.

    `span`: periods in the sum that is scored (None: 21 days, 3 weeks, 2 months). `horizon`: steps ahead that are told
    apart (None: 28 days, 13 weeks, 6 months). `effort`: the budget of operations. `grown`: kind of trees and loss.
    `strategy`: direct (the step ahead is a feature) or recursive (one step, fed back). `blended`: with the portfolio.
    `money`: what stock costs, by which blend, trees or portfolio are chosen (None: the blend).
    """

    span: int | None = None
    horizon: int | None = None
    effort: Effort = "standard"
    grown: Grown = field(default_factory=Grown)
    strategy: Strategy = "direct"
    blended: bool = True
    learning: Learning = field(default_factory=Learning)
    budget: Budget | None = None
    money: Money | None = None

    def __post_init__(self) -> None:
        """Check the parameters."""
        faults = [
            f"{name}: expected at least 1 period, got {value}"
            for name, value in (("span", self.span), ("horizon", self.horizon))
            if value is not None and value < 1
        ]
        if self.effort not in BUDGETS:
            faults.append(f"effort: expected quick, standard or best, got {self.effort}")
        if self.strategy not in ("direct", "recursive"):
            faults.append(f"strategy: expected direct or recursive, got {self.strategy}")
        if faults:
            raise ValueError("; ".join(faults))

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return {"boosting": "boosted trees", "forest": "random forest", "tree": "decision tree"}[self.grown.kind]

    def fit(self, sales: Sales, known: Known) -> Fit:
        """Train on all of the history, after a model that was trained on its first part has been scored on the rest."""
        period = sales.timeline.period
        span = self.span or blend.DEFAULT_SPAN[period]
        horizon = 1 if self.strategy == "recursive" else self.horizon or max(HORIZON[period], span)
        periods = sales.timeline.count
        warm = min(WARM[period], max(1, periods // 3))
        beside, portfolio = portfolio_first(sales, known, span, warm)
        plain = uplift.without(sales, known)
        past = pasts.learn(plain, known, WINDOWS[period])
        recipe = Recipe.of(plain, known, horizon)
        inputs = recipe.inputs(past, plain, known)
        budget = self.budget or BUDGETS[self.effort]
        scales = Scales.nothing_known(len(sales.index), self.blended)
        if beside.origins:
            less = replace(budget, rounds=max(1, int(PROOF_SHARE * budget.rounds)), rate=budget.rate / PROOF_SHARE)
            judge = model.learn(inputs, recipe, (warm, beside.origins[0]), (less, self.grown))
            proof = prove(Judged(judge, inputs, self.strategy == "recursive"), beside, sales, known)
            scales = scales.proved(self, proof, past.level[:, -1].astype(np.float64), sales.index)
        final = model.learn(inputs, recipe, (warm, periods), (budget, self.grown))
        return Fit(plain, past, final, portfolio, scales, self.strategy, self.name)


@dataclass(frozen=True, eq=False)
class Fit:
    """Trees and portfolio that have seen a history."""

    sales: Sales
    past: Past
    model: Model
    portfolio: blend.Blend
    scales: Scales
    strategy: Strategy
    name: str

    def demand(self, periods: int, known: Known) -> Demand:
        """Demand of the `periods` periods that follow, with the overrides and uplifts that `known` has.

        Raises ValueError where `periods` is below 1, InputFaults where a driver says nothing of them.
        """
        base = self.portfolio.demand(periods, replace(known, overrides=()))
        inputs = self.model.recipe.inputs(self.past, self.sales, known, ahead=periods)
        origin = self.sales.timeline.count
        if self.strategy == "recursive":
            said = model.recursive(self.model, inputs, origin, periods)
        else:
            said = self.model.means(inputs, (origin,), periods)[:, 0]
        said = said * uplift.of_series(self.sales, known, base.timeline)
        weight = self.scales.weight[:, None]
        mean = weight * said + (1.0 - weight) * base.mean
        cv2 = np.minimum(base.level_cv2 * self.scales.level_cv2, MOST_CV2)
        mean, cv2 = judgement.override(mean, cv2, base.index, base.timeline, known.overrides)
        count = (base.family == Family.COUNT) | (base.family == Family.ZERO_INFLATED)
        ratio = np.maximum(base.ratio * self.scales.ratio, np.where(count, 1.0, 0.0))
        return replace(base, mean=mean, level_cv2=cv2, ratio=ratio)

    def weights(self) -> dict[str, Floats]:
        """Weight (n,) of the trees, and of each form of the portfolio beside them."""
        rest = 1.0 - self.scales.weight
        return {self.name: self.scales.weight} | {form: rest * w for form, w in self.portfolio.weights().items()}

    @property
    def choice(self) -> Choice | None:
        """What was chosen by what stock would have cost, and the evidence."""
        return self.scales.choice
