"""What a unit too much and a unit too little cost in stock: by it forecasts are chosen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.snapshot import Snapshot

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class StockMoney:
    """Money per unit `left` over when the next order arrives, and per unit `short` until then; (n,), as in `index`."""

    index: SeriesIndex
    left: Floats
    short: Floats

    def of(self, index: SeriesIndex) -> tuple[Floats, Floats]:
        """(left, short) of the series of `index`; of one that is not known here, the mean of all."""
        if index is self.index:
            return self.left, self.short
        at = self.index.row_of()
        rows = np.array([at.get(pair, -1) for pair in index.pairs()], np.int64)
        known = rows >= 0
        left, short = (np.where(known, each[rows], each.mean()) for each in (self.left, self.short))
        return left, short

    def __repr__(self) -> str:
        """By its content: what an interrupted run kept is used by the next only where the two are equal."""
        content = hashlib.sha256(self.left.tobytes() + self.short.tobytes()).hexdigest()[:16]
        return f"StockMoney({len(self.index)}, {content})"


def stock_money(snapshot: Snapshot) -> StockMoney:
    """Holding over a review of the first offer, and what a unit short costs; one that waits waits half a review."""
    supply, costs, period = snapshot.supply, snapshot.costs, snapshot.timeline.period
    first = supply.offsets[:-1]
    days = np.maximum(supply.next_arrival_period[first] - supply.arrival_period[first], 1) * period.mean_days
    short = costs.stockout_cost_per_unit * np.where(costs.backlog, days / 2.0, 1.0)
    return StockMoney(snapshot.index, costs.holding_cost_per_unit_day * days, short)
