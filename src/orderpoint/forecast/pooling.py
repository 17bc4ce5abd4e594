"""Series that are learned from together: by department, category and location, summed in one compiled pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_SERIES = 5
"""A category or department of fewer series is put together with the other small ones."""
CHUNK = 64
CUT_FACTOR, CUT_UNITS = 5.0, 5.0
"""A cell counts for at most CUT_FACTOR times its level plus CUT_UNITS, lest one large order become a season."""
OVERDISPERSION = 0.2
"""A series weighs 1 / (1 + OVERDISPERSION x level): many small series say more than one large one."""


@dataclass(frozen=True, eq=False)
class Groups:
    """`of` int32 (n,), the finest group of each series; `location`, `department`, `category` int64 (G,) of a group."""

    of: NDArray[np.int32]
    location: Ints
    department: Ints
    category: Ints

    @property
    def count(self) -> int:
        """Number of finest groups, G."""
        return len(self.location)

    @property
    def members(self) -> int:
        """Number of series, n."""
        return len(self.of)

    @cached_property
    def levels(self) -> list[Ints]:
        """The keys that tell groups apart, coarse ones first, without those that say nothing more."""
        kept: list[Ints] = []
        for key in (self.location, self.department, self.category, np.arange(self.count)):
            parted = len(np.unique(key)) > 1
            if parted and all(np.unique(np.stack((key, k)), axis=1).shape[1] > len(np.unique(k)) for k in kept):
                kept.append(key)
        return kept

    def keys(self) -> tuple[tuple[str, Ints], ...]:
        """The levels on which series can be pooled, by name, and the group of each series there, counted from 0."""
        out = []
        for name, key in (("category", self.category), ("department", self.department), ("location", self.location)):
            distinct, of = np.unique(key[self.of], return_inverse=True)
            if len(distinct) > 1:
                out.append((name, of.ravel().astype(np.int64)))
        return tuple(out)

    @classmethod
    def of_catalog(cls, index: SeriesIndex, catalog: Catalog) -> Groups:
        """One group for each triple of location, department and category that has series."""
        at = {item: k for k, item in enumerate(catalog.items)}
        rows = [at.get(item) for item in index.items]
        series = np.bincount(index.item_of, minlength=len(rows)).tolist()
        department = _ranks([None if k is None else catalog.department[k] for k in rows], series)
        category = _ranks([None if k is None else catalog.category[k] for k in rows], series)
        triples = np.stack((index.location_of.astype(np.int64), department[index.item_of], category[index.item_of]))
        distinct, of = np.unique(triples, axis=1, return_inverse=True)
        return cls(of.astype(np.int32).ravel(), distinct[0], distinct[1], distinct[2])


def _ranks(names: list[str | None], series: list[int]) -> Ints:
    """A number for each item's name in sorted order; 0 for no name and for names of fewer than LEAST_SERIES series.

    `series`: how many each item has.
    """
    members: Counter[str] = Counter()
    for name, count in zip(names, series, strict=True):
        if name is not None:
            members[name] += count
    many = sorted(name for name, count in members.items() if count >= LEAST_SERIES)
    rank = {name: k + 1 for k, name in enumerate(many)}
    return np.array([rank.get(name, 0) if name is not None else 0 for name in names], np.int64)


def grouped(cells: Cells, keep: float) -> tuple[Floats, Floats]:
    """Demand and level over the seen cells, summed by `cells.group` and period: two arrays float64 (G, T).

    The level of a series at a period is its discounted demand over its discounted season, both ways in time, with the
    share `keep` kept per period. The sums are taken in one order, whatever the number of threads.
    """
    order = np.argsort(cells.group, kind="stable").astype(np.int64)
    ends = np.searchsorted(cells.group[order], np.arange(len(cells.factor) + 1))
    starts, owners = [], []
    for g in range(len(cells.factor)):
        for start in range(ends[g], ends[g + 1], CHUNK):
            starts.append((start, min(start + CHUNK, ends[g + 1])))
            owners.append(g)
    units, level = _grouped(cells, order, np.array(starts, np.int64).reshape(-1, 2), keep)
    sums = np.zeros((2, len(cells.factor), cells.demand.shape[1]))
    np.add.at(sums[0], owners, units)
    np.add.at(sums[1], owners, level)
    return sums[0], sums[1]


@njit(cache=True, parallel=True)
def _grouped(cells: Cells, order: Ints, chunks: Ints, keep: float) -> tuple[Floats, Floats]:
    periods = cells.demand.shape[1]
    units = np.zeros((len(chunks), periods))
    level = np.zeros((len(chunks), periods))
    for k in prange(len(chunks)):
        later_units = np.zeros(periods + 1)
        later_weight = np.zeros(periods + 1)
        for row in range(chunks[k, 0], chunks[k, 1]):
            i = order[row]
            f = cells.factor[cells.group[i]]
            for t in range(periods - 1, -1, -1):
                later_units[t] = keep * later_units[t + 1]
                later_weight[t] = keep * later_weight[t + 1]
                if cells.seen[i, t]:
                    later_units[t] += cells.demand[i, t]
                    later_weight[t] += f[t]
            total, weight = 0.0, 0.0
            for t in range(periods):
                total *= keep
                weight *= keep
                if cells.seen[i, t]:
                    both = weight + later_weight[t]
                    now = (total + later_units[t]) / both if both > 0.0 else 0.0
                    y = min(float(cells.demand[i, t]), CUT_FACTOR * now * f[t] + CUT_UNITS)
                    share = 1.0 / (1.0 + OVERDISPERSION * now)
                    units[k, t] += share * y
                    level[k, t] += share * now
                    total += cells.demand[i, t]
                    weight += f[t]
    return units, level
