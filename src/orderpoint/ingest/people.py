"""Customers without their addresses: who bought again stays known, who it was does not."""

from __future__ import annotations

import polars as pl

from orderpoint.ingest.parsed import distinct_names
from orderpoint.ingest.reading import Note


def without_addresses(sales: pl.DataFrame, file: str) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """The sales with customers numbered where they are named by mail addresses."""
    if "customer" not in sales.columns:
        return sales, ()
    names = distinct_names(sales["customer"]).sort()
    if not names.str.contains("@", literal=True).any():
        return sales, ()
    numbers = [f"customer {k}" for k in range(1, len(names) + 1)]
    numbered = sales["customer"].cast(pl.String).replace_strict(names, numbers, default=None, return_dtype=pl.String)
    note = Note(file, "customers_numbered", {"count": str(len(names))})
    return sales.with_columns(numbered.cast(sales.schema["customer"]).alias("customer")), (note,)
