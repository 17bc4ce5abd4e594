"""Whether the distribution of lead-time sums is honest: the probability integral transform on held-out origins.

usage: python -m benchmarks.honest_sums [--quick]

The default forecaster says the demand of the periods that stock must cover (21 days, or 2 months), and what came is
put into its distribution. Counts make it jump, so the transform is randomised within the jump (J. Smith 1985,
"Diagnostic checks of non-standard time series models", Journal of Forecasting 4); it is uniform where the
distribution is true. Origins lie a span apart at the end of the history, and each past is seen as it was seen then;
series that were not on sale throughout the span are left out. M5 and Online Retail II (days, read as `orderpoint
plan` reads them) and car parts (months). Sums over a random lead time are timed on M5.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks import m5
from benchmarks.measurement import Measurement
from benchmarks.needs import MissingError, data_folder
from benchmarks.table import table_text
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.newitems import WithLaunches
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.plan.hindsight import as_seen_then
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]
SHARES = (0.5, 0.8, 0.9, 0.95)
SPAN = {Period.DAY: 21, Period.MONTH: 2}
LONGEST = 28
"""Periods of the longest random lead time that is timed."""
ORIGINS = 4
MOST_OFF = 1.0
"""Percentage points."""
MOST_MICROSECONDS = 30.0


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows: by how many points the share of sums inside each central interval is off; time of random lead times."""
    rows: list[dict[str, object]] = []
    timed: dict[str, object] | None = None
    for name, read in SETS.items():
        try:
            sales, known = read()
        except MissingError as missing:
            print(f"  left out: {missing}")
            continue
        found = list(_transforms(sales, known, 1 if quick else ORIGINS))
        u = np.concatenate([u for u, _ in found])
        timed = timed or _random_lead_times(found[-1][1])
        inside = {p: 100.0 * float((np.abs(u - 0.5) <= p / 2).mean()) for p in SHARES}
        tenths = np.histogram(u, 10, (0.0, 1.0))[0] / len(u)
        print(f"  {name}: {len(u):,} sums, tenths {' '.join(f'{t:.3f}' for t in tenths)}", flush=True)
        rows += [
            {
                "name": f"{name}, {len(u):,} sums: inside the central {p:.0%}, points off",
                "ours": abs(inside[p] - 100.0 * p),
                "limit": MOST_OFF,
                "unit": f"points ({inside[p]:.1f} %)",
            }
            for p in SHARES
        ]
    return rows if timed is None else [*rows, timed]


def _transforms(sales: Sales, known: Known, origins: int) -> Iterator[tuple[Floats, Demand]]:
    """(randomised transforms of all series on sale, the forecast) at each origin."""
    rng = np.random.default_rng(7)
    span, count = SPAN[sales.timeline.period], sales.timeline.count
    for k in range(origins, 0, -1):
        cut = count - k * span
        past = as_seen_then(sales_before(sales, cut))
        demand = WithLaunches(Portfolio(span=span)).fit(past, known).demand(max(span, LONGEST), known)
        came_in = sales.state[
            :, cut : cut + span
        ]  # what is inferred to have run out is not left out: that was seen later
        there = np.isin(came_in, (State.OBSERVED, State.STOCKOUT_INFERRED)).all(axis=1)
        there &= (past.state == State.OBSERVED).sum(axis=1) >= span
        came = np.round(sales.quantity[:, cut : cut + span].sum(axis=1, dtype=np.float64))
        told = demand.sum_over(0, span - 1)
        low, high = told.cdf(came - 1.0), told.cdf(came)
        low = np.where(came <= 0.0, 0.0, low)
        yield (low + rng.random(len(came)) * (high - low))[there], demand


def _random_lead_times(demand: Demand) -> dict[str, object]:
    """Seconds of the sum over a random number of periods."""
    n, longest = len(demand.index), demand.timeline.count
    chance = np.random.default_rng(1).dirichlet(np.ones(longest + 1), n)
    demand.sum_over_random(chance).quantile(0.95)
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        demand.sum_over_random(chance)
        times.append(time.perf_counter() - begun)
    name = f"sum over a random lead time of up to {longest} periods, {n:,} series"
    return {"name": name, "ours": 1e6 * float(np.median(times)) / n, "limit": MOST_MICROSECONDS, "unit": "us a series"}


def _m5() -> tuple[Sales, Known]:
    data = m5.read()
    return data.sales, data.known


def _online_retail() -> tuple[Sales, Known]:
    from orderpoint.ingest.bucketing import bucket
    from orderpoint.ingest.intake import read
    from orderpoint.ingest.snapshot import SnapshotOptions, state_of

    reading = read((data_folder("online_retail_ii"),))
    sales = bucket(reading).sales
    return sales, state_of(reading, sales, SnapshotOptions()).known


def _carparts() -> tuple[Sales, Known]:
    table = pl.read_parquet(data_folder("carparts") / "monthly_demand.parquet").sort("part", "month")
    wide = table.pivot(on="month", index="part", values="demand", sort_columns=True)
    values = wide.drop("part").to_numpy().astype(np.float32)
    index = SeriesIndex.of((part, "main") for part in wide["part"])
    seen = np.isfinite(values)
    state = np.where(seen, State.OBSERVED, State.OFF).astype(np.uint8)
    first = table["month"].min()
    sales = Sales(index, Timeline(first, Period.MONTH, values.shape[1]), np.nan_to_num(values), state)  # type: ignore[arg-type]
    return sales, Known(Catalog.bare(index.items))


SETS: dict[str, Callable[[], tuple[Sales, Known]]] = {
    "M5": _m5,
    "Online Retail II": _online_retail,
    "car parts": _carparts,
}


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
