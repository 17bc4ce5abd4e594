"""What to order today, and what is foreseen to be ordered later, as the contract's tables."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.plan.case import PlanCase
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DECIMALS = 4
"""Decimals of money and probabilities in the tables."""


def orders_table(case: PlanCase, demand: Demand, decisions: Decisions, before: Evaluation, after: Evaluation) -> pl.DataFrame:
    """The contract's orders.csv: the lines to order today, sorted by item and location.

    `expected_gain` is the cost that the line is expected to save over ordering nothing.
    """
    rows = np.flatnonzero(decisions.quantity > 0)
    lines = _lines(case, rows, decisions.offer[rows], np.zeros(len(rows), np.int64), decisions.quantity[rows])
    gain = (before.cost - after.cost)[rows]
    reasons = ["" for _ in rows]
    return _table("orders", lines, gain, (before.stockout_risk[rows], after.stockout_risk[rows]), reasons)


def schedule_table(case: PlanCase, demand: Demand, decisions: Decisions) -> pl.DataFrame:
    """The contract's schedule.csv."""
    return pl.DataFrame(schema=dict(OUTPUTS["schedule"]))


def _lines(case: PlanCase, rows: IntArray, offer: IntArray, day: IntArray, quantity: FloatArray) -> dict[str, object]:
    """Columns item to value of order lines: `rows` of series, their `offer`, the `day` from today they are placed."""
    snapshot, supply = case.snapshot, case.snapshot.supply
    index, today = snapshot.index, snapshot.timeline.first
    lead = supply.arrival_day[offer].astype(np.int64)
    breaks = [supply.price_breaks[o].unit_price(q, supply.unit_cost[o]) for o, q in zip(offer, quantity, strict=True)]
    cost = np.array(breaks, dtype=np.float64).round(DECIMALS)
    return {
        "item": [index.items[index.item_of[r]] for r in rows],
        "location": [index.locations[index.location_of[r]] for r in rows],
        "supplier": [supply.supplier[o] for o in offer],
        "order_date": [today + timedelta(days=int(d)) for d in day],
        "arrival_date": [today + timedelta(days=int(d + w)) for d, w in zip(day, lead, strict=True)],
        "quantity": quantity.astype(np.int64),
        "unit_cost": cost,
        "value": np.floor(cost * quantity * 10**DECIMALS + 0.5) / 10**DECIMALS,
    }


def _table(
    name: str, lines: dict[str, object], gain: FloatArray, risks: tuple[FloatArray, FloatArray], reasons: list[str]
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            **lines,
            "expected_gain": gain.round(DECIMALS),
            "stockout_risk_before": risks[0].round(DECIMALS),
            "stockout_risk_after": risks[1].round(DECIMALS),
            "reason": reasons,
        },
        schema=dict(OUTPUTS[name]),
    )
