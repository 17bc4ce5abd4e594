"""Lots, shelf lives and open orders of a snapshot, as a plan of cycles counts them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.supply import Supply

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def least_lots(supply: Supply, decisions: Decisions) -> FloatArray:
    """(n,): the least that an order has to be to have the price that the order of `decisions` has."""
    offer = decisions.offer
    least: FloatArray = np.maximum(np.maximum(supply.moq, supply.pack), 1.0)[offer]
    for i in np.flatnonzero(decisions.quantity > 0):
        steps = [quantity for quantity, _ in supply.price_breaks[offer[i]].steps if quantity <= decisions.quantity[i]]
        least[i] = max([least[i], *steps])
    return least


def received(snapshot: Snapshot, arriving: IntArray, review: IntArray) -> FloatArray:
    """Units of today's open orders that are on sale from each window on, in it; `arriving` (n, R), `review` (n, 1)."""
    sums = np.concatenate([np.zeros((len(arriving), 1)), np.cumsum(snapshot.stock.receipts, axis=1)], axis=1)
    last = snapshot.timeline.count
    begin, end = np.clip(arriving, 0, last), np.clip(arriving + review, 0, last)
    units: FloatArray = np.take_along_axis(sums, end, axis=1) - np.take_along_axis(sums, begin, axis=1)
    return units


def in_lumps(snapshot: Snapshot) -> NDArray[np.bool_]:
    """(n,): whether some offer of a series sells more than single units, has price breaks, or bounds an order."""
    supply = snapshot.supply
    broken = np.array([bool(breaks.steps) for breaks in supply.price_breaks], dtype=np.bool_)
    lumps = (np.maximum(supply.moq, supply.pack) > 1.0) | broken | np.isfinite(supply.max_quantity)
    return np.logical_or.reduceat(lumps, supply.offsets[:-1]) if len(lumps) else lumps


def life_in_periods(snapshot: Snapshot) -> FloatArray:
    """(n,): whole periods that a unit can be sold in from its arrival on; inf where it keeps, at least 1."""
    days = np.array([np.inf if d is None else d for d in snapshot.catalog.shelf_life_days], dtype=np.float64)
    periods: FloatArray = np.maximum(np.floor(days / snapshot.timeline.period.mean_days), 1.0)
    return periods[snapshot.index.item_of]


def spoiling(snapshot: Snapshot, demand: Demand) -> FloatArray:
    """(n,): units on hand that mean demand, oldest first, leaves to spoil before the order after today's arrives."""
    expiring = snapshot.stock.expiring
    lost = np.zeros(len(snapshot.index))
    if expiring is None:
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
