"""The items whose demand is running out, as a table."""

from __future__ import annotations

import numpy as np
import polars as pl

from orderpoint.domain.calendar import DAYS_PER_WEEK
from orderpoint.forecast.newitems import phase_outs
from orderpoint.forecast.newitems.phase_out import LAST_UNITS
from orderpoint.tables.ahead import ends_of_life
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

QUANTILES = {"remaining_q05": 0.05, "remaining_q50": 0.5, "remaining_q95": 0.95}


def phase_out_table(sales: Sales, known: Known) -> pl.DataFrame:
    """One row for each series that falls for good (`forecast.newitems.phase_outs`), by item, then location.

    An estimate of its own, whatever model forecasts. Left out are items whose end of life is stated, which is their
    end, and those of which no more than a unit is to come.

    Columns item, location, `change_per_week` (share of demand, below 0), `last_day` (when no more than a unit is
    expected to follow; null beyond ten years), `remaining` (units that are still expected, for ever) and its quantiles.
    """
    found = phase_outs(sales, known)
    stated = np.isfinite(ends_of_life(sales.index, sales.timeline, known.catalog))
    found = found.take(np.flatnonzero(~stated[found.rows] & (found.remaining.means() > LAST_UNITS)))
    items, places = sales.index.item_names(), sales.index.location_names()
    per_week = np.expm1(found.rate * DAYS_PER_WEEK / sales.timeline.period.mean_days)
    return pl.DataFrame(
        {
            "item": [items[row] for row in found.rows],
            "location": [places[row] for row in found.rows],
            "change_per_week": per_week.round(4),
            "last_day": pl.Series(found.last_day, dtype=pl.Date),
            "remaining": found.remaining.means().round(2),
            **{name: found.remaining.quantile(p) for name, p in QUANTILES.items()},
        },
        schema_overrides={"item": pl.String, "location": pl.String},
    )
