"""The default forecaster: pooled seasons times a blend of smoothing forms, with the spread of its own errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from orderpoint.domain.calendar import Period
from orderpoint.forecast import blend
from orderpoint.forecast.baselines import LastYear, MovingAverage
from orderpoint.forecast.distributions import Learning
from orderpoint.forecast.form import Form
from orderpoint.forecast.intermittent import ADIDA, IMAPA, SBA, TSB
from orderpoint.forecast.regression import LagRegression
from orderpoint.forecast.selection import Selection
from orderpoint.forecast.smoothing import DiscountedRatio, Holt, HoltWinters
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Effort = Literal["quick", "standard", "best"]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Pooled seasonal profiles times a blend of forms, weighed per series by rolling origins.

    `span`: periods in the sum that is scored, best the lead time plus review of most items (None: 21 days, 3 weeks, 2
    months). `effort`: how many forms are tried. `forms` replaces the effort's choice.
    """

    span: int | None = None
    effort: Effort = "quick"
    forms: tuple[Form, ...] = ()
    selection: Selection = field(default_factory=Selection)
    learning: Learning = field(default_factory=Learning)

    def __post_init__(self) -> None:
        """Check the parameters."""
        if self.span is not None and self.span < 1:
            raise ValueError(f"span: expected at least 1 period, got {self.span}")
        if self.effort not in ("quick", "standard", "best"):
            raise ValueError(f"effort: expected quick, standard or best, got {self.effort}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "portfolio"

    def fit(self, sales: Sales, known: Known) -> blend.Blend:
        """Learn seasons, weights and spread of every series."""
        forms = self.forms or default_forms(sales.timeline.period, self.effort)
        options = blend.Options(self.span, seasons=True, selection=self.selection, learning=self.learning)
        return blend.fit([form.roll for form in forms], sales, known, options)


def default_forms(period: Period, effort: Effort) -> tuple[Form, ...]:
    """What each effort tries: forms that differ in what they remember, so that their errors differ."""
    alphas = {Period.DAY: (0.02, 0.05, 0.1), Period.WEEK: (0.05, 0.1, 0.2, 0.35), Period.MONTH: (0.1, 0.2, 0.35)}
    windows = {Period.DAY: (7, 28), Period.WEEK: (4, 13), Period.MONTH: (3, 12)}
    year = {Period.DAY: LastYear(364, 7), Period.WEEK: LastYear(52, 1), Period.MONTH: LastYear(12, 0)}
    season = {Period.DAY: 7, Period.WEEK: 52, Period.MONTH: 12}[period]
    quick: tuple[Form, ...] = (
        DiscountedRatio(alphas[period]),
        TSB((0.05, 0.1, 0.1), (0.02, 0.05, 0.1)),
        Holt(0.1, 0.05, 0.9),
        IMAPA(0.1),
        SBA(0.1),
        MovingAverage(windows[period]),
        year[period],
        LagRegression((1, 2, 4, 8, 16, 32), season),
    )
    if effort == "quick":
        return quick
    standard: tuple[Form, ...] = (
        *quick,
        DiscountedRatio((0.005, 0.01, 0.15) if period is Period.DAY else (0.02, 0.03, 0.5)),
        Holt((0.05, 0.2, 0.2), (0.02, 0.05, 0.1), (0.95, 0.9, 0.8)),
        HoltWinters(0.1, 0.0, 0.1, 1.0, season),
        ADIDA(0.1),
    )
    return (
        standard if effort == "standard" else (*standard, TSB((0.2, 0.05), (0.05, 0.1)), SBA((0.05, 0.2)), IMAPA(0.2))
    )
