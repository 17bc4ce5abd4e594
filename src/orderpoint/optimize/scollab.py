"""SCOLLAB: supplier, warehouse and shops planned as one network (docs/algorithms/scollab.md)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.lanes import Lanes, lanes_within
from orderpoint.optimize.collaboration.levels import Levels, levels_of
from orderpoint.optimize.collaboration.pooled import echelons_of, pooled
from orderpoint.optimize.collaboration.searched_levels import Budget
from orderpoint.optimize.collaboration.structure import Structure, structure_of
from orderpoint.optimize.collaboration.top_ups import reliable, top_ups
from orderpoint.optimize.collaboration.transfers import Exchange, best_transfers, joined
from orderpoint.optimize.collaboration.views import bound, seen_from_within, spread
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling, moved
from orderpoint.tables.decisions import Decisions, Evaluation, Transfers
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

SEARCH_SHARE = 32
"""The genetic search may play as many steps as this part of what the effort gives to looking ahead."""


@dataclass(frozen=True)
class Scollab:
    """Base stocks of the whole network, today's orders from outside, and what moves between places.

    `sampling`: paths of demand. `transfer_days`, `transfer_cost_share`: how long a transfer takes between places that
    the network does not join, and its cost as a share of unit cost. `least_gain`: money that such a transfer must save.
    `late_share`: by which share of its lead time a late order is late.
    """

    sampling: Sampling = field(default_factory=Sampling)
    transfer_days: float = 2.0
    transfer_cost_share: float = 0.05
    least_gain: float = 1.0
    late_share: float = 0.5
    name: str = "scollab"

    def __post_init__(self) -> None:
        for parameter in ("transfer_days", "transfer_cost_share", "least_gain", "late_share"):
            value = getattr(self, parameter)
            if not (np.isfinite(value) and value >= 0.0):
                raise ValueError(f"scollab.{parameter}: expected a number of at least 0, got {value}")

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders and transfers of today (see `Policy.decide`)."""
        snapshot = reliable(snapshot, self.late_share)
        structure = structure_of(snapshot)
        if structure is None:
            return self._apart(snapshot, demand)
        local = seen_from_within(snapshot, structure)
        levels = levels_of(local, demand, structure, self._budget())
        orders = self._orders(snapshot, demand, structure, levels)
        down = self._down(local, demand, structure, levels, orders)
        across = self._across(moved(local, replace(orders, transfers=down)), demand, orders, ~structure.feeds)
        transfers = joined(down, across)
        if across is not None:
            orders = self._orders(moved(snapshot, replace(orders, transfers=transfers)), demand, structure, levels)
        return replace(orders, transfers=transfers)

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`).

        A place that the network feeds is judged until its next shipment can arrive.
        """
        structure = structure_of(snapshot)
        local = snapshot if structure is None else seen_from_within(snapshot, structure)
        return self.sampling.evaluate(local, demand, decisions)

    def _apart(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Without a network: each place for itself, and what moves between them."""
        policy = MinCost(self.sampling)
        orders = policy.decide(snapshot, demand)
        across = self._across(snapshot, demand, orders, np.ones(len(snapshot.index), np.bool_))
        if across is not None:
            orders = policy.decide(moved(snapshot, replace(orders, transfers=across)), demand)
        stocked = moved(snapshot, replace(orders, transfers=across))
        return replace(orders, transfers=across, further=top_ups(stocked, demand, orders, self.sampling))

    def _orders(self, snapshot: Snapshot, demand: Demand, structure: Structure, levels: Levels) -> Decisions:
        """The orders from outside, each for its whole echelon."""
        echelons = echelons_of(structure)
        view, ahead = pooled(snapshot, demand, echelons)
        level = np.ceil(echelons.total(levels.local) - 1e-9)
        bounded = bound(view, level, levels.shape[echelons.rows] > 0)
        found = MinCost(self.sampling).decide(bounded, ahead)
        more = top_ups(view, ahead, found, self.sampling)
        return spread(snapshot, echelons, (found, more), levels)

    def _down(
        self, snapshot: Snapshot, demand: Demand, structure: Structure, levels: Levels, orders: Decisions
    ) -> Transfers | None:
        """What the warehouses ship to the places that they feed, up to the levels of those."""
        stock = snapshot.stock
        position = stock.on_hand + stock.receipts.sum(axis=1) + stock.receipts_beyond
        cheapest = np.full(len(snapshot.index), np.inf)
        np.minimum.at(cheapest, structure.target, structure.cost)
        dearer = structure.cost - cheapest[structure.target]
        lanes = Lanes(structure.source, structure.target, structure.lead_days, dearer)
        missing = np.maximum(levels.local - position, 0.0)
        today = structure.capacity * snapshot.timeline.days(0)
        exchange = Exchange(lanes, snapshot.costs.min_stock, missing, today)
        return best_transfers(snapshot, demand, orders, exchange, self.sampling)

    def _across(
        self, snapshot: Snapshot, demand: Demand, orders: Decisions, among: NDArray[np.bool_]
    ) -> Transfers | None:
        """What moves between the places `among` (n,) that hold the same item."""
        cost = self.transfer_cost_share * snapshot.costs.unit_cost
        lanes = lanes_within(snapshot, np.flatnonzero(among), self.transfer_days, cost)
        stock = snapshot.stock
        position = stock.on_hand + stock.receipts.sum(axis=1) + orders.quantity
        room = np.where(snapshot.orderable, snapshot.costs.max_stock - position, 0.0)
        no_bound = np.full(len(lanes.source), np.inf)
        exchange = Exchange(lanes, snapshot.costs.min_stock, room, no_bound, self.least_gain)
        return best_transfers(snapshot, demand, orders, exchange, self.sampling)

    def _budget(self) -> Budget:
        return Budget(self.sampling.effort.steps // SEARCH_SHARE, self.sampling.seed)
