"""What an order line is expected to save, its fixed cost spread over the reviews for which it lasts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


def expected_gain(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, worth: tuple[Evaluation, Evaluation]
) -> FloatArray:
    """Money (n,) saved over ordering nothing until the next order arrives; orders.csv and its sentences say it.

    `worth`: the evaluations of ordering nothing, and of `decisions`. Of its fixed cost a line bears the share of the
    reviews for which it lasts: the rest is what later reviews are spared. An order that is sent on to other places
    saves there: `Decisions.network_gain` says what.
    """
    before, after = worth
    gain: FloatArray = before.cost - after.cost + spared_later(snapshot, demand, decisions)
    beyond = decisions.network_gain
    return gain if beyond is None else np.where(np.isnan(beyond), gain, beyond)


def spared_later(snapshot: Snapshot, demand: Demand, decisions: Decisions) -> FloatArray:
    """Fixed cost that belongs to later reviews, money (n,): an order that lasts several reviews spares theirs."""
    supply, offer = snapshot.supply, decisions.offer
    reviews = supply.next_arrival_period[offer] - supply.arrival_period[offer]
    lasts = decisions.quantity / np.maximum(demand.mean.mean(axis=1), 1e-9)
    share = np.where(decisions.quantity > 0, np.minimum(reviews / np.maximum(lasts, 1e-9), 1.0), 1.0)
    spared: FloatArray = supply.order_cost[offer] * (1.0 - share)
    return spared
