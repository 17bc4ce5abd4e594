"""One planning run: forecast, learn from the past, decide, evaluate, look ahead, and prove it on the past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from orderpoint.plan.calibration import Weighed, calibrate
from orderpoint.plan.case import PlanCase
from orderpoint.plan.cycles import cycles_table
from orderpoint.plan.flows import flows_table, network_plan
from orderpoint.plan.forecast_table import forecast_table
from orderpoint.plan.further import with_further
from orderpoint.plan.levels import levels_table
from orderpoint.plan.proof import MOST_SERIES, ForecastWith, Remembered, prove
from orderpoint.plan.purchase_orders import orders_table, schedule_table
from orderpoint.plan.remarks import remarks_table
from orderpoint.plan.result import Plan
from orderpoint.plan.risk_views import judged_below
from orderpoint.plan.risks import risks_table
from orderpoint.plan.transfers import transfers_table
from orderpoint.tables.decisions import Decisions, Evaluation


def run(case: PlanCase, tell: Callable[[str], None] = lambda _key: None) -> Plan:
    """Plan the case. `tell` is called with a key of `messages.command_line` as each step begins.

    Nothing is read or written; the same case gives the same plan, whatever the number of threads.
    """
    tell("forecasting")
    fitted = case.forecaster.fit(case.sales, case.known)
    demand = fitted.demand(case.snapshot.timeline.count, case.known)
    tell("learning_from_past")
    replayed = Remembered(ForecastWith(case.replayed_with or case.forecaster, case.known))
    calibration = calibrate(case, replayed, MOST_SERIES)
    tell("deciding")
    policy = Weighed(case.policy, calibration.weighing_on) if calibration else case.policy
    decisions = policy.decide(case.snapshot, demand)

    def judged(orders: Decisions) -> Evaluation:
        return judged_below(case, demand, orders, case.policy.evaluate(case.snapshot, demand, orders))

    before = idle = judged(decisions.without_orders())
    ordered = bool((decisions.quantity > 0).any() or decisions.transfers is not None)
    after = judged(decisions) if ordered else before
    if decisions.transfers is not None:
        idle = judged(replace(decisions.without_orders(), transfers=decisions.transfers))
    orders = with_further(case, decisions, orders_table(case, demand, decisions, idle, after))
    transfers, remarks = transfers_table(case, demand, decisions), remarks_table(case, decisions)
    schedule = schedule_table(case, demand, decisions)
    levels = levels_table(case.snapshot, demand, decisions, case.policy)
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
    return Plan(case, demand, decisions, before, after, *tables, prove(case, replayed, calibration), calibration)
