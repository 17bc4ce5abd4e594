"""Results of earlier runs, read back: forecasts that were published, and the record of how they fared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from orderpoint.domain.errors import Fault, InputFaults
from orderpoint.tables.contract import OUTPUTS, QUANTILE_COLUMNS
from orderpoint.tables.cutoff import rows_before
from orderpoint.tables.published import RECORD, Published
from orderpoint.tables.sales import Sales

FORECAST, ACCURACY = "forecast.parquet", "accuracy.csv"


def earlier_results(place: Path) -> list[Path]:
    """The forecasts and records at `place`: a file, or a folder of results or of folders of results, in order."""
    if place.is_file():
        return [place]
    return sorted(path for depth in ("", "*/") for name in (FORECAST, ACCURACY) for path in place.glob(depth + name))


def read_published(paths: Sequence[Path], sales: Sales, since: date) -> Published | None:
    """What the forecasts among `paths` said of periods of `sales` from `since` on.

    Of each period the run counts that spoke last before it; runs that counted in other periods say nothing. None where
    nothing is said. Raises InputFaults, naming all of them, where files are no forecasts of ours.
    """
    days = pl.DataFrame({"date": sales.timeline.starts(), "period": range(sales.timeline.count)}, schema=_DATED)
    runs = []
    for frame in _read([path for path in paths if path.suffix == ".parquet"]):
        past = rows_before(frame, sales.timeline.end)
        told = past.join(days, on="date")
        spoken = np.unique(told["period"].to_numpy())
        if len(spoken) and len(spoken) == past["date"].n_unique() == spoken[-1] - spoken[0] + 1:
            runs.append((int(spoken[0]), told.filter(pl.col("date") >= since)))
    used = sorted({int(t) for _, run in runs for t in run["period"].unique()})
    if not used:
        return None
    names = pl.DataFrame({"item": sales.index.item_names(), "location": sales.index.location_names()})
    names = names.with_row_index("series")
    column = np.zeros(sales.timeline.count, np.int64)
    column[used] = np.arange(len(used))
    shape = (len(sales.index), len(used))
    mean, quantiles = np.full(shape, np.nan), np.full((len(QUANTILE_COLUMNS), *shape), np.nan)
    origin = np.zeros(shape, np.int64)
    for first, run in sorted(runs, key=lambda pair: pair[0]):
        told = run.join(names, on=["item", "location"])
        at = (told["series"].to_numpy(), column[told["period"].to_numpy()])
        mean[at] = told["mean"].to_numpy()
        origin[at] = first
        for q, name in enumerate(QUANTILE_COLUMNS):
            quantiles[q][at] = told[name].to_numpy()
    return Published(np.array(used, np.int64), origin, mean, quantiles)


def read_record(paths: Sequence[Path], sales: Sales) -> pl.DataFrame:
    """The RECORD of earlier runs among `paths`, of periods before the end of `sales`; of repeated rows the last."""
    frames = _read([path for path in paths if path.suffix == ".csv"])
    record = pl.concat(frames) if frames else pl.DataFrame(schema=RECORD)
    plain = pl.col("category").str.strip_prefix("'")  # what keeps a spreadsheet from running a name as a formula
    return rows_before(record.with_columns(plain), sales.timeline.end)


_DATED = {"date": pl.Date(), "period": pl.Int64()}


def _read(paths: Sequence[Path]) -> list[pl.DataFrame]:
    frames, faults = [], []
    for path in paths:
        schema = dict(OUTPUTS["forecast"]) if path.suffix == ".parquet" else dict(RECORD)
        try:
            frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, try_parse_dates=True)
            frames.append(frame.select(pl.col(name).cast(kind) for name, kind in schema.items()))
        except (pl.exceptions.PolarsError, OSError) as error:
            faults.append(Fault(path.name, "no_earlier_result", details={"path": str(path), "cause": str(error)[:200]}))
    if faults:
        raise InputFaults(tuple(faults))
    return frames
