"""Small made-up shops for tests of policies: a snapshot and its demand, with every number a test may want to set."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.domain.supply import PriceBreaks
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.costs import Costs
from orderpoint.tables.demand import Demand
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.stock import Stock
from orderpoint.tables.supply import Supply

FloatArray = NDArray[np.float64]
TODAY = date(2025, 6, 2)


@dataclass(frozen=True)
class SmallShop:
    """n items at one place with one supplier each; an array speaks for each item, a number for all.

    `mean` (n,) or (n, horizon) is demand per period. `arrival`, `next_arrival` are periods from today. Money and
    units as in `tables.costs` and `tables.supply`.
    """

    mean: ArrayLike = (10.0, 3.0, 0.4)
    on_hand: ArrayLike = 0.0
    horizon: int = 8
    period: Period = Period.WEEK
    arrival: int = 2
    next_arrival: int = 3
    holding_per_period: ArrayLike = 0.2
    stockout: ArrayLike = 1.0
    backlog: bool = False
    level_cv2: ArrayLike = 0.0
    unit_cost: ArrayLike = 5.0
    order_cost: ArrayLike = 0.0
    moq: ArrayLike = 1.0
    pack: ArrayLike = 1.0
    max_quantity: ArrayLike = np.inf
    min_stock: ArrayLike = 0.0
    max_stock: ArrayLike = np.inf
    service_target: ArrayLike = np.nan
    lead_time_sd_days: ArrayLike = 0.0
    price_breaks: PriceBreaks = field(default_factory=PriceBreaks)
    budget: float | None = None

    def build(self) -> tuple[Snapshot, Demand]:
        """The snapshot of today, and Poisson demand around its mean."""
        mean = np.asarray(self.mean, np.float64)
        n = len(mean)
        index = SeriesIndex.of((f"item {k:04d}", "main") for k in range(n))
        timeline = Timeline(TODAY, self.period, self.horizon)
        none = np.zeros((n, self.horizon))
        snapshot = Snapshot(
            index=index,
            timeline=timeline,
            catalog=Catalog.bare(index.items),
            stock=Stock(self._each(self.on_hand), none, np.zeros(n)),
            supply=self._supply(timeline),
            costs=self._costs(),
            orderable=np.ones(n, np.bool_),
            budget=self.budget,
        )
        return snapshot, Demand.poisson(index, timeline, mean if mean.ndim == 2 else mean[:, None], self.level_cv2)

    def _each(self, value: ArrayLike) -> FloatArray:
        return np.array(np.broadcast_to(np.asarray(value, np.float64), (len(np.asarray(self.mean)),)))

    def _costs(self) -> Costs:
        unit_cost = self._each(self.unit_cost)
        return Costs(
            price=2.0 * unit_cost,
            unit_cost=unit_cost,
            holding_cost_per_unit_day=self._each(self.holding_per_period) / self.period.mean_days,
            stockout_cost_per_unit=self._each(self.stockout),
            backlog=np.full(len(unit_cost), self.backlog),
            service_target=self._each(self.service_target),
            min_stock=self._each(self.min_stock),
            max_stock=self._each(self.max_stock),
        )

    def _supply(self, timeline: Timeline) -> Supply:
        days = [(timeline.start(k) - timeline.first).days for k in (self.arrival, self.next_arrival)]
        unit_cost = self._each(self.unit_cost)
        n = len(unit_cost)
        return Supply(
            offsets=np.arange(n + 1, dtype=np.int64),
            supplier=("ACME",) * n,
            lead_time_days=np.full(n, float(days[0])),
            lead_time_sd_days=self._each(self.lead_time_sd_days),
            review_days=np.full(n, float(days[1] - days[0])),
            unit_cost=unit_cost,
            order_cost=self._each(self.order_cost),
            moq=self._each(self.moq),
            pack=self._each(self.pack),
            max_quantity=self._each(self.max_quantity),
            price_breaks=(self.price_breaks,) * n,
            arrival_period=np.full(n, self.arrival, np.int32),
            next_arrival_period=np.full(n, self.next_arrival, np.int32),
            arrival_day=np.full(n, days[0], np.int32),
            takes_orders_today=np.ones(n, np.bool_),
        )


def with_receipt(snapshot: Snapshot, period: int, units: ArrayLike) -> Snapshot:
    """The snapshot with `units` (a number or (n,)) of open orders more that are on sale from `period` on."""
    receipts = snapshot.stock.receipts.copy()
    receipts[:, period] += np.asarray(units, np.float64)
    return replace(snapshot, stock=replace(snapshot.stock, receipts=receipts))


def two_offers(snapshot: Snapshot, **second: float) -> Snapshot:
    """The snapshot with a second offer, "Brisk", for each series: like the first but for the columns given."""
    rows = np.repeat(np.arange(len(snapshot.index)), 2)
    supply = snapshot.supply
    columns = {}
    for name in Supply.__dataclass_fields__:
        value = getattr(supply, name)
        if isinstance(value, np.ndarray) and name != "offsets":
            columns[name] = value[rows]
            if name in second:
                columns[name][1::2] = second[name]
    return replace(
        snapshot,
        supply=replace(
            supply,
            offsets=2 * supply.offsets,
            supplier=("ACME", "Brisk") * len(snapshot.index),
            price_breaks=tuple(supply.price_breaks[r] for r in rows),
            **columns,
        ),
    )
