"""A MINCOST plan under a budget for 44,000 item-locations, listed with reasons: seconds after the forecast.

usage: python -m benchmarks.plan_speed [--quick] [--profile]

The series are invented: daily Poisson demand around a level that varies, means of 0.05 to 20, 14 days of lead time, a
review each week, packs and MOQs for some. The budget is half of what would be ordered without one. What is timed is
what `orderpoint plan` does between the forecast and the list: decide, evaluate ordering nothing and the orders, and
make the table of orders with a sentence for each. `--quick` takes a tenth of the series, and states so; a
small shop is given more paths, so no limit belongs to it.
"""

from __future__ import annotations

import cProfile
import pstats
import statistics
import sys
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np

from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.domain.calendar import Period
from orderpoint.messages import Language
from orderpoint.optimize.base import evaluations
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.shared_terms import spent
from orderpoint.plan.case import PlanCase
from orderpoint.plan.purchase_orders import orders_table
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop

SERIES, QUICK_SERIES = 44_000, 4_400
ROUNDS = 3
MOST_SECONDS = 5.0


def shop(series: int, seed: int = 20240101) -> tuple[Snapshot, Demand]:
    """The invented state of today and its demand."""
    rng = np.random.default_rng(seed)
    mean = np.exp(rng.uniform(np.log(0.05), np.log(20.0), series))
    unit_cost = rng.uniform(1.0, 40.0, series).round(2)
    made = SmallShop(
        mean=mean,
        on_hand=np.floor(mean * rng.uniform(0.0, 30.0, series)),
        horizon=28,
        period=Period.DAY,
        arrival=14,
        next_arrival=21,
        holding_per_period=0.25 / 365 * unit_cost,
        stockout=unit_cost * rng.uniform(0.3, 1.0, series),
        level_cv2=rng.uniform(0.0, 0.2, series),
        unit_cost=unit_cost,
        moq=np.where(rng.random(series) < 0.2, 6, 1),
        pack=np.where(rng.random(series) < 0.2, 6, 1),
    )
    return made.build()


def planned(snapshot: Snapshot, demand: Demand, policy: MinCost) -> tuple[int, float, float]:
    """(lines listed, certified gap, share of the budget spent) of one plan."""
    decisions = policy.decide(snapshot, demand)
    before, after = evaluations(policy, demand, [(snapshot, decisions.without_orders()), (snapshot, decisions)])
    case = cast("PlanCase", SimpleNamespace(snapshot=snapshot, language=Language.EN))
    orders = orders_table(case, demand, decisions, before, after)
    used = float(spent(snapshot, decisions.quantity, decisions.offer).sum())
    return orders.height, decisions.gap, used / (snapshot.budget or np.inf)


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the driver's contract
    """The rows of the table: name, ours, peer, limit, ratio, unit."""
    series = QUICK_SERIES if quick else SERIES
    snapshot, demand = shop(series)
    policy = MinCost()
    free = policy.decide(snapshot, demand)
    half = replace(snapshot, budget=0.5 * float(spent(snapshot, free.quantity, free.offer).sum()))
    planned(half, demand, policy)  # compiled, or read from the cache, before the clock runs
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        lines, gap, used = planned(half, demand, policy)
        seconds.append(time.perf_counter() - begun)
    if not used <= 1.0 + 1e-9:
        raise ArithmeticError(f"the plan spends {used:.6f} of its budget")
    return [
        {
            "name": f"MINCOST plan under a budget, {series:,} item-locations, {lines:,} lines with reasons",
            "ours": statistics.median(seconds),
            "limit": None if quick else MOST_SECONDS,
            "unit": "s",
        },
        {"name": "its certified gap", "ours": 100.0 * gap, "limit": None, "unit": "%"},
    ]


def profiled() -> None:
    """Where the time of one plan goes."""
    snapshot, demand = shop(SERIES)
    policy = MinCost()
    free = policy.decide(snapshot, demand)
    half = replace(snapshot, budget=0.5 * float(spent(snapshot, free.quantity, free.offer).sum()))
    planned(half, demand, policy)
    profile = cProfile.Profile()
    profile.runcall(planned, half, demand, policy)
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    if "--profile" in sys.argv[1:]:
        profiled()
    else:
        print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
