"""What binds the orders of many series at once, beside the budget: suppliers' terms, and space."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks
from orderpoint.tables.supply import Supply

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SharedLimits:
    """Terms of S suppliers, space of the L locations of the index, and the room that a unit of each of n series takes.

    `suppliers` (S,) names. `min_order_value` (S,): least money of an order of theirs, over all its lines (0: none).
    `order_cost` (S,): money that an order of theirs costs, once for all its lines on one day, whatever they are and
    wherever they go (0, or None for all: none); `Supply.order_cost` is that of each line and comes on top.
    `container_volume` (S,): volume of one container (inf: none). `on_time_share` (S,): share of orders that arrive on
    time (NaN: unknown). `capacity_volume` (L,): volume that fits into each location of `SeriesIndex.locations` (inf: no
    bound). `location_of` int32 (n,): the location of each series. `unit_volume` (n,): volume of one unit (0: unknown,
    so it takes no room).
    """

    suppliers: tuple[str, ...]
    min_order_value: FloatArray
    container_volume: FloatArray
    on_time_share: FloatArray
    capacity_volume: FloatArray
    location_of: NDArray[np.int32]
    unit_volume: FloatArray
    order_cost: FloatArray | None = None

    def __post_init__(self) -> None:
        count = len(self.suppliers)
        for name in ("min_order_value", "container_volume", "on_time_share"):
            checks.shape(f"shared limits.{name}", getattr(self, name), (count,))
        if self.order_cost is not None:
            checks.shape("shared limits.order_cost", self.order_cost, (count,))
            checks.finite("shared limits.order_cost", self.order_cost, least=0.0)
        checks.shape("shared limits.unit_volume", self.unit_volume, (len(self.location_of),))
        checks.finite("shared limits.min_order_value", self.min_order_value, least=0.0)
        checks.finite("shared limits.unit_volume", self.unit_volume, least=0.0)
        if (self.container_volume <= 0.0).any() or (self.capacity_volume < 0.0).any():
            raise ValueError("shared limits: expected volumes above 0; say inf where there is no bound")

    @property
    def charges_orders(self) -> bool:
        """Whether an order of any supplier costs something beside its lines."""
        return self.order_cost is not None and bool((self.order_cost > 0.0).any())

    def supplier_of(self, supply: Supply) -> NDArray[np.int64]:
        """The row of `suppliers` that each offer belongs to, (k,); -1 where nothing is known of it."""
        row = {name: k for k, name in enumerate(self.suppliers)}
        return np.array([row.get(name, -1) for name in supply.supplier], dtype=np.int64)

    def take(self, rows: NDArray[np.intp]) -> SharedLimits:
        """The same limits for some of the series, in the given order of rows."""
        return replace(self, location_of=self.location_of[rows], unit_volume=self.unit_volume[rows])
