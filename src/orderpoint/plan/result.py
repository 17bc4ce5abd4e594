"""What one planning run found."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from orderpoint.forecast.choice import Choice
from orderpoint.optimize.collaboration.network_plan import NetworkPlan
from orderpoint.plan.calibration import Calibration
from orderpoint.plan.case import PlanCase
from orderpoint.simulate.compare import Comparison
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan: the demand it rests on, what it proposes, and what that is worth.

    `before` evaluates ordering nothing today, `after` the proposed orders. The frames are the contract's tables
    (design, section 5): orders, schedule, levels, forecast, risks; `transfers` between places, `remarks` of rules, the
    `cycles` of a season and the `flows` of a `network` are None where there are none. `comparison` holds the replay of
    the past, None where the history is too short; `choice` how the forecast was chosen, None where there was no choice.
    """

    case: PlanCase
    demand: Demand
    decisions: Decisions
    before: Evaluation
    after: Evaluation
    orders: pl.DataFrame
    schedule: pl.DataFrame
    levels: pl.DataFrame
    forecast: pl.DataFrame
    risks: pl.DataFrame
    transfers: pl.DataFrame | None
    remarks: pl.DataFrame | None
    cycles: pl.DataFrame | None
    flows: pl.DataFrame | None
    network: NetworkPlan | None
    comparison: Comparison | None
    calibration: Calibration | None
    choice: Choice | None = None
