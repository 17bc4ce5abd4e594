"""Lines that stand twice in one file: they may be two sales or one counted twice, so they are reported and kept."""

from __future__ import annotations

import polars as pl

from orderpoint.ingest.reading import FILE, ROW, Note


def repeated_lines(sales: pl.DataFrame) -> tuple[Note, ...]:
    """One note for each file that repeats lines of an order in all columns (without an order they may be two sales)."""
    if "order" not in sales.columns or sales.is_empty():
        return ()
    columns = [c for c in sales.columns if c != ROW]
    repeated = sales.filter(pl.col("order").is_not_null()).select(columns).is_duplicated()
    if not repeated.any():
        return ()
    lines = sales.filter(pl.col("order").is_not_null()).filter(repeated)
    counted = lines.group_by(FILE).agg(
        pl.len().alias("rows"),
        pl.col("order").n_unique().alias("orders"),
        pl.struct(columns).n_unique().alias("distinct"),
    )
    return tuple(
        Note(str(file), "lines_repeated_kept", {"rows": str(rows - distinct), "orders": str(orders)})
        for file, rows, orders, distinct in counted.sort(FILE).iter_rows()
    )
