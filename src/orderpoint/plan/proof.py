"""The proof on the past: as you did, a textbook rule, and Orderpoint, on the same stretch of history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.ingest.stockouts import infer
from orderpoint.messages import say
from orderpoint.messages.report import REPORT
from orderpoint.optimize.base import judged_by
from orderpoint.optimize.textbook import TextbookLevel
from orderpoint.plan.calibration import Calibration, Weighed
from orderpoint.plan.case import PlanCase
from orderpoint.simulate.backtest import Contestant, Forecast
from orderpoint.simulate.compare import Comparison, compare
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State

MOST_SERIES = 300
"""Series replayed at most: a systematic sample keeps the proof a small part of a run."""

TEXTBOOK_SERVICE = 0.95


def prove(case: PlanCase, forecast: Forecast, calibration: Calibration | None) -> Comparison | None:
    """Replay the last part of the history three ways; None where it is too short. The sample is the same for all.

    None, too, for a policy that ships between places: the replay moves nothing, so it would judge something else.

    `forecast` is ours; our orders of each day use what `calibration` had learned before it.
    """
    if judged_by(case.policy, case.snapshot) is not case.snapshot:
        return None
    textbook = Contestant(
        say(REPORT, "way_textbook", case.language, service=f"{TEXTBOOK_SERVICE:.0%}"),
        ForecastWith(SeasonalNaive(), case.known),
        TextbookLevel(TEXTBOOK_SERVICE),
    )
    policy = case.replayed_by or case.policy
    ours = Contestant("Orderpoint", forecast, Weighed(policy, calibration.weighing_on) if calibration else policy)
    past = say(REPORT, "way_past", case.language)
    return compare(case.sales, case.snapshot, (textbook, ours), most_series=MOST_SERIES, past_name=past)


class ForecastWith:
    """Fit on what is handed in, then forecast."""

    def __init__(self, forecaster: Forecaster, known: Known) -> None:
        self.forecaster = forecaster
        self.known = known

    def __call__(self, past: Sales, periods: int) -> Demand:
        """Demand of the `periods` periods that follow `past`."""
        return self.forecaster.fit(as_seen_then(past), self.known).demand(periods, self.known)


class Remembered:
    """A forecast that is made once for each day, for replays of the same series that differ in their orders only."""

    def __init__(self, forecast: Forecast) -> None:
        self.forecast = forecast
        self.made: dict[tuple[date, int], Demand] = {}

    def __call__(self, past: Sales, periods: int) -> Demand:
        """Demand of the `periods` periods that follow `past`."""
        key = past.timeline.end, periods
        if key not in self.made:
            self.made[key] = self.forecast(past, periods)
        return self.made[key]


def as_seen_then(past: Sales) -> Sales:
    """The past with its stockouts inferred anew: an inference from the whole history would know what came after."""
    inferred = past.state == State.STOCKOUT_INFERRED
    if not inferred.any():
        return past
    flagged = (past.state == State.STOCKOUT).any(axis=1)
    plain = replace(past, state=np.where(inferred, np.uint8(State.OBSERVED), past.state))
    return infer(plain, flagged=flagged)
