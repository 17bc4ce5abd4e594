"""The figures of a change of plans, before and after, over the series that it speaks of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.plan.what_if import Outcome, WhatIf
from orderpoint.tables.snapshot import Snapshot

STOCK_FIGURES = ("orders", "order_value", "cost", "fill_rate")
"""What is known only where the stock is."""
DECIMALS = 4


def what_if_figures(done: WhatIf, snapshot: Snapshot) -> dict[str, dict[str, float]]:
    """`before`, `after` and `difference`, each with the figures below, without STOCK_FIGURES where no stock is known.

    `demand` units and `revenue` money over the horizon; `margin`: revenue less demand times unit cost; `orders` units
    and `order_value` money of today; `cost`: expected holding, ordering and stockout cost until the next order arrives;
    `fill_rate` until then.
    """
    before, after = (_figures(outcome, done.rows, snapshot) for outcome in (done.before, done.after))
    apart = {name: round(after[name] - before[name], DECIMALS) for name in before}
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
    known = [name for name in figures if snapshot.stock.known or name not in STOCK_FIGURES]
    return {name: round(float(figures[name]), DECIMALS) for name in known}
