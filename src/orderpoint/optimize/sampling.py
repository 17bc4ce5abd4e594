"""The paths of demand that a policy weighs its choices on, and what any decisions are expected to cost on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

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
from orderpoint.optimize.protection import Setting, periods_needed, rows_of, setting_of
from orderpoint.optimize.scenarios import scenarios
from orderpoint.stockflow.placed import fixed_costs, moved
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

__all__ = ["Effort", "Sampling", "fixed_costs", "moved"]

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
        return {Effort.QUICK: 1 << 26, Effort.STANDARD: 1 << 28, Effort.BEST: 1 << 30}[self]

    @property
    def most_paths(self) -> int:
        """Paths of one series at most."""
        return {Effort.QUICK: 1 << 12, Effort.STANDARD: 1 << 13, Effort.BEST: 1 << 14}[self]

    @property
    def steps(self) -> int:
        """Steps of the stock equation that a search by simulation may take, over all series."""
        return {Effort.QUICK: 1 << 28, Effort.STANDARD: 1 << 31, Effort.BEST: 1 << 34}[self]


@dataclass(frozen=True)
class Sampling:
    """Common paths of demand: the same for every choice and every policy that is given the same `seed`.

    `paths`: how many for each series (None: by `effort` and the number of series, a power of two).
    """

    effort: Effort = Effort.QUICK
    seed: int = 1
    paths: int | None = None

    def __post_init__(self) -> None:
        if self.paths is not None and self.paths < 2:
            raise ValueError(f"paths: expected at least 2, got {self.paths}; leave it out to let the effort decide")

    def paths_for(self, series: int, periods: int) -> int:
        """How many paths each of `series` series gets over `periods` periods."""
        if self.paths is not None:
            return self.paths
        wanted = self.effort.draws // max(series * periods, 1)
        return int(np.clip(1 << max(wanted.bit_length() - 1, 0), FEWEST_PATHS, self.effort.most_paths))

    def sampled(
        self, snapshot: Snapshot, demand: Demand, reach: int | None = None
    ) -> Iterator[tuple[NDArray[np.float32], slice, Setting]]:
        """Paths of demand, some series at a time: (paths (rows, paths, B), which rows, what the loops need of them).

        B is the protection interval, or `reach` periods where that is given; no number of a period changes then.
        """
        count, periods = self._size(snapshot, reach)
        lines, offers, clock = setting_of(snapshot, demand, periods, count)
        for paths, rows in self._paths(snapshot, demand, (count, periods)):
            yield paths, rows, Setting(rows_of(lines, rows.start, rows.stop), offers, clock)

    def _size(self, snapshot: Snapshot, reach: int | None) -> tuple[int, int]:
        """Paths of each series, and their periods."""
        needed = periods_needed(snapshot)
        return self.paths_for(len(snapshot.index), needed), reach or needed

    def _paths(
        self, snapshot: Snapshot, demand: Demand, size: tuple[int, int]
    ) -> Iterator[tuple[NDArray[np.float32], slice]]:
        """Paths of some series at a time, and which."""
        count, periods = size
        ahead = ended(stretched(demand, periods), snapshot.catalog)
        n, some = len(snapshot.index), max(CHUNK_DRAWS // (count * periods), 1)
        for first in range(0, n, some):
            rows = slice(first, min(first + some, n))
            yield scenarios(ahead, count, self.seed, rows), rows

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions cost and serve (see `Policy.evaluate`)."""
        return self.evaluate_several(demand, [(snapshot, decisions)])[0]

    def evaluate_several(self, demand: Demand, cases: Sequence[tuple[Snapshot, Decisions]]) -> list[Evaluation]:
        """The same for each case, on paths that are drawn once; the snapshots differ in their stock only."""
        snapshot = cases[0][0]
        size = count, periods = self._size(snapshot, None)
        settings = [setting_of(moved(state, decisions), demand, periods, count) for state, decisions in cases]
        tables = [np.zeros((len(snapshot.index), COLUMNS)) for _ in cases]
        for paths, rows in self._paths(snapshot, demand, size):
            for (_, decisions), (lines, offers, clock), table in zip(cases, settings, tables, strict=True):
                orders = Orders(decisions.quantity[rows].astype(np.float64), decisions.offer[rows].astype(np.int64))
                appraise(paths, rows_of(lines, rows.start, rows.stop), offers, clock, orders, table[rows])
        return [_evaluation(state, decisions, table) for (state, decisions), table in zip(cases, tables, strict=True)]


def _evaluation(snapshot: Snapshot, decisions: Decisions, table: NDArray[np.float64]) -> Evaluation:
    """The columns of `appraise`, with the fixed costs of the orders."""
    return Evaluation(
        demand=table[:, DEMAND],
        short=table[:, SHORT],
        average_stock=table[:, AVERAGE],
        end_stock=table[:, END],
        holding_cost=table[:, HOLDING],
        ordering_cost=fixed_costs(snapshot, decisions),
        stockout_cost=table[:, STOCKOUT],
        stockout_risk=table[:, RISK],
        fill_rate=table[:, FILL],
    )
