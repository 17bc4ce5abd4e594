"""Shopify's orders_export.csv: one line per product; lines after an order's first leave the order's cells blank."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.columns import Headers
from orderpoint.ingest.profiles.order_lines import Lines, OrderForm, drop_by_status, finish, read_lines
from orderpoint.ingest.reading import ROW, RawTable

ORDER_CELLS = (
    "Created at",
    "Currency",
    "Financial Status",
    "Fulfillment Status",
    "Cancelled at",
    "Refunded Amount",
    "Total",
    "Source",
)

FORM = OrderForm(
    name="shopify_orders",
    signature=(("Name",), ("Lineitem quantity",), ("Lineitem name",), ("Created at",)),
    fields={
        "date": ("Created at",),
        "item": ("Lineitem sku",),
        "quantity": ("Lineitem quantity",),
        "price": ("Lineitem price",),
        "order": ("Name",),
        "channel": ("Source",),
        "currency": ("Currency",),
    },
    product_name=("Lineitem name",),
    status=("Financial Status",),
    dropped={
        "voided|expired": "order_cancelled",
        "^refunded": "order_refunded",
    },
    personal=(
        "Email",
        "Phone",
        "Billing Name",
        "Billing Street",
        "Billing Address1",
        "Billing Address2",
        "Billing Company",
        "Billing City",
        "Billing Zip",
        "Billing Phone",
        "Shipping Name",
        "Shipping Street",
        "Shipping Address1",
        "Shipping Address2",
        "Shipping Company",
        "Shipping City",
        "Shipping Zip",
        "Shipping Phone",
        "Notes",
        "Note Attributes",
        "Employee",
    ),
)


@dataclass(frozen=True, slots=True)
class ShopifyOrders:
    """The profile of Shopify's order export."""

    name: str = FORM.name

    def matches(self, raw: RawTable) -> bool:
        """Whether the headers are those of orders_export.csv."""
        return FORM.fits(raw)

    def convert(self, raw: RawTable) -> Converted:
        """The sales of orders that were not cancelled or refunded as a whole."""
        headers = Headers(raw.frame)
        filled, count = _filled_down(raw, headers)
        lines = read_lines(filled, FORM)
        lines = lines.note("filled_down", rows=count) if count else lines
        cancelled = headers.find("Cancelled at")
        if cancelled is not None:
            when = lines.frame.select(ROW).with_columns(
                filled.frame.select(cells.text(filled.frame, cancelled).alias("_when"))
            )
            rows = when.filter(pl.col("_when").is_not_null())[ROW]
            lines = lines.drop(pl.col(ROW).is_in(rows.implode()), "order_cancelled", cancelled, pl.col("order"))
        lines = drop_by_status(lines, FORM)
        return finish(_partial_refunds(_without_tips(lines)), FORM)


def _filled_down(raw: RawTable, headers: Headers) -> tuple[RawTable, int]:
    """The order's cells on each of its lines, and how many lines were filled: those that repeat the Name above them."""
    frame = raw.frame
    name = cells.text(frame, headers.every(("Name",))[0])
    repeats = frame.select((name == name.shift(1)).fill_null(value=False)).to_series()
    order = (~repeats).cum_sum().alias("_order")
    columns = headers.every(ORDER_CELLS)
    blank_as_null = frame.with_columns([cells.text(frame, c).alias(c) for c in columns]).with_columns(order)
    filled = blank_as_null.with_columns(pl.col(columns).forward_fill().over("_order")).drop("_order")
    created = columns[0]
    count = int((repeats & blank_as_null[created].is_null()).sum())
    return replace(raw, frame=filled), count


def _without_tips(lines: Lines) -> Lines:
    return lines.drop(
        pl.col("item").is_null() & pl.col("_name").str.to_lowercase().is_in(["tip", "shipping"]),
        "no_product_fee",
        "Lineitem name",
        pl.col("_name"),
    )


def _partial_refunds(lines: Lines) -> Lines:
    """A partial refund does not say which line came back: the units stay, and the orders are counted in a note."""
    partial = lines.frame.filter(pl.col("_status").str.contains("partially_refunded"))
    return lines.note("partial_refunds_kept", orders=partial["order"].n_unique()) if partial.height else lines
