"""What to order today, and what is foreseen to be ordered later, as the contract's tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.messages import say
from orderpoint.messages.reasons import REASONS
from orderpoint.optimize.explain import foreseen_reasons, reasons
from orderpoint.optimize.foreseen import foreseen_orders
from orderpoint.optimize.gain import expected_gain
from orderpoint.optimize.upkeep import upkeep_of
from orderpoint.plan.case import PlanCase
from orderpoint.plan.foreseen_network import network_orders
from orderpoint.stockflow.placed import moved
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

GAIN_AND_RISKS = ("expected_gain", "stockout_risk_before", "stockout_risk_after")

DECIMALS = 4
"""Decimals of money and probabilities in the tables."""


def orders_table(
    case: PlanCase, demand: Demand, decisions: Decisions, before: Evaluation, after: Evaluation
) -> pl.DataFrame:
    """The contract's orders.csv: the lines to order today, sorted by item and location.

    `expected_gain` is that of `optimize.gain`, and what the reason says is saved. `before` evaluates ordering nothing,
    with today's transfers: what they do is theirs. Reasons count the stock that they leave and bring.
    """
    rows = np.flatnonzero(decisions.quantity > 0)
    lines = order_lines(case, rows, decisions.offer[rows], np.zeros(len(rows), np.int64), decisions.quantity[rows])
    gain = expected_gain(case.snapshot, demand, decisions, (before, after))[rows]
    stocked = moved(case.snapshot, replace(decisions, further=None))
    sentences = reasons(stocked, demand, decisions, (before, after), case.language)
    if decisions.transfers is not None:
        touched = set(decisions.transfers.source.tolist()) | set(decisions.transfers.target.tolist())
        counted = say(REASONS, "transfers_counted", case.language)
        sentences = [s + counted * (row in touched) for row, s in zip(rows.tolist(), sentences, strict=True)]
    return _table("orders", lines, (gain, before.stockout_risk[rows], after.stockout_risk[rows]), sentences)


def schedule_table(case: PlanCase, demand: Demand, decisions: Decisions) -> pl.DataFrame:
    """The contract's schedule.csv: orders foreseen later in the horizon if demand is what is expected.

    Their gain and risks are empty.
    """
    timeline = case.snapshot.timeline
    kept = upkeep_of(case.policy, case.snapshot, demand, decisions, timeline.count)
    if kept.feeds is None or not case.snapshot.stock.known:
        later, feeding = foreseen_orders(case.snapshot, demand, decisions, kept), np.zeros(0, np.int64)
    else:
        later = network_orders(case.snapshot, demand, decisions, kept, kept.feeds)
        feeding = np.unique(kept.feeds.source)
    day = np.array([(timeline.start(int(k)) - timeline.first).days for k in later.order_period], dtype=np.int64)
    lines = order_lines(case, later.series, later.offer, day, later.quantity)
    unknown = np.full(len(day), np.nan)
    sentences = foreseen_reasons(case.snapshot, later, feeding, case.language)
    table = _table("schedule", lines, (unknown, unknown, unknown), sentences)
    return table.with_columns(pl.col(GAIN_AND_RISKS).fill_nan(None)).sort(
        "order_date", "item", "location", maintain_order=True
    )


def order_lines(
    case: PlanCase, rows: IntArray, offer: IntArray, day: IntArray, quantity: FloatArray
) -> dict[str, object]:
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
    name: str, lines: dict[str, object], worth: tuple[FloatArray, FloatArray, FloatArray], sentences: list[str]
) -> pl.DataFrame:
    """The contract's table of order lines; `worth`: gain, risk before and risk after of each line."""
    columns = {column: values.round(DECIMALS) for column, values in zip(GAIN_AND_RISKS, worth, strict=True)}
    return pl.DataFrame({**lines, **columns, "reason": sentences}, schema=dict(OUTPUTS[name]))
