"""Columns of the master tables, looked up for the rows of the series index."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.tables.series import SeriesIndex

FloatArray = NDArray[np.float64]


def column(frame: pl.DataFrame | None, name: str) -> pl.Series | None:
    """A column of a table, None where the table or the column is not there."""
    return None if frame is None or name not in frame.columns else frame[name]


def per_item(items: pl.DataFrame | None, names: tuple[str, ...], name: str) -> list[object]:
    """Values of column `name` of the items table for the items `names`, None where unknown."""
    values = column(items, name)
    if items is None or values is None:
        return [None] * len(names)
    known: Mapping[str, object] = dict(zip(items["item"].to_list(), values.to_list(), strict=True))
    return [known.get(item) for item in names]


def number_per_series(items: pl.DataFrame | None, index: SeriesIndex, name: str) -> FloatArray:
    """A number of the items table for each series, NaN where unknown."""
    values = per_item(items, index.items, name)
    numbers = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    return numbers[index.item_of] if len(numbers) else np.zeros(0)


def located(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with a `location` column of text, null where it speaks for every location."""
    if "location" not in frame.columns:
        return frame.with_columns(pl.lit(None, dtype=pl.String).alias("location"))
    return frame.with_columns(pl.col("location").cast(pl.String))


def series_frame(index: SeriesIndex) -> pl.DataFrame:
    """The index as a table: series (row number), item, location."""
    return pl.DataFrame(
        {
            "series": np.arange(len(index), dtype=np.int64),
            "item": index.item_names(),
            "location": index.location_names(),
        },
        schema={"series": pl.Int64, "item": pl.String, "location": pl.String},
    )


def for_series(frame: pl.DataFrame, index: SeriesIndex) -> pl.DataFrame:
    """Rows of `frame` (item, location or null for all) repeated for each series they speak of.

    Adds `series` and `specific` (1 where the row names the location); sorted by series, keeping the table's order
    within.
    """
    rows = located(frame).with_columns(pl.col("item").cast(pl.String)).with_row_index("_order")
    series = series_frame(index)
    here = rows.filter(pl.col("location").is_not_null()).join(series, on=["item", "location"], how="inner")
    everywhere = rows.filter(pl.col("location").is_null()).drop("location").join(series, on="item", how="inner")
    both = pl.concat(
        [here.with_columns(pl.lit(1).alias("specific")), everywhere.with_columns(pl.lit(0).alias("specific"))],
        how="diagonal_relaxed",
    )
    return both.sort("series", "_order").drop("_order")
