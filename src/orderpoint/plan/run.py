"""One planning run: forecast, learn from the past, decide, evaluate, look ahead, and prove it on the past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from orderpoint.forecast.choice import choice_of
from orderpoint.optimize.base import evaluations
from orderpoint.plan.calibration import Weighed, calibrate
from orderpoint.plan.case import PlanCase
from orderpoint.plan.cycles import cycles_table
from orderpoint.plan.flows import flows_table, network_plan
from orderpoint.plan.forecast_table import forecast_table
from orderpoint.plan.further import with_further
from orderpoint.plan.hindsight import ForecastWith, Remembered
from orderpoint.plan.levels import at_levels, levels_table
from orderpoint.plan.proof import MOST_SERIES, prove
from orderpoint.plan.purchase_orders import orders_table, schedule_table
from orderpoint.plan.remarks import remarks_table
from orderpoint.plan.result import Plan
from orderpoint.plan.risk_views import judged_below
from orderpoint.plan.risks import risks_table
from orderpoint.plan.transfers import transfers_table
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand


def run(case: PlanCase, tell: Callable[[str], None] = lambda _key: None) -> Plan:
    """Plan the case. `tell` is called with a key of `messages.command_line` as each step begins.

    Nothing is read or written; the same case gives the same plan, whatever the number of threads.
    """
    tell("forecasting")
    fitted = case.forecaster.fit(case.sales, case.known)
    demand = fitted.demand(case.snapshot.timeline.count, case.known)
    tell("learning_from_past")
    replayed = Remembered(ForecastWith(case.replays_with, case.known))
    calibration = calibrate(case, replayed, MOST_SERIES)
    tell("deciding")
    policy = Weighed(case.policy, calibration.weighing_on) if calibration else case.policy
    decisions = policy.decide(case.snapshot, demand)

    before, after, idle, at_level = _judged(case, demand, decisions)
    orders = with_further(case, decisions, orders_table(case, demand, decisions, idle, after))
    transfers, remarks = transfers_table(case, demand, decisions), remarks_table(case, decisions)
    schedule = schedule_table(case, demand, decisions)
    levels = levels_table(case.snapshot, demand, decisions, at_level)
    risks = risks_table(case, demand, decisions, after)
    forecast = forecast_table(demand, case.shown_periods)
    tell("testing_past")
    cycles = cycles_table(case, demand, decisions)
    network = network_plan(case, demand, decisions)
    tables = (
        orders,
        schedule,
        levels,
        forecast,
        risks,
        transfers,
        remarks,
        cycles,
        flows_table(case, network),
        network,
    )
    proof = prove(case, replayed, calibration)
    return Plan(case, demand, decisions, before, after, *tables, proof, calibration, choice_of(fitted))


def _judged(
    case: PlanCase, demand: Demand, decisions: Decisions
) -> tuple[Evaluation, Evaluation, Evaluation, Evaluation]:
    """What is expected: of nothing, of `decisions`, of their transfers alone, of nothing with all levels in stock."""
    nothing, snapshot = decisions.without_orders(), case.snapshot
    looked_at = [nothing]
    if (decisions.quantity > 0).any() or decisions.transfers is not None:
        looked_at.append(decisions)
    if decisions.transfers is not None:
        looked_at.append(replace(nothing, transfers=decisions.transfers))
    cases = [*((snapshot, orders) for orders in looked_at), (at_levels(snapshot, decisions), nothing)]
    *worth, at_level = evaluations(case.policy, demand, cases)
    found = [judged_below(case, demand, orders, one) for orders, one in zip(looked_at, worth, strict=True)]
    before, after = found[0], found[min(1, len(found) - 1)]
    return before, after, found[2] if len(found) > 2 else before, at_level
