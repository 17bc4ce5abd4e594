"""The default forecaster: pooled seasons times a shrunken blend of smoothing forms, with the spread of its own errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.forecast import distributions, profiles
from orderpoint.forecast.distributions import Errors, Spread
from orderpoint.forecast.panel import Cells, Panel, rolling_origins
from orderpoint.forecast.smoothing import DiscountedRatio
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Family
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Pooled seasonal profiles times smoothing.

    `span`: periods over which demand is scored, best the lead time plus review of most items (None: three weeks, or two
    months). `effort`: how much is tried.
    """

    span: int | None = None
    effort: Literal["quick", "standard", "best"] = "quick"
    spread: Spread = Spread()

    def __post_init__(self) -> None:
        if self.span is not None and self.span < 1:
            raise ValueError(f"span: expected at least 1 period, got {self.span}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "portfolio"

    def fit(self, sales: Sales, known: Known) -> FittedPortfolio:
        """Learn seasons, level and spread of every series."""
        span = self.span or {Period.DAY: 21, Period.WEEK: 3, Period.MONTH: 2}[sales.timeline.period]
        periods = sales.timeline.count
        groups = profiles.Groups.by_category_and_location(sales.index, known.catalog)
        demand = np.ascontiguousarray(sales.quantity, np.float32)
        none = np.ones((groups.count, periods), np.float32)
        cells = Cells(demand, sales.observed(), none, groups.of)
        season = profiles.learn(cells, groups, sales.timeline)
        cells = cells._replace(factor=season.factors(sales.timeline))
        prior, weight = pooled_level(cells)
        panel = Panel(cells, rolling_origins(periods, span), span, prior, weight)
        alphas = {Period.DAY: (0.02, 0.05, 0.1), Period.WEEK: (0.05, 0.1, 0.2), Period.MONTH: (0.1, 0.2, 0.3)}
        rolled = DiscountedRatio(alphas[sales.timeline.period]).roll(panel)
        errors = Errors(rolled.one.mean(axis=0), rolled.total.mean(axis=0), panel.outcome)
        ratio, cv2 = distributions.fit(errors, span, self.spread)
        level = rolled.ahead(np.ones((groups.count, 1), np.float32)).mean(axis=0)[:, 0]
        return FittedPortfolio(sales, groups, season, level.astype(np.float64), ratio, cv2)


def pooled_level(cells: Cells) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean level of each series' group, and how many periods of a series' own history it is worth; both (n,)."""
    units = np.where(cells.seen, cells.demand, 0).sum(axis=1, dtype=np.float64)
    count = np.maximum(cells.seen.sum(axis=1), 0)
    groups = len(cells.factor)
    have = count > 0
    level = np.divide(units, count, out=np.zeros(len(units)), where=have)
    size = np.bincount(cells.group[have], minlength=groups)
    mean = np.bincount(cells.group[have], level[have], groups) / np.maximum(size, 1)
    overall = float(level[have].mean()) if have.any() else 0.0
    mean = (mean * size + overall) / (size + 1)
    prior = mean[cells.group]
    return prior.astype(np.float32), np.full(len(prior), 0.5, np.float32)


@dataclass(frozen=True, eq=False)
class FittedPortfolio:
    """A portfolio that has seen `sales`."""

    sales: Sales
    groups: profiles.Groups
    season: profiles.Season
    level: Floats
    ratio: Floats
    level_cv2: Floats

    @property
    def index(self) -> SeriesIndex:
        """The series of the history."""
        return self.sales.index

    def demand(self, periods: int, known: Known) -> Demand:
        """Demand of the `periods` periods that follow the history."""
        timeline = self.sales.timeline.after(periods)
        mean = self.level[:, None] * self.season.factors(timeline)[self.groups.of]
        n = len(self.level)
        return Demand(
            index=self.index,
            timeline=timeline,
            mean=mean,
            family=np.full(n, Family.COUNT, np.uint8),
            ratio=np.maximum(self.ratio, 1.0),
            level_cv2=self.level_cv2,
            zero=np.zeros(n),
            knots=np.zeros((n, 0)),
        )
