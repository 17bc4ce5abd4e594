"""What to send today from one place of the shop to another."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.messages import say
from orderpoint.messages.reasons import REASONS
from orderpoint.optimize.base import judged_by
from orderpoint.optimize.collaboration.alone import Alone, WeighsTransfers
from orderpoint.optimize.collaboration.alone import alone as weigh
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.spoken import money, risk_change, units
from orderpoint.plan.case import PlanCase
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand


def transfers_table(case: PlanCase, demand: Demand, decisions: Decisions) -> pl.DataFrame | None:
    """One row for each transfer, sorted by item, source and target; None where the policy makes none.

    `expected_gain` is the cost that the transfer is expected to save by itself, beside today's orders and all other
    transfers; so are the risks that its reason speaks of.
    """
    moves, alone = decisions.transfers, _alone(case, demand, decisions)
    if moves is None or alone is None:
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
            risk=risk_change(_pair(alone.risk[k]), _pair(alone.short[k]), case.language),
            saved=money(alone.gain[k]),
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
            "expected_gain": alone.gain.round(4),
            "reason": sentences,
        },
        schema=dict(OUTPUTS["transfers"]),
    ).sort("item", "source", "target", maintain_order=True)


def _alone(case: PlanCase, demand: Demand, decisions: Decisions) -> Alone | None:
    """What each transfer does by itself, on the paths of the policy where it has some of its own."""
    if isinstance(case.policy, WeighsTransfers):
        return case.policy.alone(case.snapshot, demand, decisions)
    return weigh(judged_by(case.policy, case.snapshot), demand, decisions, Sampling(seed=case.seed))


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    """What is so without a transfer, and with it."""
    return float(values[0]), float(values[1])
