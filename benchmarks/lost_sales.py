"""MINCOST beside the exact optimum of lost-sales systems with a lead time.

usage: python -m benchmarks.lost_sales [--quick]

Poisson demand of mean 5 a period, holding 1 per unit left, p per unit lost, an order each period, on sale L periods
later. The optimal costs are by value iteration and agree with Zipkin, Old and new methods for lost-sales inventory
systems, Operations Research 56 (2008), 1256-1263. MINCOST is asked through its contract what it orders in each state
that a long seeded run visits; the run itself is the stock equation. The demand is the same for all systems.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.domain.supply import PriceBreaks
from orderpoint.optimize.base import Policy
from orderpoint.optimize.mincost import MinCost
from orderpoint.stockflow.equation import step
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.costs import Costs
from orderpoint.tables.demand import Demand
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.stock import Stock
from orderpoint.tables.supply import Supply

IntArray = NDArray[np.int64]

MEAN = 5.0
OPTIMAL_COST = {
    (1, 4): 4.041, (2, 4): 4.395, (3, 4): 4.599, (4, 4): 4.729,
    (1, 9): 5.438, (2, 9): 6.094, (3, 9): 6.531, (4, 9): 6.836,
    (1, 19): 6.676, (2, 19): 7.664, (3, 19): 8.363, (4, 19): 8.887,
    (1, 39): 7.836, (2, 39): 9.106, (3, 39): 10.038, (4, 39): 10.794,
}  # fmt: skip
"""(lead time in periods, cost of a unit lost) -> optimal cost of a period."""
QUICK_SYSTEMS = ((2, 4), (4, 4), (2, 9), (2, 39))
PERIODS, QUICK_PERIODS, BURN_IN = 8_000_000, 1_000_000, 1_000
WORST_GOAL, MEAN_GOAL = 0.5, 0.2
SIDE = 64
"""A state has up to SIDE - 1 units on hand and in each order on its way."""
MONDAY = date(2024, 1, 1)
MOST_ROUNDS = 100


@dataclass(frozen=True)
class System:
    """One lost-sales system: lead time in periods, and money per unit lost (holding is 1 per unit left)."""

    lead_time: int
    stockout_cost: float


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows of the benchmark table: the mean and the worst gap, in percent of the optimal cost."""
    chosen = QUICK_SYSTEMS if quick else tuple(OPTIMAL_COST)
    gaps = np.array(list(gap_table(MinCost(), chosen, QUICK_PERIODS if quick else PERIODS).values()))
    name = f"MINCOST, lost sales, {len(chosen)} systems: gap to the optimum"
    return [
        {"name": f"{name}, mean", "ours": float(gaps.mean()), "limit": MEAN_GOAL, "unit": "%"},
        {"name": f"{name}, worst", "ours": float(gaps.max()), "limit": WORST_GOAL, "unit": "%"},
    ]


def gap_table(policy: Policy, systems: tuple[tuple[int, int], ...], periods: int) -> dict[tuple[int, int], float]:
    """Gap of a policy in each system, percent; printed as they come."""
    demand = np.random.default_rng(2008).poisson(MEAN, periods)
    gaps = {}
    for lead_time, stockout_cost in systems:
        optimal = OPTIMAL_COST[lead_time, stockout_cost]
        cost = long_run_cost(policy, System(lead_time, float(stockout_cost)), demand)
        gaps[lead_time, stockout_cost] = 100.0 * (cost / optimal - 1.0)
        words = f"  lead time {lead_time}, lost unit {stockout_cost:>2}: cost {cost:.3f}, optimal {optimal:.3f}"
        print(f"{words}, gap {gaps[lead_time, stockout_cost]:.2f} %", flush=True)
    return gaps


def long_run_cost(policy: Policy, system: System, demand: IntArray) -> float:
    """Mean cost of a period. After each run the policy is asked about all states that were new to it.

    Raises RuntimeError where new states do not cease to turn up.
    """
    orders = np.full(SIDE**system.lead_time, -1, np.int16)
    met = np.empty(1 << 18, np.int64)
    for _ in range(MOST_ROUNDS):
        cost, count = _play(demand, system.lead_time, system.stockout_cost, orders, met)
        if count == 0:
            return float(cost)
        states = np.unique(met[:count])
        orders[states] = decide(policy, system, states)
    raise RuntimeError(f"{policy.name}: the states visited do not settle in {MOST_ROUNDS} rounds")


def decide(policy: Policy, system: System, states: IntArray) -> NDArray[np.int16]:
    """The order in each state, a number with the digits (on hand, due next, ..., due last) in base SIDE."""
    n, lead_time = len(states), system.lead_time
    digits = np.stack([states // SIDE**place % SIDE for place in reversed(range(lead_time))], axis=1).astype(float)
    index = SeriesIndex(("item",), tuple(map(str, range(n))), np.zeros(n, np.int32), np.arange(n, dtype=np.int32))
    timeline = Timeline(MONDAY, Period.WEEK, lead_time + 1)
    receipts = np.zeros((n, lead_time + 1))
    receipts[:, 1:lead_time] = digits[:, 1:]
    snapshot = Snapshot(
        index=index,
        timeline=timeline,
        catalog=Catalog.bare(index.items),
        stock=Stock(digits[:, 0], receipts, np.zeros(n)),
        supply=_supply(n, lead_time),
        costs=_costs(n, system),
        orderable=np.ones(n, bool),
    )
    quantity = policy.decide(snapshot, Demand.poisson(index, timeline, MEAN)).quantity
    return np.minimum(quantity, SIDE - 1).astype(np.int16)


def _supply(n: int, lead_time: int) -> Supply:
    """One offer for each series: `lead_time` weeks, an order each week."""
    ones = np.ones(n)
    return Supply(
        offsets=np.arange(n + 1),
        supplier=("",) * n,
        lead_time_days=7.0 * lead_time * ones,
        lead_time_sd_days=0.0 * ones,
        review_days=7.0 * ones,
        unit_cost=ones,
        order_cost=0.0 * ones,
        moq=ones,
        pack=ones,
        max_quantity=np.inf * ones,
        price_breaks=(PriceBreaks(()),) * n,
        arrival_period=np.full(n, lead_time, np.int32),
        next_arrival_period=np.full(n, lead_time + 1, np.int32),
        arrival_day=np.full(n, 7 * lead_time, np.int32),
        takes_orders_today=np.ones(n, bool),
    )


def _costs(n: int, system: System) -> Costs:
    """Holding of 1 per unit and week."""
    ones = np.ones(n)
    return Costs(
        price=np.nan * ones,
        unit_cost=ones,
        holding_cost_per_unit_day=ones / 7.0,
        stockout_cost_per_unit=system.stockout_cost * ones,
        backlog=np.zeros(n, bool),
        service_target=np.nan * ones,
        min_stock=0.0 * ones,
        max_stock=np.inf * ones,
    )


@njit(cache=True)
def _play(
    demand: IntArray, lead_time: int, stockout_cost: float, orders: NDArray[np.int16], met: IntArray
) -> tuple[float, int]:
    """(mean cost, how often a state without an order was met, each time written to `met`)."""
    place = SIDE ** (lead_time - 1)
    state = np.int64(0)
    for _ in range(lead_time):
        state = state * SIDE + int(MEAN)
    total, count = 0.0, 0
    for t in range(len(demand)):
        order = np.int64(orders[state])
        if order < 0:
            met[count] = state
            count += 1
            order = np.int64(MEAN)  # whatever it is, this run does not count
            if count == len(met):
                break
        on_hand = state // place
        left, short = step(float(on_hand), 0.0, float(demand[t]), False)  # noqa: FBT003 - a compiled kernel
        if t >= BURN_IN:
            total += left + stockout_cost * short
        state = (state - on_hand * place) * SIDE + order
        receipt = state // place
        state += (min(receipt + np.int64(left), SIDE - 1) - receipt) * place
    return total / (len(demand) - BURN_IN), count


def main() -> None:
    rows = run("--quick" in sys.argv[1:])
    print(table_text([Measurement.of(row) for row in rows], []))


if __name__ == "__main__":
    main()
