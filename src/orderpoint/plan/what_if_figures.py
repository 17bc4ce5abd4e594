"""The figures of a change of plans, before and after, over the series that it speaks of."""

from __future__ import annotations

from orderpoint.plan.what_if import Outcome, WhatIf
from orderpoint.tables.snapshot import Snapshot

STOCK_FIGURES = ("orders", "order_value", "cost", "fill_rate")
"""What is known only where the stock is."""
MONEY_FIGURES = ("revenue", "margin")
"""What is known only where prices are."""
DECIMALS = 4


def what_if_figures(done: WhatIf, snapshot: Snapshot) -> dict[str, dict[str, float]]:
    """`before`, `after` and `difference`, each with the figures below.

    Those of STOCK_FIGURES are left out where no stock is known, those of MONEY_FIGURES where no price is. `demand`:
    units over the periods shown; `revenue`: money of the series whose price is known in each of them; `margin`: revenue
    less demand times unit cost; `orders` units and `order_value` money of today; `cost`: expected holding, ordering and
    stockout cost until the next order arrives; `fill_rate` until then.
    """
    before, after = (_figures(outcome, done, snapshot) for outcome in (done.before, done.after))
    apart = {name: round(after[name] - before[name], DECIMALS) for name in before}
    return {"before": before, "after": after, "difference": apart}


def _figures(outcome: Outcome, done: WhatIf, snapshot: Snapshot) -> dict[str, float]:
    rows, priced = done.rows, done.priced
    decisions, evaluation = outcome.decisions, outcome.evaluation
    demand, price = (array[:, : done.periods] for array in (outcome.demand.mean, outcome.price))
    asked, short = evaluation.demand[rows].sum(), evaluation.short[rows].sum()
    figures = {
        "demand": demand[rows].sum(),
        "revenue": (demand * price)[priced].sum(),
        "margin": (demand * (price - snapshot.costs.unit_cost[:, None]))[priced].sum(),
        "orders": decisions.quantity[rows].sum(),
        "order_value": (decisions.quantity * snapshot.supply.unit_cost[decisions.offer])[rows].sum(),
        "cost": evaluation.cost[rows].sum(),
        "fill_rate": 1.0 - short / asked if asked > 0 else 1.0,
    }
    unknown = (() if snapshot.stock.known else STOCK_FIGURES) + (() if priced.any() else MONEY_FIGURES)
    known = [name for name in figures if name not in unknown]
    return {name: round(float(figures[name]), DECIMALS) for name in known}
