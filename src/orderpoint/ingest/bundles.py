"""Sales of bundles as sales of what is in them: a warehouse holds components."""

from __future__ import annotations

import polars as pl

from orderpoint.domain.errors import Fault
from orderpoint.ingest.reading import ROW, Note

DEPTH_MAX = 10
"""How deep bundles may hold bundles."""


def flatten(bundles: pl.DataFrame, file: str) -> tuple[pl.DataFrame, tuple[Fault, ...]]:
    """bundle, item, quantity with plain items alone, bundles within bundles opened.

    A bundle that holds itself, at any depth, is a fault.
    """
    first = bundles.select("bundle", "item", "quantity", ROW)
    flat = first
    names = first["bundle"].unique()
    for _ in range(DEPTH_MAX):
        inner = pl.col("item").is_in(names.implode())
        if not flat.select(inner.any()).item():
            return flat.group_by("bundle", "item", maintain_order=True).agg(pl.col("quantity").sum()), ()
        opened = flat.filter(inner).join(first, left_on="item", right_on="bundle", suffix="_in")
        opened = opened.select(
            "bundle",
            pl.col("item_in").alias("item"),
            (pl.col("quantity") * pl.col("quantity_in")).alias("quantity"),
            ROW,
        )
        flat = pl.concat([flat.filter(~inner), opened])
    looping = flat.filter(pl.col("item").is_in(names.implode())).row(0, named=True)
    return first, (Fault(file, "bundle_in_itself", looping[ROW], "bundle", looping["bundle"]),)


def explode(sales: pl.DataFrame, flat: pl.DataFrame, file: str) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """The sales with each row of a bundle replaced by one row for each component.

    The component's price is not known from the bundle's, and a bundle out of stock does not say which component is:
    both become null there.
    """
    names = flat["bundle"].unique()
    is_bundle = sales["item"].is_in(names.cast(sales["item"].dtype).implode())
    count = int(is_bundle.sum())
    if not count:
        return sales, ()
    parts = flat.rename({"item": "_component", "quantity": "_units"})
    rows = sales.filter(is_bundle).with_columns(pl.col("item").cast(pl.String))
    rows = rows.join(parts, left_on="item", right_on="bundle", how="inner", maintain_order="left_right")
    unknown = [pl.lit(None, dtype=sales.schema[c]).alias(c) for c in ("price", "in_stock") if c in sales.columns]
    rows = rows.with_columns(
        pl.col("_component").cast(sales.schema["item"]).alias("item"),
        (pl.col("quantity") * pl.col("_units")).cast(sales.schema["quantity"]).alias("quantity"),
        *unknown,
    ).select(sales.columns)
    note = Note(file, "bundles_exploded", {"rows": str(count), "components": str(rows.height)})
    return pl.concat([sales.filter(~is_bundle), rows]), (note,)
