"""How a network's levels are kept up after today: each place sends for what it lacks to the places that feed it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.lanes import periods_of
from orderpoint.optimize.collaboration.pooled import echelons_of
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.optimize.upkeep import change_of_demand, within_stock_limits
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Feeds, Upkeep

FloatArray = NDArray[np.float64]


def kept_up(snapshot: Snapshot, demand: Demand, decisions: Decisions, structure: Structure, periods: int) -> Upkeep:
    """The levels of each place's own position over `periods` periods, and the ways on which places feed each other.

    A place that feeds others follows the demand of all whom its goods reach. `snapshot` is seen from within the network
    (`views.seen_from_within`).
    """
    feeds = feeds_of(snapshot, structure)
    followed = replace(demand, mean=feeds.passing(demand.mean))
    change = change_of_demand(snapshot, followed, decisions, periods)
    point, level = (values[:, None] * change for values in (decisions.reorder_point, decisions.order_up_to))
    kept = within_stock_limits(snapshot, *_own(point, level, structure))
    return replace(kept, feeds=feeds)


def feeds_of(snapshot: Snapshot, structure: Structure) -> Feeds:
    """The arcs of the structure, in periods and units of their targets."""
    size = structure.units.size
    parcel = structure.units.parcel[structure.target].astype(np.float64)
    capacity = structure.capacity * snapshot.timeline.period.mean_days
    return Feeds(
        source=structure.source,
        target=structure.target,
        share=structure.share,
        lead_periods=periods_of(snapshot, structure.lead_days),
        capacity=np.maximum(np.floor(capacity / parcel), 1.0) * parcel,
        cost=structure.cost,
        per=size[structure.target] / size[structure.source],
        parcel=parcel,
        order=structure.graph.order,
        part=structure.graph.part,
    )


def _own(point: FloatArray, level: FloatArray, structure: Structure) -> tuple[FloatArray, FloatArray]:
    """Levels (n, T) where those of places that order from outside are of their echelons, as levels of their own.

    What is left of an echelon's level when those of the places below are taken off.
    """
    echelons = echelons_of(structure)
    point, level = point.copy(), level.copy()
    root = echelons.rows[echelons.root]
    upwards = np.argsort(-structure.graph.place[root], kind="stable")
    weight = echelons.weight * echelons.units
    for k in upwards[root[upwards] != echelons.series[upwards]].tolist():
        below = weight[k] * level[echelons.series[k]]
        level[root[k]] -= below
        point[root[k]] -= below
    return point, level
