"""Given drivers (weather, traffic, school holidays) as numbers by series and period."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.domain.errors import Fault, InputFaults
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.sales import Sales
from orderpoint.tables.series import SeriesIndex

MOST_DRIVERS = 16
MOST_FAULTS = 20
"""Drivers, items and locations that are named at once."""
NEAR_DAYS = 7.0
"""Days on either side of a day a year ago that tell what is usual."""


def names_of(drivers: pl.DataFrame | None, most: int = MOST_DRIVERS) -> tuple[str, ...]:
    """The drivers of a table, at most `most`, those with the most rows first where there are more."""
    if drivers is None or drivers.is_empty():
        return ()
    counted = drivers.group_by("name").len().sort("len", "name", descending=[True, False])
    return tuple(sorted(counted["name"].head(most)))


def table_of(
    drivers: pl.DataFrame | None, names: tuple[str, ...], index: SeriesIndex, timeline: Timeline, past: int
) -> tuple[FloatArray, NDArray[np.int32]]:
    """Values float32 (D, R, S) of D drivers, the mean over the days of a period, and the row int32 (D, n) of a series.

    Row 0 is NaN: nothing is said. The most exact row speaks: of item and location, of either, of all. One that begins
    after the first `past` periods, the history, taught nothing, so it is not heard.
    """
    n, count = len(index), timeline.count
    owner = np.zeros((len(names), n), np.int32)
    tables: list[FloatArray] = []
    for d, name in enumerate(names):
        rows = _rows(drivers, name, timeline)
        keys = list(rows.partition_by("item", "location", maintain_order=True)) if rows is not None else []
        by_key = {
            (part["item"][0], part["location"][0]): k + 1 for k, part in enumerate(keys) if part["period"][0] < past
        }
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


def reaching(
    table: FloatArray, owner: NDArray[np.int32], names: tuple[str, ...], sales: Sales, timeline: Timeline
) -> FloatArray:
    """`table` of `table_of` over `timeline`, which reaches beyond the history, with every period ahead filled.

    Between two given values runs a straight line; after the last one stands what is usual at that time of year, or ever
    where the history is shorter. Raises InputFaults, naming all of them, where a driver that the history has says
    nothing of the periods ahead: what it will be is not to be guessed.
    """
    past = sales.timeline.count
    out, faults = table.copy(), []
    for d, name in enumerate(names):
        for row in np.unique(owner[d][owner[d] > 0]).tolist():
            values = table[d, row]
            given = np.flatnonzero(np.isfinite(values))
            if not len(given) or given[0] >= past:
                continue
            if given[-1] < past:
                faults.append(_fault(name, int(np.argmax(owner[d] == row)), sales, timeline.start(int(given[-1]) + 1)))
                continue
            out[d, row, past:] = np.interp(np.arange(past, timeline.count), given, values[given])
            for t in range(int(given[-1]) + 1, timeline.count):
                out[d, row, t] = _usual(values, t, timeline)
    if faults:
        raise InputFaults(tuple(faults[:MOST_FAULTS]))
    return out


def _usual(values: FloatArray, t: int, timeline: Timeline) -> float:
    """Mean of a driver at the time of year of period t in earlier years, or of all where there is none."""
    year, near = timeline.period.per_year, max(1, round(NEAR_DAYS / timeline.period.mean_days))
    parts = [values[max(0, s - near) : s + near + 1] for s in range(t - year, -1, -year)]
    same = np.concatenate(parts) if parts else values[:0]
    told = same[np.isfinite(same)]
    told = told if len(told) else values[np.isfinite(values)]
    return float(told.astype(np.float64).mean())


def _fault(name: str, row: int, sales: Sales, first: date) -> Fault:
    item, place = sales.index.pairs()[row]
    details = {"item": item, "location": place, "first": first.isoformat(), "today": sales.timeline.end.isoformat()}
    return Fault("drivers", "driver_not_ahead", column="value", value=name, details=details)
