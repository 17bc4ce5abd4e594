"""What a policy proposes, and what a proposal is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Decisions:
    """Orders of today for n series, and the levels behind them.

    `quantity` float64 (n,), whole units, 0 where nothing is ordered; `offer` int64 (n,), the row of `Supply` it is
    bought from. `reorder_point`, `order_up_to` float64 (n,): order when the inventory position is at or below the
    first, up to the second. `shadow_price` float64 (n,): gain of one more unit of money for a line that the budget cut,
    0 elsewhere. `budget_gap`: certified relative gap of the budget's allocation to the best possible (0 where no budget
    bound).
    """

    quantity: FloatArray
    offer: NDArray[np.int64]
    reorder_point: FloatArray
    order_up_to: FloatArray
    shadow_price: FloatArray
    budget_gap: float = 0.0


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Expected result of given decisions over each series' protection interval: until the next order's arrival.

    All float64 (n,). Money: `holding_cost`, `ordering_cost` (fixed), `stockout_cost`. Units: `demand`, `short`,
    `average_stock` (mean of period ends), `end_stock` just before the next arrival. `stockout_risk`: probability of any
    stockout after the arrival of today's order (where nothing is ordered: of what would have been) and until the
    next. `fill_rate`: share of the demand served over the same window.
    """

    demand: FloatArray
    short: FloatArray
    average_stock: FloatArray
    end_stock: FloatArray
    holding_cost: FloatArray
    ordering_cost: FloatArray
    stockout_cost: FloatArray
    stockout_risk: FloatArray
    fill_rate: FloatArray

    @property
    def cost(self) -> FloatArray:
        """Expected cost of each series, money: the identity C = holding + ordering + stockout."""
        return self.holding_cost + self.ordering_cost + self.stockout_cost
