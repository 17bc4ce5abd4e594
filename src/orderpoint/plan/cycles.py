"""The season that a method plans, cycle by cycle: stock built up before a peak and run down after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from orderpoint.messages import say
from orderpoint.messages.cycles import CYCLES
from orderpoint.optimize.build_up.plan import PlansCycles
from orderpoint.plan.case import PlanCase
from orderpoint.plan.cycle_names import named
from orderpoint.plan.cycle_reasons import cycle_reasons
from orderpoint.plan.cycle_windows import KINDS, windows_of
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand

DECIMALS = 2


def cycles_table(case: PlanCase, demand: Demand, decisions: Decisions) -> pl.DataFrame | None:
    """The contract's cycles.csv, one row for each cycle, sorted by item, location and start.

    None where the method plans no season or no stock is known. Series that hold, order and sell nothing are left out,
    and so are cycles that begin where the forecast has ended.
    """
    snapshot, policy = case.snapshot, case.policy
    if not isinstance(policy, PlansCycles) or not snapshot.stock.known:
        return None
    plan = policy.cycle_plan(snapshot, demand, decisions)
    if plan is None:
        return None
    supply, offer = snapshot.supply, decisions.offer
    review = supply.next_arrival_period[offer].astype(np.int64) - supply.arrival_period[offer]
    windows = windows_of(plan, snapshot.stock.on_hand, review).before(demand.timeline.count)
    places = tuple(np.array(snapshot.index.location_names(), dtype=object)[windows.series])
    names, code, slot = named(snapshot.timeline, (windows.begin, windows.end), places, case.known.calendar)
    found = replace(windows, name=np.where(windows.name < 0, -1, code)).joined(slot)
    labels = [*names, say(CYCLES, "before_first_order", case.language)]
    days = np.array(
        [(snapshot.timeline.start(k) - snapshot.timeline.first).days for k in range(int(found.end.max(initial=0)) + 1)]
    )
    items, locations, today = snapshot.index.item_names(), snapshot.index.location_names(), snapshot.timeline.first
    return pl.DataFrame(
        {
            "item": [items[i] for i in found.series],
            "location": [locations[i] for i in found.series],
            "cycle": [labels[k] for k in found.name],
            "start": [today + timedelta(days=int(days[k])) for k in found.begin],
            "end": [today + timedelta(days=int(days[k]) - 1) for k in found.end],
            "kind": [KINDS[k] for k in found.kind()],
            "opening_stock": found.opening.round(DECIMALS),
            "order": found.order.round(DECIMALS),
            "incoming": found.incoming.round(DECIMALS),
            "expected_demand": found.demand.round(DECIMALS),
            "expected_short": found.short.round(DECIMALS),
            "closing_stock": found.closing.round(DECIMALS),
            "reason": cycle_reasons(found, labels, days, case.language),
        },
        schema=dict(OUTPUTS["cycles"]),
    )
