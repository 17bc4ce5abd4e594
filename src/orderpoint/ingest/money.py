"""Costs of each series: what the tables say, and what is assumed where they say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.config import CostDefaults
from orderpoint.domain.calendar import DAYS_PER_YEAR
from orderpoint.domain.catalog import Shortage
from orderpoint.ingest.masters import for_series, number_per_series, per_item
from orderpoint.tables.costs import Costs
from orderpoint.tables.sales import Sales
from orderpoint.tables.series import SeriesIndex

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Prices:
    """Money per unit sold, (n,), NaN where unknown: `median` of past sales (or the listed price), `current` one."""

    median: FloatArray
    current: FloatArray


def prices_of(tables: Mapping[str, pl.DataFrame], sales: Sales, today: date) -> Prices:
    """Prices of each series.

    The price table's latest wins over the items table's, that over the median of past sales.
    """
    listed = number_per_series(tables.get("items"), sales.index, "price")
    latest = _latest(tables.get("prices"), sales.index, today)
    sold = _median_sold(sales)
    median = _first_known(sold, latest, listed)
    return Prices(median, _first_known(latest, listed, sold))


def unit_costs(
    tables: Mapping[str, pl.DataFrame], index: SeriesIndex, prices: Prices, defaults: CostDefaults
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Cost of a unit where no offer names one, and where it is assumed.

    0.6 x median price, 1 where no price is known.
    """
    given = number_per_series(tables.get("items"), index, "unit_cost")
    assumed = np.isnan(given)
    by_price = np.nan_to_num(prices.median * defaults.unit_cost_share_of_price, nan=defaults.unit_cost_without_price)
    return np.where(assumed, by_price, given), assumed


def costs_of(
    tables: Mapping[str, pl.DataFrame],
    index: SeriesIndex,
    prices: Prices,
    unit_cost: FloatArray,
    defaults: CostDefaults,
) -> tuple[Costs, dict[str, int]]:
    """Costs of each series, and the number of series for which each default was used. `unit_cost` (n,) is landed."""
    items = tables.get("items")

    def given(name: str) -> FloatArray:
        return number_per_series(items, index, name)

    holding, rate, stockout = given("holding_cost"), given("holding_rate"), given("stockout_cost")
    by_rate = np.nan_to_num(rate, nan=defaults.holding_rate_per_year) * unit_cost / DAYS_PER_YEAR
    price = np.where(np.isnan(prices.current), unit_cost / defaults.unit_cost_share_of_price, prices.current)
    margin = np.maximum(price - unit_cost, 0.0)
    backlog = np.array([word == Shortage.BACKLOG for word in per_item(items, index.items, "shortage")], dtype=np.bool_)
    costs = Costs(
        price=prices.current,
        unit_cost=unit_cost,
        holding_cost_per_unit_day=np.where(np.isnan(holding), by_rate, holding),
        stockout_cost_per_unit=np.where(np.isnan(stockout), margin, stockout),
        backlog=backlog[index.item_of] if len(backlog) else np.zeros(0, np.bool_),
        service_target=given("service_target"),
        min_stock=np.nan_to_num(given("min_stock")),
        max_stock=np.nan_to_num(given("max_stock"), nan=np.inf, posinf=np.inf),
    )
    used = {
        "holding_rate": int((np.isnan(holding) & np.isnan(rate)).sum()),
        "stockout_cost": int(np.isnan(stockout).sum()),
    }
    return costs, used


def _first_known(*choices: FloatArray) -> FloatArray:
    result = choices[0].copy()
    for other in choices[1:]:
        result = np.where(np.isnan(result), other, result)
    return result


def _median_sold(sales: Sales) -> FloatArray:
    """Median over the periods with a price of each series, NaN without any."""
    result = np.full(len(sales.index), np.nan)
    if sales.price is None:
        return result
    for row, price in enumerate(sales.price):
        known = price[~np.isnan(price)]
        if len(known):
            result[row] = float(np.median(known))
    return result


def _latest(prices: pl.DataFrame | None, index: SeriesIndex, today: date) -> FloatArray:
    """The price that holds today for each series.

    The latest on or before today, of one day a location's own before a general one.
    """
    result = np.full(len(index), np.nan)
    if prices is None or prices.is_empty():
        return result
    past = prices.filter(pl.col("date") <= today).sort("date")
    place = [c for c in ("location",) if c in past.columns]
    last = past.unique(subset=["item", *place], keep="last", maintain_order=True)
    rows = (
        for_series(last, index)
        .sort("series", "date", "specific", maintain_order=True)
        .unique("series", keep="last", maintain_order=True)
    )
    result[rows["series"].to_numpy()] = rows["price"].to_numpy()
    return result
