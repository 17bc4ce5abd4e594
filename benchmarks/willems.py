"""The 38 real networks of Willems (2008): cost, proven gap, seconds, and whether promises are kept.

usage: python -m benchmarks.willems [--quick]      (ORDERPOINT_DATA names the folder that holds willems_2008)

How the data are read: stage times are rounded up to whole days; a stage's cost adds to the cost of all it is made of,
and holding costs 20 % of that a year; the bound on demand is mean + z sd sqrt(days) for the service level of each
customer, pooled upstream over independent customers; customers are promised the maximum service time of the data. Stage
times that vary are planned at their mean; a second solution plans each at its mean and 1.645 standard deviations, or at
the 95 % quantile of its listed distribution. Each placement is checked on every arc, and demand within the bounds is
played through it.

Humair and Willems (2011) state 577,191 s for the exact solution of the largest network, on the machine of their time
and with the bounds of their paper; that figure is no peer in the same run, so no ratio is made of it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from benchmarks.measurement import Goal, Measurement
from benchmarks.needs import data_folder
from benchmarks.table import table_text
from orderpoint.optimize.network.graph import StageGraph
from orderpoint.optimize.network.guaranteed import ANY_TIME, GuaranteedService, Placement
from orderpoint.optimize.network.placement import place
from orderpoint.optimize.network.pooling import pooled_spread
from orderpoint.optimize.network.promise import Customers, beyond_bound, play_bounded

FloatArray = NDArray[np.float64]

CHAINS, LARGEST, FEW = 38, 38, (1, 5, 9, 13, 24, 38)
HOLDING_PER_YEAR = 0.2
GAP, MOST_SECONDS = 0.01, 60.0
WARM_UP, PERIODS = 2, 400
"""Days played: 400 after twice the longest net replenishment time."""
LATE = 1.6448536269514722
"""Standard deviations of a stage time that is planned safely."""


@dataclass(frozen=True)
class Chain:
    """One network of the data: the problem, what customers draw, and the money in a unit at each stage."""

    number: int
    problem: GuaranteedService
    customers: Customers
    unit_value: FloatArray


def chain(folder: Path, number: int, *, safe_times: bool = False) -> Chain:
    """Network `number` (1 to 38) of the folder willems_2008."""
    stages = pl.read_parquet(folder / "stages.parquet").filter(pl.col("chain") == number)
    arcs = pl.read_parquet(folder / "arcs.parquet").filter(pl.col("chain") == number)
    pairs = zip(arcs["source_stage"].to_list(), arcs["destination_stage"].to_list(), strict=True)
    graph = StageGraph.of_names(stages["stage_name"].to_list(), pairs)
    value = _column(stages, "stage_cost").copy()
    for k in graph.order:
        fed = graph.source == k
        np.add.at(value, graph.target[fed], graph.quantity_per[fed] * value[k])
    days = _safe_days(stages) if safe_times else _column(stages, "stage_time")
    faces_customer = stages["max_service_time"].is_not_null().to_numpy()
    promised = _column(stages, "max_service_time").astype(np.int64)
    sd = _column(stages, "std_demand")
    z = np.where(faces_customer, special.ndtri(np.clip(_column(stages, "service_level"), 0.5, 1.0 - 1e-9)), 0.0)
    problem = GuaranteedService(
        graph,
        holding_cost=HOLDING_PER_YEAR / 365.0 * value,
        stage_time=np.ceil(days - 1e-9).astype(np.int64),
        spread=pooled_spread(graph, z * sd),
        max_service_time=np.where(faces_customer, promised, ANY_TIME),
        inbound_time=np.zeros(graph.stages, np.int64),
    )
    return Chain(number, problem, Customers(_column(stages, "avg_demand"), sd), value)


def _column(stages: pl.DataFrame, name: str) -> FloatArray:
    return stages[name].cast(pl.Float64).fill_null(0.0).to_numpy()


def _safe_days(stages: pl.DataFrame) -> FloatArray:
    """Mean + LATE standard deviations, or the 95 % quantile where a distribution is listed."""
    days = _column(stages, "stage_time") + LATE * _column(stages, "stage_time_std")
    for k, row in enumerate(stages.iter_rows(named=True)):
        listed = sorted(
            (row[f"stagetime_{i}"], row[f"stagetime_pct_{i}"]) for i in range(1, 7) if row[f"stagetime_{i}"]
        )
        reached = np.cumsum([share for _, share in listed])
        if listed and reached[-1] > 0.0:
            days[k] = listed[int(np.searchsorted(reached, 0.95 * reached[-1] - 1e-12))][0]
    return days


@dataclass(frozen=True)
class Solved:
    """One network's outcome: seconds to place, whether all promises were kept, money beyond the bound."""

    chain: Chain
    placement: Placement
    seconds: float
    kept: bool
    beyond: float


def solved(one: Chain) -> Solved:
    """Place, play, and value what lies beyond the bound: the units that stages lack on average, at their unit value."""
    begun = time.perf_counter()
    found = place(one.problem)
    seconds = time.perf_counter() - begun
    kept = play_bounded(one.problem, found, one.customers, WARM_UP * one.problem.longest + PERIODS).promised
    beyond = beyond_bound(one.problem, found, one.customers) @ one.unit_value
    return Solved(one, found, seconds, bool(kept.all()), float(beyond))


def each(numbers: range | tuple[int, ...], *, safe_times: bool = False) -> Iterator[Solved]:
    """The outcome of each network, the first of them solved once before, so that nothing is compiled on the clock."""
    folder = data_folder("willems_2008")
    place(chain(folder, numbers[0]).problem)
    for number in numbers:
        yield solved(chain(folder, number, safe_times=safe_times))


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the driver's contract
    """The rows of the table: name, ours, peer, limit, ratio, unit."""
    numbers = FEW if quick else range(1, CHAINS + 1)
    outcome = list(each(numbers))
    largest = next(one for one in outcome if one.chain.number == LARGEST)
    again = [solved(largest.chain).seconds for _ in range(2 if quick else 4)]
    safe = list(each(numbers, safe_times=True))
    graph, count = largest.chain.problem.graph, len(outcome)
    size = f"{graph.stages:,} stages, {len(graph.source):,} arcs"
    late_gap, broken = max(one.placement.gap for one in safe), sum(not one.kept for one in [*outcome, *safe])
    return [
        _row(f"largest network, {size}", statistics.median([largest.seconds, *again]), MOST_SECONDS, "s"),
        _row("largest network, proven gap", largest.placement.gap, GAP, "share"),
        _row(f"{count} networks, all together", sum(one.seconds for one in outcome), MOST_SECONDS, "s"),
        _row(f"{count} networks, largest proven gap", max(one.placement.gap for one in outcome), GAP, "share"),
        _row(f"{count} networks with late stage times planned, largest proven gap", late_gap, GAP, "share"),
        _row(f"of {2 * count} placements played, those that broke a promise", float(broken), 0.0, "networks"),
    ]


def _row(name: str, ours: float, limit: float, unit: str) -> dict[str, object]:
    row: dict[str, object] = {"name": name, "ours": ours, "peer": None, "limit": limit, "ratio": None, "unit": unit}
    return row | {"goal": Goal.OURS_AT_MOST}


def listing(outcome: Iterator[Solved]) -> str:
    """One line for each network."""
    lines = [
        "chain  stages    arcs  seconds   cost per day  proven gap  promise  beyond the bound (share of stock value)"
    ]
    for one in outcome:
        graph, found = one.chain.problem.graph, one.placement
        share = one.beyond / max(float(found.safety_stock @ one.chain.unit_value), 1e-300)
        size = f"{one.chain.number:5d}  {graph.stages:6,d}  {len(graph.source):6,d}"
        kept = "kept" if one.kept else "BROKEN"
        lines.append(
            f"{size}  {one.seconds:7.3f}  {found.total_cost:13,.2f}  {found.gap:10.1e}  {kept:7s}  {share:.4f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    is_quick = "--quick" in sys.argv[1:]
    print(listing(each(FEW if is_quick else range(1, CHAINS + 1))))
    print(table_text([Measurement.of(row) for row in run(is_quick)], []))
