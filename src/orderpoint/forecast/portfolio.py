"""The default forecaster: pooled seasons times a blend of smoothing forms, with the spread of its own errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from orderpoint.domain.calendar import Period
from orderpoint.forecast import blend
from orderpoint.forecast.distributions import Learning
from orderpoint.forecast.form import Form
from orderpoint.forecast.selection import Selection
from orderpoint.forecast.smoothing import DiscountedRatio
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
    """What each effort tries."""
    alphas = {Period.DAY: (0.02, 0.05, 0.1), Period.WEEK: (0.05, 0.1, 0.2), Period.MONTH: (0.1, 0.2, 0.3)}
    return (DiscountedRatio(alphas[period]),)
