"""What lines would order alone, with their curves, as lines under the limits that they share."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.problem import Lines, Terms
from orderpoint.optimize.shared_terms import all_terms, position_by, spent, terms_of
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CURVE_POINTS = 64
"""Quantities of a line that limits choose from."""

REVIEWS_AHEAD = 4
"""Reviews for whose demand a line may be ordered ahead to reach its supplier's minimum or to fill a container."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What n lines would order alone, and their curves: `quantity` (n,) from `offer` (n,); `units`, `saving` (n, P).

    `position` (n,): stock and open orders that count beside the order (`shared_terms.position_by`).
    `order_cost` (S,): money that an order of each supplier has to earn, where savings are money (`shared_orders`).
    """

    quantity: FloatArray
    offer: IntArray
    units: FloatArray
    saving: FloatArray
    position: FloatArray
    order_cost: FloatArray | None = None


def shares_limits(snapshot: Snapshot) -> bool:
    """Whether any limit over many lines is set."""
    return snapshot.budget is not None or terms_of(snapshot, 1.0) is not None


def all_limits(snapshot: Snapshot, wanted: Wanted, fill: float) -> tuple[Lines, Terms]:
    """The curves with what they take of each limit, and all limits; a budget may be the only one."""
    money = spent(snapshot, wanted.units, wanted.offer)
    if snapshot.shared is not None:
        return lines_under(snapshot, wanted, money), all_terms(snapshot, snapshot.shared, fill)
    none = np.zeros(len(money), np.int64)
    lines = Lines(wanted.units, money, wanted.saving, np.zeros(len(money)), none, none - 1)
    budget = np.inf if snapshot.budget is None else float(snapshot.budget)
    return lines, Terms(budget, np.full(len(snapshot.index.locations), np.inf), np.zeros(0), np.zeros(0), fill)


def lines_under(snapshot: Snapshot, wanted: Wanted, money: FloatArray) -> Lines:
    """The curves with what they take of each limit."""
    shared = snapshot.shared
    if shared is None:
        raise ValueError("shared_curves: expected shared limits, got none; share the budget alone")
    supplier = shared.supplier_of(snapshot.supply)[wanted.offer]
    place = shared.location_of.astype(np.int64)
    return Lines(wanted.units, money, wanted.saving, shared.unit_volume, place, supplier)


def as_wanted(snapshot: Snapshot, wanted: Wanted) -> Lines:
    """What is wanted as lines of one choice beside none."""
    units = np.stack([np.zeros(len(wanted.quantity)), wanted.quantity], axis=1)
    money = np.stack([units[:, 0], spent(snapshot, wanted.quantity, wanted.offer)], axis=1)
    return lines_under(snapshot, replace(wanted, units=units, saving=np.zeros_like(units)), money)


def packs_of(snapshot: Snapshot, wanted: Wanted) -> FloatArray:
    """Packs in what each line wants, (n,)."""
    packs: FloatArray = wanted.quantity / np.maximum(np.ceil(snapshot.supply.pack[wanted.offer]), 1.0)
    return packs


def furthest(
    snapshot: Snapshot, demand: Demand, quantity: FloatArray, offer: IntArray, level: FloatArray
) -> FloatArray:
    """The most units that a line's curve shows, (n,): beyond `quantity` where a supplier's terms may ask for more.

    `level` (n,): order-up-to level.
    """
    terms = terms_of(snapshot, 1.0)
    if terms is None or snapshot.shared is None or not snapshot.stock.known:
        return quantity
    supply, costs = snapshot.supply, snapshot.costs
    supplier = snapshot.shared.supplier_of(supply)[offer]
    asked = (supplier >= 0) & np.append(terms.of_suppliers, False)[supplier] & (level > 0.0)
    asked &= snapshot.orderable & supply.takes_orders_today[offer] & (costs.min_stock <= costs.max_stock)
    position, pace = position_by(snapshot, demand, offer), demand.mean.mean(axis=1)
    review = supply.next_arrival_period[offer] - supply.arrival_period[offer]
    pack = np.maximum(np.ceil(supply.pack[offer]), 1.0)
    least = np.maximum(np.ceil(supply.moq[offer] / pack), 1.0) * pack
    top = np.maximum(np.ceil((level + REVIEWS_AHEAD * review * pace - position) / pack) * pack, least)
    most = np.floor(np.minimum(supply.max_quantity[offer], np.maximum(costs.max_stock - position, 0.0)) / pack) * pack
    top = np.where(least > most, 0.0, np.minimum(top, most))
    return np.where(asked, np.maximum(top, quantity), quantity)
