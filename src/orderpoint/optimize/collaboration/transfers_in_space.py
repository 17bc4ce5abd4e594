"""Transfers within the room of the places that they come to.

Without bounds each item's exchange is exact by itself; room is shared by all items of a place. So room gets a price,
every item is exchanged at it, the lots of each lane are cut by what they save (`limits.select`), and what is left at
the sources is exchanged anew among the other places. The exchange at a price is exact, so its value bounds what any
transfers can save; steps of B. Polyak (1969, see `limits.select`) move the price until answer and bound are near.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.transfers import Market
from orderpoint.optimize.limits.problem import Lines, Terms
from orderpoint.optimize.limits.select import select
from orderpoint.tables.decisions import Remark, Transfers
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROUNDS = 12
"""Prices of room that are tried."""
SMALL_GAP = 1e-3
"""Relative gap at which the search for prices ends."""


@dataclass(frozen=True, eq=False)
class Moves:
    """Transfers that keep the room of each location: `price` (L,) what one more unit of its volume would save.

    `gap`: certified relative distance of what they save to the best possible. `remarks`: what room cut.
    """

    transfers: Transfers | None
    price: FloatArray
    gap: float = 0.0
    remarks: tuple[Remark, ...] = ()


def moves_within(snapshot: Snapshot, market: Market, room: FloatArray) -> Moves:
    """The transfers of least cost found that bring no location more volume than its `room` (L,)."""
    alone, worth = market.best()
    used = _used(snapshot, market, alone, len(room))
    if snapshot.shared is None or (used <= room).all():
        return Moves(market.transfers(snapshot, alone, worth), np.zeros(len(room)))
    room = np.maximum(room, 0.0)
    lots, price = _cut(snapshot, market, alone, room)
    best, at, bound = _refined(market, lots, room, snapshot), price, np.inf
    volume, place = _volume(snapshot, market)
    finite = np.isfinite(room)
    for _ in range(ROUNDS):
        toll = price[place] * volume
        here, _ = market.best(toll)
        value = market.total(here, toll) + float((price * np.where(finite, room, 0.0)).sum())
        if value < bound:
            bound, at = value, price
        found = _refined(market, _cut(snapshot, market, here, room)[0], room, snapshot)
        best = max((best, found), key=lambda moves: market.total(moves[0]))
        over = np.where(finite, _used(snapshot, market, here, len(room)) - np.where(finite, room, 0.0), 0.0)
        over = np.where((price <= 0.0) & (over < 0.0), 0.0, over)
        lacking, norm = bound - market.total(best[0]), float((over**2).sum())
        if lacking <= SMALL_GAP * abs(bound) or norm <= 0.0:
            break
        price = np.maximum(price + (value - market.total(best[0])) / norm * over, 0.0)
    gap = max(bound - market.total(best[0]), 0.0) / bound if bound > 0.0 else 0.0
    return Moves(market.transfers(snapshot, *best), at, gap, _remarks(snapshot, market, alone, best[0]))


def _refined(market: Market, lots: IntArray, room: FloatArray, snapshot: Snapshot) -> tuple[IntArray, FloatArray]:
    """(lots, money saved) of each lane: `lots` at most where room is bounded, and the best of the rest elsewhere."""
    target = market.lanes.target
    bounded = np.isfinite(room)[snapshot.index.location_of[target]]
    most = np.where(bounded, lots * market.units.lot[target].astype(np.float64), np.inf)
    return replace(market, capacity=np.minimum(market.capacity, most)).best()


def _volume(snapshot: Snapshot, market: Market) -> tuple[FloatArray, IntArray]:
    """(volume of a unit at the target, location of the target) of each lane."""
    shared, target = snapshot.shared, market.lanes.target
    volume = np.zeros(len(target)) if shared is None else shared.unit_volume[target]
    return volume, snapshot.index.location_of[target].astype(np.int64)


def _used(snapshot: Snapshot, market: Market, lots: IntArray, locations: int) -> FloatArray:
    """(L,): the volume that `lots` (k,) bring to each location."""
    volume, place = _volume(snapshot, market)
    return np.bincount(place, lots * market.units.lot[market.lanes.target] * volume, locations).astype(np.float64)


def _cut(snapshot: Snapshot, market: Market, lots: IntArray, room: FloatArray) -> tuple[IntArray, FloatArray]:
    """(lots of each lane within the room, price of a unit of volume at each location)."""
    rows = np.flatnonzero(lots > 0)
    volume, place = _volume(snapshot, market)
    width = int(lots.max(initial=0)) + 1
    count = np.minimum(np.arange(width)[None, :], lots[rows, None])
    saving = _savings(market, lots, rows, count)
    quantity = count * market.units.lot[market.lanes.target[rows], None].astype(np.float64)
    nobody = np.full(len(rows), -1, np.int64)
    lines = Lines(quantity, np.zeros_like(quantity), saving, volume[rows], place[rows], nobody)
    chosen = select(lines, Terms(np.inf, np.maximum(room, 0.0), np.zeros(0), np.zeros(0)))
    kept = np.zeros_like(lots)
    kept[rows] = count[np.arange(len(rows)), chosen.choice]
    return kept, chosen.prices.room


def _savings(market: Market, lots: IntArray, rows: IntArray, count: IntArray) -> FloatArray:
    """(rows, width): what `count` of the lots of each lane save, the others at its ends being there already."""
    lanes, n = market.lanes, len(market.lose)
    given, taken = (np.bincount(ends, lots, n).astype(np.int64) for ends in (lanes.source, lanes.target))
    source, target = lanes.source[rows], lanes.target[rows]

    def worth(values: FloatArray, place: IntArray, ends: IntArray) -> FloatArray:
        sums = np.pad(np.cumsum(values[place], axis=1), ((0, 0), (1, 0)))
        start = (ends[place] - lots[rows])[:, None]
        between: FloatArray = np.take_along_axis(sums, start + count, 1) - np.take_along_axis(sums, start, 1)
        return between

    price = (lanes.extra[rows] * market.units.lot[target])[:, None]
    return worth(market.gain, target, taken) - worth(market.lose, source, given) - count * price


def _remarks(snapshot: Snapshot, market: Market, alone: IntArray, lots: IntArray) -> tuple[Remark, ...]:
    """What room left of the units that were to come, place by place."""
    lot, n = market.units.lot[market.lanes.target], len(snapshot.index)
    before, after = (np.bincount(market.lanes.target, count * lot, n) for count in (alone, lots))
    names = snapshot.index.location_names()
    return tuple(
        Remark(i, "transfer_space", {"before": f"{before[i]:g}", "after": f"{after[i]:g}", "limit": names[i]})
        for i in np.flatnonzero(after < before).tolist()
    )
