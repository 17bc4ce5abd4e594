"""Stock on hand this morning and what is on its way, by series and period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.ingest.masters import series_frame
from orderpoint.ingest.reading import Note
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.stock import Stock

FloatArray = NDArray[np.float64]

EXAMPLES_MAX = 5
"""Items named in a note."""


def stock_of(
    tables: Mapping[str, pl.DataFrame], index: SeriesIndex, timeline: Timeline
) -> tuple[Stock, tuple[Note, ...]]:
    """The stock at the start of today and the receipts of the horizon, with what was left out and why.

    Reservations are taken off; lots that expire today or before do not count; open orders that are overdue arrive
    today.
    """
    stock, notes = tables.get("stock"), list[Note]()
    on_hand, expiring = np.zeros(len(index)), np.zeros((len(index), timeline.count))
    if stock is not None and stock.height:
        lots, notes = _sellable(stock, timeline.first)
        rows = _placed(lots, index)
        units = rows["on_hand"].to_numpy() - (
            rows["reserved"].fill_null(0.0).to_numpy() if "reserved" in rows.columns else 0.0
        )
        np.add.at(on_hand, rows["series"].to_numpy(), units)
        _expire(rows, units, timeline, expiring)
        notes += [*_negative(index, on_hand), *_without_row(index, rows)]
    receipts, beyond, overdue = _receipts(tables.get("incoming"), index, timeline)
    return Stock(on_hand, receipts, beyond, known=stock is not None, expiring=expiring), (*notes, *overdue)


def _placed(frame: pl.DataFrame, index: SeriesIndex) -> pl.DataFrame:
    texts = frame.with_columns(pl.col("item").cast(pl.String), pl.col("location").cast(pl.String))
    return texts.join(series_frame(index), on=["item", "location"], how="inner", maintain_order="left")


def _sellable(stock: pl.DataFrame, today: date) -> tuple[pl.DataFrame, list[Note]]:
    """Lots that have not expired."""
    if "expires" not in stock.columns:
        return stock, []
    gone = stock.filter(pl.col("expires") <= today)
    kept = stock.filter((pl.col("expires") > today) | pl.col("expires").is_null())
    if gone.is_empty():
        return kept, []
    details = {"lots": str(gone.height), "units": f"{gone['on_hand'].sum():g}", "items": _some(gone["item"])}
    return kept, [Note("stock", "lots_expired", details)]


def _expire(rows: pl.DataFrame, units: FloatArray, timeline: Timeline, expiring: FloatArray) -> None:
    """Add the units of each dated lot to the period from which they cannot be sold."""
    if "expires" not in rows.columns:
        return
    for series, day, amount in zip(rows["series"].to_list(), rows["expires"].to_list(), units, strict=True):
        if day is not None and day < timeline.end:
            expiring[series, timeline.index_of(day)] += max(float(amount), 0.0)


def _negative(index: SeriesIndex, on_hand: FloatArray) -> list[Note]:
    below = np.flatnonzero(on_hand < 0)
    if not len(below):
        return []
    names = pl.Series([index.items[index.item_of[k]] for k in below[:EXAMPLES_MAX]])
    return [Note("stock", "stock_negative", {"count": str(len(below)), "items": _some(names)})]


def _without_row(index: SeriesIndex, rows: pl.DataFrame) -> list[Note]:
    """Series that the stock table does not name: they hold nothing."""
    named = set(rows["series"].to_list())
    absent = [k for k in range(len(index)) if k not in named]
    if not absent:
        return []
    names = pl.Series([index.items[index.item_of[k]] for k in absent[: EXAMPLES_MAX + 1]])
    return [Note("stock", "stock_rows_absent", {"count": str(len(absent)), "items": _some(names)})]


def _receipts(
    incoming: pl.DataFrame | None, index: SeriesIndex, timeline: Timeline
) -> tuple[FloatArray, FloatArray, list[Note]]:
    receipts, beyond = np.zeros((len(index), timeline.count)), np.zeros(len(index))
    if incoming is None or incoming.is_empty():
        return receipts, beyond, []
    rows = _placed(incoming, index)
    notes = []
    late = rows.filter(pl.col("due") < timeline.first)
    if late.height:
        details = {"count": str(late.height), "units": f"{late['quantity'].sum():g}", "items": _some(late["item"])}
        notes.append(Note("incoming", "orders_overdue", details))
    for series, due, units in zip(
        rows["series"].to_list(), rows["due"].to_list(), rows["quantity"].to_list(), strict=True
    ):
        period = max(0, timeline.first_at_or_after(due))
        if period < timeline.count:
            receipts[series, period] += units
        else:
            beyond[series] += units
    return receipts, beyond, notes


def _some(items: pl.Series) -> str:
    names = items.cast(pl.String).unique(maintain_order=True)
    more = "" if len(names) <= EXAMPLES_MAX else ", …"
    return ", ".join(names.head(EXAMPLES_MAX).to_list()) + more
