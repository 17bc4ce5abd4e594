"""Lost sales with a lead time: exact optima, rules for any lead time, and MINCOST through its contract.

usage: python -m benchmarks.lost_sales [--quick]

Poisson demand of mean 5 a period, holding 1 per unit left, p per unit lost, an order each period, on sale L periods
later. The published optimal costs agree with Zipkin, Old and new methods for lost-sales inventory systems, Operations
Research 56 (2008), 1256-1263. Every policy is judged by its exact long-run cost on the chain of all states. MINCOST is
asked through its contract what it orders in each state, at most 4,096 of them at a time, as a shop of so many items.
Lead times beyond the reach of exact methods are in `long_lead_times`, which runs too.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks import long_lead_times
from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.domain.supply import PriceBreaks
from orderpoint.optimize.base import Policy
from orderpoint.optimize.lost_sales import LostSales, evaluate, optimum, search, window
from orderpoint.optimize.mincost import MinCost
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.costs import Costs
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution, Family
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
QUICK_SYSTEMS = ((2, 4), (3, 4), (2, 9), (2, 39))
WORST_GOAL, MEAN_GOAL, EXACT_GOAL = 0.5, 0.2, 0.001
MONDAY = date(2024, 1, 1)
SHOP = 4096
"""States that are asked for at a time."""
NAMES = ("capped base stock", "patient window", "MINCOST")


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows of the benchmark table: the deviation of the optima, and mean and worst gaps in percent."""
    chosen = QUICK_SYSTEMS if quick else tuple(OPTIMAL_COST)
    found = np.array([_measured(*pair) for pair in chosen])
    deviation, gaps = found[:, 0], found[:, 1:]
    name = f"lost sales, {len(chosen)} systems"
    rows: list[dict[str, object]] = [
        {
            "name": f"{name}: optimum, largest deviation from the published cost",
            "ours": float(deviation.max()),
            "limit": EXACT_GOAL,
            "unit": "money",
        }
    ]
    for k, who in enumerate(NAMES):
        limits = (None, None) if who == NAMES[0] else (MEAN_GOAL, WORST_GOAL)
        for what, value, limit in zip(("mean", "worst"), (gaps[:, k].mean(), gaps[:, k].max()), limits, strict=True):
            row: dict[str, object] = {"name": f"{name}: {who}, {what} gap", "ours": float(value), "unit": "%"}
            rows.append(row if limit is None else {**row, "limit": limit})
    return rows + long_lead_times.run(quick)


def _measured(lead_time: int, stockout_cost: int) -> tuple[float, ...]:
    """(deviation of the optimum, gaps of NAMES in percent) of one system; printed as they come."""
    demand = Distribution.single(Family.COUNT, MEAN, MEAN).masses().values
    system = LostSales(demand, lead_time, 1.0, float(stockout_cost))
    least = optimum(system).cost
    costs = (
        search.best_capped(system, search.exactly).cost,
        search.exactly(window(system)),
        evaluate(system, Asked(MinCost(), system)).cost,
    )
    gaps = [100.0 * (cost / least - 1.0) for cost in costs]
    words = ", ".join(f"{who} {gap:.2f} %" for who, gap in zip(NAMES, gaps, strict=True))
    print(f"  lead time {lead_time}, lost unit {stockout_cost:>2}: optimum {least:.4f}; gaps: {words}", flush=True)
    return abs(least - OPTIMAL_COST[lead_time, stockout_cost]), *gaps


@dataclass
class Asked:
    """A policy of the contract as orders by state; each state is asked for once."""

    policy: Policy
    system: LostSales
    known: dict[bytes, int] = field(default_factory=dict)

    def __call__(self, states: IntArray) -> IntArray:
        """Units to order in each state (n, L)."""
        keys = [row.tobytes() for row in states]
        new = [k for k, key in enumerate(keys) if key not in self.known]
        for first in range(0, len(new), SHOP):
            rows = new[first : first + SHOP]
            for k, quantity in zip(rows, decide(self.policy, self.system, states[rows]), strict=True):
                self.known[keys[k]] = int(quantity)
        return np.array([self.known[key] for key in keys], np.int64)


def decide(policy: Policy, system: LostSales, states: IntArray) -> NDArray[np.float64]:
    """The order in each state (n, L) of units on hand and due."""
    n, lead_time = states.shape
    index = SeriesIndex(("item",), tuple(map(str, range(n))), np.zeros(n, np.int32), np.arange(n, dtype=np.int32))
    timeline = Timeline(MONDAY, Period.WEEK, lead_time + 1)
    receipts = np.zeros((n, lead_time + 1))
    receipts[:, 1:lead_time] = states[:, 1:]
    snapshot = Snapshot(
        index=index,
        timeline=timeline,
        catalog=Catalog.bare(index.items),
        stock=Stock(states[:, 0].astype(np.float64), receipts, np.zeros(n)),
        supply=_supply(n, system),
        costs=_costs(n, system),
        orderable=np.ones(n, bool),
    )
    return policy.decide(snapshot, Demand.poisson(index, timeline, MEAN)).quantity


def _supply(n: int, system: LostSales) -> Supply:
    """One offer for each series, an order each week."""
    ones, lead_time = np.ones(n), system.lead_time
    return Supply(
        offsets=np.arange(n + 1),
        supplier=("",) * n,
        lead_time_days=7.0 * lead_time * ones,
        lead_time_sd_days=0.0 * ones,
        review_days=7.0 * ones,
        unit_cost=ones,
        order_cost=system.order_cost * ones,
        moq=system.least * ones,
        pack=system.pack * ones,
        max_quantity=np.inf * ones,
        price_breaks=(PriceBreaks(()),) * n,
        arrival_period=np.full(n, lead_time, np.int32),
        next_arrival_period=np.full(n, lead_time + 1, np.int32),
        arrival_day=np.full(n, 7 * lead_time, np.int32),
        takes_orders_today=np.ones(n, bool),
    )


def _costs(n: int, system: LostSales) -> Costs:
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


def main() -> None:
    rows = run("--quick" in sys.argv[1:])
    print(table_text([Measurement.of(row) for row in rows], []))


if __name__ == "__main__":
    main()
