"""What to send today from one place of the shop to another."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from orderpoint.messages import say
from orderpoint.messages.reasons import REASONS
from orderpoint.optimize.spoken import money, risk_change, units
from orderpoint.plan.case import PlanCase
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions, Evaluation


def transfers_table(case: PlanCase, decisions: Decisions, before: Evaluation, after: Evaluation) -> pl.DataFrame | None:
    """One row for each transfer, sorted by item, source and target; None where the policy makes none.

    `expected_gain` is the cost that the transfer is expected to save over leaving the units where they are.
    """
    moves = decisions.transfers
    if moves is None:
        return None
    index, today = case.snapshot.index, case.snapshot.timeline.first
    items, places = index.item_names(), index.location_names()
    stock = case.snapshot.stock.on_hand
    sentences = [
        say(
            REASONS,
            "transfer",
            case.language,
            source=places[s],
            target=places[t],
            stock=units(stock[s]),
            held=units(stock[t]),
            quantity=units(moves.quantity[k]),
            risk=risk_change((before, after), int(t), case.language),
            saved=money(moves.gain[k]),
        )
        for k, (s, t) in enumerate(zip(moves.source, moves.target, strict=True))
    ]
    return pl.DataFrame(
        {
            "item": [items[s] for s in moves.source],
            "source": [places[s] for s in moves.source],
            "target": [places[t] for t in moves.target],
            "ship_date": [today] * len(moves.source),
            "arrival_date": [today + timedelta(days=int(d)) for d in moves.arrival_day],
            "quantity": moves.quantity.astype(np.int64),
            "expected_gain": moves.gain.round(4),
            "reason": sentences,
        },
        schema=dict(OUTPUTS["transfers"]),
    ).sort("item", "source", "target", maintain_order=True)
