"""Shopify's inventory_export.csv: the newer form (one line per location) and the older one (one column for each)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.columns import Headers
from orderpoint.ingest.profiles.order_lines import numbered
from orderpoint.ingest.reading import ROW, Mapped, Note, RawTable

NOT_STOCKED = "not stocked"
NO_OPTION = "default title"
PRODUCT = (
    "Handle",
    "Title",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Option3 Name",
    "Option3 Value",
    "SKU",
    "HS Code",
    "COO",
    "Barcode",
    "Bin name",
)
ON_HAND, AVAILABLE, COMMITTED = ("On hand", "On hand (current)"), ("Available",), ("Committed",)
INCOMING, UNAVAILABLE = ("Incoming",), ("Unavailable",)


@dataclass(frozen=True, slots=True)
class ShopifyInventory:
    """The profile of Shopify's inventory export."""

    name: str = "shopify_inventory"

    def matches(self, raw: RawTable) -> bool:
        """Whether the headers are those of inventory_export.csv."""
        return Headers(raw.frame).has("Handle", "Title", "Option1 Name", "Option1 Value", "SKU", "COO")

    def convert(self, raw: RawTable) -> Converted:
        """Stock per item and location, and the items' names."""
        headers = Headers(raw.frame)
        frame = numbered(raw).with_columns(
            _item(raw.frame, headers).alias("item"), cells.text(raw.frame, headers.every(("Title",))[0]).alias("name")
        )
        mapped = [Mapped(raw.file, "stock", c, "item", "profile") for c in headers.every(("SKU",))]
        mapped += [Mapped(raw.file, "items", c, "name", "profile") for c in headers.every(("Title",))]
        if headers.has("Location"):
            stock, more = _by_line(raw, frame, headers)
        else:
            stock, more = _by_column(raw, frame, headers)
        off = stock["on_hand"].cast(pl.String).str.strip_chars().str.to_lowercase() == NOT_STOCKED
        notes = _notes(raw, headers, int(off.sum()))
        stock = stock.filter(~off.fill_null(value=False))
        items = frame.select("item", "name", ROW).unique("item", keep="first", maintain_order=True)
        return Converted({"stock": stock, "items": items}, tuple(mapped + more), (), notes)


def _item(frame: pl.DataFrame, headers: Headers) -> pl.Expr:
    """The SKU, or where it is blank the name that Shopify's orders give the line: "Title - Option / Option"."""
    title = cells.text(frame, headers.every(("Title",))[0])
    options = [cells.text(frame, c) for c in headers.every(("Option1 Value", "Option2 Value", "Option3 Value"))]
    shown = [pl.when(o.str.to_lowercase() != NO_OPTION).then(o) for o in options]
    variant = pl.concat_str(shown, separator=" / ", ignore_nulls=True)
    full = pl.when(variant != "").then(pl.concat_str([title, variant], separator=" - ")).otherwise(title)
    return pl.coalesce(cells.key(frame, headers.every(("SKU",))[0]), full)


def _by_line(raw: RawTable, frame: pl.DataFrame, headers: Headers) -> tuple[pl.DataFrame, list[Mapped]]:
    """Newer form. Stock that can be sold is available + committed; what is unavailable (damaged ...) is not counted."""
    location = headers.every(("Location",))[0]
    on_hand, available, committed = (headers.find(*names) for names in (ON_HAND, AVAILABLE, COMMITTED))
    mapped = [Mapped(raw.file, "stock", location, "location", "profile")]
    columns = [pl.col(ROW), pl.col("item"), cells.text(frame, location).alias("location")]
    if available is not None and committed is not None:
        sellable = cells.number(frame, available) + cells.number(frame, committed).fill_null(0.0)
        columns.append(pl.coalesce(pl.lit(sellable).cast(pl.String), cells.text(frame, available)).alias("on_hand"))
        mapped += [Mapped(raw.file, "stock", c, "on_hand", "profile") for c in (available, committed)]
    else:
        source = on_hand or available or location
        columns.append(cells.text(frame, source).alias("on_hand"))
        mapped.append(Mapped(raw.file, "stock", source, "on_hand", "profile"))
    if committed is not None:
        columns.append(cells.text(frame, committed).str.replace("(?i)^not stocked$", "0").alias("reserved"))
        mapped.append(Mapped(raw.file, "stock", committed, "reserved", "profile"))
    return frame.select(columns), mapped


def _by_column(raw: RawTable, frame: pl.DataFrame, headers: Headers) -> tuple[pl.DataFrame, list[Mapped]]:
    """Older form: every column after the product's is a location that holds units or the words "not stocked"."""
    product = set(headers.every(PRODUCT))
    places = [c for c in raw.frame.columns if c not in product]
    texts = frame.select(ROW, "item", *[cells.text(frame, c).alias(c) for c in places])
    stock = texts.unpivot(places, index=[ROW, "item"], variable_name="location", value_name="on_hand").sort(
        ROW, "location"
    )
    mapped = [Mapped(raw.file, "stock", c, "on_hand", "profile") for c in places]
    return stock.filter(pl.col("on_hand").is_not_null()), mapped


def _notes(raw: RawTable, headers: Headers, not_stocked: int) -> tuple[Note, ...]:
    notes = [Note(raw.file, "not_stocked", {"rows": str(not_stocked)})] if not_stocked else []
    incoming = headers.find(*INCOMING)
    if incoming is not None and headers.has("Location"):
        units = cells.number(raw.frame, incoming).sum()
        if units:
            notes.append(Note(raw.file, "incoming_without_due", {"units": f"{units:g}", "column": incoming}))
    unavailable = headers.find(*UNAVAILABLE)
    if unavailable is not None and headers.has("Location"):
        units = cells.number(raw.frame, unavailable).sum()
        if units:
            notes.append(Note(raw.file, "unavailable_not_counted", {"units": f"{units:g}", "column": unavailable}))
    return tuple(notes)
