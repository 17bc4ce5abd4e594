"""How decisions are kept up at the reviews after today: the levels of each period, and who supplies whom until then."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Feeds:
    """k ways on which one series feeds another of the same item; `source`, `target` rows.

    `share` (k,) of the target's goods come this way, the rest from its own supplier. `lead_periods`, `capacity` units a
    period, `cost` money a unit, all of the target; `per` units of the source make one of the target, `parcel` units of
    the target are the least that is whole units at both ends. `order` (n,): all series, each after those that feed it,
    and the series of one network together; `part` (n,): the network of each series.
    """

    source: IntArray
    target: IntArray
    share: FloatArray
    lead_periods: IntArray
    capacity: FloatArray
    cost: FloatArray
    per: FloatArray
    parcel: FloatArray
    order: IntArray
    part: IntArray

    def __post_init__(self) -> None:
        for name in ("target", "share", "lead_periods", "capacity", "cost", "per", "parcel"):
            checks.shape(f"feeds.{name}", getattr(self, name), self.source.shape)

    @cached_property
    def place(self) -> IntArray:
        """(n,): where each series stands in the order of flow."""
        place = np.empty(len(self.order), np.int64)
        place[self.order] = np.arange(len(self.order))
        return place

    def passing(self, demand: FloatArray) -> FloatArray:
        """(n, T): `demand` (n, T) of each series and of all whom its goods reach, in its own units."""
        out = demand.copy()
        for k in np.argsort(-self.place[self.source], kind="stable").tolist():  # from the customers' end upwards
            out[self.source[k]] += self.share[k] * self.per[k] * out[self.target[k]]
        return out


@dataclass(frozen=True, eq=False)
class Upkeep:
    """What is kept up over T periods from today.

    `reorder_point`, `order_up_to` (n, T): a review in a period orders where the place's own position (on hand, on its
    way and owed to it, less what it owes to places that it feeds) is at or below the first, up to the second.
    `feeds`: None where every series waits for its own supplier alone. `moving` (n,): money that today's transfers to
    each series cost, None where there are none.
    """

    reorder_point: FloatArray
    order_up_to: FloatArray
    feeds: Feeds | None = None
    moving: FloatArray | None = None


@runtime_checkable
class KeepsUp(Protocol):
    """A policy that says itself how its decisions are kept up; of others the levels follow the demand."""

    def upkeep(self, snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> Upkeep:
        """How `decisions` are kept up over `periods` periods from today."""
        ...
