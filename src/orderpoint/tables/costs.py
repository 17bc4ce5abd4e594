"""Money and limits of each series, in home currency, after defaults were filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs of n series, float64 arrays of shape (n,).

    `price` is money per unit sold (NaN where unknown). `holding_cost_per_unit_day` is charged on the stock left at a
    period's end for each of its days. `stockout_cost_per_unit` is per unit lost, or with backlog per unit and day of
    waiting (`backlog`, bool). `service_target` is a fill rate in (0, 1), NaN where none. `min_stock`/`max_stock` are
    levels in units (0 / inf where none).
    """

    price: FloatArray
    unit_cost: FloatArray
    holding_cost_per_unit_day: FloatArray
    stockout_cost_per_unit: FloatArray
    backlog: NDArray[np.bool_]
    service_target: FloatArray
    min_stock: FloatArray
    max_stock: FloatArray

    def __post_init__(self) -> None:
        n = len(self.unit_cost)
        for name in self.__dataclass_fields__:
            checks.shape(f"costs.{name}", getattr(self, name), (n,))
        for name in ("unit_cost", "holding_cost_per_unit_day", "stockout_cost_per_unit", "min_stock"):
            checks.finite(f"costs.{name}", getattr(self, name), least=0.0)

    def take(self, rows: NDArray[np.intp]) -> Costs:
        """The costs of some series, in the given order of rows."""
        return Costs(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})
