"""Which series can send units to which others of the same item: how long it takes, and what a unit costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Lanes:
    """k lanes: `source`, `target` rows of the series index, of one item; `lead_days` days, `cost` money per unit.

    `spared`: the part of the cost that the goods would cost their target by any other way, (k,).
    """

    source: IntArray
    target: IntArray
    lead_days: FloatArray
    cost: FloatArray
    spared: FloatArray

    def __post_init__(self) -> None:
        for name in ("target", "lead_days", "cost", "spared"):
            checks.shape(f"lanes.{name}", getattr(self, name), self.source.shape)
        for name in ("lead_days", "cost"):
            checks.finite(f"lanes.{name}", getattr(self, name), least=0.0)
        if (self.source == self.target).any():
            raise ValueError("lanes: expected two places for each lane; remove those from a series to itself")

    @property
    def extra(self) -> FloatArray:
        """What a unit costs more than by the cheapest way, money (k,): what a choice among ways looks at."""
        return self.cost - self.spared

    def take(self, rows: IntArray | NDArray[np.bool_]) -> Lanes:
        """Some of the lanes."""
        return Lanes(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def lanes_within(snapshot: Snapshot, rows: IntArray, lead_days: float, cost: FloatArray) -> Lanes:
    """Lanes between all pairs of the series `rows` (ascending) that hold the same item; `cost` (n,) money per unit."""
    items = snapshot.index.item_of[rows]
    starts = np.flatnonzero(np.diff(items, prepend=-1))
    sizes = np.diff(np.append(starts, len(rows)))
    sources, targets = [], []
    for size in np.unique(sizes[sizes > 1]):
        groups = starts[sizes == size]
        a, b = np.nonzero(~np.eye(size, dtype=np.bool_))
        sources.append(rows[groups[:, None] + a].ravel())
        targets.append(rows[groups[:, None] + b].ravel())
    source = np.concatenate([*sources, np.zeros(0, np.int64)])
    target = np.concatenate([*targets, np.zeros(0, np.int64)])
    order = np.lexsort((target, source)).astype(np.int64)
    source, target = source[order], target[order]
    return Lanes(source, target, np.full(len(source), float(lead_days)), cost[source], np.zeros(len(source)))


def periods_of(snapshot: Snapshot, days: FloatArray) -> IntArray:
    """The first period that starts `days` days from today or later; it may lie beyond the horizon."""
    longest = int(np.ceil(float(days.max(initial=0.0)) / snapshot.timeline.period.mean_days)) + 2
    timeline = replace(snapshot.timeline, count=longest)
    starts = np.array([(timeline.start(k) - timeline.first).days for k in range(longest + 1)], np.float64)
    return np.searchsorted(starts, days - 1e-9).astype(np.int64)
