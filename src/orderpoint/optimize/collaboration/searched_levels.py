"""Base stocks found by playing an item's network, where no method is exact, as far as an effort allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.genetic import Search, improve, search
from orderpoint.optimize.collaboration.profile import Profile
from orderpoint.optimize.collaboration.rollout import Play
from orderpoint.optimize.collaboration.stages import BaseStockNetwork
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.tables.ahead import stretched
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PATHS = 16
CYCLES = 6
"""Lead times and reviews of the whole network that are played after the warm-up of one."""
LOOKS_NEAR = 12
"""Sets of levels that steps around a guess look at, for each two stages."""
FEWEST, MOST = 24, 240
"""Periods played."""


@dataclass(frozen=True)
class Budget:
    """How many steps of a stage the search may play over all items, and the `seed` of its demand and of its luck.

    Items that the steps do not reach keep the levels they came with.
    """

    steps: int
    seed: int = 1


class Depth(IntEnum):
    """How the levels of an item are looked for in play."""

    NONE = 0
    NEAR = 1
    """Steps around levels that are nearly right."""
    GENETIC = 2


@dataclass(frozen=True, eq=False)
class Start:
    """What the search starts from: `levels` (n,), and how far each item's series are looked at, `depth` (n,)."""

    profile: Profile
    levels: FloatArray
    depth: IntArray


def searched_levels(
    snapshot: Snapshot, demand: Demand, structure: Structure, start: Start, budget: Budget
) -> FloatArray:
    """(n,): the levels of `start`, bettered where the search reached: the deepest first, then the most valuable."""
    out = start.levels.copy()
    graph, parts = structure.graph, len(structure.graph.part_start) - 1
    ways = np.bincount(graph.part[structure.source], minlength=parts)
    depth = np.zeros(parts, np.int64)
    np.maximum.at(depth, graph.part, np.where(start.profile.rate > 0.0, start.depth, Depth.NONE))
    sold = start.profile.rate / structure.units.size
    value = np.bincount(graph.part, sold * snapshot.costs.unit_cost, parts)
    left = budget.steps
    for part in np.lexsort((-value, -depth)):
        if depth[part] == Depth.NONE:
            break
        rows = np.sort(graph.order[graph.part_start[part] : graph.part_start[part + 1]])
        periods = _periods(snapshot, start.profile, rows)
        how = None
        looked_at = LOOKS_NEAR * len(rows) ** 2
        if depth[part] == Depth.GENETIC:
            how = Search(population=12 + 4 * len(rows), generations=12, seed=budget.seed)
            looked_at += how.population * how.generations
        left -= looked_at * PATHS * periods * int(len(rows) + ways[part])
        if left < 0:
            break
        out[rows] = _search(snapshot, demand, structure, start, (rows, periods, how, budget.seed))
    return out


def _periods(snapshot: Snapshot, profile: Profile, rows: IntArray) -> int:
    """Periods to be played: some lead times and reviews of the whole network."""
    mean_days = snapshot.timeline.period.mean_days
    return int(np.clip(CYCLES * np.ceil(profile.cover_days[rows].sum() / mean_days), FEWEST, MOST))


def _search(
    snapshot: Snapshot,
    demand: Demand,
    structure: Structure,
    start: Start,
    what: tuple[IntArray, int, Search | None, int],
) -> FloatArray:
    """The best levels found of one item's series: rows (ascending), periods, search and seed are `what`."""
    rows, periods, how, seed = what
    network = _network(snapshot, structure, start.profile, rows)
    ahead = stretched(_some(demand, rows), periods)
    played = np.zeros((PATHS, periods, len(network.outside)), np.float32)
    played[:, :, : len(rows)] = ahead.sample(PATHS, seed).transpose(1, 2, 0) * structure.units.size[rows]
    play = Play(played, warm_up=periods // 4)
    levels = np.zeros(len(network.outside))
    levels[: len(rows)] = start.levels[rows]
    most = 3.0 * levels + 10.0 * network.pack
    found = improve(network, play, levels, most) if how is None else search(network, play, levels, most, how)
    return found.levels[: len(rows)]


def _some(demand: Demand, rows: IntArray) -> Demand:
    """The demand of some series."""
    names = ("mean", "family", "ratio", "level_cv2", "zero", "knots")
    return replace(demand, index=demand.index.take(rows), **{name: getattr(demand, name)[rows] for name in names})


def _network(snapshot: Snapshot, structure: Structure, profile: Profile, rows: IntArray) -> BaseStockNetwork:
    """The network of one item: its series, and one more stage, outside, that feeds those that order for themselves.

    All in its smallest unit; what is fed gets whole parcels.
    """
    supply, days = snapshot.supply, snapshot.timeline.period.mean_days
    inside = np.isin(structure.source, rows)
    roots = np.flatnonzero(structure.orders[rows])
    outside, offer = len(rows), supply.offsets[rows]
    size = structure.units.size[rows]
    parcel = structure.units.parcel[rows] * size
    source = np.concatenate([np.searchsorted(rows, structure.source[inside]), np.full(len(roots), outside)])
    target = np.concatenate([np.searchsorted(rows, structure.target[inside]), roots])
    ways = np.bincount(target, minlength=outside + 1)
    moved_as = structure.units.size[structure.target[inside]]
    per_period = np.concatenate([structure.capacity[inside] * days * moved_as, np.full(len(roots), np.inf)])
    lead = (profile.cover_days[rows] / days - 1.0)[target]
    lead += np.where(structure.feeds[rows], 1.0, 0.0)[target]
    end = np.append
    backlog = snapshot.costs.backlog[rows]
    stockout = snapshot.costs.stockout_cost_per_unit[rows]
    return BaseStockNetwork(
        outside=end(np.zeros(outside, np.bool_), True),  # noqa: FBT003 - a value of an array
        holding=end(snapshot.costs.holding_cost_per_unit_day[rows] * days / size, 0.0),
        penalty=end(np.where(backlog, stockout * days, stockout) / size, 0.0),
        backlog=end(backlog, False),  # noqa: FBT003
        order_cost=end(np.where(structure.orders[rows], supply.order_cost[offer], 0.0), 0.0),
        moq=end(np.where(structure.orders[rows], supply.moq[offer] * size, 1.0), 1.0),
        pack=end(np.where(structure.orders[rows], np.ceil(supply.pack[offer]) * size, parcel), 1.0),
        source=source.astype(np.int64),
        target=target.astype(np.int64),
        lead=np.ceil(lead - 1e-9).astype(np.int64),
        share=1.0 / ways[target],
        arc_cost=np.concatenate([structure.cost[inside] / moved_as, np.zeros(len(roots))]),
        capacity=per_period,
    )
