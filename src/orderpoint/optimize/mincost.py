"""MINCOST: the orders of least expected holding, ordering and stockout cost (docs/algorithms/mincost.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize import choose, lookahead
from orderpoint.optimize.constraints import Curves, allocate
from orderpoint.optimize.evaluation import (
    AVERAGE,
    COLUMNS,
    DEMAND,
    END,
    FILL,
    HOLDING,
    RISK,
    SHORT,
    STOCKOUT,
    Orders,
    appraise,
)
from orderpoint.optimize.prospects import ended, stretched
from orderpoint.optimize.protection import Setting, periods_needed, rows_of, setting_of
from orderpoint.optimize.scenarios import scenarios
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FEWEST_PATHS = 64
CHUNK_DRAWS = 1 << 24
"""Demand draws held in memory at a time (64 MiB as float32)."""


CURVE_POINTS = 64
"""Quantities of a line that a budget chooses from."""

FloatArray = NDArray[np.float64]


class Effort(StrEnum):
    """How many operations a run may spend: draws of demand in all, and paths for each series at most."""

    QUICK = "quick"
    STANDARD = "standard"
    BEST = "best"

    @property
    def draws(self) -> int:
        """Draws of one period's demand, over all series."""
        return {Effort.QUICK: 1 << 26, Effort.STANDARD: 1 << 28, Effort.BEST: 1 << 30}[self]

    @property
    def most_paths(self) -> int:
        """Paths of one series at most."""
        return {Effort.QUICK: 1 << 11, Effort.STANDARD: 1 << 12, Effort.BEST: 1 << 14}[self]

    @property
    def steps(self) -> int:
        """Steps of the stock equation for looking ahead, over all series; where they would not do, there is none."""
        return {Effort.QUICK: 1 << 28, Effort.STANDARD: 1 << 31, Effort.BEST: 1 << 34}[self]


@dataclass(frozen=True)
class MinCost:
    """Least expected cost over the window that today's order decides, on common paths of demand.

    `paths`: how many (None: by `effort` and the number of series, a power of two). `looks_ahead`: whether lost sales
    are weighed beyond the window (`lookahead`; None: where the effort allows it). The same `seed` gives the same
    orders.
    """

    effort: Effort = Effort.QUICK
    seed: int = 1
    paths: int | None = None
    looks_ahead: bool | None = None
    name: str = "mincost"

    def __post_init__(self) -> None:
        if self.paths is not None and self.paths < 2:
            raise ValueError(f"paths: expected at least 2, got {self.paths}; leave it out to let the effort decide")

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today (see `Policy.decide`)."""
        n = len(snapshot.index)
        table = np.zeros((n, choose.COLUMNS))
        for paths, rows, setting in self.sampled(snapshot, demand, further=lookahead.WINDOWS):
            choose.choose(paths, *setting, table[rows])
        if not snapshot.stock.known:
            table[:, choose.QUANTITY] = 0.0
        offer = table[:, choose.OFFER].astype(np.int64)
        money = spent(snapshot, table[:, choose.QUANTITY], offer)
        shadow_price, gap = np.zeros(n), 0.0
        if snapshot.budget is not None and money.sum() > snapshot.budget:
            shadow_price, gap = self._cut(snapshot, demand, table)
        levels = table[:, choose.REORDER_POINT], table[:, choose.ORDER_UP_TO]
        return Decisions(table[:, choose.QUANTITY], offer, *levels, shadow_price, gap)

    def _cut(self, snapshot: Snapshot, demand: Demand, table: FloatArray) -> tuple[FloatArray, float]:
        """Cut the orders of `table` to the budget; (shadow price of each line, certified gap)."""
        quantity, saving = np.zeros((len(table), CURVE_POINTS)), np.zeros((len(table), CURVE_POINTS))
        for paths, rows, setting in self.sampled(snapshot, demand):
            choose.trace(paths, *setting, table[rows], quantity[rows], saving[rows])
        offer = table[:, choose.OFFER].astype(np.int64)
        money = np.stack([spent(snapshot, column, offer) for column in quantity.T], axis=1)
        packs = table[:, choose.QUANTITY] / np.maximum(np.ceil(snapshot.supply.pack[offer]), 1.0)
        rising = np.maximum.accumulate(money, axis=1)
        curves = Curves(rising, np.where(rising > money, -np.inf, saving), packs < CURVE_POINTS)
        shared = allocate(curves, float(snapshot.budget or 0.0))
        before = table[:, choose.QUANTITY].copy()
        table[:, choose.QUANTITY] = np.take_along_axis(quantity, shared.choice[:, None], 1)[:, 0]
        cut = table[:, choose.QUANTITY] < before
        return np.where(cut, shared.shadow_price, 0.0), shared.gap

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions cost and serve (see `Policy.evaluate`)."""
        table = np.zeros((len(snapshot.index), COLUMNS))
        for paths, rows, setting in self.sampled(snapshot, demand):
            orders = Orders(decisions.quantity[rows].astype(np.float64), decisions.offer[rows].astype(np.int64))
            appraise(paths, *setting, orders, table[rows])
        fixed = snapshot.supply.order_cost[decisions.offer]
        return Evaluation(
            demand=table[:, DEMAND],
            short=table[:, SHORT],
            average_stock=table[:, AVERAGE],
            end_stock=table[:, END],
            holding_cost=table[:, HOLDING],
            ordering_cost=np.where(decisions.quantity > 0, fixed, 0.0),
            stockout_cost=table[:, STOCKOUT],
            stockout_risk=table[:, RISK],
            fill_rate=table[:, FILL],
        )

    def paths_for(self, series: int, periods: int) -> int:
        """How many paths each of `series` series gets over `periods` periods."""
        if self.paths is not None:
            return self.paths
        wanted = self.effort.draws // max(series * periods, 1)
        return int(np.clip(1 << max(wanted.bit_length() - 1, 0), FEWEST_PATHS, self.effort.most_paths))

    def sampled(
        self, snapshot: Snapshot, demand: Demand, further: int = 0
    ) -> Iterator[tuple[NDArray[np.float32], slice, Setting]]:
        """Paths of demand, some series at a time: (paths (rows, paths, B), which rows, what the loops need of them).

        They reach `further` windows beyond the last where the effort allows it; no number of a period changes then.
        """
        n = len(snapshot.index)
        periods = periods_needed(snapshot)
        count = self.paths_for(n, periods)
        longest = int((snapshot.supply.next_arrival_period - snapshot.supply.arrival_period).max(initial=1))
        reach = periods + further * longest
        allowed = self.effort.steps >= n * count * reach * lookahead.PLAYS
        looks = further > 0 and (allowed if self.looks_ahead is None else self.looks_ahead)
        reach = reach if looks else periods
        ahead = ended(stretched(demand, reach), snapshot)
        lines, offers, clock = setting_of(snapshot, demand, reach, count, ahead=looks)
        size = max(CHUNK_DRAWS // (count * reach), 1)
        for first in range(0, n, size):
            last = min(first + size, n)
            paths = scenarios(ahead, count, self.seed, slice(first, last))
            yield paths, slice(first, last), Setting(rows_of(lines, first, last), offers, clock)


def spent(snapshot: Snapshot, quantity: FloatArray, offer: NDArray[np.int64]) -> FloatArray:
    """Money that buying `quantity` (n,) from `offer` (n,) costs, price breaks included, shape (n,)."""
    supply = snapshot.supply
    price = supply.unit_cost[offer].astype(np.float64)
    for row in np.flatnonzero(quantity > 0):
        breaks = supply.price_breaks[offer[row]]
        if breaks.steps:
            price[row] = breaks.unit_price(float(quantity[row]), float(price[row]))
    total: FloatArray = quantity * price
    return total
