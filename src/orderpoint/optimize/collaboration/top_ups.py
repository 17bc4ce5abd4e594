"""A second supplier for today's order: units that a quicker one brings in time are worth their higher price.

The main order has been placed; a quicker offer could still serve what would be lost before it, and until the quicker
offer's own next order arrives. The value of each such unit is exact on the paths (`unit_values`), falls unit by unit,
and is weighed against what it costs more: so the quantity is the best one, in the lots that are sold.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.top_up_limits import kept_lines
from orderpoint.optimize.collaboration.unit_values import Units, unit_values
from orderpoint.optimize.evaluation import Orders
from orderpoint.optimize.sampling import Sampling
from orderpoint.tables.decisions import Decisions, OrderLines
from orderpoint.tables.demand import Demand
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_UNITS = 256


def reliable(snapshot: Snapshot, late_share: float) -> Snapshot:
    """The snapshot with lead times as spread as the suppliers' `on_time_share` says.

    An order that is late is late by `late_share` of its lead time: the mean square of that joins the variance.
    """
    shared = snapshot.shared
    if shared is None or not np.isfinite(shared.on_time_share).any():
        return snapshot
    supply = snapshot.supply
    late = _late(shared, shared.supplier_of(supply)) * (late_share * supply.lead_time_days) ** 2
    spread = np.sqrt(supply.lead_time_sd_days**2 + late)
    return replace(snapshot, supply=replace(supply, lead_time_sd_days=spread))


def _late(shared: SharedLimits, supplier: IntArray) -> FloatArray:
    """The share of orders that come late, of each offer; 0 where it is unknown."""
    share = np.append(np.nan_to_num(1.0 - shared.on_time_share, nan=0.0), 0.0)
    return np.asarray(np.clip(share[supplier], 0.0, 1.0))


def top_ups(snapshot: Snapshot, demand: Demand, decisions: Decisions, sampling: Sampling) -> OrderLines | None:
    """Orders of today from a quicker second offer, beside those of `decisions`; None where none pays.

    They keep lots, maxima and what all shared limits leave (`top_up_limits`).
    """
    offer = _quicker(snapshot, decisions)
    rows = np.flatnonzero(offer >= 0)
    if not len(rows) or not snapshot.stock.known:
        return None
    supply, n = snapshot.supply, len(snapshot.index)
    offer = np.where(offer >= 0, offer, decisions.offer)
    chosen = np.zeros(n, np.int64)
    chosen[rows] = MOST_UNITS
    ordered = _with_orders(snapshot, decisions)
    gain, none = np.zeros((n, MOST_UNITS)), np.zeros((n, 1))
    one = np.ones(n, np.int64)
    units = Units(np.zeros(n, np.int64), chosen, one, supply.arrival_period[offer].astype(np.int64))
    for paths, part, setting in sampling.sampled(ordered, demand):
        orders = Orders(np.zeros(part.stop - part.start), offer[part])
        unit_values(paths, *setting, orders, Units._make(array[part] for array in units), none[part], gain[part])
    premium = np.maximum(supply.unit_cost[offer] - supply.unit_cost[decisions.offer], 0.0)
    quantity, saved = _best(snapshot, decisions, offer, rows, gain - premium[:, None])
    return kept_lines(snapshot, decisions, OrderLines(rows, offer[rows], quantity), saved)


def _quicker(snapshot: Snapshot, decisions: Decisions) -> IntArray:
    """(n,): the quickest other offer that takes orders and arrives before the main one does, -1 where there is none."""
    supply, out = snapshot.supply, np.full(len(snapshot.index), -1, np.int64)
    for i in np.flatnonzero((np.diff(supply.offsets) > 1) & snapshot.orderable & (decisions.quantity > 0.0)):
        others = np.arange(supply.offsets[i], supply.offsets[i + 1])
        main = int(decisions.offer[i])
        others = others[
            (supply.arrival_period[others] < supply.arrival_period[main]) & supply.takes_orders_today[others]
        ]
        if len(others):
            out[i] = others[np.lexsort((supply.unit_cost[others], supply.arrival_period[others]))[0]]
    return out


def _with_orders(snapshot: Snapshot, decisions: Decisions) -> Snapshot:
    """The snapshot with the main orders on their way."""
    receipts = snapshot.stock.receipts.copy()
    period = snapshot.supply.arrival_period[decisions.offer]
    seen = (period < receipts.shape[1]) & (decisions.quantity > 0.0)
    receipts[np.flatnonzero(seen), period[seen]] += decisions.quantity[seen]
    return replace(snapshot, stock=replace(snapshot.stock, receipts=receipts))


def _best(
    snapshot: Snapshot, decisions: Decisions, offer: IntArray, rows: IntArray, worth: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(units, money saved) of each of `rows`: the lots of greatest total worth less the fixed cost."""
    supply, stock = snapshot.supply, snapshot.stock
    quantity, saved = np.zeros(len(rows)), np.zeros(len(rows))
    position = stock.on_hand + stock.receipts.sum(axis=1) + decisions.quantity
    for k, i in enumerate(rows):
        o = offer[i]
        pack = max(np.ceil(supply.pack[o]), 1.0)
        least = max(np.ceil(supply.moq[o] / pack), 1.0) * pack
        most = min(supply.max_quantity[o], snapshot.costs.max_stock[i] - position[i], MOST_UNITS)
        lots = np.arange(least, most + 0.5, pack)
        if not len(lots):
            continue
        total = np.cumsum(worth[i])[lots.astype(np.int64) - 1] - supply.order_cost[o]
        best = int(total.argmax())
        if total[best] > 0.0:
            quantity[k], saved[k] = lots[best], total[best]
    return quantity, saved
