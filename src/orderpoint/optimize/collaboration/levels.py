"""The base stock of every place of a network, by the method that fits the shape of each item's network.

    one source, shops below      one warehouse with many shops (`one_warehouse`)
    each feeds one               Clark and Scarf (`serial_levels`)
    stage data, any shape        guaranteed service (`orderpoint.optimize.network`)
    anything else                genetic search in the rollout (`genetic`), where the effort allows it; else, and to
                                 begin with, newsvendor bounds of every echelon (`echelon_levels`)

The first two take demand to wait where there is no stock. Where sales are lost their levels are a guess, which steps in
the rollout better as far as the effort goes.

A level is of the position of a place: on hand, on its way to it and owed to it, less what it owes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.echelon_levels import echelon_levels
from orderpoint.optimize.collaboration.guaranteed_levels import guaranteed_levels
from orderpoint.optimize.collaboration.one_warehouse import Method, OneWarehouse, optimal
from orderpoint.optimize.collaboration.profile import Profile, profile_of
from orderpoint.optimize.collaboration.searched_levels import Budget, Depth, Start, searched_levels
from orderpoint.optimize.collaboration.serial_levels import serial_levels
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_LEVELS = 24
"""Levels of a warehouse that are looked at before the best is looked for around the best of them."""


class Shape(IntEnum):
    """How an item's network looks, and so which method sets its levels."""

    SINGLE = 0
    SERIAL = 1
    ONE_WAREHOUSE = 2
    STAGE_DATA = 3
    GENERAL = 4


@dataclass(frozen=True, eq=False)
class Levels:
    """`local` (n,): base stock of each series, whole units; `shape` (n,): values of `Shape`."""

    local: FloatArray
    shape: IntArray


def shapes(snapshot: Snapshot, structure: Structure) -> IntArray:
    """(n,): the shape of the network that each series is part of."""
    graph = structure.graph
    n, part = graph.stages, graph.part
    into = np.bincount(structure.target, minlength=n)
    out = np.bincount(structure.source, minlength=n)
    size = np.bincount(part)
    parts = len(size)

    def most(values: IntArray) -> IntArray:
        top = np.zeros(parts, np.int64)
        np.maximum.at(top, part, values)
        return top

    sources = np.bincount(part, out > 0, parts)
    mixed = most((structure.fed & structure.from_outside).astype(np.int64)) > 0
    tree = most(into) <= 1
    data = np.bincount(part, _has_stage_data(snapshot), parts) > 0
    shape = np.full(parts, Shape.GENERAL, np.int64)
    shape[tree & (sources == 1) & ~mixed] = Shape.ONE_WAREHOUSE
    shape[data] = Shape.STAGE_DATA
    shape[tree & (most(out) <= 1) & ~mixed] = Shape.SERIAL
    shape[size == 1] = Shape.SINGLE
    return np.asarray(shape[part])


def _has_stage_data(snapshot: Snapshot) -> NDArray[np.bool_]:
    """(n,): whether the place of a series says how long it works or what it promises."""
    network, index = snapshot.network, snapshot.index
    if network is None:
        return np.zeros(len(index), np.bool_)
    known = np.isfinite(network.stage_time_days) | np.isfinite(network.max_service_time_days)
    return np.asarray(known[: len(index.locations)][index.location_of])


def levels_of(snapshot: Snapshot, demand: Demand, structure: Structure, budget: Budget) -> Levels:
    """The base stock of every series; `budget` bounds the genetic search."""
    shape = shapes(snapshot, structure)
    profile = profile_of(snapshot, demand, structure)
    local = echelon_levels(structure, profile)
    stars = np.flatnonzero(shape == Shape.ONE_WAREHOUSE)
    if len(stars):
        _set_stars(local, structure, profile, stars)
    chained, levels = serial_levels(structure, profile, np.flatnonzero(shape == Shape.SERIAL))
    local[chained] = levels
    staged = shape == Shape.STAGE_DATA
    if staged.any():
        local[staged] = guaranteed_levels(snapshot, structure, profile)[staged]
    depth = np.where(shape == Shape.GENERAL, Depth.GENETIC, Depth.NONE)
    loses = ~snapshot.costs.backlog & (profile.rate > 0.0)
    depth[loses & ((shape == Shape.SERIAL) | (shape == Shape.ONE_WAREHOUSE))] = Depth.NEAR
    local = searched_levels(snapshot, demand, structure, Start(profile, local, depth), budget)
    return Levels(np.maximum(np.ceil(local / structure.units.size - 1e-9), 0.0), shape)


def _set_stars(local: FloatArray, structure: Structure, profile: Profile, rows: IntArray) -> None:
    """Fill the levels of warehouses with shops below; a warehouse that sells is a shop of its own without a way."""
    graph = structure.graph
    hub = structure.feeds[rows]
    warehouses = rows[hub]
    own = warehouses[profile.rate[warehouses] > 0.0]
    shops = np.concatenate([rows[~hub], own])
    at_home = np.concatenate([np.zeros(int((~hub).sum()), np.bool_), np.ones(len(own), np.bool_)])
    order = np.lexsort((shops, graph.part[shops]))
    shops, at_home = shops[order], at_home[order]
    warehouses = warehouses[np.argsort(graph.part[warehouses])]
    sizes = np.bincount(graph.part[shops], minlength=len(graph.part_start) - 1)[graph.part[warehouses]]
    system = OneWarehouse(
        offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        warehouse_lead_time=profile.cover_days[warehouses],
        warehouse_holding=profile.holding[warehouses],
        rate=profile.rate[shops],
        lead_time=np.where(at_home, profile.review_days[shops], profile.cover_days[shops]),
        holding=profile.holding[shops],
        penalty=profile.waiting[shops],
        dispersion=profile.dispersion[shops],
    )
    found = optimal(system, Method.TWO_MOMENT, MOST_LEVELS)
    local[warehouses] = found.warehouse
    local[shops[~at_home]] = found.shop[~at_home]
    np.add.at(local, shops[at_home], found.shop[at_home])
