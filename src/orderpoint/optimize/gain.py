"""What an order line is expected to save, its fixed cost spread over the reviews for which it lasts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.stockflow.placed import OrderParts, order_parts, shared_costs
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
    parts = order_parts(snapshot, decisions)
    borne = parts.cost * _now(snapshot, demand, decisions)[parts.series]
    gain = _borne_by_gain(gain, parts._replace(cost=borne))
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


def _borne_by_gain(gain: FloatArray, parts: OrderParts) -> FloatArray:
    """`gain` (n,) with what lines bear of their orders' costs, the `parts`, shared anew by what their series gain.

    A line that joins an order which goes anyway would else seem to lose by it. Sums over an order stay.
    """
    gross = gain.copy()
    np.add.at(gross, parts.series, parts.cost)
    weight = np.maximum(gross, 0.0)[parts.series]
    total, paid = np.bincount(parts.supplier, weight), np.bincount(parts.supplier, parts.cost)
    of_all, cost = total[parts.supplier], paid[parts.supplier]
    share = np.where(of_all > 0.0, weight * cost / np.where(of_all > 0.0, of_all, 1.0), parts.cost)
    np.subtract.at(gross, parts.series, share)
    return gross
