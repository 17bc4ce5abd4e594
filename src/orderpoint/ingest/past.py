"""What a raw table said before a day: an export is rewritten from its past rows alone, as if it ended there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.errors import OrderpointError
from orderpoint.ingest.dates import parse_dates
from orderpoint.ingest.profiles import Converted, Profile
from orderpoint.ingest.reading import ROW, RawTable
from orderpoint.tables.cutoff import known_by

SAMPLE_ROWS = 50
"""Rows by which a profile shows which columns hold its dates."""


def convert_past(profile: Profile, raw: RawTable, today: date | None) -> Converted:
    """What `profile` makes of the rows of `raw` dated before `today` (all where None).

    Profiles look at whole columns (usual names, usual prices); a row of tomorrow must not change what they see. A row
    without a date belongs to the row above it. Rows keep their lines of the file.
    """
    kept = None if today is None else _rows_before(profile, raw, today)
    if kept is None:
        return profile.convert(raw)
    lines = (np.flatnonzero(kept) + raw.first_row).astype(np.uint32)
    past = profile.convert(replace(raw, frame=raw.frame.filter(kept), first_row=0))
    tables = {name: frame.with_columns(_lines(frame[ROW], lines)) for name, frame in past.tables.items()}
    aside = tuple(replace(s, row=int(lines[s.row])) for s in past.set_aside)
    return replace(past, tables=tables, set_aside=aside)


def _lines(rows: pl.Series, lines: NDArray[np.uint32]) -> pl.Series:
    return pl.Series(ROW, lines[rows.to_numpy()])


def _rows_before(profile: Profile, raw: RawTable, today: date) -> pl.Series | None:
    """True for the rows dated before `today`; None where all or none are, or where no column holds dates."""
    try:
        sample = profile.convert(replace(raw, frame=raw.frame.head(SAMPLE_ROWS)))
    except (OrderpointError, pl.exceptions.PolarsError):
        return None
    columns = [m.column for m in sample.mapped if m.field == "date" and m.column in raw.frame.columns]
    if not columns:
        return None
    days = parse_dates(raw.frame[columns[0]]).values
    for column in columns[1:]:
        days = days.zip_with(days.is_not_null(), parse_dates(raw.frame[column]).values)
    kept = known_by(days.forward_fill(), today)
    return None if kept.all() or not kept.any() else kept
