"""What an order line is expected to save, its fixed cost spread over the reviews for which it lasts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.stockflow.placed import shared_costs
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
    borne = shared_costs(snapshot, decisions) * _now(snapshot, demand, decisions)
    gain = _borne_by_gain(snapshot, decisions, gain, borne)
    beyond = decisions.network_gain
    return gain if beyond is None else np.where(np.isnan(beyond), gain, beyond)


def spared_later(snapshot: Snapshot, demand: Demand, decisions: Decisions) -> FloatArray:
    """Fixed cost that belongs to later reviews, money (n,): an order that lasts several reviews spares theirs."""
    fixed = snapshot.supply.order_cost[decisions.offer] + shared_costs(snapshot, decisions)
    spared: FloatArray = fixed * (1.0 - _now(snapshot, demand, decisions))
    return spared


def _now(snapshot: Snapshot, demand: Demand, decisions: Decisions) -> FloatArray:
    """The share (n,) of its fixed costs that an order bears for the one review after it."""
    supply, offer = snapshot.supply, decisions.offer
    reviews = supply.next_arrival_period[offer] - supply.arrival_period[offer]
    lasts = decisions.quantity / np.maximum(demand.mean.mean(axis=1), 1e-9)
    share: FloatArray = np.where(decisions.quantity > 0, np.minimum(reviews / np.maximum(lasts, 1e-9), 1.0), 1.0)
    return share


def _borne_by_gain(snapshot: Snapshot, decisions: Decisions, gain: FloatArray, borne: FloatArray) -> FloatArray:
    """`gain` (n,) with what lines bear of their order's cost, `borne` (n,), shared anew by what each line gains.

    A line that joins an order which goes anyway would else seem to lose by it. Sums over an order stay.
    """
    shared = snapshot.shared
    if shared is None or not borne.any():
        return gain
    supplier = shared.supplier_of(snapshot.supply)[decisions.offer]
    ordered = (supplier >= 0) & (decisions.quantity > 0)
    rows, count = supplier[ordered], len(shared.suppliers)
    gross = gain[ordered] + borne[ordered]
    weight = np.maximum(gross, 0.0)
    total, paid = np.bincount(rows, weight, count), np.bincount(rows, borne[ordered], count)
    part = np.where(total[rows] > 0.0, weight * paid[rows] / np.where(total > 0.0, total, 1.0)[rows], borne[ordered])
    result = gain.copy()
    result[ordered] = gross - part
    return result
