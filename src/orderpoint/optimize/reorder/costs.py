"""What ordering, holding and waiting cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ReorderCosts:
    """Costs of n series, one number or (n,).

    `fixed_cost` K, money per order; `holding_cost` h and `stockout_cost` p, money per unit left, or waiting, and unit
    of time (for periods: at the end of each), both positive.
    """

    fixed_cost: FloatArray | float
    holding_cost: FloatArray | float
    stockout_cost: FloatArray | float

    def __post_init__(self) -> None:
        tiny = float(np.finfo(np.float64).tiny)
        for name, least in (("fixed_cost", 0.0), ("holding_cost", tiny), ("stockout_cost", tiny)):
            checks.finite(f"reorder.{name}", np.atleast_1d(getattr(self, name)), least=least)

    def rows(self, n: int) -> FloatArray:
        """(n, 3): K, h, p of each series."""
        columns = (self.fixed_cost, self.holding_cost, self.stockout_cost)
        return np.stack([np.broadcast_to(np.asarray(a, np.float64), (n,)) for a in columns], axis=1)
