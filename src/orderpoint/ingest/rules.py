"""What must hold between the cells and the rows of one typed table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from orderpoint.domain.errors import Fault
from orderpoint.ingest.links import cycles
from orderpoint.ingest.reading import ROW, Note
from orderpoint.ingest.validate import LISTED_MAX, Checked
from orderpoint.tables.contract import TABLES


def check_rows(checked: Checked) -> Checked:
    """The table with the faults of its rows taken together: repeated keys, mixed locations, bounds that cross."""
    frame = checked.frame
    faults = [*checked.faults, *_mixed_locations(checked.file, frame)]
    if TABLES[checked.table].unique:
        faults += _repeats(checked)
    if checked.table == "network":
        faults += cycles(checked.file, frame)
    crossed = _CROSSED.get(checked.table)
    for code, column, broken in crossed(frame) if crossed is not None else []:
        bad = frame.filter(broken).select(ROW, pl.col(column).cast(pl.String).fill_null(""))
        faults += [Fault(checked.file, code, row, column, value) for row, value in bad.head(LISTED_MAX).iter_rows()]
    if "location" in frame.columns and frame["location"].null_count() == frame.height:
        frame = frame.drop("location")
    return replace(checked, frame=frame, faults=tuple(faults))


def _mixed_locations(file: str, frame: pl.DataFrame) -> list[Fault]:
    """A location in some rows only: it is not said what the other rows speak of."""
    if "location" not in frame.columns:
        return []
    missing = frame["location"].null_count()
    if missing in (0, frame.height):
        return []
    row = frame.filter(pl.col("location").is_null())[ROW][0]
    details = {"count": str(missing), "rows": str(frame.height)}
    return [Fault(file, "location_mixed", row, "location", "", details)]


def _repeats(checked: Checked) -> list[Fault]:
    """Rows whose key stands in an earlier row already."""
    spec = TABLES[checked.table]
    key = [c for c in spec.key if c in checked.frame.columns]
    if not set(spec.required) & set(spec.key) <= set(key):
        return []
    named = checked.frame.drop_nulls([c for c in spec.required if c in key])
    first = pl.col(ROW).first().over(key)
    repeated = named.with_columns(first.alias("first")).filter(pl.col(ROW) != pl.col("first"))
    return [
        Fault(
            checked.file,
            "repeated_row",
            r[ROW],
            ", ".join(key),
            ", ".join("" if r[k] is None else str(r[k]) for k in key),
            {"first": str(r["first"])},
        )
        for r in repeated.head(LISTED_MAX).iter_rows(named=True)
    ]


_Crossed = list[tuple[str, str, pl.Expr]]


def _has(frame: pl.DataFrame, *columns: str) -> bool:
    return set(columns) <= set(frame.columns)


def _items(frame: pl.DataFrame) -> _Crossed:
    crossed: _Crossed = []
    if _has(frame, "min_stock", "max_stock"):
        crossed.append(("min_above_max", "min_stock", pl.col("min_stock") > pl.col("max_stock")))
    if _has(frame, "launch", "end_of_life"):
        crossed.append(("end_before_start", "end_of_life", pl.col("end_of_life") < pl.col("launch")))
    return crossed


def _supply(frame: pl.DataFrame) -> _Crossed:
    if not _has(frame, "moq", "max_quantity"):
        return []
    above = (pl.col("max_quantity") > 0) & (pl.col("moq") > pl.col("max_quantity"))
    return [("moq_above_max", "moq", above)]


def _overrides(frame: pl.DataFrame) -> _Crossed:
    crossed: _Crossed = []
    if _has(frame, "start", "end"):
        crossed.append(("end_before_start", "end", pl.col("end") < pl.col("start")))
    if _has(frame, "kind", "value"):
        low, high = (pl.col(c) if c in frame.columns else pl.lit(None, pl.Float64) for c in ("low", "high"))
        ordered = (low <= pl.col("value")) & (pl.col("value") <= high) & (low >= 0)
        bad = (pl.col("kind") == "estimate") & ~ordered.fill_null(value=False)
        crossed.append(("estimate_needs_bounds", "value", bad))
        crossed.append(("override_negative", "value", (pl.col("kind") != "add") & (pl.col("value") < 0)))
    return crossed


_CROSSED: Mapping[str, Callable[[pl.DataFrame], _Crossed]] = {
    "items": _items,
    "supply": _supply,
    "overrides": _overrides,
}


def last_of_repeats(checked: Checked) -> Checked:
    """Where one key has one value (prices): the last row of a key wins, and a note counts the others."""
    key = [c for c in TABLES[checked.table].key if c in checked.frame.columns]
    kept = checked.frame.unique(key, keep="last", maintain_order=True)
    if kept.height == checked.frame.height:
        return checked
    note = Note(checked.file, "repeated_rows_last_kept", {"count": str(checked.frame.height - kept.height)})
    return replace(checked, frame=kept, notes=(*checked.notes, note))
