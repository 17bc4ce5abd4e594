"""How SCOLLAB looks at a snapshot, and how it reads back what was decided on such a look."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.lanes import periods_of
from orderpoint.optimize.collaboration.levels import Levels
from orderpoint.optimize.collaboration.pooled import Echelons
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.tables.decisions import Decisions, OrderLines
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


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


def spread(snapshot: Snapshot, echelons: Echelons, orders: Decisions, levels: Levels) -> Decisions:
    """The decisions of the roots among all series; the others order nothing and have their local levels."""
    more = orders.further
    n, rows = len(snapshot.index), echelons.rows
    first = snapshot.supply.offsets[:-1]
    quantity, offer = np.zeros(n), first.astype(np.int64).copy()
    up_to = np.minimum(np.where(snapshot.orderable, levels.local, 0.0), np.floor(snapshot.costs.max_stock))
    point, shadow = np.maximum(up_to - 1.0, 0.0), np.zeros(n)
    within = orders.offer - _first_offers(snapshot, rows)
    quantity[rows], offer[rows], shadow[rows] = orders.quantity, first[rows] + within, orders.shadow_price
    below = np.maximum(echelons.total(up_to) - up_to[rows], 0.0)  # the bound is on what stands at the root itself
    up_to[rows] = np.minimum(orders.order_up_to, np.floor(snapshot.costs.max_stock[rows] + below))
    point[rows] = np.minimum(orders.reorder_point, np.maximum(up_to[rows] - 1.0, 0.0))
    further = None
    if more is not None:
        shift = first[rows] - _first_offers(snapshot, rows)
        further = OrderLines(rows[more.series], more.offer + shift[more.series], more.quantity)
    return replace(
        orders,
        quantity=quantity,
        offer=offer,
        reorder_point=point,
        order_up_to=up_to,
        shadow_price=shadow,
        further=further,
        remarks=tuple(replace(remark, series=int(rows[remark.series])) for remark in orders.remarks),
    )


def _first_offers(snapshot: Snapshot, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """(r,): the first offer of each of `rows` where only their offers are counted."""
    counts = np.diff(snapshot.supply.offsets)[rows]
    return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
