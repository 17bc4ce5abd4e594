"""Exact single-item methods beside stockpyl: the same answers to 1e-9, and how many times faster.

usage: python -m benchmarks.exact_peers [--quick]

10,000 items of random costs and demand. Ours answers them in one call; stockpyl is asked item by item, so its loop is
timed on an even sample and its time for an item stands for all. Rounds of both alternate; each figure is the median of
its rounds. The answers of the sample are compared in the same run, and a difference stops it. Apart from the clock,
(s, S) is compared on 500 random systems (60 with --quick).
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
from orderpoint.optimize.eoq import LotCosts
from orderpoint.optimize.newsvendor import Newsvendor
from orderpoint.tables.distribution import Distribution, Family

FloatArray = NDArray[np.float64]

ITEMS = 10_000
ROUNDS, QUICK_ROUNDS = 9, 5
TOLERANCE = 1e-9
SYSTEMS, QUICK_SYSTEMS = 500, 60
NEWSVENDOR_GOAL, LEVELS_GOAL = 5_000.0, 7_000.0
MICROSECONDS = 1e6
LEAST_SECONDS = 0.02  # a call of a fraction of a millisecond is repeated for that long, as the peer's loop is
LEAD_TIME = 0.5  # in units of time, for (r, Q)


@dataclass(frozen=True)
class Contest:
    """One algorithm: ours for all items at once, as columns of answers; the peer for one item, as one such row."""

    name: str
    ours: Callable[[], FloatArray]
    peer: Callable[[int], tuple[float, ...]]
    sample: int
    goal: float | None = None


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
    from stockpyl.eoq import economic_order_quantity_with_backorders
    from stockpyl.newsvendor import newsvendor_normal, newsvendor_poisson
    from stockpyl.rq import r_q_poisson_exact

    items = Items.random()
    newsvendor = Newsvendor(items.holding, items.stockout)
    costs = reorder.ReorderCosts(items.fixed, items.holding, items.stockout)
    sd = 0.3 * items.mean

    def normal() -> FloatArray:
        found = newsvendor.optimal_normal(items.mean, sd)
        return np.stack([found.quantity, found.cost])

    def poisson() -> FloatArray:
        found = newsvendor.optimal_count(items.mean)
        return np.stack([found.quantity, found.cost])

    def levels() -> FloatArray:
        found = reorder.optimal(costs, reorder.spans(Distribution.single(Family.COUNT, items.mean, items.mean)))
        return np.stack([found.reorder_point, found.order_up_to, found.cost])

    def lots() -> FloatArray:
        found = reorder.lots.optimal(costs, reorder.continuous(items.mean, LEAD_TIME))
        return np.stack([found.reorder_point, found.quantity, found.cost])

    def economic_lot() -> FloatArray:
        found = LotCosts(items.fixed, items.holding, items.mean, items.stockout).optimal()
        return np.stack([found.quantity, found.waiting, found.cost])

    def costs_of(k: int) -> tuple[float, float]:
        return float(items.holding[k]), float(items.stockout[k])

    def peer_lots(k: int) -> tuple[float, ...]:
        answer: tuple[float, ...] = r_q_poisson_exact(
            *costs_of(k), float(items.fixed[k]), float(items.mean[k]), LEAD_TIME
        )
        return answer

    def peer_economic_lot(k: int) -> tuple[float, ...]:
        h, p = costs_of(k)
        answer: tuple[float, ...] = economic_order_quantity_with_backorders(
            float(items.fixed[k]), h, p, float(items.mean[k])
        )
        return answer

    return [
        Contest(
            "newsvendor, normal",
            normal,
            lambda k: newsvendor_normal(*costs_of(k), float(items.mean[k]), float(sd[k])),
            200,
            NEWSVENDOR_GOAL,
        ),
        Contest(
            "newsvendor, Poisson",
            poisson,
            lambda k: newsvendor_poisson(*costs_of(k), float(items.mean[k])),
            100,
            NEWSVENDOR_GOAL,
        ),
        Contest("exact (s, S)", levels, lambda k: peer_levels(items, k), 4 if quick else 12, LEVELS_GOAL),
        Contest("exact (r, Q), continuous review", lots, peer_lots, 4 if quick else 12),
        Contest("EOQ with backorders", economic_lot, peer_economic_lot, 200),
    ]


def peer_levels(items: Items, k: int) -> tuple[float, ...]:
    """(s, S, cost) of stockpyl for Poisson demand without a lead time."""
    from stockpyl.ss import s_s_discrete_exact

    numbers = (float(a[k]) for a in (items.holding, items.stockout, items.fixed))
    answer: tuple[float, ...] = s_s_discrete_exact(*numbers, True, float(items.mean[k]))  # noqa: FBT003 - its signature
    return answer


def systems_agree(count: int) -> dict[str, object]:
    """The largest difference of s, S or cost to stockpyl's exact (s, S) over `count` random systems.

    Raises ArithmeticError above 1e-9.
    """
    items = Items.random(seed=7)
    chosen = np.arange(count)
    demand = reorder.spans(Distribution.single(Family.COUNT, items.mean[chosen], items.mean[chosen]))
    costs = reorder.ReorderCosts(items.fixed[chosen], items.holding[chosen], items.stockout[chosen])
    found = reorder.optimal(costs, demand)
    expected = np.array([peer_levels(items, int(k)) for k in chosen], dtype=float)
    answers = np.stack([found.reorder_point, found.order_up_to, found.cost], axis=1)
    gap = float(np.abs(answers - expected).max())
    if not gap <= TOLERANCE:
        raise ArithmeticError(f"exact (s, S): differs from stockpyl by {gap} over {count} systems")
    return {
        "name": f"exact (s, S): largest difference to stockpyl over {count} random systems",
        "ours": gap,
        "limit": TOLERANCE,
        "unit": "",
    }


def compared(contest: Contest, rounds: int) -> dict[str, object]:
    """Time of an item with us and with the peer, medians of rounds. Raises ArithmeticError where answers differ."""
    chosen = np.linspace(0, ITEMS - 1, contest.sample).astype(int)
    contest.ours()  # compiled, or read from the cache, before the clock runs
    our_times, peer_times = [], []
    for _ in range(rounds):
        begun, calls = time.perf_counter(), 0
        while calls == 0 or time.perf_counter() - begun < LEAST_SECONDS:
            answers = contest.ours()
            calls += 1
        our_times.append((time.perf_counter() - begun) / (calls * ITEMS))
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
        "limit": contest.goal,
        "ratio": peer / ours,
        "unit": "us/item",
    }


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the driver's contract
    """The rows of the table: name, ours, peer, limit, ratio, unit."""
    rows = [compared(contest, QUICK_ROUNDS if quick else ROUNDS) for contest in contests(quick=quick)]
    return [*rows, systems_agree(QUICK_SYSTEMS if quick else SYSTEMS)]


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
