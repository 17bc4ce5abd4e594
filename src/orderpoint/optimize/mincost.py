"""MINCOST: the orders of least expected holding, ordering and stockout cost (docs/algorithms/mincost.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize import choose
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


class Effort(StrEnum):
    """How many operations a run may spend: draws of demand in all, and paths for each series at most."""

    QUICK = "quick"
    STANDARD = "standard"
    BEST = "best"

    @property
    def draws(self) -> int:
        """Draws of one period's demand, over all series."""
        return {Effort.QUICK: 1 << 28, Effort.STANDARD: 1 << 30, Effort.BEST: 1 << 32}[self]

    @property
    def most_paths(self) -> int:
        """Paths of one series at most."""
        return {Effort.QUICK: 1 << 11, Effort.STANDARD: 1 << 12, Effort.BEST: 1 << 14}[self]


@dataclass(frozen=True)
class MinCost:
    """Least expected cost over the window that today's order decides, on common paths of demand.

    `paths`: how many (None: by `effort` and the number of series, a power of two). The same `seed` gives the same orders.
    """

    effort: Effort = Effort.QUICK
    seed: int = 1
    paths: int | None = None
    name: str = "mincost"

    def __post_init__(self) -> None:
        if self.paths is not None and self.paths < 2:
            raise ValueError(f"paths: expected at least 2, got {self.paths}; leave it out to let the effort decide")

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today (see `Policy.decide`)."""
        n = len(snapshot.index)
        table = np.zeros((n, choose.COLUMNS))
        for paths, rows, setting in self._sampled(snapshot, demand):
            choose.choose(paths, *setting, table[rows])
        quantity = table[:, choose.QUANTITY] if snapshot.stock.known else np.zeros(n)
        offer = table[:, choose.OFFER].astype(np.int64)
        levels = table[:, choose.REORDER_POINT], table[:, choose.ORDER_UP_TO]
        return Decisions(quantity, offer, *levels, shadow_price=np.zeros(n))

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions cost and serve (see `Policy.evaluate`)."""
        table = np.zeros((len(snapshot.index), COLUMNS))
        for paths, rows, setting in self._sampled(snapshot, demand):
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

    def _sampled(self, snapshot: Snapshot, demand: Demand) -> Iterator[tuple[NDArray[np.float32], slice, Setting]]:
        """Paths of demand, some series at a time: (paths (rows, paths, B), which rows, what the loops need of them)."""
        n = len(snapshot.index)
        periods = periods_needed(snapshot)
        count = self.paths_for(n, periods)
        ahead = ended(stretched(demand, periods), snapshot)
        lines, offers, clock = setting_of(snapshot, demand, periods, count)
        size = max(CHUNK_DRAWS // (count * periods), 1)
        for first in range(0, n, size):
            last = min(first + size, n)
            paths = scenarios(ahead, count, self.seed, slice(first, last))
            yield paths, slice(first, last), Setting(rows_of(lines, first, last), offers, clock)
