"""The plan of a season as a table for pages and reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.optimize.build_up.calendar import CycleCalendar
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STEADY = 0.1
"""Stock that changes over a window by a smaller share of the window's demand neither builds up nor runs down."""


@dataclass(frozen=True, eq=False)
class CyclePlan:
    """Reviews of n series, R columns; NaN (or -1) where a series has fewer.

    `order_period`, `arrival_period` int64 (n, R): periods from today. All else float64 (n, R), in units:
    `reorder_point`, `order_up_to` of the position at that review; expected `order`; of the window that the order
    serves, on average: `stock_on_arrival`, `stock_at_end`, `demand`, `short`, and the open orders of today that come in
    it, `receipts`. The first order is today's decision. `waiting` float64 (n, 3): demand, units short and open orders
    from today until it can be on sale; `opening` float64 (n,): stock just before that.

    Of a series that loses unmet sales, opening + order + receipts - demand + short is the stock at the end.
    """

    timeline: Timeline
    order_period: IntArray
    arrival_period: IntArray
    reorder_point: FloatArray
    order_up_to: FloatArray
    order: FloatArray
    stock_on_arrival: FloatArray
    stock_at_end: FloatArray
    demand: FloatArray
    short: FloatArray
    receipts: FloatArray
    opening: FloatArray
    waiting: FloatArray

    def stock_before(self) -> FloatArray:
        """(n, R): expected stock just before each order arrives."""
        return np.concatenate([self.opening[:, None], self.stock_at_end[:, :-1]], axis=1)

    def build_up(self) -> IntArray:
        """(n, R): 1 where a window leaves more stock than the one before, -1 where less, 0 where about the same."""
        change = self.stock_at_end - self.stock_before()
        moved = np.abs(change) > STEADY * np.maximum(self.demand, 1.0)
        return np.where(moved, np.sign(np.nan_to_num(change)), 0.0).astype(np.int64)

    def by_cycle(self, calendar: CycleCalendar) -> tuple[tuple[str, ...], FloatArray]:
        """(names of C cycles, (n, C, 4)): most stock on arrival, stock at the last end, ordered, demand of each cycle.

        A review belongs to the cycle in which its order arrives; NaN where none does.
        """
        last = int(self.arrival_period.max(initial=0)) + 1
        names, cycle = calendar.cycles(Timeline(self.timeline.first, self.timeline.period, last))
        table = np.full((len(self.order), len(names), 4), np.nan)
        for k in range(self.order.shape[1]):
            rows = np.flatnonzero(self.arrival_period[:, k] >= 0)
            cell = table[rows, cycle[self.arrival_period[rows, k]]]
            figures = (self.stock_on_arrival, self.stock_at_end, self.order, self.demand)
            most, end, ordered, demand = (f[rows, k] for f in figures)
            cell[:, 0] = np.fmax(cell[:, 0], most)
            cell[:, 1] = end
            cell[:, 2] = np.nan_to_num(cell[:, 2]) + ordered
            cell[:, 3] = np.nan_to_num(cell[:, 3]) + demand
            table[rows, cycle[self.arrival_period[rows, k]]] = cell
        return names, table


@runtime_checkable
class PlansCycles(Protocol):
    """A policy that looks ahead over a season; `None` where it does not after all."""

    def cycle_plan(self, snapshot: Snapshot, demand: Demand, decisions: Decisions | None = None) -> CyclePlan | None:
        """The season that follows `decisions` (None: the policy's own)."""
        ...
