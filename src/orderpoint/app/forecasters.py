"""The forecasters that a user can name, each made for the span of periods that stock must cover."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from orderpoint.app.request import Effort
from orderpoint.domain.calendar import Period
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.baselines import MovingAverage, Naive, SeasonalNaive
from orderpoint.forecast.boosted import Boosted
from orderpoint.forecast.boosting.options import Grown, Kind
from orderpoint.forecast.choice import Money
from orderpoint.forecast.hierarchy import Reconciled
from orderpoint.forecast.intermittent import ADIDA, IMAPA, SBA, TSB
from orderpoint.forecast.neural import extra
from orderpoint.forecast.neural.forecaster import Neural
from orderpoint.forecast.newitems import WithLaunches
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.smoothing import DiscountedRatio, Holt, HoltWinters, SimpleSmoothing
from orderpoint.plan.stock_money import stock_money
from orderpoint.tables.snapshot import Snapshot

DEFAULT = "portfolio"
BY_EFFORT: Mapping[Effort, str] = {"quick": DEFAULT, "standard": "boosted", "best": "boosted"}
"""What a plan forecasts with, by effort."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a forecaster is made for: the `span` of periods that stock must cover, and what stock costs."""

    span: int
    period: Period
    effort: Effort
    money: Money | None = None


def _neural(wanted: Wanted) -> Forecaster:
    """Raises UsageError, which names the remedy, where the extra `neural` is not installed."""
    extra.check()
    return WithLaunches(Neural(span=wanted.span, effort=wanted.effort, money=wanted.money))


def _trees(kind: Kind) -> Callable[[Wanted], Forecaster]:
    grown = Grown(kind)
    return lambda w: WithLaunches(Boosted(span=w.span, effort=w.effort, grown=grown, money=w.money))


FORECASTERS: Mapping[str, Callable[[Wanted], Forecaster]] = {
    "seasonal_naive": lambda w: SeasonalNaive(w.period.season),
    "naive": lambda _: Naive(),
    "moving_average": lambda w: MovingAverage({Period.DAY: 28, Period.WEEK: 13}.get(w.period, 6)),
    "discounted_ratio": lambda _: DiscountedRatio(),
    "simple_smoothing": lambda _: SimpleSmoothing(0.1),
    "holt": lambda _: Holt(0.1, 0.05, 0.9),
    "holt_winters": lambda w: HoltWinters(0.1, 0.0, 0.1, 1.0, w.period.season),
    "sba": lambda _: SBA(0.1),
    "tsb": lambda _: TSB(0.1, 0.05),
    "adida": lambda _: ADIDA(0.1),
    "imapa": lambda _: IMAPA(0.1),
    "decision_tree": _trees("tree"),
    "random_forest": _trees("forest"),
    "boosted": _trees("boosting"),
    "neural": _neural,
    "reconciled": lambda w: Reconciled(WithLaunches(Portfolio(span=w.span)), w.span),
    DEFAULT: lambda w: WithLaunches(Portfolio(span=w.span)),
}
"""By name: who makes it."""


def span_of(snapshot: Snapshot) -> int:
    """Periods that most series must cover: lead time plus review of their first offer, at least 1."""
    first_offers = snapshot.supply.offsets[:-1]
    if not len(first_offers):
        return 1
    return max(1, int(np.median(snapshot.supply.next_arrival_period[first_offers])))


def named_or_by_effort(name: str | None, effort: Effort) -> str:
    """The model that was asked for, or the one that a plan of this effort forecasts with."""
    return BY_EFFORT[effort] if name is None else name


def forecaster_named(name: str, snapshot: Snapshot, effort: Effort) -> Forecaster:
    """The forecaster of that name for this shop. Raises KeyError where there is none."""
    return FORECASTERS[name](Wanted(span_of(snapshot), snapshot.timeline.period, effort, stock_money(snapshot)))
