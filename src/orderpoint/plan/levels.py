"""The levels behind the orders: what to hold, and what holding it costs and serves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot


def at_levels(snapshot: Snapshot, decisions: Decisions) -> Snapshot:
    """The snapshot with each order-up-to level in stock, fresh, and nothing on its way."""
    none = np.zeros_like(snapshot.stock.receipts), np.zeros_like(snapshot.stock.receipts_beyond)
    stock = replace(
        snapshot.stock, on_hand=decisions.order_up_to, receipts=none[0], receipts_beyond=none[1], expiring=None
    )
    return replace(snapshot, stock=stock)


def levels_table(snapshot: Snapshot, demand: Demand, decisions: Decisions, result: Evaluation) -> pl.DataFrame:
    """The contract's levels.csv, one row for each series; `result`: of ordering nothing `at_levels`.

    `lead_time_demand_mean` and `_p95` are of the demand from today until an order of today is on sale. `fill_rate`
    is that of the review cycle after; `holding_cost` and `stockout_cost` are those expected from today until the next
    order's arrival, starting with the stock at `order_up_to` and nothing on its way.
    """
    arrival = snapshot.supply.arrival_period[decisions.offer].astype(np.int64)
    lead = demand.sum_over(0, np.minimum(arrival, demand.timeline.count) - 1)
    return pl.DataFrame(
        {
            "item": snapshot.index.item_names(),
            "location": snapshot.index.location_names(),
            "reorder_point": decisions.reorder_point,
            "order_up_to": decisions.order_up_to,
            "lead_time_demand_mean": lead.means().round(4),
            "lead_time_demand_p95": lead.quantile(0.95),
            "fill_rate": result.fill_rate.round(6),
            "holding_cost": result.holding_cost.round(4),
            "stockout_cost": result.stockout_cost.round(4),
        },
        schema_overrides={"item": pl.String, "location": pl.String},
    )
