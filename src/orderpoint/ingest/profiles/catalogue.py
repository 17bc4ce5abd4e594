"""What order lines know of their products: how often each code stands with each name, and the usual name of each."""

from __future__ import annotations

import polars as pl

from orderpoint.ingest.reading import ROW


def spellings(lines: pl.DataFrame) -> pl.DataFrame:
    """How often each code stands with each name and category: `item`, `_name`, `_category`, `lines`, first `row`.

    Sorted by item; the most used comes first, the first in alphabet among equals, blank names last.
    """
    counted = (
        lines.filter(pl.col("item").is_not_null())
        .group_by("item", "_name", "_category")
        .agg(pl.len().alias("lines"), pl.col(ROW).min())
    )
    order = ["item", pl.col("_name").is_null(), "lines", "_name", "_category"]
    return counted.sort(order, descending=[False, False, True, False, False], nulls_last=True)


def items_of(counted: pl.DataFrame) -> pl.DataFrame | None:
    """One row per item of `spellings` with its usual `name` and `category`; None where neither is known at all."""
    known = [c for c in ("_name", "_category") if counted[c].null_count() < counted.height]
    if not known:
        return None
    usual = [pl.col(c).drop_nulls().first().alias(c[1:]) for c in known]
    return counted.group_by("item", maintain_order=True).agg(pl.col(ROW).min(), *usual).sort(ROW, "item")


def usual_names(counted: pl.DataFrame) -> pl.DataFrame:
    """One row per item of `spellings`: `item`, `lines` and `_name`, the usual name in lower case with single spaces."""
    name = pl.col("_name").drop_nulls().first().str.strip_chars().str.to_lowercase().str.replace_all(r"\s+", " ")
    return counted.group_by("item", maintain_order=True).agg(pl.col("lines").sum(), name)


def merged_items(hints: list[pl.DataFrame], given: pl.DataFrame | None = None) -> pl.DataFrame | None:
    """One items table of `given` (the user's own) and the `hints` of profiles; in each cell the first that knows wins.

    Without `given` each item of the hints has one row; with it, hints fill its blank cells and add missing items.
    """
    frames = [f for f in ([given] if given is not None else []) + hints if f.height]
    if not frames:
        return given
    stacked = pl.concat(frames, how="diagonal_relaxed")
    rest = [pl.col(c).drop_nulls().first() for c in stacked.columns if c != "item"]
    return stacked.group_by("item", maintain_order=True).agg(rest)
