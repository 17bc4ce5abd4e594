"""The network of a snapshot as arcs between series: which feeds which, in what groups, and through whom in the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.unit_sizes import UnitSizes, alike, unit_sizes
from orderpoint.optimize.network.graph import StageGraph
from orderpoint.tables.network import EVERY_ITEM, Network
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Structure:
    """n series joined by a arcs of one item each; goods flow from series `source` to series `target` (a,).

    `lead_days`, `cost` (money per unit), `capacity` (units a day) of each arc, in units of its target. `names` (n,) or
    empty, for messages. `from_outside` (n,): an arc from outside the index leads to it, so it may order for itself even
    where others feed it. `stated`: what a unit of each series is, None where all are alike.
    """

    source: IntArray
    target: IntArray
    lead_days: FloatArray
    cost: FloatArray
    capacity: FloatArray
    from_outside: NDArray[np.bool_]
    names: tuple[str, ...] = field(default=(), repr=False)
    stated: UnitSizes | None = field(default=None, repr=False)

    @cached_property
    def units(self) -> UnitSizes:
        """What a unit of each series is."""
        return alike(len(self.from_outside)) if self.stated is None else self.stated

    @cached_property
    def graph(self) -> StageGraph:
        """The series as stages, in units that are alike; each group that touches no other is a part of it."""
        return StageGraph(len(self.from_outside), self.source, self.target, np.ones(len(self.source)), self.names)

    @cached_property
    def fed(self) -> NDArray[np.bool_]:
        """(n,): another series feeds it."""
        return np.bincount(self.target, minlength=len(self.from_outside)) > 0

    @cached_property
    def feeds(self) -> NDArray[np.bool_]:
        """(n,): it feeds another series."""
        return np.bincount(self.source, minlength=len(self.from_outside)) > 0

    @cached_property
    def orders(self) -> NDArray[np.bool_]:
        """(n,): it orders from outside; the others wait for what the network sends."""
        return ~self.fed | self.from_outside

    @cached_property
    def share(self) -> FloatArray:
        """(a,): the part of the target's goods that comes over each arc; alike for all, those from outside included."""
        ways = np.bincount(self.target, minlength=len(self.from_outside)) + (self.from_outside & self.fed)
        return np.asarray(1.0 / ways[self.target])

    def reached(self) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """(root, series, weight, lead days) of every pair where `weight` of the series' goods come through the root.

        Roots are the series that order from outside; each reaches itself with what it does not get from others.
        """
        own = 1.0 - np.bincount(self.target, self.share, len(self.from_outside))
        return self._ways(np.where(self.orders, own, np.nan))

    def below(self) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """The same for every series that feeds others, whoever feeds it: itself, and what it is the way to."""
        return self._ways(np.where(self.feeds, 1.0, np.nan))

    def _ways(self, own: FloatArray) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """(start, series, weight, lead days) of all ways down from the series with an `own` weight, (n,), not NaN."""
        n = len(self.from_outside)
        into: list[list[int]] = [[] for _ in range(n)]
        for k, t in enumerate(self.target.tolist()):
            into[t].append(k)
        found: list[dict[int, tuple[float, float]]] = [{} for _ in range(n)]
        source, share, lead = self.source.tolist(), self.share.tolist(), self.lead_days.tolist()
        for s in self.graph.order.tolist():
            if not np.isnan(own[s]):
                found[s][s] = (float(own[s]), 0.0)
            for k in into[s]:
                for start, (weight, days) in found[source[k]].items():
                    before = found[s].get(start, (0.0, 0.0))
                    found[s][start] = (before[0] + share[k] * weight, max(before[1], days + lead[k]))
        rows = [(start, s, weight, days) for s in range(n) for start, (weight, days) in found[s].items()]
        table = np.array(rows, np.float64).reshape(-1, 4)
        return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3]


def structure_of(snapshot: Snapshot) -> Structure | None:
    """The structure of a snapshot; None where no series feeds another.

    An arc counts where its item has a series at both ends. An arc of one item goes before one of all items. Lead times
    that the network leaves out are those of the target's offer. Raises InputFaults where arcs take numbers of units
    that cannot be sent whole, or that contradict each other (`unit_sizes`).
    """
    network, index = snapshot.network, snapshot.index
    if network is None or not len(index):
        return None
    row = _rows(index)
    arcs = _arcs(network, row, len(index.locations))
    if not len(arcs):
        return None
    source, target, arc = arcs.T
    lead = network.lead_time_days[arc]
    first = snapshot.supply.offsets[:-1]
    lead = np.where(np.isnan(lead), snapshot.supply.lead_time_days[first[target]], lead)
    outside = np.zeros(len(index), np.bool_)
    for k in np.flatnonzero(network.source >= len(index.locations)):
        place = int(network.target[k])
        if place < len(index.locations):
            item = int(network.item[k])
            rows = row[:, place] if item == EVERY_ITEM else row[item : item + 1, place]
            outside[rows[rows >= 0]] = True
    names = tuple(f"{item} at {place}" for item, place in index.pairs())
    terms = network.unit_cost[arc], network.capacity_per_day[arc]
    found = Structure(source, target, lead, *terms, outside, names)
    told = [_arc_name(network, index, k) for k in arc.tolist()] if (network.quantity_per[arc] != 1.0).any() else []
    return replace(found, stated=unit_sizes((source, target), network.quantity_per[arc], found.graph.part, told))


def _arc_name(network: Network, index: SeriesIndex, arc: int) -> str:
    """An arc as people read it."""
    item = int(network.item[arc])
    ends = f"{network.stages[network.source[arc]]} -> {network.stages[network.target[arc]]}"
    return ends if item == EVERY_ITEM else f"{ends} ({index.items[item]})"


def _rows(index: SeriesIndex) -> IntArray:
    """(items, locations): the series of each item at each location, -1 where there is none."""
    row = np.full((len(index.items), len(index.locations)), -1, np.int64)
    row[index.item_of, index.location_of] = np.arange(len(index))
    return row


def _arcs(network: Network, row: IntArray, locations: int) -> IntArray:
    """(a, 3): source series, target series and arc of the network, sorted; each pair once."""
    found = []
    inside = (network.source < locations) & (network.target < locations)
    for k in np.flatnonzero(inside):
        items = slice(None) if network.item[k] == EVERY_ITEM else slice(network.item[k], network.item[k] + 1)
        ends = row[items, network.source[k]], row[items, network.target[k]]
        both = (ends[0] >= 0) & (ends[1] >= 0)
        general = np.full(int(both.sum()), network.item[k] == EVERY_ITEM)
        found.append(np.stack([ends[0][both], ends[1][both], general, np.full(len(general), k)], axis=1))
    arcs = np.concatenate([*found, np.zeros((0, 4), np.int64)]).astype(np.int64)
    arcs = arcs[np.lexsort((arcs[:, 3], arcs[:, 2], arcs[:, 1], arcs[:, 0]))]
    pair = arcs[:, 0] * max(row.size, 1) + arcs[:, 1]
    return np.ascontiguousarray(arcs[np.unique(pair, return_index=True)[1]][:, [0, 1, 3]])
