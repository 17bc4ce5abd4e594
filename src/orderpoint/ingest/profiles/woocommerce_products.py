"""WooCommerce's product export: items and, where the shop counts it, stock.

A product without SKU goes by its name, as it does in the order exports.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.columns import Headers
from orderpoint.ingest.profiles.order_lines import numbered
from orderpoint.ingest.reading import ROW, Mapped, Note, RawTable

NO_SHELF = "grouped|external|virtual|downloadable"
MAPPED = (
    ("items", "SKU", "item"),
    ("items", "Name", "name"),
    ("items", "Categories", "category"),
    ("items", "Categories", "department"),
    ("items", "Regular price", "price"),
    ("items", "Backorders allowed?", "shortage"),
    ("stock", "Stock", "on_hand"),
    ("stock", "In stock?", "on_hand"),
)


@dataclass(frozen=True, slots=True)
class WooCommerceProducts:
    """The profile of WooCommerce's product export."""

    name: str = "woocommerce_products"

    def matches(self, raw: RawTable) -> bool:
        """Whether the headers are those of WooCommerce's product export, in English or Chinese."""
        return Headers(raw.frame).has("ID", "Type", "SKU", "Name", "In stock?", "Stock", "Regular price")

    def convert(self, raw: RawTable) -> Converted:
        """Items, and stock where it is counted; a variable product's own line gives way to its variations."""
        headers = Headers(raw.frame)
        frame = numbered(raw)
        kind = cells.lower(frame, headers.every(("Type",))[0])
        stock = cells.text(frame, headers.every(("Stock",))[0])
        in_stock = cells.lower(frame, headers.every(("In stock?",))[0])
        frame = frame.with_columns(
            pl.coalesce(
                cells.key(frame, headers.every(("SKU",))[0]), cells.text(frame, headers.every(("Name",))[0])
            ).alias("item"),
            kind.str.contains(NO_SHELF).alias("_no_shelf"),
            (kind.str.contains(r"\bvariable\b") & stock.is_null()).alias("_parent"),
            stock.alias("_stock"),
            in_stock.alias("_in_stock"),
        )
        shelf = frame.filter(~pl.col("_no_shelf") & ~pl.col("_parent"))
        items = shelf.select(ROW, "item", *_attributes(shelf, headers))
        out = pl.when(pl.col("_in_stock").is_in(["0", "no", "false", "outofstock"])).then(pl.lit("0"))
        held = shelf.select(ROW, "item", pl.coalesce("_stock", out).alias("on_hand"))
        uncounted = int(held["on_hand"].null_count())
        counts = (
            ("no_shelf", int(frame["_no_shelf"].sum())),
            ("variable_parents", int(frame["_parent"].sum())),
            ("stock_not_counted", uncounted),
        )
        notes = tuple(Note(raw.file, code, {"rows": str(count)}) for code, count in counts if count)
        mapped = tuple(Mapped(raw.file, t, c, f, "profile") for t, n, f in MAPPED for c in headers.every((n,)))
        return Converted({"items": items, "stock": held.filter(pl.col("on_hand").is_not_null())}, mapped, (), notes)


def _attributes(frame: pl.DataFrame, headers: Headers) -> list[pl.Expr]:
    """Name, category (last step of the first path "Home > Lamps"), department (first step), price, shortage."""
    columns = [cells.text(frame, headers.every(("Name",))[0]).alias("name")]
    categories = headers.find("Categories")
    if categories is not None:
        path = cells.text(frame, categories).str.extract(r"^([^,]+)").str.split(">")
        columns += [
            path.list.last().str.strip_chars().alias("category"),
            path.list.first().str.strip_chars().alias("department"),
        ]
    columns.append(cells.amount(frame, headers.every(("Regular price",))[0]).alias("price"))
    backorders = headers.find("Backorders allowed?")
    if backorders is not None:
        waits = cells.lower(frame, backorders).is_in(["1", "yes", "notify", "true"])
        columns.append(pl.when(waits).then(pl.lit("backlog")).otherwise(pl.lit("lost")).alias("shortage"))
    return columns
