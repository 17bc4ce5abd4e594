"""Walmart Recruiting, the last 39 weeks given: WMAE of portfolio and trees beside seasonal naive.

usage: python -m benchmarks.walmart [--quick]

Weekly turnover of some 3,300 departments of 45 stores, as in the competition: weeks with a holiday weigh five times,
39 weeks are forecast at once from 104. Known ahead: which weeks hold the Super Bowl, Labor Day, Thanksgiving and
Christmas. `--quick` takes every fifth store.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.measurement import Measurement
from benchmarks.needs import data_folder
from benchmarks.table import table_text
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.forecast.boosted import Boosted
from orderpoint.forecast.boosting.options import Effort, Grown
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

HORIZON = 39
HOLIDAY_WEIGHT = 5.0
NAMES = {2: "Super Bowl", 9: "Labor Day", 11: "Thanksgiving", 12: "Christmas"}
"""Month of the week -> its holiday."""
Floats = NDArray[np.float64]


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows: WMAE of each model and its ratio to seasonal naive's."""
    sales, known, holiday = read(every=5 if quick else 1)
    naive, _ = score(SeasonalNaive(52), sales, known, holiday)
    effort: Effort = "quick" if quick else "standard"
    trees = Boosted(span=4, horizon=HORIZON, effort=effort, grown=Grown(objective="gamma"))
    rows: list[dict[str, object]] = []
    for model, forecaster, facts in (
        ("portfolio, holidays known", Portfolio(span=4), known),
        ("portfolio without them", Portfolio(span=4), replace(known, calendar=())),
        (f"trees blended, {effort}, holidays known", trees, known),
    ):
        error, seconds = score(forecaster, sales, facts, holiday)
        name = f"Walmart, {len(sales.index):,} departments, {HORIZON} weeks: WMAE, {model}"
        rows.append(
            {"name": name, "ours": error, "peer": naive, "ratio": error / naive, "unit": "beside seasonal naive"}
        )
        print(f"  {model}: {error:,.0f} ({error / naive:.3f} of seasonal naive), {seconds:.1f} s", flush=True)
    return rows


def score(forecaster: Forecaster, sales: Sales, known: Known, holiday: Floats) -> tuple[float, float]:
    """Weighted mean absolute error over the weeks that have a row, and seconds."""
    cut = sales.timeline.count - HORIZON
    begun = time.perf_counter()
    mean = forecaster.fit(sales_before(sales, cut), known).demand(HORIZON, known).mean
    seconds = time.perf_counter() - begun
    weight = np.where(sales.observed()[:, cut:], holiday[cut:], 0.0)
    return float((weight * np.abs(sales.quantity[:, cut:] - mean)).sum() / weight.sum()), seconds


def read(every: int = 1) -> tuple[Sales, Known, Floats]:
    """Turnover by department, what is known ahead, and the weight (T,) of each week."""
    folder = data_folder("walmart_recruiting")
    table = pl.read_parquet(folder / "train.parquet").filter(pl.col("Store") % every == 0).sort("Dept", "Store", "Date")
    first, last = table["Date"].min(), table["Date"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    timeline = Timeline(first, Period.WEEK, (last - first).days // 7 + 1)
    pairs = list(
        zip(table["Dept"].cast(pl.String).str.zfill(2), table["Store"].cast(pl.String).str.zfill(2), strict=True)
    )
    index = SeriesIndex.of(pairs)
    at = index.row_of()
    row, week = np.array([at[pair] for pair in pairs]), ((table["Date"] - first).dt.total_days() // 7).to_numpy()
    quantity = np.zeros((len(index), timeline.count), np.float32)
    state = np.full(quantity.shape, State.OFF, np.uint8)
    quantity[row, week] = np.maximum(table["Weekly_Sales"].to_numpy(), 0.0)  # returns above sales: nothing was wanted
    state[row, week] = State.OBSERVED
    days = pl.read_parquet(folder / "features.parquet").filter(pl.col("IsHoliday"))["Date"].unique().sort().to_list()
    events = tuple(CalendarEvent(day, NAMES[day.month], "festival") for day in days)
    holiday = np.array([HOLIDAY_WEIGHT if start in days else 1.0 for start in timeline.starts()])
    catalog = replace(Catalog.bare(index.items), category=index.items)  # an item is a whole department here
    return Sales(index, timeline, quantity, state), Known(catalog, calendar=events), holiday


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
