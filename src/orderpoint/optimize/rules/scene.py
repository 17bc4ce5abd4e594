"""What the fields of a rule are read from: the shop today, its demand, and the orders that are proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from orderpoint.stockflow.spoilage import keeping
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scene:
    """n series on the morning of today. `decisions`: what is proposed, None before the algorithm has decided.

    Where a field speaks of a supplier it is the one proposed; before there is a proposal, the cheapest that takes
    orders today (`offer`, int64 (n,)). The *cycle* runs until the order after today's arrives.
    """

    snapshot: Snapshot
    demand: Demand
    decisions: Decisions | None = None

    @cached_property
    def offer(self) -> IntArray:
        """The row of `Supply` that each series is spoken of with, (n,)."""
        return cheapest_offers(self.snapshot) if self.decisions is None else self.decisions.offer

    @cached_property
    def quantity(self) -> FloatArray:
        """Units proposed over all lines of each series, (n,); 0 before there is a proposal."""
        if self.decisions is None:
            return np.zeros(len(self.snapshot.index))
        return ordered(self.decisions)

    @cached_property
    def coming_soon(self) -> FloatArray:
        """Units of open orders that are on sale before the next order could be, (n,)."""
        return due_before_next(self.snapshot, self.offer)

    @cached_property
    def position(self) -> FloatArray:
        """Stock on hand that will not have spoilt, and coming soon, units (n,)."""
        return keeping(self.snapshot, self.demand).stock.on_hand + self.coming_soon

    @cached_property
    def lead_demand(self) -> Distribution:
        """Demand from today until an order of today arrives."""
        return self._until(self.snapshot.supply.arrival_period)

    @cached_property
    def cycle_demand(self) -> Distribution:
        """Demand from today until the order after today's arrives, within the horizon."""
        return self._until(self.snapshot.supply.next_arrival_period)

    @cached_property
    def demand_per_day(self) -> FloatArray:
        """Expected demand of a day of the cycle, units (n,)."""
        ends = np.concatenate([[0.0], np.cumsum(self.snapshot.period_days())])
        last = np.minimum(self.snapshot.supply.next_arrival_period[self.offer], self.demand.timeline.count)
        per_day: FloatArray = self.cycle_demand.means() / ends[last]
        return per_day

    @cached_property
    def days_of_cover(self) -> FloatArray:
        """Days that the position lasts, (n,): inf where nothing sells, 0 where nothing is there."""
        days = np.full(len(self.position), np.inf)
        np.divide(self.position, self.demand_per_day, out=days, where=self.demand_per_day > 0.0)
        return np.where(self.position <= 0.0, 0.0, days)

    @cached_property
    def stockout_risk(self) -> FloatArray:
        """Probability that the cycle's demand exceeds the position, (n,): the risk of ordering nothing."""
        risk: FloatArray = 1.0 - self.cycle_demand.cdf(np.maximum(self.position, 0.0))
        return np.clip(np.where(self.position < 0.0, 1.0, risk), 0.0, 1.0)

    def of_item(self, name: str) -> list[object]:
        """An attribute of the catalogue for each series, length n."""
        values = getattr(self.snapshot.catalog, name)
        return [values[k] for k in self.snapshot.index.item_of]

    def words(self, name: str) -> NDArray[np.str_]:
        """A text of the catalogue for each series, "" where unknown."""
        return np.array([str(value or "") for value in self.of_item(name)], dtype=np.str_)

    def numbers(self, name: str) -> FloatArray:
        """A number of the catalogue for each series, NaN where unknown."""
        return np.array([np.nan if v is None else v for v in self.of_item(name)], dtype=np.float64)

    def days_until(self, name: str) -> FloatArray:
        """Days from today to a day of the catalogue for each series, NaN where unknown."""
        today = self.snapshot.timeline.first
        days = [(d - today).days if isinstance(d, date) else np.nan for d in self.of_item(name)]
        return np.array(days, dtype=np.float64)

    def _until(self, period: NDArray[np.int32]) -> Distribution:
        last = np.minimum(period[self.offer].astype(np.int64), self.demand.timeline.count) - 1
        return self.demand.sum_over(0, last)


def ordered(decisions: Decisions) -> FloatArray:
    """Units ordered over all lines of each series, (n,)."""
    total = decisions.quantity.astype(np.float64)
    if decisions.further is not None:
        np.add.at(total, decisions.further.series, decisions.further.quantity)
    return total


def due_before_next(snapshot: Snapshot, offer: IntArray) -> FloatArray:
    """Units of open orders on sale before an order placed after today's through `offer` could be, (n,)."""
    receipts = snapshot.stock.receipts
    until = np.concatenate([np.zeros((len(receipts), 1)), np.cumsum(receipts, axis=1)], axis=1)
    last = np.minimum(snapshot.supply.next_arrival_period[offer], receipts.shape[1])
    due: FloatArray = until[np.arange(len(receipts)), last]
    return due


def cheapest_offers(snapshot: Snapshot) -> IntArray:
    """The row of the cheapest offer of each series that takes orders today (of all, where none does), (n,)."""
    supply = snapshot.supply
    series = np.repeat(np.arange(len(snapshot.index)), np.diff(supply.offsets))
    order = np.lexsort((supply.unit_cost, ~supply.takes_orders_today, series))
    return order[supply.offsets[:-1]].astype(np.int64)
