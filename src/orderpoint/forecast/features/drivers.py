"""Given drivers (weather, traffic, school holidays) as numbers by series and period."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.series import SeriesIndex

MOST_DRIVERS = 16


def names_of(drivers: pl.DataFrame | None) -> tuple[str, ...]:
    """The drivers of a table, at most MOST_DRIVERS, those with the most rows first where there are more."""
    if drivers is None or drivers.is_empty():
        return ()
    counted = drivers.group_by("name").len().sort("len", "name", descending=[True, False])
    return tuple(sorted(counted["name"].head(MOST_DRIVERS)))


def table_of(
    drivers: pl.DataFrame | None, names: tuple[str, ...], index: SeriesIndex, timeline: Timeline
) -> tuple[FloatArray, NDArray[np.int32]]:
    """Values float32 (D, R, S) of D drivers, the mean over the days of a period, and the row int32 (D, n) of a series.

    Row 0 is NaN: nothing is said. The most exact row speaks: of item and location, of either, of all.
    """
    n, count = len(index), timeline.count
    owner = np.zeros((len(names), n), np.int32)
    tables: list[FloatArray] = []
    for d, name in enumerate(names):
        rows = _rows(drivers, name, timeline)
        keys = list(rows.partition_by("item", "location", maintain_order=True)) if rows is not None else []
        by_key = {(part["item"][0], part["location"][0]): k + 1 for k, part in enumerate(keys)}
        table = np.full((len(keys) + 1, count), np.nan, np.float32)
        for k, part in enumerate(keys):
            table[k + 1, part["period"].to_numpy()] = part["value"].to_numpy()
        for i, (item, place) in enumerate(index.pairs()):
            for key in ((item, place), (item, None), (None, place), (None, None)):
                if key in by_key:
                    owner[d, i] = by_key[key]
                    break
        tables.append(table)
    most = max((len(table) for table in tables), default=1)
    out = np.full((len(names), most, count), np.nan, np.float32)
    for d, table in enumerate(tables):
        out[d, : len(table)] = table
    return out, owner


def _rows(drivers: pl.DataFrame | None, name: str, timeline: Timeline) -> pl.DataFrame | None:
    """Item, location, period and mean value of one driver."""
    if drivers is None:
        return None
    missing = [column for column in ("item", "location") if column not in drivers.columns]
    rows = drivers.filter(pl.col("name") == name).with_columns(pl.lit(None, pl.String).alias(c) for c in missing)
    rows = rows.filter(pl.col("date").is_between(timeline.first, timeline.end, closed="left"))
    days = rows["date"].unique()
    at = {day: timeline.index_of(day) for day in days}
    periods = rows["date"].replace_strict(at, return_dtype=pl.Int64) if at else pl.Series([], dtype=pl.Int64)
    rows = rows.with_columns(periods.alias("period"))
    return rows.group_by("item", "location", "period").agg(pl.col("value").mean()).sort("item", "location", "period")


def check_ahead(drivers: pl.DataFrame | None, names: tuple[str, ...], timeline: Timeline) -> None:
    """Raises ValueError, naming all of them, where a driver says nothing of the last periods of `timeline`."""
    faults = []
    for name in names:
        rows = _rows(drivers, name, timeline)
        last = -1 if rows is None or rows.is_empty() else int(rows["period"].max())  # type: ignore[arg-type]
        if last < timeline.count - 1:
            faults.append(f"{name} (known up to {_day(timeline, last)})")
    if faults:
        raise ValueError(
            f"drivers: needed up to {timeline.start(timeline.count - 1)}, but not given that far: {', '.join(faults)};"
            " add their planned or expected values, leave them out of the table, or forecast fewer periods"
        )


def _day(timeline: Timeline, period: int) -> date | str:
    return timeline.start(period) if period >= 0 else "no day"
