"""Base stocks by genetic search for item networks that no exact method covers, as far as an effort allows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.genetic import Search, search
from orderpoint.optimize.collaboration.profile import Profile
from orderpoint.optimize.collaboration.rollout import Play
from orderpoint.optimize.collaboration.stages import BaseStockNetwork
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.optimize.prospects import stretched
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PATHS = 16
CYCLES = 6
"""Lead times and reviews of the whole network that are played after the warm-up of one."""
FEWEST, MOST = 24, 240
"""Periods played."""


@dataclass(frozen=True)
class Budget:
    """How many steps of a stage the search may play over all items, and the `seed` of its demand and of its luck.

    Items that the steps do not reach keep the levels they came with.
    """

    steps: int
    seed: int = 1


def searched_levels(
    snapshot: Snapshot, demand: Demand, structure: Structure, given: tuple[Profile, FloatArray], budget: Budget
) -> FloatArray:
    """(n,): the levels of `given` (profile, levels), bettered where the search reached; most valuable items first."""
    profile, start = given
    out = start.copy()
    graph = structure.graph
    sizes = np.diff(graph.part_start)
    ways = np.bincount(graph.part[structure.source], minlength=len(sizes))
    trees = np.zeros(len(sizes), np.bool_)
    trees[graph.part[structure.target]] = True
    value = np.bincount(graph.part, profile.rate * snapshot.costs.unit_cost, len(sizes))
    left = budget.steps
    for part in np.argsort(-value, kind="stable"):
        rows = np.sort(graph.order[graph.part_start[part] : graph.part_start[part + 1]])
        if not trees[part] or not (profile.rate[rows] > 0.0).any():
            continue
        periods = _periods(snapshot, profile, rows)
        how = Search(population=12 + 4 * len(rows), generations=12, seed=budget.seed)
        looked_at = how.population * how.generations + 40 * len(rows)
        left -= looked_at * PATHS * periods * int(len(rows) + ways[part])
        if left < 0:
            break
        out[rows] = _search(snapshot, demand, structure, given, (rows, periods, how))
    return out


def _periods(snapshot: Snapshot, profile: Profile, rows: IntArray) -> int:
    """Periods to be played: some lead times and reviews of the whole network."""
    mean_days = snapshot.timeline.period.mean_days
    return int(np.clip(CYCLES * np.ceil(profile.cover_days[rows].sum() / mean_days), FEWEST, MOST))


def _search(
    snapshot: Snapshot,
    demand: Demand,
    structure: Structure,
    given: tuple[Profile, FloatArray],
    what: tuple[IntArray, int, Search],
) -> FloatArray:
    """The best levels found of one item's series `rows` (ascending)."""
    profile, start = given
    rows, periods, how = what
    network = _network(snapshot, structure, profile, rows)
    warm_up = periods // 4
    ahead = stretched(_some(demand, rows), periods)
    paths = ahead.sample(PATHS, how.seed)
    played = np.zeros((PATHS, periods, len(network.outside)), np.float32)
    played[:, :, : len(rows)] = paths.transpose(1, 2, 0)
    levels = np.zeros(len(network.outside))
    levels[: len(rows)] = start[rows]
    most = 3.0 * levels + 10.0 * network.pack
    return search(network, Play(played, warm_up), levels, most, how).levels[: len(rows)]


def _some(demand: Demand, rows: IntArray) -> Demand:
    """The demand of some series."""
    names = ("mean", "family", "ratio", "level_cv2", "zero", "knots")
    return replace(demand, index=demand.index.take(rows), **{name: getattr(demand, name)[rows] for name in names})


def _network(snapshot: Snapshot, structure: Structure, profile: Profile, rows: IntArray) -> BaseStockNetwork:
    """The network of one item: its series, and one more stage, outside, that feeds those that order for themselves."""
    supply, days = snapshot.supply, snapshot.timeline.period.mean_days
    inside = np.isin(structure.source, rows)
    roots = np.flatnonzero(structure.orders[rows])
    outside, offer = len(rows), supply.offsets[rows]
    source = np.concatenate([np.searchsorted(rows, structure.source[inside]), np.full(len(roots), outside)])
    target = np.concatenate([np.searchsorted(rows, structure.target[inside]), roots])
    ways = np.bincount(target, minlength=outside + 1)
    lead = np.concatenate([structure.lead_days[inside], supply.lead_time_days[offer[roots]]]) / days
    per_period = np.concatenate([structure.capacity[inside] * days, np.full(len(roots), np.inf)])
    review = np.maximum(profile.cover_days[rows] - profile.fed_days[rows], 1.0) / days
    lead += np.maximum(review[target] - 1.0, 0.0)
    end = np.append
    backlog = snapshot.costs.backlog[rows]
    stockout = snapshot.costs.stockout_cost_per_unit[rows]
    return BaseStockNetwork(
        outside=end(np.zeros(outside, np.bool_), True),  # noqa: FBT003 - a value of an array
        holding=end(profile.holding[rows] * days, 0.0),
        penalty=end(np.where(backlog, stockout * days, stockout), 0.0),
        backlog=end(backlog, False),  # noqa: FBT003
        order_cost=end(np.where(structure.orders[rows], supply.order_cost[offer], 0.0), 0.0),
        moq=end(np.where(structure.orders[rows], supply.moq[offer], 1.0), 1.0),
        pack=end(np.where(structure.orders[rows], np.ceil(supply.pack[offer]), 1.0), 1.0),
        source=source.astype(np.int64),
        target=target.astype(np.int64),
        lead=np.ceil(lead - 1e-9).astype(np.int64),
        share=1.0 / ways[target],
        arc_cost=np.concatenate([structure.cost[inside], np.zeros(len(roots))]),
        capacity=per_period,
    )
