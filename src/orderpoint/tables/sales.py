"""What was sold.

One row for each series, one column for each period, with the reason why a zero may not mean no demand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.tables import checks
from orderpoint.tables.series import SeriesIndex


class State(IntEnum):
    """What a cell of `Sales.quantity` says about demand."""

    OFF = 0
    """Not on sale yet, or no more: says nothing."""
    OBSERVED = 1
    """On sale and in stock: sales are demand."""
    STOCKOUT = 2
    """Out of stock for some or all of the period, as the input says: demand was at least this."""
    STOCKOUT_INFERRED = 3
    """Out of stock as inferred from a run of zeros that the series' rate makes implausible."""


@dataclass(frozen=True, eq=False)
class Sales:
    """Sales history of n series over T periods, net of returns.

    `quantity` float32 (n, T) in units per period, at least 0, 0 where OFF. `state` uint8 (n, T), values of `State`.
    `price` float32 (n, T) in money per unit, NaN where unknown, or None. `promotion` float32 (n, T), 0 or a depth
    in (0, 1] (1 also means "yes, depth unknown"), or None. `in_stock_share` float32 (n, T), or None: of a period's
    usual demand the share that comes in the hours that were in stock, in [0, 1]; NaN where no hours are known.
    """

    index: SeriesIndex
    timeline: Timeline
    quantity: NDArray[np.float32]
    state: NDArray[np.uint8]
    price: NDArray[np.float32] | None = None
    promotion: NDArray[np.float32] | None = None
    in_stock_share: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        expected = (len(self.index), self.timeline.count)
        for name in ("quantity", "state", "price", "promotion", "in_stock_share"):
            array = getattr(self, name)
            if array is not None:
                checks.shape(f"sales.{name}", array, expected)
        checks.finite("sales.quantity", self.quantity, least=0.0)

    def take(self, rows: NDArray[np.intp]) -> Sales:
        """The sales of some series, in the given order of rows."""
        return replace(
            self,
            index=self.index.take(rows),
            quantity=self.quantity[rows],
            state=self.state[rows],
            price=None if self.price is None else self.price[rows],
            promotion=None if self.promotion is None else self.promotion[rows],
            in_stock_share=None if self.in_stock_share is None else self.in_stock_share[rows],
        )

    def observed(self) -> NDArray[np.bool_]:
        """(n, T): True where sales are demand."""
        seen: NDArray[np.bool_] = self.state == State.OBSERVED
        return seen

    def censored(self) -> NDArray[np.bool_]:
        """(n, T): True where demand was at least the sales."""
        hidden: NDArray[np.bool_] = self.state >= State.STOCKOUT
        return hidden
