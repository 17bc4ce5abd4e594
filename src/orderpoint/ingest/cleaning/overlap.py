"""Two exports that overlap in time hold the same orders twice; each order counts once, as the first export has it."""

from __future__ import annotations

import polars as pl


def repeated_orders(sales: pl.DataFrame, part: str) -> pl.Series:
    """Boolean, one for each row: True where the row's `order` also stands in an earlier part of the input.

    `part` names the column that tells files or sheets apart; which is earlier is decided by its first row. Rows without
    order are never repeated. An order that two exports share without any line (item and quantity) in common was split
    between them, and keeps all its lines.
    """
    nothing = pl.repeat(value=False, n=sales.height, dtype=pl.Boolean, eager=True).alias("repeated")
    if "order" not in sales.columns:
        return nothing
    parts = sales[part].unique(maintain_order=True)
    if len(parts) < 2:
        return nothing
    rank = (
        sales[part]
        .cast(pl.String)
        .replace_strict(parts.cast(pl.String), list(range(len(parts))), return_dtype=pl.UInt32)
    )
    ranked = sales.select("order", "item", "quantity", rank.alias("_rank")).with_row_index("_at")
    spans = ranked.group_by("order").agg(pl.col("_rank").min().alias("_first"), pl.col("_rank").max().alias("_last"))
    shared = spans.filter(pl.col("order").is_not_null() & (pl.col("_first") < pl.col("_last")))
    both = ranked.join(shared, on="order", how="inner")
    first = both.filter(pl.col("_rank") == pl.col("_first")).select("order", "item", "quantity").unique()
    later = both.filter(pl.col("_rank") > pl.col("_first"))
    copied = later.join(first, on=["order", "item", "quantity"], how="semi").select("order", "_rank").unique()
    repeated = later.join(copied, on=["order", "_rank"], how="semi")["_at"]
    return ranked.select(pl.col("_at").is_in(repeated.implode()).alias("repeated")).to_series()
