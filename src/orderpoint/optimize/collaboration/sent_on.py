"""What today's order of a place that supplies others is worth: the whole network played on with it and without it.

Without it the same units come one review later, as the next order brings the place to its level in any case. From
tomorrow every place is sent what it lacks to its level, each morning, as far as the stock of its sources goes; a short
stock is shared by what is asked for. Both plays end when the next order could have come to the customers. Lead times
are their means; goods on their way are not charged; shares of units are sent, not whole ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.lanes import periods_of
from orderpoint.optimize.collaboration.sent_play import Places, Ways, gains
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.optimize.sampling import CHUNK_DRAWS, Sampling
from orderpoint.optimize.scenarios import scenarios
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_PATHS = 256


@dataclass(frozen=True)
class Sent:
    """A network on the morning of today: what is played from there."""

    snapshot: Snapshot
    structure: Structure
    level: FloatArray

    def gain(self, demand: Demand, orders: Decisions, sampling: Sampling) -> FloatArray:
        """(n,): money that each order of a place that supplies others saves in its network; NaN elsewhere.

        Fixed costs of orders are left out. `orders` are on top of the snapshot, whose transfers have left already.
        """
        out = np.full(len(self.level), np.nan)
        bought, later = (self._arriving(orders, period, self._longest()) for period in self._arrivals())
        asked = self.structure.feeds & (bought.sum(axis=1) > 0.0)
        if not asked.any():
            return out
        places, ways = self._compiled(bought, later)
        out[asked] = 0.0
        periods = bought.shape[1]
        ahead = ended(stretched(demand, periods), self.snapshot.catalog)
        count = min(sampling.paths_for(len(out), periods), MOST_PATHS)
        for rows, parts in self._pieces(asked, max(CHUNK_DRAWS // (count * periods), 1)):
            paths = scenarios(ahead, count, sampling.seed, rows)
            gains(paths, rows.start, parts, places, ways, asked, out)
        return out

    def _until(self) -> IntArray:
        """(parts,): the period in which goods of the next order could be on sale at the last place."""
        graph, supply = self.structure.graph, self.snapshot.supply
        way = np.zeros(graph.stages, np.int64)
        lead = periods_of(self.snapshot, self.structure.lead_days) + 1
        by_source = np.argsort(graph.place[self.structure.source], kind="stable")
        for k in by_source.tolist():
            s, t = self.structure.source[k], self.structure.target[k]
            way[t] = max(way[t], way[s] + lead[k])
        following = np.maximum.reduceat(supply.next_arrival_period, supply.offsets[:-1]).astype(np.int64)
        latest, longest = (np.zeros(len(graph.part_start) - 1, np.int64) for _ in range(2))
        np.maximum.at(latest, graph.part, np.where(self.structure.orders, following, 0))
        np.maximum.at(longest, graph.part, way)
        return latest + longest

    def _longest(self) -> int:
        graph = self.structure.graph
        touched = np.unique(graph.part[self.structure.source])
        return int(self._until()[touched].max(initial=1))

    def _arrivals(self) -> tuple[IntArray, IntArray]:
        """(k,): when an order of today through each offer comes in, and when one of the next review does."""
        supply = self.snapshot.supply
        return supply.arrival_period.astype(np.int64), supply.next_arrival_period.astype(np.int64)

    def _arriving(self, orders: Decisions, arrival: IntArray, periods: int) -> FloatArray:
        """(n, T): today's orders where each offer's come in at its `arrival` (k,)."""
        out = np.zeros((len(self.level), periods))
        lines = [(np.arange(len(out)), orders.offer, orders.quantity)]
        if orders.further is not None:
            lines.append((orders.further.series, orders.further.offer, orders.further.quantity))
        for series, offer, quantity in lines:
            period = arrival[offer]
            seen = period < periods
            np.add.at(out, (series[seen], period[seen]), quantity[seen])
        return out

    def _compiled(self, bought: FloatArray, later: FloatArray) -> tuple[Places, Ways]:
        """The network as arrays."""
        snapshot, structure, graph = self.snapshot, self.structure, self.structure.graph
        costs, stock, periods = snapshot.costs, snapshot.stock, bought.shape[1]
        receipts = np.zeros_like(bought)
        shown = min(periods, stock.receipts.shape[1])
        receipts[:, :shown] = stock.receipts[:, :shown]
        timeline = replace(snapshot.timeline, count=periods)
        days = np.array([timeline.days(k) for k in range(periods)], np.float64)
        places = Places(
            graph.order,
            graph.part_start,
            self._until(),
            stock.on_hand.astype(np.float64),
            self.level,
            costs.holding_cost_per_unit_day,
            costs.stockout_cost_per_unit,
            costs.backlog,
            receipts,
            bought,
            later,
            days,
        )
        place = graph.place
        rows = np.lexsort((place[structure.target], place[structure.source])).astype(np.int64)
        source, target = structure.source[rows], structure.target[rows]
        part, size = graph.part[source], structure.units.size
        counts = np.bincount(part, minlength=len(graph.part_start) - 1)
        first = graph.part_start[part]
        ways = Ways(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            place[source] - first,
            place[target] - first,
            periods_of(snapshot, structure.lead_days[rows]),
            size[target] / size[source],
            structure.cost[rows],
            structure.capacity[rows] * snapshot.timeline.period.mean_days,
        )
        return places, ways

    def _pieces(self, asked: NDArray[np.bool_], most: int) -> Iterator[tuple[slice, IntArray]]:
        """(rows, parts) of about `most` series at a time, items whole."""
        items, graph = self.snapshot.index.item_of, self.structure.graph
        starts = np.append(np.flatnonzero(np.diff(items, prepend=-1)), len(items))
        first = 0
        while first < len(starts) - 1:
            last = max(int(np.searchsorted(starts, starts[first] + most, side="right")) - 1, first + 1)
            rows = slice(int(starts[first]), int(starts[last]))
            parts = np.unique(graph.part[rows][asked[rows]]).astype(np.int64)
            if len(parts):
                yield rows, parts
            first = last
