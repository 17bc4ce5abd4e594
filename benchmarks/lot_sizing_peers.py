"""Wagner-Whitin beside stockpyl: the same cost to 1e-9, and how many times faster; CIMS on a large assortment.

usage: python -m benchmarks.lot_sizing_peers [--quick]

10,000 items of random demand and costs over 365 periods. Ours answers them in one call; stockpyl is asked item by item,
so its loop is timed on an even sample and its time for an item stands for all. Rounds of both alternate; each figure is
the median of its rounds. The costs of the sample are compared in the same run, and a difference stops it. The general
forms, with demand that waits and with costs that change so that buying early can pay, have no peer there: they stand
beside stockpyl's time for its simpler problem. CIMS is timed alone, at quick effort, with its season of daily periods.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import dataclass

import numpy as np

from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.domain.calendar import Period
from orderpoint.optimize.cims import Cims
from orderpoint.optimize.lot_sizing import wagner_whitin
from orderpoint.optimize.lot_sizing.problem import LotSizing
from orderpoint.testing.small_shop import SmallShop

ITEMS, PERIODS = 10_000, 365
ROUNDS, QUICK_ROUNDS = 7, 5
TOLERANCE = 1e-9
LEAST_RATIO = 90_000.0
SERIES, QUICK_SERIES = 30_000, 3_000
MOST_SECONDS = 60.0
MICROSECONDS = 1e6


@dataclass(frozen=True)
class Items:
    """Random items: demand (n, T), and setup, holding and unit cost of each."""

    demand: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    setup: np.ndarray[tuple[int], np.dtype[np.float64]]
    holding: np.ndarray[tuple[int], np.dtype[np.float64]]
    unit: np.ndarray[tuple[int], np.dtype[np.float64]]

    @classmethod
    def random(cls, seed: int = 20240101) -> Items:
        """ITEMS of them."""
        rng = np.random.default_rng(seed)
        return cls(
            rng.integers(0, 100, (ITEMS, PERIODS)).astype(np.float64),
            rng.uniform(100.0, 1000.0, ITEMS),
            rng.uniform(0.5, 2.0, ITEMS),
            rng.uniform(1.0, 20.0, ITEMS),
        )

    def problem(self) -> LotSizing:
        """Constant costs for each item, as stockpyl takes them."""
        return LotSizing(self.demand, self.setup[:, None], self.holding[:, None], self.unit[:, None])

    def general(self) -> LotSizing:
        """Costs that change from period to period, with demand that may wait."""
        rng = np.random.default_rng(7)
        cost = [rng.uniform(low, high, (ITEMS, PERIODS)) for low, high in ((100, 1000), (0.5, 2), (1, 20), (1, 9))]
        return LotSizing(self.demand, cost[0], cost[1], cost[2], cost[3])


def beside_stockpyl(*, quick: bool) -> list[dict[str, object]]:
    """Times of an item, medians of rounds. Raises ArithmeticError where costs differ."""
    from stockpyl.wagner_whitin import wagner_whitin as peer

    items = Items.random()
    plain, general = items.problem(), items.general()
    rounds, sample = (QUICK_ROUNDS, 1) if quick else (ROUNDS, 2)
    chosen = np.linspace(0, ITEMS - 1, sample).astype(int)
    times: dict[str, list[float]] = {"plain": [], "general": [], "peer": []}
    for problem in (plain, general):
        wagner_whitin.optimal(problem)  # compiled, or read from the cache, before the clock runs
    for _ in range(rounds):
        for name, problem in (("general", general), ("plain", plain)):
            begun = time.perf_counter()
            cost = wagner_whitin.optimal(problem).cost
            times[name].append((time.perf_counter() - begun) / ITEMS)
        begun = time.perf_counter()
        expected = [
            peer(PERIODS, items.holding[k], items.setup[k], list(items.demand[k]), items.unit[k])[1] for k in chosen
        ]
        times["peer"].append((time.perf_counter() - begun) / sample)
        gap = np.abs(cost[chosen] / np.array(expected) - 1.0).max()
        if not gap <= TOLERANCE:
            raise ArithmeticError(f"Wagner-Whitin: differs from stockpyl by a share of {gap}")
    ours, wide, theirs = (statistics.median(times[name]) for name in ("plain", "general", "peer"))
    loop = f"{ITEMS:,} items x {PERIODS} periods (stockpyl: loop over {sample}, extrapolated)"
    return [
        {
            "name": f"Wagner-Whitin, {loop}",
            "ours": ours * MICROSECONDS,
            "peer": theirs * MICROSECONDS,
            "limit": LEAST_RATIO,
            "ratio": theirs / ours,
            "unit": "us/item",
        },
        {
            "name": "the same with changing costs and demand that waits (beside stockpyl's simpler problem)",
            "ours": wide * MICROSECONDS,
            "peer": theirs * MICROSECONDS,
            "limit": None,
            "ratio": theirs / wide,
            "unit": "us/item",
        },
    ]


def large_assortment(*, quick: bool) -> dict[str, object]:
    """Seconds in which CIMS decides for many daily series."""
    rng = np.random.default_rng(3)
    n = QUICK_SERIES if quick else SERIES
    shop = SmallShop(
        mean=rng.gamma(0.6, 3.0, n),
        horizon=28,
        period=Period.DAY,
        arrival=14,
        next_arrival=21,
        order_cost=rng.choice([0.0, 5.0], n),
        holding_per_period=0.01,
        stockout=3.0,
        level_cv2=0.05,
        on_hand=rng.integers(0, 60, n),
    )
    snapshot, demand = shop.build()
    Cims().decide(*SmallShop().build())
    begun = time.perf_counter()
    Cims().decide(snapshot, demand)
    seconds = time.perf_counter() - begun
    row: dict[str, object] = {
        "name": f"CIMS, {n:,} daily series, 8 reviews, quick effort",
        "ours": seconds,
        "unit": "s",
    }
    return {**row, "peer": None, "limit": None if quick else MOST_SECONDS, "ratio": None}


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the driver's contract
    """The rows of the table: name, ours, peer, limit, ratio, unit."""
    return [*beside_stockpyl(quick=quick), large_assortment(quick=quick)]


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
