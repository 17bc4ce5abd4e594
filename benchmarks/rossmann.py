"""Rossmann, last six weeks given: RMSPE of trees and portfolio with promotions and holidays known, and without them.

usage: python -m benchmarks.rossmann [--effort standard]

Daily turnover of 1,115 drug stores; the last 42 days are held out. Known ahead, as in the competition: promotions,
school and state holidays, and on which days a store is closed. The mean is what is scored. Trees, portfolio and their
blend are measured.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.needs import data_folder
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.forecast.boosted import Boosted
from orderpoint.forecast.boosting.options import Effort, Grown
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

HORIZON = 42
GOAL = 0.115
HOLIDAYS = {"0": 0.0, "a": 1.0, "b": 2.0, "c": 3.0}
Floats = NDArray[np.float64]


def run(quick: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows: RMSPE with and without what is known ahead, beside seasonal naive of two weeks, the cycle of promotions."""
    sales, known = read(every=8 if quick else 1)
    naive, _ = score(SeasonalNaive(14), sales, known)
    effort: Effort = "quick" if quick else "standard"
    bare = replace(known, prices=None, drivers=None)
    alone, seconds = score(boosted(effort, blended=False), sales, known)
    blend, _ = score(boosted(effort, blended=True), sales, known)
    without, _ = score(boosted(effort, blended=True), sales, bare)
    portfolio, quick_seconds = score(Portfolio(span=HORIZON), sales, known)
    portfolio_bare, _ = score(Portfolio(span=HORIZON), sales, bare)
    name = f"Rossmann, {len(sales.index)} stores, {HORIZON} days: RMSPE"
    return [
        {"name": f"{name}, promotions and holidays known, trees alone", "ours": alone, "peer": naive}
        | {"ratio": alone / naive, "limit": GOAL, "unit": "beside seasonal naive", "goal": "ours<="},
        {
            "name": f"{name}, the same, blended",
            "ours": blend,
            "peer": naive,
            "ratio": blend / naive,
            "unit": "the same",
        },
        {"name": f"{name}, blended, without them", "ours": without, "peer": naive}
        | {"ratio": without / naive, "unit": "the same"},
        {"name": f"{name}, time", "ours": seconds, "unit": "s"},
        {"name": f"{name}, portfolio, promotions and holidays known", "ours": portfolio, "peer": naive}
        | {"ratio": portfolio / naive, "unit": "the same"},
        {"name": f"{name}, portfolio, without them", "ours": portfolio_bare, "peer": naive}
        | {"ratio": portfolio_bare / naive, "unit": "the same"},
        {"name": f"{name}, portfolio, time", "ours": quick_seconds, "unit": "s"},
    ]


def boosted(effort: Effort, *, blended: bool) -> Boosted:
    """Trees whose errors are shares of the turnover."""
    grown = Grown(objective="gamma")
    return Boosted(span=HORIZON, horizon=HORIZON, effort=effort, grown=grown, blended=blended)


def score(forecaster: Forecaster, sales: Sales, known: Known) -> tuple[float, float]:
    """RMSPE over the open days of the last six weeks, and seconds."""
    cut = sales.timeline.count - HORIZON
    begun = time.perf_counter()
    demand = forecaster.fit(sales_before(sales, cut), known).demand(HORIZON, known)
    seconds = time.perf_counter() - begun
    came = sales.quantity[:, cut:].astype(np.float64)
    there = sales.observed()[:, cut:] & (came > 0)
    return float(np.sqrt((((came - demand.mean) / np.where(there, came, 1.0))[there] ** 2).mean())), seconds


def read(every: int = 1) -> tuple[Sales, Known]:
    """Turnover by store and day, and what was known ahead of it."""
    table = pl.read_parquet(data_folder("rossmann") / "sales_open_days.parquet")
    table = table.filter(pl.col("Store") % every == 0).sort("Store", "Date")
    names = table["Store"].cast(pl.String).str.zfill(4)
    first, last = table["Date"].min(), table["Date"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    timeline = Timeline(first, Period.DAY, (last - first).days + 1)
    index = SeriesIndex.of((name, "main") for name in names.unique())
    at = {name: k for k, name in enumerate(index.items)}
    row = np.array([at[name] for name in names])
    day = (table["Date"] - first).dt.total_days().to_numpy()

    def grid(values: NDArray[np.int32], empty: float) -> Floats:
        out = np.full((len(index), timeline.count), empty)
        out[row, day] = values
        return out

    quantity = grid(table["Sales"].to_numpy(), 0.0)
    state = np.where(quantity > 0, State.OBSERVED, State.OFF).astype(np.uint8)
    sales = Sales(index, timeline, quantity.astype(np.float32), state)
    catalog = Catalog.bare(index.items)
    kind = {
        name: (kind, range_) for name, kind, range_ in zip(names, table["StoreType"], table["Assortment"], strict=True)
    }
    catalog = replace(
        catalog,
        department=tuple(kind[name][0] for name in index.items),
        category=tuple("".join(kind[name]) for name in index.items),
    )
    return sales, Known(catalog, prices=_plan(table, names), drivers=_drivers(table, names, quantity > 0, sales))


def _plan(table: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Promotions as a table of the file contract; turnover has no price."""
    return table.select(
        pl.col("Date").alias("date"),
        names.alias("item"),
        pl.lit(None, pl.String).alias("location"),
        pl.lit(None, pl.Float64).alias("price"),
        pl.col("Promo").cast(pl.Float64).alias("promotion"),
    )


def _drivers(table: pl.DataFrame, names: pl.Series, is_open: NDArray[np.bool_], sales: Sales) -> pl.DataFrame:
    """Holidays of the day, and whether the store is closed the day before and the day after."""
    count = sales.timeline.count
    shut = np.pad(~is_open, ((0, 0), (1, 1))).astype(np.float64)
    around = {"closed_before": shut[:, :count], "closed_after": shut[:, 2:]}
    given = {
        "school_holiday": table["SchoolHoliday"].cast(pl.Float64),
        "state_holiday": table["StateHoliday"].replace_strict(HOLIDAYS, default=0.0, return_dtype=pl.Float64),
    }
    parts = [pl.DataFrame({"date": table["Date"], "item": names, "value": v, "name": k}) for k, v in given.items()]
    days = sales.timeline.starts()
    for name, values in around.items():
        rows, columns = np.nonzero(is_open)
        parts.append(
            pl.DataFrame(
                {
                    "date": [days[t] for t in columns],
                    "item": [sales.index.items[i] for i in rows],
                    "value": values[rows, columns],
                    "name": name,
                }
            )
        )
    return pl.concat([part.select("date", "item", "name", "value") for part in parts])


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rossmann")
    parser.add_argument("--quick", action="store_true")
    for row in run(parser.parse_args().quick):
        print(row)


if __name__ == "__main__":
    main()
