"""What is known ahead: prices and promotions of each series, and what a period is at each place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numba import njit

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales
from orderpoint.tables.series import SeriesIndex


class Planned(NamedTuple):
    """n series over the S periods of the history and beyond; arrays are (n, 0) where nothing is given.

    `price` float32 (n, S) in money per unit, NaN where unknown; `promotion` float32 (n, S), depth. `ahead`: whether
    they are a plan, known before their period (a price that was only seen on sales is not).
    """

    price: FloatArray
    promotion: FloatArray
    ahead: bool


def plan_of(sales: Sales, known: Known, timeline: Timeline) -> Planned:
    """Prices and promotions over `timeline`, which begins with the history's.

    The table of prices speaks where there is one: its row holds until the next. Without it the prices seen on sales
    hold until the next sale, and are not known ahead: a model may use them up to the origin only, for a price that
    changes with a sale would tell of that sale.
    """
    n, count = len(sales.index), timeline.count
    nothing = np.zeros((n, 0), np.float32)
    if known.prices is not None and known.prices.height:
        price = held(known.prices, "price", sales.index, timeline)
        promotion = held(known.prices, "promotion", sales.index, timeline)
        return Planned(
            price if np.isfinite(price).any() else nothing,
            np.nan_to_num(promotion) if np.nan_to_num(promotion).any() else nothing,
            ahead=True,
        )
    price, promotion = nothing, nothing
    if sales.price is not None and np.isfinite(sales.price).any():
        price = _filled(_widened(sales.price, count, np.nan))
    if sales.promotion is not None and sales.promotion.any():
        promotion = _widened(sales.promotion, count, 0.0)
    return Planned(price, promotion, ahead=False)


def _widened(array: FloatArray, count: int, beyond: float) -> FloatArray:
    """The array (n, T) over `count` periods."""
    out = np.full((len(array), count), beyond, np.float32)
    out[:, : array.shape[1]] = array
    return out


def held(prices: pl.DataFrame, column: str, index: SeriesIndex, timeline: Timeline) -> FloatArray:
    """Column of the table of prices as float32 (n, S): each value holds until the next; NaN before the first.

    `timeline` may begin later than the table. A row without a promotion has none; one without a price says nothing.
    """
    n, count = len(index), timeline.count
    out = np.full((n, count), np.nan, np.float32)
    if column not in prices.columns:
        return out
    rows = pl.DataFrame({"item": index.item_names(), "location": index.location_names(), "row": np.arange(n)})
    table = prices.filter(pl.col("date") < timeline.end)
    if "location" not in table.columns:
        table = table.with_columns(pl.lit(None, pl.String).alias("location"))
    value = pl.col(column).cast(pl.Float32)
    table = table.select("date", "item", "location", value.fill_null(0.0) if column == "promotion" else value)
    table = table.drop_nulls(column)
    everywhere = table.filter(pl.col("location").is_null()).drop("location").join(rows, on="item")
    here = table.filter(pl.col("location").is_not_null()).join(rows, on=["item", "location"])
    both = pl.concat([part.select("row", "date", column) for part in (everywhere, here)]).sort(
        "row", "date", maintain_order=True
    )
    days = both["date"].unique()
    at = pl.DataFrame(
        {"date": days, "period": [timeline.index_of(day) for day in days]}, schema={"date": pl.Date, "period": pl.Int64}
    )
    both = both.join(at, on="date", maintain_order="left")
    out[both["row"].to_numpy(), np.maximum(both["period"].to_numpy(), 0)] = both[
        column
    ].to_numpy()  # the last before the start stands at the start
    return _filled(out)


@njit(cache=True)
def _filled(array: FloatArray) -> FloatArray:
    """The array itself, with every NaN replaced by the last number before it in its row."""
    for row in array:
        for t in range(1, len(row)):
            if not np.isfinite(row[t]) and np.isfinite(row[t - 1]):
                row[t] = row[t - 1]
    return array
