"""Who sends how much where in each period: the contract's flows.csv."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from orderpoint.optimize.collaboration.network_plan import NetworkPlan, PlansNetwork
from orderpoint.plan.case import PlanCase
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand

UNITS, MONEY = 2, 4
"""Decimals of units and of prices."""


def network_plan(case: PlanCase, demand: Demand, decisions: Decisions) -> NetworkPlan | None:
    """The network after `decisions`; None where the method plans none."""
    if not isinstance(case.policy, PlansNetwork):
        return None
    return case.policy.network_plan(case.snapshot, demand, decisions)


def flows_table(case: PlanCase, plan: NetworkPlan | None) -> pl.DataFrame | None:
    """One row for each flow, sorted by item, start, target and source; None without a network.

    `source` is a place or, of what is bought, a supplier. `units` are those of the target. `shadow_price` is what one
    more unit of demand there would cost in the period of arrival, empty where that lies beyond what was planned.
    """
    if plan is None:
        return None
    snapshot, flows = case.snapshot, plan.flows
    index, supply, timeline = snapshot.index, snapshot.supply, snapshot.timeline
    items, places = index.item_names(), index.location_names()
    bought = (flows.source < 0) & (flows.start == 0)
    start = [timeline.start(int(k)) for k in flows.start]
    arrival = [timeline.start(int(k)) for k in flows.arrival]
    for k in np.flatnonzero(bought).tolist():
        arrival[k] = timeline.first + timedelta(days=int(supply.arrival_day[flows.offer[k]]))
    source = [places[s] if s >= 0 else supply.supplier[o] for s, o in zip(flows.source, flows.offer, strict=True)]
    return (
        pl.DataFrame(
            {
                "item": [items[t] for t in flows.target],
                "source": source,
                "target": [places[t] for t in flows.target],
                "start": start,
                "arrival": arrival,
                "units": flows.units.round(UNITS),
                "shadow_price": flows.price.round(MONEY) + 0.0,
            },
            schema=dict(OUTPUTS["flows"]),
        )
        .with_columns(pl.col("shadow_price").fill_nan(None))
        .sort("item", "start", "target", "source", maintain_order=True)
    )
