"""From rolled models to a distribution: seasons, weights by score, spread by error, judgement on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast import distributions, judgement, profiles, reversion, selection
from orderpoint.forecast.calibrated import calibrated
from orderpoint.forecast.cleaned import cleaned
from orderpoint.forecast.distributions import Errors, Learning, Shape, Spread
from orderpoint.forecast.effects.acting import Acting
from orderpoint.forecast.panel import Cells, FloatArray, Panel, Rolled
from orderpoint.forecast.pooling import Groups
from orderpoint.forecast.reversion import Reversion
from orderpoint.forecast.seasonal import season_factors
from orderpoint.forecast.selection import RATE_CLASSES, Selection
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]
Roll = Callable[[Panel], Rolled]
Carrier = Callable[[Cells, bool], Rolled]

DEFAULT_SPAN = {Period.DAY: 21, Period.WEEK: 3, Period.MONTH: 2}
"""Periods in the sum that is scored where nobody says: about a lead time of two weeks and a review of one."""


@dataclass(frozen=True, slots=True)
class Options:
    """`span`: periods in the sum that is scored (None: see DEFAULT_SPAN). `seasons`: learn pooled seasonal profiles.

    `effects`: learn what prices, promotions and drivers do, and let it act where it helps. `reversion`: the same for
    regression to the mean.
    """

    span: int | None = None
    seasons: bool = True
    effects: bool = True
    reversion: bool = False
    selection: Selection = field(default_factory=Selection)
    learning: Learning = field(default_factory=Learning)

    def __post_init__(self) -> None:
        """Check the parameters."""
        if self.span is not None and self.span < 1:
            raise ValueError(f"span: expected at least 1 period, got {self.span}")


@dataclass(frozen=True, eq=False)
class Blend:
    """Models that have seen a history, each with its weights (C, n), and the spread around their mean.

    `acting`: effects of prices, promotions and drivers, without which the models have seen it; None for none.
    `reversion`: of what is said of `span` periods, effects left out.
    """

    index: SeriesIndex
    timeline: Timeline
    groups: Groups
    season: profiles.Season
    models: tuple[tuple[Floats, Rolled], ...]
    spread: Spread
    shape: Shape
    span: int
    acting: Acting | None = None
    reversion: Reversion = reversion.NONE

    def demand(self, periods: int, known: Known) -> Demand:
        """Demand of the `periods` periods that follow the history, with the overrides and uplifts that `known` has.

        Raises ValueError where `periods` is below 1, InputFaults where a driver says nothing of them.
        """
        if periods < 1:
            raise ValueError(f"periods: expected at least 1, got {periods}")
        timeline = self.timeline.after(periods)
        told = tuple(event for event in known.calendar if event.uplift_factor is not None)
        learned = replace(known, calendar=tuple(event for event in known.calendar if event.uplift_factor is None))
        whole = self.timeline.after(max(periods, self.span))  # the same is given back whatever horizon is asked for
        factor = season_factors(self.season, self.groups, whole, learned, self.index)
        mean = np.zeros((len(self.index), whole.count))
        for weight, rolled in self.models:
            ahead = rolled.ahead(factor)
            for c in range(len(weight)):
                mean += weight[c][:, None] * ahead[c]
        mean = mean[:, :periods] * self.reversion.factor(mean[:, : self.span].sum(axis=1))[:, None]
        if self.acting is not None:
            mean *= self.acting.ahead(known, timeline)
        if told:  # of all models, also of those that repeat a season and look at no factor
            mean *= judgement.uplift(timeline, told, self.index.locations)[self.index.location_of]
        mean, level_cv2 = judgement.override(mean, self.spread.level_cv2, self.index, timeline, known.overrides)
        shape = self.shape
        return Demand(self.index, timeline, mean, shape.family, shape.ratio, level_cv2, shape.zero, shape.knots)

    def updated(self, sales: Sales, known: Known, *, hand_over: bool = False) -> Blend:
        """The same after the periods of `sales`, which follow the history.

        This one stays as it is; with `hand_over` its arrays are carried on where they lie, and it can be asked no more.

        Kept as they were learned: seasons, occasions and effects, weights and parameter sets, spread and shape. Carried
        on: the state of every form, and how the groups move. A new fit with what is kept would give the same, but for
        periods out of stock, which are passed over here and filled there. Promotions act as `known` plans them; those
        that are seen on sales alone teach a new fit only.

        Raises ValueError where `sales` are of other series or do not follow the history, TypeError where a model cannot
        be carried on.
        """
        line = self.timeline
        if sales.timeline.first != line.end or sales.timeline.period is not line.period:
            raise ValueError(f"update: expected sales from {line.end} on, got {sales.timeline.first}")
        if sales.index is not self.index and sales.index.pairs() != self.index.pairs():
            raise ValueError("update: expected the series of the history, in their order")
        factor = season_factors(self.season, self.groups, sales.timeline, known, self.index)
        demand = sales.quantity if self.acting is None else sales.quantity / self.acting.ahead(known, sales.timeline)
        cells = Cells(
            np.ascontiguousarray(demand, np.float32),
            np.ascontiguousarray(sales.observed()),
            np.ascontiguousarray(factor, np.float32),
            self.groups.of,
        )
        carriers = [(weight, _carrier(rolled)) for weight, rolled in self.models]  # all, before one hands over
        models = tuple((weight, carried(cells, hand_over)) for weight, carried in carriers)
        return replace(
            self, timeline=Timeline(line.first, line.period, line.count + sales.timeline.count), models=models
        )

    def weights(self) -> dict[str, Floats]:
        """Weight (n,) of each model by its label; of a mixture, of each form in it."""
        out: dict[str, Floats] = {}
        for weight, rolled in self.models:
            if rolled.parts is not None:
                out |= {label: weight[0] * part for label, part in rolled.parts().items()}
            else:
                out |= dict(zip(rolled.labels, weight, strict=True))
        return out


def _carrier(rolled: Rolled) -> Carrier:
    if rolled.carried is None:
        raise TypeError(f"update: {', '.join(rolled.labels)} cannot be carried on; fit anew")
    return rolled.carried


def fit(rolls: Sequence[Roll], sales: Sales, known: Known, options: Options) -> Blend:
    """Roll all models over the cleaned history, weigh them by their scores, and learn the spread of the mixture."""
    span = options.span or DEFAULT_SPAN[sales.timeline.period]
    past = cleaned(sales, known, span, seasons=options.seasons, effects=options.effects)
    panel, sums, prior = past.panel, past.sums, past.prior
    rolled = [roll(panel) for roll in rolls]
    weight = _weights(rolled, panel, sums.rate, options)
    plain = past.plain_errors(_mixed([r.one for r in rolled], weight), _mixed([r.total for r in rolled], weight))
    errors, back = past.with_effects(plain), reversion.NONE
    spread = distributions.fit(errors, options.learning)
    if options.reversion:
        back = reversion.learn(plain, spread, options.learning)
        errors = past.with_effects(reversion.applied(plain, back))
        spread = distributions.fit(errors, options.learning)
    spread = calibrated(errors, spread, options.learning)
    wide = spread.level_cv2 + prior.cv2 * prior.unknown_share(sums.periods)
    spread = Spread(spread.ratio, np.minimum(wide, distributions.MOST_CV2))
    shape = distributions.shape(errors, spread, sums.whole, sums.rate)
    ends = np.cumsum([0] + [len(r.labels) for r in rolled])
    models = tuple((weight[a:b], r) for a, b, r in zip(ends, ends[1:], rolled, strict=False))
    nothing = np.zeros((0, 0, 0), np.float32)  # what was said at the origins has served
    models = tuple((w, replace(r, one=nothing, total=nothing)) for w, r in models)
    return Blend(sales.index, sales.timeline, past.groups, past.season, models, spread, shape, span, past.acting, back)


def _weights(rolled: Sequence[Rolled], panel: Panel, rate: Floats, options: Options) -> Floats:
    """Weights (C, n) of all parameter sets of all models."""
    count = sum(len(r.labels) for r in rolled)
    if count == 1 or len(panel.origins) == 0:
        return np.full((count, panel.count), 1.0 / count)
    even = np.full((count, panel.count), 1.0 / count)
    errors = Errors(
        _mixed([r.one for r in rolled], even), _mixed([r.total for r in rolled], even), panel.outcome, panel.span
    )
    spread = distributions.fit(errors, options.learning)
    losses = np.concatenate([selection.pinball_losses(r.total, panel.outcome, spread) for r in rolled])
    step = int(np.diff(panel.origins).min()) if len(panel.origins) > 1 else panel.span
    scored = (panel.outcome.share >= 0.5).sum(axis=1) * min(1.0, step / panel.span)
    classes = np.digitize(rate, RATE_CLASSES)
    return selection.weights(losses, scored, classes, options.selection)


def _mixed(parts: Sequence[FloatArray], weight: Floats) -> FloatArray:
    """Weighted sum (n, O) of the models' forecasts (C, n, O)."""
    out = np.zeros(parts[0].shape[1:])
    c = 0
    for part in parts:
        for row in part:
            out += weight[c][:, None] * row
            c += 1
    return out.astype(np.float32)
