"""What a policy sees when it decides: the state of the shop on the morning of today, and nothing of the future."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.tables import checks
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.costs import Costs
from orderpoint.tables.network import Network
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.stock import Stock
from orderpoint.tables.supply import Supply


@dataclass(frozen=True, eq=False)
class Snapshot:
    """State of n series today.

    `timeline.first` is today and `timeline` the H periods of the horizon. `orderable` bool (n,): False for frozen and
    discontinued items, past ends of life. `budget` is the money that today's orders may cost in all, None where
    unlimited; `shared` the other limits over many series, None where there are none. `network`: which place supplies
    which, None where the input says nothing. `currency`: code of the home currency, None where the input names none.
    """

    index: SeriesIndex
    timeline: Timeline
    catalog: Catalog
    stock: Stock
    supply: Supply
    costs: Costs
    orderable: NDArray[np.bool_]
    budget: float | None = None
    shared: SharedLimits | None = None
    network: Network | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        n = len(self.index)
        checks.shape("snapshot.stock.receipts", self.stock.receipts, (n, self.timeline.count))
        checks.shape("snapshot.costs.unit_cost", self.costs.unit_cost, (n,))
        checks.shape("snapshot.supply.offsets", self.supply.offsets, (n + 1,))
        checks.shape("snapshot.orderable", self.orderable, (n,))

    def take(self, rows: NDArray[np.intp]) -> Snapshot:
        """The state of some series, in the given order of rows; budget and network stay as they are."""
        return replace(
            self,
            index=self.index.take(rows),
            stock=self.stock.take(rows),
            supply=self.supply.take(rows),
            costs=self.costs.take(rows),
            orderable=self.orderable[rows],
            shared=None if self.shared is None else self.shared.take(rows),
        )

    def period_days(self) -> NDArray[np.float64]:
        """Length of each period of the horizon in days, shape (H,)."""
        return np.array([self.timeline.days(k) for k in range(self.timeline.count)], dtype=np.float64)
