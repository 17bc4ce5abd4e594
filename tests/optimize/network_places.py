"""Small networks of places for tests of SCOLLAB."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from orderpoint.tables.catalog import Catalog
from orderpoint.tables.demand import Demand
from orderpoint.tables.network import EVERY_ITEM, Network
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop


@dataclass(frozen=True)
class Places:
    """`items` items at the places of `demand` (mean a week each), joined by `arcs`; `stage` names to stage times."""

    demand: dict[str, float]
    arcs: tuple[tuple[str, str], ...]
    on_hand: tuple[float, ...]
    items: int = 1
    stage: dict[str, float] = field(default_factory=dict)
    capacity: float = np.inf
    shop: dict[str, Any] = field(default_factory=dict)
    quantity_per: float | dict[tuple[str, str], float] = 1.0

    def build(self) -> tuple[Snapshot, Demand]:
        names = sorted(self.demand)
        index = SeriesIndex.of((f"item {k:03d}", place) for k in range(self.items) for place in names)
        mean = np.tile([self.demand[name] for name in names], self.items)
        on_hand = np.resize(np.array(self.on_hand), len(mean))
        snapshot, demand = SmallShop(mean=mean, on_hand=on_hand, **self.shop).build()
        snapshot = replace(snapshot, index=index, catalog=Catalog.bare(index.items), network=self.network(index))
        return snapshot, replace(demand, index=index)

    def network(self, index: SeriesIndex) -> Network | None:
        if not self.arcs:
            return None
        outside = sorted({name for arc in self.arcs for name in arc} - set(index.locations))
        stages = (*index.locations, *outside)
        row = {name: k for k, name in enumerate(stages)}
        count, unknown = len(self.arcs), np.full(len(stages), np.nan)
        return Network(
            stages=stages,
            source=np.array([row[s] for s, _ in self.arcs]),
            target=np.array([row[t] for _, t in self.arcs]),
            item=np.full(count, EVERY_ITEM),
            quantity_per=np.array([self._per(arc) for arc in self.arcs]),
            lead_time_days=np.full(count, 3.0),
            unit_cost=np.full(count, 0.1),
            capacity_per_day=np.full(count, self.capacity),
            stage_cost=unknown,
            stage_time_days=np.array([self.stage.get(name, np.nan) for name in stages]),
            max_service_time_days=unknown,
        )

    def _per(self, arc: tuple[str, str]) -> float:
        return self.quantity_per.get(arc, 1.0) if isinstance(self.quantity_per, dict) else self.quantity_per


STAR = (("maker", "hub"), ("hub", "north"), ("hub", "south"), ("hub", "west"))
SHOPS = {"hub": 0.0, "north": 5.0, "south": 3.0, "west": 1.0}
SERIAL = (("maker", "centre"), ("centre", "depot"), ("depot", "shop"))
TREE = (*STAR[:2], ("hub", "depot"), ("depot", "south"), ("depot", "west"))
DIAMOND = (*TREE, ("hub", "west"))
