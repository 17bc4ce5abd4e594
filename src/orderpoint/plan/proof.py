"""The proof on the past: as you did, a textbook rule, and Orderpoint, on the same stretch of history."""

from __future__ import annotations

from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.messages import say
from orderpoint.messages.report import REPORT
from orderpoint.optimize.base import judged_by
from orderpoint.optimize.textbook import TextbookLevel
from orderpoint.plan.calibration import Calibration, Weighed
from orderpoint.plan.case import PlanCase
from orderpoint.plan.hindsight import ForecastWith
from orderpoint.simulate.backtest import Contestant, Forecast
from orderpoint.simulate.compare import Comparison, compare

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
        ForecastWith(SeasonalNaive(case.sales.timeline.period.season), case.known),
        TextbookLevel(TEXTBOOK_SERVICE),
    )
    policy = case.replayed_by or case.policy
    ours = Contestant("Orderpoint", forecast, Weighed(policy, calibration.weighing_on) if calibration else policy)
    past = say(REPORT, "way_past", case.language)
    return compare(case.sales, case.snapshot, (textbook, ours), most_series=MOST_SERIES, past_name=past)
