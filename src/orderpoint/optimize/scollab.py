"""SCOLLAB: supplier, warehouse and shops planned as one network (docs/algorithms/scollab.md)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.lanes import Lanes, lanes_within, periods_of
from orderpoint.optimize.collaboration.levels import Levels, levels_of
from orderpoint.optimize.collaboration.pooled import Echelons, echelons_of, pooled
from orderpoint.optimize.collaboration.searched_levels import Budget
from orderpoint.optimize.collaboration.structure import Structure, structure_of
from orderpoint.optimize.collaboration.top_ups import reliable, top_ups
from orderpoint.optimize.collaboration.transfers import Exchange, best_transfers, joined
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling, moved
from orderpoint.tables.decisions import Decisions, Evaluation, OrderLines, Transfers
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


def seen_from_within(snapshot: Snapshot, structure: Structure) -> Snapshot:
    """The snapshot where the places that the network feeds wait for its shipments, not for a supplier."""
    supply = snapshot.supply
    lead = np.zeros(len(snapshot.index))
    np.maximum.at(lead, structure.target, structure.lead_days)
    inner = np.repeat(structure.fed & ~structure.from_outside, np.diff(supply.offsets))
    days = np.repeat(lead, np.diff(supply.offsets))
    review = np.maximum(supply.review_days, 1.0)
    arrival = np.where(inner, periods_of(snapshot, days), supply.arrival_period).astype(np.int32)
    following = np.where(inner, periods_of(snapshot, days + review), supply.next_arrival_period).astype(np.int32)
    changed = replace(
        supply,
        lead_time_days=np.where(inner, days, supply.lead_time_days),
        lead_time_sd_days=np.where(inner, 0.0, supply.lead_time_sd_days),
        arrival_period=arrival,
        next_arrival_period=np.maximum(following, arrival + 1),
        arrival_day=np.where(inner, np.ceil(days), supply.arrival_day).astype(np.int32),
    )
    return replace(snapshot, supply=changed)


def bound(view: Snapshot, level: FloatArray, networked: NDArray[np.bool_]) -> Snapshot:
    """The view with the level of its network as the least and the most stock, where orders do not come in lumps.

    With a fixed cost, a minimum order, packs or price breaks, and where a series stands alone, MINCOST finds the level
    for the echelon; the most that a place may hold bounds what is on hand and on its way there in any case.
    """
    supply, costs = view.supply, view.costs
    by_offer = (supply.order_cost > 0.0) | (np.maximum(supply.moq, supply.pack) > 1.0)
    by_offer |= np.array([bool(breaks.steps) for breaks in supply.price_breaks], np.bool_)
    lumpy = np.logical_or.reduceat(by_offer, supply.offsets[:-1])
    forced = networked & ~lumpy
    least = np.where(forced, np.minimum(np.maximum(level, costs.min_stock), costs.max_stock), costs.min_stock)
    most = np.where(forced, np.maximum(least, costs.min_stock), costs.max_stock)
    return replace(view, costs=replace(costs, min_stock=least, max_stock=most))


def spread(
    snapshot: Snapshot, echelons: Echelons, found: tuple[Decisions, OrderLines | None], levels: Levels
) -> Decisions:
    """The decisions of the roots among all series; the others order nothing and have their local levels."""
    orders, more = found
    n, rows = len(snapshot.index), echelons.rows
    first = snapshot.supply.offsets[:-1]
    quantity, offer = np.zeros(n), first.astype(np.int64).copy()
    up_to = np.minimum(np.where(snapshot.orderable, levels.local, 0.0), np.floor(snapshot.costs.max_stock))
    point, shadow = np.maximum(up_to - 1.0, 0.0), np.zeros(n)
    within = orders.offer - orders_first(snapshot, rows)
    quantity[rows], offer[rows], shadow[rows] = orders.quantity, first[rows] + within, orders.shadow_price
    up_to[rows] = np.minimum(orders.order_up_to, np.floor(snapshot.costs.max_stock[rows]))
    point[rows] = np.minimum(orders.reorder_point, np.maximum(up_to[rows] - 1.0, 0.0))
    further = None
    if more is not None:
        shift = first[rows] - orders_first(snapshot, rows)
        further = OrderLines(rows[more.series], more.offer + shift[more.series], more.quantity)
    return replace(
        orders,
        quantity=quantity,
        offer=offer,
        reorder_point=point,
        order_up_to=up_to,
        shadow_price=shadow,
        further=further,
    )


def orders_first(snapshot: Snapshot, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """(r,): the first offer of each of `rows` where only their offers are counted."""
    counts = np.diff(snapshot.supply.offsets)[rows]
    return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
