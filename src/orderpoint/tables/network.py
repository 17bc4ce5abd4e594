"""Which place supplies which: suppliers, factories, warehouses and shops as stages joined by arcs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EVERY_ITEM = -1
"""The item of an arc that carries all of them."""

PER_ARC = ("target", "item", "quantity_per", "lead_time_days", "unit_cost", "capacity_per_day")
PER_STAGE = ("stage_cost", "stage_time_days", "max_service_time_days")


@dataclass(frozen=True, eq=False)
class Network:
    """s stages and a arcs without a cycle; goods flow from `source` to `target`.

    `stages` (s,) names: the locations of the series index first, in its order, then what lies outside it (suppliers,
    factories). `source`, `target` int64 (a,) rows of `stages`. `item` int64 (a,): row of `SeriesIndex.items`, or
    EVERY_ITEM. `quantity_per`: units of the source's item for one of the target. `lead_time_days` (NaN: not given).
    `unit_cost`: money to move one unit. `capacity_per_day`: most units per day (inf: no bound). Of each stage, NaN
    where not given: `stage_cost` money added to a unit there, `stage_time_days` days of work,
    `max_service_time_days` the longest time it may promise its customers.
    """

    stages: tuple[str, ...]
    source: IntArray
    target: IntArray
    item: IntArray
    quantity_per: FloatArray
    lead_time_days: FloatArray
    unit_cost: FloatArray
    capacity_per_day: FloatArray
    stage_cost: FloatArray
    stage_time_days: FloatArray
    max_service_time_days: FloatArray

    def __post_init__(self) -> None:
        for name in PER_ARC:
            checks.shape(f"network.{name}", getattr(self, name), self.source.shape)
        for name in PER_STAGE:
            checks.shape(f"network.{name}", getattr(self, name), (len(self.stages),))
        ends = np.concatenate([self.source, self.target])
        if ((ends < 0) | (ends >= len(self.stages))).any():
            raise ValueError("network: expected arcs between rows of `stages`; add the missing stage")

    def arcs_of(self, item: int) -> IntArray:
        """Rows of the arcs that carry the item at row `item` of the index."""
        return np.flatnonzero((self.item == item) | (self.item == EVERY_ITEM)).astype(np.int64)
