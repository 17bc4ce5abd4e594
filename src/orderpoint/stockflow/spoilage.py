"""Goods that spoil: how long they can be sold, and which of today's stock nobody will have bought by then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


def life_in_periods(snapshot: Snapshot) -> FloatArray:
    """(n,): whole periods that a unit can be sold in from its arrival on; inf where it keeps, at least 1."""
    days = np.array([np.inf if d is None else d for d in snapshot.catalog.shelf_life_days], dtype=np.float64)
    periods: FloatArray = np.maximum(np.floor(days / snapshot.timeline.period.mean_days), 1.0)
    return periods[snapshot.index.item_of]


def keeping(snapshot: Snapshot, demand: Demand) -> Snapshot:
    """The snapshot without the units on hand that `spoiling` names; those left carry no dates any more."""
    expiring = snapshot.stock.expiring
    if expiring is None or not expiring.any():
        return snapshot
    left = snapshot.stock.on_hand - spoiling(snapshot, demand)
    return replace(snapshot, stock=replace(snapshot.stock, on_hand=left, expiring=None))


def spoiling(snapshot: Snapshot, demand: Demand) -> FloatArray:
    """(n,): units on hand that mean demand, oldest first, leaves to spoil before the order after today's arrives."""
    expiring = snapshot.stock.expiring
    lost = np.zeros(len(snapshot.index))
    if expiring is None or not expiring.any():
        return lost
    offers, counts = snapshot.supply.next_arrival_period, np.diff(snapshot.supply.offsets)
    then = np.maximum.reduceat(offers, snapshot.supply.offsets[:-1]) if len(counts) else np.zeros(0, np.int64)
    used = np.zeros(len(lost))
    due = np.zeros(len(lost))
    for t in range(min(int(then.max(initial=0)), expiring.shape[1])):
        due += np.where(t < then, expiring[:, t], 0.0)
        gone = np.maximum(due - used - lost, 0.0)
        lost += gone
        used += demand.mean[:, t]
    return np.minimum(lost, np.maximum(snapshot.stock.on_hand, 0.0))
