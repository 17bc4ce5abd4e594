"""The room at each place of a network, and what today's orders and transfers take of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.shared_terms import filled
from orderpoint.tables.decisions import Decisions, OrderLines, Transfers
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def has_space(snapshot: Snapshot) -> bool:
    """Whether the space of any place is bounded."""
    return snapshot.shared is not None and bool(np.isfinite(snapshot.shared.capacity_volume).any())


def free(snapshot: Snapshot) -> FloatArray:
    """Volume that stock and open orders leave at each location, (L,): inf without a bound, negative where too full."""
    if snapshot.shared is None:
        return np.full(len(snapshot.index.locations), np.inf)
    return np.asarray(snapshot.shared.capacity_volume - filled(snapshot))


def ordered(snapshot: Snapshot, decisions: Decisions) -> FloatArray:
    """Volume of today's orders at each location, (L,)."""
    taken = _volume(snapshot, np.arange(len(decisions.quantity)), decisions.quantity)
    further: OrderLines | None = decisions.further
    return taken if further is None else taken + _volume(snapshot, further.series, further.quantity)


def coming(snapshot: Snapshot, transfers: Transfers | None) -> FloatArray:
    """Volume that transfers bring to each location, (L,)."""
    if transfers is None:
        return np.zeros(len(snapshot.index.locations))
    return _volume(snapshot, transfers.target, transfers.quantity)


def leaving(snapshot: Snapshot, transfers: Transfers | None) -> FloatArray:
    """Volume that transfers take from each location, (L,)."""
    if transfers is None:
        return np.zeros(len(snapshot.index.locations))
    return _volume(snapshot, transfers.source, transfers.leaving)


def _volume(snapshot: Snapshot, series: IntArray, quantity: FloatArray) -> FloatArray:
    shared, count = snapshot.shared, len(snapshot.index.locations)
    if shared is None:
        return np.zeros(count)
    return np.bincount(shared.location_of[series], quantity * shared.unit_volume[series], count).astype(np.float64)


def with_room(view: Snapshot, room: FloatArray) -> Snapshot:
    """The view of a snapshot with so much room (L,) left at each place, whatever the view shows there."""
    if view.shared is None:
        return view
    capacity = np.where(np.isfinite(room), np.maximum(room, 0.0) + filled(view), np.inf)
    return replace(view, shared=replace(view.shared, capacity_volume=capacity))
