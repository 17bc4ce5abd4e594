"""Lots and open orders of a snapshot, as a plan of cycles counts them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.decisions import Decisions
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
