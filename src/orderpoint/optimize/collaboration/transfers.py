"""Transfers between places: today's spare units go where they save most, less what moving them costs.

The value of every unit at every place until the next order arrives is exact on the paths of demand (`unit_values`), and
the exchange that costs least in all is exact on those values (`exchange`). So a transfer is proposed only where all
places together are better off, each source keeps at least its `keep` units, and units are moved, not made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.exchange import Places, best_exchange
from orderpoint.optimize.collaboration.lanes import Lanes, periods_of
from orderpoint.optimize.collaboration.unit_values import Units, unit_values
from orderpoint.optimize.evaluation import Orders
from orderpoint.optimize.sampling import Sampling
from orderpoint.tables.decisions import Decisions, Transfers
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_LOTS = 128
"""Lots of one item that a place gives or takes at most; where more units could move, a lot is several units."""
COLUMNS = ("source", "target", "quantity", "arrival_period", "arrival_day", "gain", "cost", "extra_cost")
"""Columns of all transfers."""
WIDE = 4.0
"""Standard deviations above its mean up to which a demand is thought of when the size of a lot is chosen."""


@dataclass(frozen=True, eq=False)
class Exchange:
    """What may move: the `lanes`, the units that each series keeps, (n,), and the most that it takes, (n,).

    `capacity` (lanes,): units of its target that a lane carries today. `least_gain`: money that a line must save to be
    worth it. `parcel` (n,): units that move together, the same goods at both ends of a lane; None: one at each.
    """

    lanes: Lanes
    keep: FloatArray
    most: FloatArray
    capacity: FloatArray
    least_gain: float = 0.0
    parcel: IntArray | None = None


def best_transfers(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, exchange: Exchange, sampling: Sampling
) -> Transfers | None:
    """The transfers of today of least expected cost, beside the orders of `decisions`; None where none saves."""
    market = market_of(snapshot, demand, decisions, exchange, sampling)
    return None if market is None else market.transfers(snapshot, *market.best())


@dataclass(frozen=True, eq=False)
class Market:
    """What every lot is worth at every place, and the lanes (k,) by item: what exchanges are found from.

    `lose`, `gain` (n, MOST_LOTS): see `exchange.Places`. The lanes of an item are `starts[i]` to `starts[i + 1]`.
    """

    lanes: Lanes
    capacity: FloatArray
    starts: IntArray
    units: Units
    lose: FloatArray
    gain: FloatArray
    least_gain: float

    def best(self, toll: FloatArray | float = 0.0) -> tuple[IntArray, FloatArray]:
        """(lots, money saved) of each lane, (k,), where each unit of a target pays `toll` (k,) beside its cost."""
        lanes, lots, saving = self.lanes, np.zeros(len(self.capacity), np.int64), np.zeros(len(self.capacity))
        terms = lanes.extra + toll, self.capacity
        _exchanged(self.starts, lanes.source, lanes.target, terms, self.units, self.lose, self.gain, lots, saving)
        return lots, saving

    def total(self, lots: IntArray, toll: FloatArray | float = 0.0) -> float:
        """What `lots` (k,) save in all, money: exact, where the lanes of a place each count theirs as the last."""
        lanes, n = self.lanes, len(self.lose)
        given, taken = (np.bincount(ends, lots, n).astype(np.int64) for ends in (lanes.source, lanes.target))
        sums = (np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0))) for values in (self.lose, self.gain))
        lost, won = (table[np.arange(n), count] for table, count in zip(sums, (given, taken), strict=True))
        moved = lots * self.units.lot[lanes.target]
        return float(won.sum() - lost.sum() - (moved * (lanes.extra + toll)).sum())

    def transfers(self, snapshot: Snapshot, lots: IntArray, saving: FloatArray) -> Transfers | None:
        """The lines that move something and save enough."""
        rows = np.flatnonzero((lots > 0) & (saving >= self.least_gain))
        if not len(rows):
            return None
        lanes, lot = self.lanes.take(rows), self.units.lot
        arriving, drawn = ((lots[rows] * lot[ends]).astype(np.float64) for ends in (lanes.target, lanes.source))
        return Transfers(
            source=lanes.source,
            target=lanes.target,
            quantity=arriving,
            arrival_period=periods_of(snapshot, lanes.lead_days),
            arrival_day=np.ceil(lanes.lead_days).astype(np.int64),
            gain=saving[rows],
            drawn=None if (arriving == drawn).all() else drawn,
            cost=lanes.cost * arriving,
            extra_cost=lanes.extra * arriving,
        )


def market_of(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, exchange: Exchange, sampling: Sampling
) -> Market | None:
    """The market of today's transfers beside the orders of `decisions`; None where nothing can move."""
    if not snapshot.stock.known or not len(exchange.lanes.source):
        return None
    n = len(snapshot.index)
    units = _units(snapshot, demand, exchange)
    lose, gain = np.zeros((n, MOST_LOTS)), np.zeros((n, MOST_LOTS))
    for paths, rows, setting in sampling.sampled(snapshot, demand):
        orders = Orders(decisions.quantity[rows].astype(np.float64), decisions.offer[rows].astype(np.int64))
        own = Units._make(array[rows] for array in units)
        unit_values(paths, *setting, orders, own, lose[rows], gain[rows])
    lanes = exchange.lanes
    order = np.lexsort((lanes.target, lanes.source, snapshot.index.item_of[lanes.source])).astype(np.int64)
    by_item = lanes.take(order)
    items = snapshot.index.item_of[by_item.source]
    starts = np.append(np.flatnonzero(np.diff(items, prepend=-1)), len(items)).astype(np.int64)
    return Market(by_item, exchange.capacity[order], starts, units, lose, gain, exchange.least_gain)


def _units(snapshot: Snapshot, demand: Demand, exchange: Exchange) -> Units:
    """How many units of each series are looked at, in lots of whole parcels that are the same goods at each place."""
    lanes, item_of = exchange.lanes, snapshot.index.item_of
    n, stock = len(snapshot.index), snapshot.stock
    parcel = np.ones(n, np.int64) if exchange.parcel is None else exchange.parcel
    spare, room = np.zeros(n), np.zeros(n)
    spare[lanes.source] = np.floor(np.maximum(stock.on_hand - exchange.keep, 0.0))[lanes.source]
    total = demand.mean.sum(axis=1)
    wide = total + WIDE * np.sqrt(demand.ratio * total + demand.level_cv2 * total**2) + np.maximum(-stock.on_hand, 0.0)
    room[lanes.target] = np.floor(np.maximum(np.minimum(exchange.most, np.ceil(wide)), 0.0))[lanes.target]
    spare, room = np.floor(spare / parcel), np.floor(room / parcel)
    spare_in, room_in = np.bincount(item_of, spare), np.bincount(item_of, room)
    gives = np.minimum(spare, room_in[item_of] - room)
    takes = np.minimum(room, spare_in[item_of] - spare)
    both = np.maximum(gives, takes)
    most = np.zeros(len(spare_in))
    np.maximum.at(most, item_of, both)
    lot = np.maximum(np.ceil(most / MOST_LOTS), 1.0)[item_of]
    arrival = np.zeros(n, np.int64)
    np.maximum.at(arrival, lanes.target, periods_of(snapshot, lanes.lead_days))
    parts = (gives // lot, takes // lot, lot * parcel, arrival)
    return Units._make(part.astype(np.int64) for part in parts)


@njit(cache=True, parallel=True)
def _exchanged(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    starts: IntArray,
    source: IntArray,
    target: IntArray,
    terms: tuple[FloatArray, FloatArray],
    units: Units,
    lose: FloatArray,
    gain: FloatArray,
    lots: IntArray,
    saving: FloatArray,
) -> None:
    """Fill the `lots` that move over each lane and what each line saves; item k has lanes starts[k]..starts[k + 1]."""
    for k in prange(len(starts) - 1):
        first, last = starts[k], starts[k + 1]
        rows = np.unique(np.concatenate((source[first:last], target[first:last])))
        price, room = np.full((len(rows), len(rows)), np.inf), np.zeros((len(rows), len(rows)), np.int64)
        for lane in range(first, last):
            i, j = np.searchsorted(rows, source[lane]), np.searchsorted(rows, target[lane])
            price[i, j] = terms[0][lane] * units.lot[rows[j]]
            room[i, j] = int(min(np.floor(terms[1][lane] / units.lot[rows[j]]), units.gives[rows[i]]))
        places = Places(lose[rows], gain[rows], units.gives[rows], units.takes[rows], price, room)
        moved = best_exchange(places)
        given, taken = moved.sum(axis=1), moved.sum(axis=0)
        for lane in range(first, last):
            i, j = np.searchsorted(rows, source[lane]), np.searchsorted(rows, target[lane])
            count = moved[i, j]
            lots[lane] = count
            worth = (
                places.gain[j, taken[j] - count : taken[j]].sum() - places.lose[i, given[i] - count : given[i]].sum()
            )
            saving[lane] = worth - count * price[i, j] if count > 0 else 0.0


def joined(first: Transfers | None, second: Transfers | None) -> Transfers | None:
    """The lines of both."""
    if first is None or second is None:
        return second if first is None else first
    both = {f: np.concatenate([getattr(first, f), getattr(second, f)]) for f in COLUMNS}
    alike = first.drawn is None and second.drawn is None
    return Transfers(**both, drawn=None if alike else np.concatenate([first.leaving, second.leaving]))


def moving_cost(transfers: Transfers | None, series: int) -> FloatArray | None:
    """Money (n,) that transfers to each of n series cost; None where there are none."""
    if transfers is None or transfers.cost is None:
        return None
    return np.bincount(transfers.target, transfers.cost, series).astype(np.float64)
