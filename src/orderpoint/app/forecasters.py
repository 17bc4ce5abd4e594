"""The forecasters that a user can name, each made for the span of periods that stock must cover."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from orderpoint.app.request import Effort
from orderpoint.domain.calendar import Period
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.baselines import MovingAverage, Naive, SeasonalNaive
from orderpoint.forecast.boosted import Boosted
from orderpoint.forecast.hierarchy import Reconciled
from orderpoint.forecast.intermittent import ADIDA, IMAPA, SBA, TSB
from orderpoint.forecast.neural import extra
from orderpoint.forecast.neural.forecaster import Neural
from orderpoint.forecast.newitems import WithLaunches
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.smoothing import DiscountedRatio, Holt, HoltWinters, SimpleSmoothing
from orderpoint.tables.snapshot import Snapshot

SEASONS = {Period.DAY: 7, Period.WEEK: 52, Period.MONTH: 12}
"""Periods of the season that a method with a single one repeats."""
DEFAULT = "portfolio"
BY_EFFORT: Mapping[Effort, str] = {"quick": DEFAULT, "standard": "boosted", "best": "boosted"}
"""What a plan forecasts with, by effort."""


def _neural(span: int, _period: Period, effort: Effort) -> Forecaster:
    """Raises UsageError, which names the remedy, where the extra `neural` is not installed."""
    extra.check()
    return WithLaunches(Neural(span=span, effort=effort))


FORECASTERS: Mapping[str, Callable[[int, Period, Effort], Forecaster]] = {
    "seasonal_naive": lambda _span, period, _effort: SeasonalNaive(SEASONS[period]),
    "naive": lambda _span, _period, _effort: Naive(),
    "moving_average": lambda _span, period, _effort: MovingAverage({Period.DAY: 28, Period.WEEK: 13}.get(period, 6)),
    "discounted_ratio": lambda _span, _period, _effort: DiscountedRatio(),
    "simple_smoothing": lambda _span, _period, _effort: SimpleSmoothing(0.1),
    "holt": lambda _span, _period, _effort: Holt(0.1, 0.05, 0.9),
    "holt_winters": lambda _span, period, _effort: HoltWinters(0.1, 0.0, 0.1, 1.0, SEASONS[period]),
    "sba": lambda _span, _period, _effort: SBA(0.1),
    "tsb": lambda _span, _period, _effort: TSB(0.1, 0.05),
    "adida": lambda _span, _period, _effort: ADIDA(0.1),
    "imapa": lambda _span, _period, _effort: IMAPA(0.1),
    "boosted": lambda span, _period, effort: WithLaunches(Boosted(span=span, effort=effort)),
    "neural": _neural,
    "reconciled": lambda span, _period, _effort: Reconciled(WithLaunches(Portfolio(span=span)), span),
    DEFAULT: lambda span, _period, _effort: WithLaunches(Portfolio(span=span)),
}
"""By name: a maker that takes the span in periods, the period of the data, and the effort."""


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
    return FORECASTERS[name](span_of(snapshot), snapshot.timeline.period, effort)
