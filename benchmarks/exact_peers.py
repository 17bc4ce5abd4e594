"""Newsvendor and exact (s, S) beside stockpyl: the same answers to 1e-9, and how many times faster.

usage: python -m benchmarks.exact_peers [--quick]

10,000 items of random costs and demand. Ours answers them in one call; stockpyl is asked item by item, so its loop is
timed on an even sample and its time for an item stands for all. Rounds of both alternate; each figure is the median of
its rounds. The answers of the sample are compared in the same run, and a difference stops it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.optimize import reorder
from orderpoint.optimize.newsvendor import Newsvendor
from orderpoint.tables.distribution import Distribution, Family

FloatArray = NDArray[np.float64]

ITEMS = 10_000
ROUNDS, QUICK_ROUNDS = 9, 5
TOLERANCE = 1e-9
LEAST_RATIO = 1000.0
MICROSECONDS = 1e6


@dataclass(frozen=True)
class Contest:
    """One algorithm: ours for all items at once, as columns of answers; the peer for one item, as one such row."""

    name: str
    ours: Callable[[], FloatArray]
    peer: Callable[[int], tuple[float, ...]]
    sample: int


@dataclass(frozen=True)
class Items:
    """Random items: costs per unit left and short, fixed cost of an order, and mean demand."""

    holding: FloatArray
    stockout: FloatArray
    fixed: FloatArray
    mean: FloatArray

    @classmethod
    def random(cls, seed: int = 20240101) -> Items:
        """ITEMS of them."""
        rng = np.random.default_rng(seed)
        return cls(
            holding=rng.uniform(0.5, 2.0, ITEMS),
            stockout=rng.uniform(2.0, 40.0, ITEMS),
            fixed=rng.uniform(10.0, 64.0, ITEMS),
            mean=rng.uniform(2.0, 30.0, ITEMS),
        )


def contests(*, quick: bool) -> list[Contest]:
    """The algorithms, each beside its peer."""
    from stockpyl.newsvendor import newsvendor_normal, newsvendor_poisson
    from stockpyl.ss import s_s_discrete_exact

    items = Items.random()
    newsvendor = Newsvendor(items.holding, items.stockout)
    costs = reorder.ReorderCosts(items.fixed, items.holding, items.stockout)
    sd = 0.3 * items.mean

    def normal() -> FloatArray:
        found = newsvendor.optimal_normal(items.mean, sd)
        return np.stack([found.quantity, found.cost])

    def poisson() -> FloatArray:
        found = newsvendor.optimal(Distribution.single(Family.COUNT, items.mean, items.mean))
        return np.stack([found.quantity, found.cost])

    def levels() -> FloatArray:
        found = reorder.optimal(costs, reorder.spans(Distribution.single(Family.COUNT, items.mean, items.mean)))
        return np.stack([found.reorder_point, found.order_up_to, found.cost])

    def costs_of(k: int) -> tuple[float, float]:
        return float(items.holding[k]), float(items.stockout[k])

    return [
        Contest(
            "newsvendor, normal",
            normal,
            lambda k: newsvendor_normal(*costs_of(k), float(items.mean[k]), float(sd[k])),
            200,
        ),
        Contest("newsvendor, Poisson", poisson, lambda k: newsvendor_poisson(*costs_of(k), float(items.mean[k])), 100),
        Contest(
            "exact (s, S)",
            levels,
            lambda k: s_s_discrete_exact(*costs_of(k), float(items.fixed[k]), True, float(items.mean[k])),  # noqa: FBT003 - its signature
            4 if quick else 12,
        ),
    ]


def compared(contest: Contest, rounds: int) -> dict[str, object]:
    """Time of an item with us and with the peer, medians of rounds. Raises ArithmeticError where answers differ."""
    chosen = np.linspace(0, ITEMS - 1, contest.sample).astype(int)
    contest.ours()  # compiled, or read from the cache, before the clock runs
    our_times, peer_times = [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        answers = contest.ours()
        our_times.append((time.perf_counter() - begun) / ITEMS)
        begun = time.perf_counter()
        expected = [contest.peer(int(k)) for k in chosen]
        peer_times.append((time.perf_counter() - begun) / len(chosen))
        gap = np.abs(answers[:, chosen].T - np.array(expected, dtype=float)).max()
        if not gap <= TOLERANCE:
            raise ArithmeticError(f"{contest.name}: differs from stockpyl by {gap}")
    ours, peer = statistics.median(our_times), statistics.median(peer_times)
    return {
        "name": f"{contest.name}, {ITEMS:,} items (stockpyl: loop over {contest.sample}, extrapolated)",
        "ours": ours * MICROSECONDS,
        "peer": peer * MICROSECONDS,
        "limit": LEAST_RATIO,
        "ratio": peer / ours,
        "unit": "us/item",
    }


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the driver's contract
    """The rows of the table: name, ours, peer, limit, ratio, unit."""
    return [compared(contest, QUICK_ROUNDS if quick else ROUNDS) for contest in contests(quick=quick)]


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
