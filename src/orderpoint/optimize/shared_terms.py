"""The limits that lines share today, as numbers: what is set, what is taken already, and what orders cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.problem import Terms
from orderpoint.stockflow.spoilage import keeping
from orderpoint.tables.demand import Demand
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CONTAINER_FILL = 0.8
"""Share to which the last container of an order has to be filled, where nothing else is said."""


def terms_of(snapshot: Snapshot, fill: float) -> Terms | None:
    """The limits beside the budget; None where there are none. Space counts all stock and open orders.

    A container means nothing for a supplier of whose items no volume is known.
    """
    if snapshot.shared is None:
        return None
    terms = all_terms(snapshot, snapshot.shared, fill)
    return terms if terms.of_suppliers.any() or np.isfinite(terms.room).any() else None


def all_terms(snapshot: Snapshot, shared: SharedLimits, fill: float) -> Terms:
    """All limits that lines share, the budget among them."""
    row = np.repeat(np.arange(len(snapshot.index)), np.diff(snapshot.supply.offsets))
    supplier = shared.supplier_of(snapshot.supply)
    known = np.zeros(len(shared.suppliers), np.bool_)
    known[supplier[(supplier >= 0) & (shared.unit_volume[row] > 0.0)]] = True
    container = np.where(known, shared.container_volume, np.inf)
    budget = np.inf if snapshot.budget is None else float(snapshot.budget)
    room = np.maximum(shared.capacity_volume - filled(snapshot), 0.0)
    return Terms(budget, room, shared.min_order_value, container, fill)


def filled(snapshot: Snapshot) -> FloatArray:
    """Volume of stock and open orders at each location, (L,); none where no volumes are known."""
    shared = snapshot.shared
    if shared is None:
        return np.zeros(len(snapshot.index.locations))
    first = snapshot.supply.offsets[:-1].astype(np.int64)
    held = np.maximum(snapshot.stock.on_hand, 0.0) + coming_by(snapshot, first)
    return np.bincount(shared.location_of, held * shared.unit_volume, len(shared.capacity_volume)).astype(np.float64)


def coming_by(snapshot: Snapshot, offer: IntArray) -> FloatArray:
    """Open orders that are on sale before the next order through `offer` could be, (n,)."""
    receipts = snapshot.stock.receipts
    before = np.arange(receipts.shape[1])[None, :] < snapshot.supply.next_arrival_period[offer][:, None]
    units: FloatArray = np.where(before, receipts, 0.0).sum(axis=1)
    return units


def position_by(snapshot: Snapshot, demand: Demand, offer: IntArray) -> FloatArray:
    """Units that can serve the time until the next order through `offer` is on sale, (n,): what will not spoil."""
    return keeping(snapshot, demand).stock.on_hand + coming_by(snapshot, offer)


def spent(snapshot: Snapshot, quantity: FloatArray, offer: IntArray) -> FloatArray:
    """Money that buying `quantity` (n,) or (n, P) from `offer` (n,) costs, price breaks included, shaped like it."""
    supply = snapshot.supply
    unit_cost = supply.unit_cost[offer].astype(np.float64)
    total: FloatArray = quantity * (unit_cost if quantity.ndim == 1 else unit_cost[:, None])
    stepped = np.array([len(breaks.steps) > 0 for breaks in supply.price_breaks], dtype=np.bool_)
    for row in np.flatnonzero(stepped[offer]):
        price = np.full(quantity.shape[1:], unit_cost[row])
        for start, step_price in supply.price_breaks[offer[row]].steps:
            price = np.where(quantity[row] >= start, step_price, price)
        total[row] = quantity[row] * price
    return total
