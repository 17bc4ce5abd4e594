"""The neural network as a forecaster: trained or read from a file, judged on origins it has not seen, blended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.errors import UsageError
from orderpoint.forecast import blend, judgement
from orderpoint.forecast.boosting import uplift
from orderpoint.forecast.boosting.options import HORIZON, WARM
from orderpoint.forecast.boosting.proof import PRIOR_WEIGHT, Judged, portfolio_first, prove
from orderpoint.forecast.boosting.scales import Scales
from orderpoint.forecast.choice import Choice, Money
from orderpoint.forecast.distributions import MOST_CV2, Learning
from orderpoint.forecast.features import past as pasts
from orderpoint.forecast.features.inputs import Recipe
from orderpoint.forecast.features.kernel import Inputs
from orderpoint.forecast.features.layout import WINDOWS
from orderpoint.forecast.features.past import Past
from orderpoint.forecast.neural import extra
from orderpoint.forecast.neural.columns import Columns, header_of, labels_of
from orderpoint.forecast.neural.options import BUDGETS, Budget, Device, Effort
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Family
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

if TYPE_CHECKING:
    from orderpoint.forecast.neural.model import Model

Floats = NDArray[np.float64]
GREATER = 0.5
"""Weight above which the network also says how single periods spread."""


@dataclass(frozen=True, slots=True)
class Neural:
    """One global network with a negative binomial head, beside the portfolio.

    `span`: periods in the sum that is scored (None: 21 days, 3 weeks, 2 months). `horizon`: steps ahead that are told
    apart (None: 28 days, 13 weeks, 6 months). `effort`: the budget of operations, which `budget` replaces. `blended`:
    with the portfolio. `seed`: of first weights and of the order of rows. `weights`: a file of `Fit.save`, used as it
    is; with `tune` it is trained further on this history. `device`: "auto" takes an accelerator where there is one.
    `money`: what stock costs, by which blend, network or portfolio are chosen (None: the blend).
    """

    span: int | None = None
    horizon: int | None = None
    effort: Effort = "standard"
    blended: bool = True
    learning: Learning = field(default_factory=Learning)
    budget: Budget | None = None
    seed: int = 1
    weights: Path | None = None
    tune: bool = False
    device: Device = "auto"
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
        if self.device not in ("auto", "cpu", "cuda"):
            faults.append(f"device: expected auto, cpu or cuda, got {self.device}")
        if self.tune and self.weights is None:
            faults.append("tune: expected weights to go on from")
        if faults:
            raise ValueError("; ".join(faults))

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "neural network"

    def fit(self, sales: Sales, known: Known) -> Fit:
        """Train (or read) the network, after one that knew the first part of the history was scored on the rest.

        Raises UsageError where PyTorch is missing, or the file of weights cannot be used for these data.
        """
        extra.check()
        from orderpoint.forecast.neural import model as models  # noqa: PLC0415 - PyTorch, for a network alone

        period = sales.timeline.period
        span = self.span or blend.DEFAULT_SPAN[period]
        periods = sales.timeline.count
        warm = min(WARM[period], max(1, periods // 3))
        beside, portfolio = portfolio_first(sales, known, span, warm)
        plain = uplift.without(sales, known)
        past = pasts.learn(plain, known, WINDOWS[period])
        model, inputs = self._begun(plain, past, known, span)
        budget = self.budget or BUDGETS[self.effort]
        read = self.weights is not None and not self.tune
        scales = Scales.nothing_known(len(sales.index), self.blended)
        if self.weights is not None and self.blended:
            scales = replace(scales, weight=np.full(len(sales.index), PRIOR_WEIGHT))
        if beside.origins:
            judge = model
            if not read:
                judge = models.learn(model, plain, inputs, (warm, beside.origins[0]), (budget, self.seed))
            proof = prove(Judged(judge, inputs, recursive=False), beside, sales, known)
            scales = scales.proved(self, proof, past.level[:, -1].astype(np.float64), sales.index)
        if not read:
            model = models.learn(model, plain, inputs, (warm, periods), (budget, self.seed))
        return Fit(plain, past, model, portfolio, scales)

    def _begun(self, sales: Sales, past: Past, known: Known, span: int) -> tuple[Model, Inputs]:
        """The model before it is taught, and what it reads."""
        from orderpoint.forecast.neural import model as models  # noqa: PLC0415
        from orderpoint.forecast.neural import training, weights_file  # noqa: PLC0415

        period = sales.timeline.period
        header, members = (None, ()) if self.weights is None else weights_file.load(self.weights)
        if header is not None and header.period is not period:
            raise UsageError("weights_period", path=str(self.weights), theirs=str(header.period), ours=str(period))
        horizon = self.horizon or max(HORIZON[period], span)
        recipe = Recipe.of(sales, known, horizon if header is None else header.horizon)
        labels = labels_of(recipe, past, sales.index, known)
        if header is None:
            header = header_of(recipe, labels, period, self.budget or BUDGETS[self.effort])
        columns = Columns.of(header, recipe, labels)
        model = models.Model(header, members, recipe, columns, training.device_named(self.device))
        return model, recipe.inputs(past, sales, known)


@dataclass(frozen=True, eq=False)
class Fit:
    """Network and portfolio that have seen a history."""

    sales: Sales
    past: Past
    model: Model
    portfolio: blend.Blend
    scales: Scales

    def demand(self, periods: int, known: Known) -> Demand:
        """Demand of the `periods` periods that follow, with the overrides and uplifts that `known` has.

        Raises ValueError where `periods` is below 1, InputFaults where a driver says nothing of them.
        """
        base = self.portfolio.demand(periods, replace(known, overrides=()))
        inputs = self.model.recipe.inputs(self.past, self.sales, known, ahead=periods)
        said, variance = self.model.said(inputs, (self.sales.timeline.count,), periods)[:, :, 0].astype(np.float64)
        lifted = said * uplift.of_series(self.sales, known, base.timeline)
        weight = self.scales.weight[:, None]
        mean = weight * lifted + (1.0 - weight) * base.mean
        cv2 = np.minimum(base.level_cv2 * self.scales.level_cv2, MOST_CV2)
        shaped = self._shaped(base, _head_ratio(said, variance, cv2))
        mean, cv2 = judgement.override(mean, cv2, base.index, base.timeline, known.overrides)
        return replace(shaped, mean=mean, level_cv2=cv2)

    def _shaped(self, base: Demand, head: Floats) -> Demand:
        """Family, ratio and extra zeros: of counts the network's where it has the greater weight, else the portfolio's.

        The portfolio's ratio is narrowed by what the blend got less wrong than it at the held-out origins.
        """
        count = (base.family == Family.COUNT) | (base.family == Family.ZERO_INFLATED)
        speaks = count & (self.scales.weight > GREATER)
        narrowed = np.maximum(base.ratio * self.scales.ratio, np.where(count, 1.0, 0.0))
        return replace(
            base,
            ratio=np.where(speaks, head, narrowed),
            family=np.where(speaks, np.uint8(Family.COUNT), base.family).astype(np.uint8),
            zero=np.where(speaks, 0.0, base.zero),
        )

    def weights(self) -> dict[str, Floats]:
        """Weight (n,) of the network, and of each form of the portfolio beside it."""
        rest = 1.0 - self.scales.weight
        return {"neural network": self.scales.weight} | {f: rest * w for f, w in self.portfolio.weights().items()}

    @property
    def choice(self) -> Choice | None:
        """What was chosen by what stock would have cost, and the evidence."""
        return self.scales.choice

    def save(self, path: Path | str) -> None:
        """Write the network as safetensors, to be read by `Neural(weights=path)` on this shop or another."""
        from orderpoint.forecast.neural import weights_file  # noqa: PLC0415

        weights_file.save(Path(path), self.model.header, self.model.members)


def _head_ratio(mean: Floats, variance: Floats, level_cv2: Floats) -> Floats:
    """Ratio (n,), at least 1: the mean over periods of what makes ratio m + level_cv2 m^2 the head's variance.

    Means and variances are (n, H). Each period counts alike: a weekend that sells much has a greater ratio of its own.
    """
    own = variance / np.maximum(mean, 1e-12) - level_cv2[:, None] * mean
    return np.asarray(np.maximum(own.mean(axis=1), 1.0))
