"""What one planning run is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from orderpoint.forecast.base import Forecaster
from orderpoint.messages import Language
from orderpoint.optimize.base import Policy
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales
from orderpoint.tables.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class PlanCase:
    """History, state of today, and who forecasts and decides.

    `shown_periods`: how many periods the forecast table shows (None: the whole horizon). `replayed_by` stands in for
    the policy, and `replayed_with` for the forecaster, in the replay of the past, which forecasts and decides many
    times (None: themselves).

    `sales` and `snapshot` speak of the same series in the same order; `sales` ends the day before `snapshot.timeline`
    begins.
    """

    sales: Sales
    known: Known
    snapshot: Snapshot
    forecaster: Forecaster
    policy: Policy
    replayed_by: Policy | None = None
    replayed_with: Forecaster | None = None
    shown_periods: int | None = None
    seed: int = 1
    language: Language = field(default=Language.EN)

    @property
    def replays_with(self) -> Forecaster:
        """Who forecasts in the replay of the past."""
        return self.replayed_with or self.forecaster

    def __post_init__(self) -> None:
        if self.sales.index.pairs() != self.snapshot.index.pairs():
            raise ValueError("plan case: sales and snapshot speak of different series; build both from one reading")
        if self.sales.timeline.end != self.snapshot.timeline.first:
            raise ValueError(
                f"plan case: the history ends on {self.sales.timeline.end} but the horizon begins on "
                f"{self.snapshot.timeline.first}; cut the sales at today"
            )
