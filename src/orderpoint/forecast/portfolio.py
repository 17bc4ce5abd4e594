"""The default forecaster: pooled seasons times a blend of smoothing forms, with the spread of its own errors."""

from __future__ import annotations

from dataclasses import dataclass, field

from orderpoint.domain.calendar import Period
from orderpoint.forecast import blend
from orderpoint.forecast.distributions import Learning
from orderpoint.forecast.selection import Selection
from orderpoint.forecast.statistical.portfolio import mixture
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Pooled seasonal profiles times a blend of forms, weighed per series by rolling origins.

    `span`: periods in the sum that is scored, best the lead time plus review of most items (None: 21 days, 3 weeks, 2
    months).
    """

    span: int | None = None
    selection: Selection = field(default_factory=lambda: Selection(temperature=0.05))
    learning: Learning = field(default_factory=Learning)

    def __post_init__(self) -> None:
        """Check the parameters."""
        if self.span is not None and self.span < 1:
            raise ValueError(f"span: expected at least 1 period, got {self.span}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "portfolio"

    def fit(self, sales: Sales, known: Known) -> blend.Blend:
        """Learn seasons, weights and spread of every series."""
        options = blend.Options(
            self.span, seasons=True, reversion=True, selection=self.selection, learning=self.learning
        )
        return blend.fit([self.roller(sales.timeline.period)], sales, known, options)

    def roller(self, period: Period) -> blend.Roll:
        """All forms as one model of the mean."""
        return lambda panel: mixture(panel, period, self.selection, self.learning)[1]
