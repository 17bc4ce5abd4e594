"""All repairs of the sales in their order: overlap of files, repeated lines, returns."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from orderpoint.ingest.cleaning.duplicates import repeated_lines
from orderpoint.ingest.cleaning.overlap import repeated_orders
from orderpoint.ingest.cleaning.returns import net_returns
from orderpoint.ingest.reading import FILE, ROW, Note, SetAside


@dataclass(frozen=True, eq=False)
class Cleaned:
    """Repaired sales, each quantity at least 0, with what was set aside and what was repaired; nothing else is gone."""

    sales: pl.DataFrame
    set_aside: tuple[SetAside, ...]
    notes: tuple[Note, ...]


def clean_sales(sales: pl.DataFrame) -> Cleaned:
    """Repairs typed sales.

    `sales`: contract columns with `date` as Date and `quantity` as a number, `row` (line of the file) and `file` (what
    messages call it, in the order of reading; String or Categorical). The result has the same columns. Call it on rows
    dated before today only: a return of tomorrow must not change what is known today.
    """
    sales, aside, notes = _without_overlap(sales)
    notes += repeated_lines(sales)
    netted = net_returns(sales)
    return Cleaned(netted.sales, aside + netted.set_aside, notes + netted.notes)


def _without_overlap(sales: pl.DataFrame) -> tuple[pl.DataFrame, tuple[SetAside, ...], tuple[Note, ...]]:
    repeated = repeated_orders(sales, FILE)
    if not repeated.any():
        return sales, (), ()
    gone = sales.filter(repeated)
    rows = gone.select(pl.col(FILE).cast(pl.String), ROW, pl.col("order").cast(pl.String)).iter_rows()
    aside = tuple(SetAside(file, row, "order", order, "order_counted_once") for file, row, order in rows)
    kept = str(sales[FILE][0])
    counted = gone.group_by(FILE, maintain_order=True).agg(
        pl.col("order").n_unique().alias("orders"),
        pl.len().alias("rows"),
        pl.col("date").min().alias("first"),
        pl.col("date").max().alias("last"),
    )
    notes = []
    for file, *numbers in counted.iter_rows():
        details = dict(zip(("orders", "rows", "first", "last"), map(str, numbers), strict=True))
        notes.append(Note(str(file), "overlap_counted_once", {**details, "kept": kept}))
    return sales.filter(~repeated), aside, tuple(notes)
