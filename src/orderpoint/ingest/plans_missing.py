"""What the past knows and no table says of the days ahead: remarks, so that a forecast without it is no surprise."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from orderpoint.domain.calendar import Timeline
from orderpoint.ingest.reading import Note
from orderpoint.tables.sales import Sales


def plans_missing(tables: Mapping[str, pl.DataFrame], sales: Sales, ahead: Timeline) -> tuple[Note, ...]:
    """Drivers that end before the horizon does, and promotions that sales bear and no table plans."""
    notes = []
    table = tables.get("drivers")
    if table is not None and not table.is_empty():
        last = table.group_by("name").agg(pl.col("date").max()).sort("name")
        short = last.filter((pl.col("date") >= ahead.first) & (pl.col("date") < ahead.start(ahead.count - 1)))
        ends = ", ".join(f"{name} ({day})" for name, day in short.iter_rows())
        over = ", ".join(f"{name} ({day})" for name, day in last.filter(pl.col("date") < ahead.first).iter_rows())
        if over:
            notes.append(Note("drivers", "drivers_over", {"drivers": over, "today": str(ahead.first)}))
        if ends:
            notes.append(Note("drivers", "drivers_end", {"drivers": ends, "last": str(ahead.start(ahead.count - 1))}))
    prices = tables.get("prices")
    planned = prices is not None and "promotion" in prices.columns and prices["promotion"].is_not_null().any()
    if sales.promotion is not None and bool((sales.promotion > 0).any()) and not planned:
        notes.append(Note("sales", "promotions_not_planned"))
    return tuple(notes)
