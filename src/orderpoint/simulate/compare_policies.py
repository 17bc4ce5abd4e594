"""Policies side by side on the same paths of demand: cost, service and turnover, with paired confidence intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.optimize.upkeep import upkeep_of
from orderpoint.simulate.backtest import Decider
from orderpoint.simulate.by_levels import Played, by_levels, days_of
from orderpoint.simulate.figures import Figures, differences, figures_of
from orderpoint.simulate.sums import Sums, sums_of
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

CHUNK_DRAWS = 1 << 23
"""Demand draws held in memory at a time (32 MiB as float32)."""
REVIEWS = 4
"""Reviews that are played after today's, where no number of periods is given."""


@dataclass(frozen=True, eq=False)
class CategoryFigures:
    """The figures of each policy, in the order of the comparison, over the series of one category ("": none given)."""

    category: str
    figures: tuple[Figures, ...]


@dataclass(frozen=True, eq=False)
class PolicyComparison:
    """Policies on the same `paths` paths over `timeline`, from today.

    `figures` of each policy; `differences`: each other policy less the first, path by path, so that an interval that
    leaves zero out is a difference; `by_category` the figures within each category, in the order of their names.
    """

    timeline: Timeline
    paths: int
    seed: int
    figures: tuple[Figures, ...]
    differences: tuple[Figures, ...]
    by_category: tuple[CategoryFigures, ...]


def compare_policies(
    snapshot: Snapshot,
    demand: Demand,
    policies: Mapping[str, Decider],
    paths: int,
    seed: int,
    periods: int | None = None,
) -> PolicyComparison:
    """Each policy decides today and keeps that up at each later review, on paths that none has seen.

    All see the same demand and the same luck of lead times. `periods` are played from today (None: until four reviews
    after today's have arrived). `seed` should differ from the policies' own. Raises ValueError for fewer than two
    paths, or no policy.
    """
    if not policies or paths < 2:
        raise ValueError(f"compare: expected policies and at least 2 paths, got {len(policies)} and {paths}")
    count = periods or periods_played(snapshot)
    ahead = ended(stretched(demand, count), snapshot.catalog)
    days = days_of(snapshot, count)
    played = {name: _played(snapshot, demand, policy, days) for name, policy in policies.items()}
    categories = categories_of(snapshot)
    sums: dict[str, dict[str, Sums]] = {name: {} for name in policies}
    for rows, sample in _samples(ahead, paths, seed):
        for name, way in played.items():
            table = way.play(sample, int(rows[0]), seed)
            for category in np.unique(categories[rows]):
                mine = np.flatnonzero(categories[rows] == category)
                add(sums[name], str(category), sums_of(table[mine], way.money.take(rows[mine]), days))
    return _comparison(sums, ahead.timeline, paths, seed)


def _played(snapshot: Snapshot, demand: Demand, policy: Decider, days: FloatArray) -> Played:
    decisions = policy.decide(snapshot, demand)
    return by_levels(snapshot, decisions, days, upkeep_of(policy, snapshot, demand, decisions, len(days)))


def periods_played(snapshot: Snapshot) -> int:
    """The horizon, or until the orders of four reviews after today's have arrived, whichever is longer."""
    supply = snapshot.supply
    review = supply.next_arrival_period - supply.arrival_period
    return max(snapshot.timeline.count, int((supply.next_arrival_period + REVIEWS * review).max(initial=1)))


def add(sums: dict[str, Sums], category: str, part: Sums) -> None:
    """Add the sums of some series to those of their category."""
    sums[category] = sums[category].plus(part) if category in sums else part


def _comparison(sums: dict[str, dict[str, Sums]], timeline: Timeline, paths: int, seed: int) -> PolicyComparison:
    totals = {name: together(parts) for name, parts in sums.items()}
    first, *others = totals
    names = sorted(sums[first])
    return PolicyComparison(
        timeline=timeline,
        paths=paths,
        seed=seed,
        figures=tuple(figures_of(name, total) for name, total in totals.items()),
        differences=tuple(differences(name, totals[name], totals[first]) for name in others),
        by_category=tuple(
            CategoryFigures(category, tuple(figures_of(name, sums[name][category]) for name in totals))
            for category in names
        ),
    )


def together(parts: Mapping[str, Sums]) -> Sums:
    """The sums of all categories."""
    total, *others = (parts[name] for name in sorted(parts))
    for other in others:
        total = total.plus(other)
    return total


def _samples(demand: Demand, paths: int, seed: int) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """Some rows at a time, all places of an item together, and their demand (rows, paths, T)."""
    periods = demand.mean.shape[1]
    size = max(CHUNK_DRAWS // (paths * periods), 1)
    starts = np.append(np.flatnonzero(np.diff(demand.index.item_of, prepend=-1)), len(demand.index))
    first = 0
    while first < len(starts) - 1:
        last = max(int(np.searchsorted(starts, starts[first] + size, side="right")) - 1, first + 1)
        rows = slice(int(starts[first]), int(starts[last]))
        yield np.arange(rows.start, rows.stop, dtype=np.intp), demand.sample(paths, seed, rows)
        first = last


def categories_of(snapshot: Snapshot) -> NDArray[np.str_]:
    """Category of each series, (n,)."""
    by_item = np.array([category or "" for category in snapshot.catalog.category], dtype=np.str_)
    return by_item[snapshot.index.item_of]
