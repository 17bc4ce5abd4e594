"""What decisions set in motion today: stock that leaves, goods on their way, and the fixed cost of the orders."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.decisions import Decisions
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def moved(snapshot: Snapshot, decisions: Decisions) -> Snapshot:
    """The snapshot with the transfers and further orders of `decisions` on their way.

    Their arrivals are taken at the mean lead time; what arrives beyond the horizon helps nobody within it.
    """
    further, transfers = decisions.further, decisions.transfers
    if further is None and transfers is None:
        return snapshot
    on_hand, receipts = snapshot.stock.on_hand.copy(), snapshot.stock.receipts.copy()
    arriving = []
    if transfers is not None:
        np.subtract.at(on_hand, transfers.source, transfers.leaving)
        arriving.append((transfers.target, transfers.arrival_period, transfers.quantity))
    if further is not None:
        first = snapshot.supply.arrival_period[further.offer].astype(np.int64)
        arriving.append((further.series, first, further.quantity))
    for series, period, quantity in arriving:
        seen = period < receipts.shape[1]
        np.add.at(receipts, (series[seen], period[seen]), quantity[seen])
    return replace(snapshot, stock=replace(snapshot.stock, on_hand=on_hand, receipts=receipts))


def fixed_costs(snapshot: Snapshot, decisions: Decisions) -> FloatArray:
    """Fixed cost of each series' orders, money (n,): of its lines, and its part of what its suppliers' orders cost."""
    order_cost = snapshot.supply.order_cost
    fixed: FloatArray = np.where(decisions.quantity > 0, order_cost[decisions.offer], 0.0)
    if decisions.further is not None:
        np.add.at(fixed, decisions.further.series, order_cost[decisions.further.offer])
    return fixed + shared_costs(snapshot, decisions)


def shared_costs(snapshot: Snapshot, decisions: Decisions) -> FloatArray:
    """What each series bears of the fixed cost of its suppliers' orders (`SharedLimits.order_cost`), money (n,).

    An order costs it once; its lines, further ones too, bear equal parts.
    """
    borne = np.zeros(len(decisions.quantity))
    parts = order_parts(snapshot, decisions)
    np.add.at(borne, parts.series, parts.cost)
    return borne


class OrderParts(NamedTuple):
    """What each of m order lines bears of its supplier's order: `series`, `supplier` (m,) rows, `cost` (m,) money."""

    series: IntArray
    supplier: IntArray
    cost: FloatArray


def order_parts(snapshot: Snapshot, decisions: Decisions) -> OrderParts:
    """Equal parts of each order's fixed cost for its lines; no lines where suppliers' orders cost nothing."""
    shared, further = snapshot.shared, decisions.further
    if shared is None or shared.order_cost is None or not shared.charges_orders:
        return OrderParts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    series = np.flatnonzero(decisions.quantity > 0)
    offer = decisions.offer[series]
    if further is not None:
        series, offer = np.concatenate([series, further.series]), np.concatenate([offer, further.offer])
    supplier = shared.supplier_of(snapshot.supply)[offer]
    series, supplier = series[supplier >= 0], supplier[supplier >= 0]
    lines = np.bincount(supplier, minlength=len(shared.suppliers))
    return OrderParts(series, supplier, shared.order_cost[supplier] / lines[supplier])
