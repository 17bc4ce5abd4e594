"""The figures of a change of plans, before and after, over the series that it speaks of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.plan.what_if import Outcome, WhatIf
from orderpoint.tables.snapshot import Snapshot

FIGURES = ("demand", "revenue", "margin", "orders", "order_value", "cost", "fill_rate")
DECIMALS = 4


def what_if_figures(done: WhatIf, snapshot: Snapshot) -> dict[str, dict[str, float]]:
    """`before`, `after` and `difference`, each with FIGURES.

    `demand` units and `revenue` money over the horizon; `margin`: revenue less demand times unit cost; `orders` units
    and `order_value` money of today; `cost`: expected holding, ordering and stockout cost until the next order arrives;
    `fill_rate` until then.
    """
    before, after = (_figures(outcome, done.rows, snapshot) for outcome in (done.before, done.after))
    apart = {name: round(after[name] - before[name], DECIMALS) for name in FIGURES}
    return {"before": before, "after": after, "difference": apart}


def _figures(outcome: Outcome, rows: NDArray[np.bool_], snapshot: Snapshot) -> dict[str, float]:
    decisions, evaluation = outcome.decisions, outcome.evaluation
    demand = outcome.demand.mean[rows].sum(axis=1)
    revenue = outcome.revenue[rows]
    asked, short = evaluation.demand[rows].sum(), evaluation.short[rows].sum()
    figures = {
        "demand": demand.sum(),
        "revenue": revenue.sum(),
        "margin": (revenue - demand * snapshot.costs.unit_cost[rows]).sum(),
        "orders": decisions.quantity[rows].sum(),
        "order_value": (decisions.quantity * snapshot.supply.unit_cost[decisions.offer])[rows].sum(),
        "cost": evaluation.cost[rows].sum(),
        "fill_rate": 1.0 - short / asked if asked > 0 else 1.0,
    }
    return {name: round(float(value), DECIMALS) for name, value in figures.items()}
