"""SCOLLAB: supplier, warehouse and shops planned as one network (docs/algorithms/scollab.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.alone import Alone, alone
from orderpoint.optimize.collaboration.feeding import Feeding, feeding_of
from orderpoint.optimize.collaboration.kept_up import feeds_of, kept_up
from orderpoint.optimize.collaboration.lanes import Lanes, lanes_within
from orderpoint.optimize.collaboration.levels import Levels, levels_of
from orderpoint.optimize.collaboration.network_flows import flow_case
from orderpoint.optimize.collaboration.network_plan import NetworkPlan, network_plan_of
from orderpoint.optimize.collaboration.pooled import echelons_of, pooled
from orderpoint.optimize.collaboration.root_orders import root_orders
from orderpoint.optimize.collaboration.searched_levels import Budget
from orderpoint.optimize.collaboration.sent_on import Sent
from orderpoint.optimize.collaboration.settled import settled
from orderpoint.optimize.collaboration.space import coming, free, has_space, leaving, ordered, with_room
from orderpoint.optimize.collaboration.structure import Structure, structure_of
from orderpoint.optimize.collaboration.top_ups import reliable, top_ups
from orderpoint.optimize.collaboration.transfers import Exchange, joined, market_of, moving_cost
from orderpoint.optimize.collaboration.transfers_in_space import Moves, moves_within
from orderpoint.optimize.collaboration.views import bound, seen_from_within, spread
from orderpoint.optimize.gain import spared_later
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling, fixed_costs, moved
from orderpoint.optimize.upkeep import following_demand
from orderpoint.stockflow.spoilage import keeping
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Upkeep

FloatArray = NDArray[np.float64]

SEARCH_SHARE = 32
"""The genetic search may play as many steps as this part of what the effort gives to looking ahead."""
FLOW_SHARE = 4096
"""The programs of the network's flows may have as many variables as this part of it."""


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
        room = free(snapshot)
        orders = self._orders(snapshot, demand, structure, (levels, room))
        left = np.minimum(room, free(local)) - ordered(snapshot, orders)
        down = self._down(local, demand, structure, (levels, left), orders)
        after = moved(local, replace(orders, transfers=down.transfers))
        left = left - coming(snapshot, down.transfers)
        across = self._across(after, demand, orders, (~structure.feeds, left))
        transfers = joined(down.transfers, across.transfers)
        if across.transfers is not None or (transfers is not None and has_space(snapshot)):
            room = room - coming(snapshot, transfers) + leaving(snapshot, transfers)
            stocked = moved(snapshot, replace(orders, transfers=transfers))
            orders = self._orders(stocked, demand, structure, (levels, room))
        stocked = moved(snapshot, replace(orders, transfers=transfers, further=None))
        saved = Sent(stocked, structure, levels.local).gain(demand, orders, self.sampling)
        decided = replace(
            orders,
            transfers=transfers,
            network_gain=saved if orders.network_gain is None else saved + orders.network_gain,
        )
        return settled(snapshot, decided, (down, across))

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`).

        A place that the network feeds is judged until its next shipment can arrive.
        """
        return self.sampling.evaluate(self.seen(snapshot), demand, decisions)

    def evaluate_several(self, demand: Demand, cases: Sequence[tuple[Snapshot, Decisions]]) -> list[Evaluation]:
        """The same for several cases (see `EvaluatesSeveral`)."""
        return self.sampling.evaluate_several(demand, [(self.seen(state), decisions) for state, decisions in cases])

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot where places that the network feeds wait for its shipments, not for a supplier of their own."""
        structure = structure_of(snapshot)
        return snapshot if structure is None else seen_from_within(snapshot, structure)

    def alone(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Alone | None:
        """What each transfer of `decisions` does by itself (see `WeighsTransfers`)."""
        return alone(self.seen(snapshot), demand, decisions, self.sampling)

    def feeding(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Feeding | None:
        """The places that feed others after `decisions`, each with all that it feeds (see `LooksBelow`)."""
        structure = structure_of(snapshot)
        return None if structure is None else feeding_of(snapshot, demand, decisions, structure, self.sampling)

    def network_plan(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> NetworkPlan | None:
        """Flows, chains and suppliers of the network after `decisions` (see `PlansNetwork`)."""
        structure = structure_of(snapshot)
        if structure is None or not snapshot.stock.known:
            return None
        local = seen_from_within(snapshot, structure)
        kept = kept_up(local, demand, decisions, structure, 1)
        level, feeds = kept.order_up_to[:, 0], kept.feeds or feeds_of(local, structure)
        case = flow_case(local, demand, decisions, structure, (level, feeds))
        sampling = self.sampling.effort.steps // FLOW_SHARE, self.sampling.seed
        return network_plan_of(case, demand, sampling, self.late_share)

    def upkeep(self, snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> Upkeep:
        """What is ordered and sent at later reviews (see `KeepsUp.upkeep`)."""
        structure = structure_of(snapshot)
        if structure is None:
            kept = following_demand(snapshot, demand, decisions, periods)
        else:
            kept = kept_up(seen_from_within(snapshot, structure), demand, decisions, structure, periods)
        return replace(kept, moving=moving_cost(decisions.transfers, len(snapshot.index)))

    def _apart(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Without a network: each place for itself, and what moves between them."""
        policy, room = MinCost(self.sampling), free(snapshot)
        orders = policy.decide(snapshot, demand)
        everywhere = np.ones(len(snapshot.index), np.bool_)
        across = self._across(snapshot, demand, orders, (everywhere, room - ordered(snapshot, orders)))
        moves = across.transfers
        stocked = moved(snapshot, replace(orders, transfers=moves))
        stocked = with_room(stocked, room - coming(snapshot, moves) + leaving(snapshot, moves))
        if moves is not None:
            orders = policy.decide(stocked, demand)
        further = top_ups(stocked, demand, orders, self.sampling)
        return settled(snapshot, replace(orders, transfers=moves, further=further), (across,))

    def _orders(
        self, snapshot: Snapshot, demand: Demand, structure: Structure, within: tuple[Levels, FloatArray]
    ) -> Decisions:
        """The orders from outside, each for its whole echelon; `within`: levels, and room at each location.

        Their `network_gain` is as yet but their fixed costs, less what later orders are spared of them.
        """
        levels, room = within
        echelons = echelons_of(structure)
        view, ahead = pooled(snapshot, demand, echelons)
        view = with_room(view, room)
        level = np.ceil(echelons.total(levels.local) - 1e-9)
        bounded = bound(view, level, levels.shape[echelons.rows] > 0)
        found = root_orders(view, bounded, ahead, self.sampling)
        found = replace(found, further=top_ups(view, ahead, found, self.sampling))
        fixed = np.zeros(len(snapshot.index))
        fixed[echelons.rows] = spared_later(view, ahead, found) - fixed_costs(view, found)
        return replace(spread(snapshot, echelons, found, levels), network_gain=fixed)

    def _down(
        self,
        snapshot: Snapshot,
        demand: Demand,
        structure: Structure,
        within: tuple[Levels, FloatArray],
        orders: Decisions,
    ) -> Moves:
        """What the warehouses ship to the places that they feed, up to their levels; `within` as in `_orders`."""
        levels, room = within
        stock = keeping(snapshot, demand).stock
        position = stock.on_hand + stock.receipts.sum(axis=1) + stock.receipts_beyond
        cheapest = np.full(len(snapshot.index), np.inf)
        np.minimum.at(cheapest, structure.target, structure.cost)
        spared = cheapest[structure.target]
        lanes = Lanes(structure.source, structure.target, structure.lead_days, structure.cost, spared)
        parcel = structure.units.parcel
        missing = np.ceil(np.maximum(levels.local - position, 0.0) / parcel - 1e-9) * parcel
        today = structure.capacity * snapshot.timeline.days(0)
        exchange = Exchange(lanes, snapshot.costs.min_stock, missing, today, parcel=parcel)
        return self._moves(snapshot, demand, orders, exchange, room)

    def _across(
        self, snapshot: Snapshot, demand: Demand, orders: Decisions, within: tuple[NDArray[np.bool_], FloatArray]
    ) -> Moves:
        """What moves between places that hold the same item; `within`: which series (n,), and room at each location."""
        among, space = within
        cost = self.transfer_cost_share * snapshot.costs.unit_cost
        lanes = lanes_within(snapshot, np.flatnonzero(among), self.transfer_days, cost)
        stock = keeping(snapshot, demand).stock
        position = stock.on_hand + stock.receipts.sum(axis=1) + orders.quantity
        room = np.where(snapshot.orderable, snapshot.costs.max_stock - position, 0.0)
        no_bound = np.full(len(lanes.source), np.inf)
        exchange = Exchange(lanes, snapshot.costs.min_stock, room, no_bound, self.least_gain)
        return self._moves(snapshot, demand, orders, exchange, space)

    def _moves(
        self, snapshot: Snapshot, demand: Demand, orders: Decisions, exchange: Exchange, room: FloatArray
    ) -> Moves:
        """The best transfers of an exchange that the room at each location takes."""
        market = market_of(snapshot, demand, orders, exchange, self.sampling)
        return Moves(None, np.zeros(len(room))) if market is None else moves_within(snapshot, market, room)

    def _budget(self) -> Budget:
        return Budget(self.sampling.effort.steps // SEARCH_SHARE, self.sampling.seed)
