"""On real sales: better than the rule of thumb, and covered as promised. Needs the folder of real data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast import accuracy
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

pytestmark = pytest.mark.data


def m5(folder: Path) -> tuple[Sales, Known]:
    """Every tenth series of M5's daily part."""
    table = pl.read_parquet(next((folder / "m5").glob("sales_daily_wide*.parquet"))).sort("item_id", "store_id")
    table = table.filter(pl.int_range(pl.len()) % 10 == 3)
    quantity = np.ascontiguousarray(table.select(pl.col("^d_.*$")).to_numpy(), np.float32)
    index = SeriesIndex.of(list(zip(table["item_id"], table["store_id"], strict=True)))
    kind = dict(zip(table["item_id"], table["dept_id"], strict=True))
    catalog = replace(Catalog.bare(index.items), category=tuple(kind[item] for item in index.items))
    sold = np.cumsum(quantity > 0, axis=1) > 0
    state = np.where(sold, State.OBSERVED, State.OFF).astype(np.uint8)
    return Sales(index, Timeline(date(2015, 11, 25), Period.DAY, quantity.shape[1]), quantity, state), Known(catalog)


def vn2(folder: Path) -> tuple[Sales, Known]:
    """The weekly series of VN2 with their stockouts."""
    table = pl.read_parquet(folder / "vn2_inventory" / "weekly_sales_in_stock.parquet").sort("Product", "Store", "week")
    pairs = list(zip(table["Product"].cast(pl.String), table["Store"].cast(pl.String), strict=True))
    index = SeriesIndex.of(pairs)
    row, weeks = index.row_of(), table["week"].n_unique()
    order = np.argsort([row[pair] for pair in pairs], kind="stable")
    quantity = table["sales"].to_numpy()[order].reshape(-1, weeks).astype(np.float32)
    stocked = table["in_stock"].to_numpy()[order].reshape(-1, weeks)
    state = np.where(stocked, State.OBSERVED, State.STOCKOUT).astype(np.uint8)
    return Sales(index, Timeline(table["week"].min(), Period.WEEK, weeks), quantity, state), Known(
        Catalog.bare(index.items)
    )


def carparts(folder: Path) -> tuple[Sales, Known]:
    """Monthly sales of slow parts; months that are not known are not on sale."""
    table = pl.read_parquet(folder / "carparts" / "monthly_demand.parquet").sort("part", "month")
    months = table["month"].n_unique()
    demand = table["demand"].cast(pl.Float64).fill_null(float("nan")).to_numpy().reshape(-1, months)
    index = SeriesIndex.of((part, "main") for part in table["part"])
    state = np.where(np.isfinite(demand), State.OBSERVED, State.OFF).astype(np.uint8)
    quantity = np.nan_to_num(demand).astype(np.float32)
    return Sales(index, Timeline(table["month"].min(), Period.MONTH, months), quantity, state), Known(
        Catalog.bare(index.items)
    )


CASES: dict[str, tuple[Any, int, int, float]] = {
    # name: reader, span, season of the rule of thumb, share of its error that ours may have
    "m5": (m5, 28, 7, 0.88),
    "vn2": (vn2, 3, 52, 0.75),
    "carparts": (carparts, 2, 12, 0.9),
}


@pytest.mark.parametrize("case", CASES)
def test_the_portfolio_beats_seasonal_naive_and_covers_what_came(case: str, data_folder: Path) -> None:
    """Rolling origins: WAPE of the span beside seasonal naive, and the share of sums below each quantile."""
    read, span, season, share = CASES[case]
    sales, known = read(data_folder)
    last = sales.timeline.count - span
    wrong = np.zeros(2)
    below: dict[float, list[tuple[float, float]]] = {0.75: [], 0.95: []}
    for cut in (last, last - span, last - 2 * span, last - 3 * span):
        early = sales_before(sales, cut)
        seen = sales.observed()[:, cut : cut + span]
        came = sales.quantity[:, cut : cut + span].astype(np.float64)
        demand = Portfolio(span=span).fit(early, known).demand(span, known)
        naive = SeasonalNaive(season).fit(early, known).demand(span, known)
        wrong += [accuracy.wape(came, demand.mean, seen), accuracy.wape(came, naive.mean, seen)]
        whole, total = seen.all(axis=1), came.sum(axis=1)
        for probability, found in below.items():
            quantile = demand.sum_over(0, span - 1).quantile(probability)
            found.append((float((total < quantile)[whole].mean()), float((total <= quantile)[whole].mean())))
    assert wrong[0] < share * wrong[1], wrong
    for probability, found in below.items():
        low, high = np.mean(found, axis=0)
        assert low - 0.05 < probability < high + 0.05, (probability, low, high)
