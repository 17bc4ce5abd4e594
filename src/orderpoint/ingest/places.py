"""Which place a table speaks of that names none: the one place there is."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from orderpoint.domain.errors import Fault
from orderpoint.ingest.parsed import distinct_names
from orderpoint.ingest.reading import Note
from orderpoint.tables.contract import MAIN, TABLES

LOCATED = tuple(t.name for t in TABLES.values() if not t.everywhere)
"""Tables whose rows stand at one place: sales, stock, incoming."""
_ADDED = ("on_hand", "reserved")


def settle_places(
    tables: Mapping[str, pl.DataFrame], files: Mapping[str, str]
) -> tuple[dict[str, pl.DataFrame], tuple[Fault, ...], tuple[Note, ...]]:
    """The tables with a location in every row of sales, stock and incoming.

    Where no table names a place, all stand at `main`. Where sales name none but stock or incoming do: the one place
    they name, and if they name several their rows are pooled at `main`, with a note. Where sales name places, stock and
    incoming without one speak of the only one, or are a fault where there are several.
    """
    result = dict(tables)
    faults: list[Fault] = []
    notes: list[Note] = []
    sales = tables.get("sales")
    sold_at = _places(sales)
    if sales is not None and not sold_at:
        named = sorted(set().union(*(_places(tables.get(t)) for t in LOCATED)))
        place = named[0] if len(named) == 1 else MAIN
        for table in LOCATED:
            frame = tables.get(table)
            if frame is None:
                continue
            if len(named) > 1 and _places(frame):
                notes.append(Note(files[table], "places_pooled", {"places": ", ".join(named), "place": MAIN}))
                frame = _pooled(frame.drop("location")) if table == "stock" else frame.drop("location")
            result[table] = _at(frame, place)
        return result, (), tuple(notes)
    for table in LOCATED:
        frame = tables.get(table)
        if frame is None or "location" in frame.columns:
            continue
        if len(sold_at) > 1 and frame.height:
            details = {"places": ", ".join(sorted(sold_at)[:10])}
            faults.append(Fault(files[table], "location_needed", column="location", details=details))
        result[table] = _at(frame, min(sold_at) if sold_at else MAIN)
    return result, tuple(faults), tuple(notes)


def _places(frame: pl.DataFrame | None) -> set[str]:
    if frame is None or "location" not in frame.columns:
        return set()
    return set(distinct_names(frame["location"]).to_list())


def _at(frame: pl.DataFrame, place: str) -> pl.DataFrame:
    if "location" in frame.columns:
        return frame
    dtype = pl.Categorical if frame.schema.get("item") == pl.Categorical else pl.String
    return frame.with_columns(pl.lit(place, dtype=pl.String).cast(dtype).alias("location"))


def _pooled(stock: pl.DataFrame) -> pl.DataFrame:
    """Stock of all places together: one row for each item and lot."""
    key = [c for c in ("item", "lot", "expires") if c in stock.columns]
    amounts = [pl.col(c).sum() for c in _ADDED if c in stock.columns]
    rest = [pl.col(c).first() for c in stock.columns if c not in key and c not in _ADDED]
    return stock.group_by(key, maintain_order=True).agg(*amounts, *rest)
