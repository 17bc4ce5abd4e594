"""The forecast as the contract's table: mean and seven quantiles for each series and period."""

from __future__ import annotations

import numpy as np
import polars as pl

from orderpoint.tables.contract import QUANTILE_COLUMNS
from orderpoint.tables.demand import Demand


def forecast_table(demand: Demand, shown: int | None = None) -> pl.DataFrame:
    """Columns item, location, date, mean, q05..q95; one row per series and period, sorted by item, location, date.

    `shown`: how many periods, None for all.
    """
    n, known = demand.mean.shape
    periods = min(shown or known, known)
    index = demand.index
    items = pl.Series(index.items, dtype=pl.String)
    places = pl.Series(index.locations, dtype=pl.String)
    days = np.tile(_days(demand)[:periods], n)
    columns: dict[str, pl.Series] = {
        "item": items.gather(np.repeat(index.item_of, periods)),
        "location": places.gather(np.repeat(index.location_of, periods)),
        "date": pl.Series(days).cast(pl.Date),
        "mean": pl.Series(demand.mean[:, :periods].ravel()),
    }
    for name, probability in QUANTILE_COLUMNS.items():
        columns[name] = pl.Series(demand.quantile(probability)[:, :periods].ravel())
    return pl.DataFrame(columns)


def _days(demand: Demand) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """First day of each period as days since 1970-01-01."""
    return np.array(demand.timeline.starts(), dtype="datetime64[D]").astype(np.int32)
