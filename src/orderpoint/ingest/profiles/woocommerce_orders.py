"""WooCommerce's order exports, which plugins and the analytics page write in three forms.

One line per product (Order Number, SKU, Item Name, Quantity, Item Cost); one line per order with a column for each
product ("name:Hat|sku:HAT|quantity:2|total:20", columns Line item 1, 2, ...); one line per order with all products in
a cell ("2× Hat, 1× Scarf"). The last two are taken apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from orderpoint.ingest.headers import normalise
from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.order_lines import OrderForm, drop_by_status, finish, numbered, read_lines
from orderpoint.ingest.reading import ROW, RawTable

STATUS_DROPPED = {
    "cancelled|canceled|failed|trash": "order_cancelled",
    "pending payment|^pending|checkout-draft|on hold unpaid": "order_not_paid",
    "^(wc-)?refunded": "order_refunded",
}
PERSONAL = (
    "First Name (Billing)",
    "Last Name (Billing)",
    "Company (Billing)",
    "Address 1&2 (Billing)",
    "City (Billing)",
    "Postcode (Billing)",
    "Email (Billing)",
    "Phone (Billing)",
    "First Name (Shipping)",
    "Last Name (Shipping)",
    "Address 1&2 (Shipping)",
    "City (Shipping)",
    "Postcode (Shipping)",
    "Customer",
    "Customer Note",
    "billing_first_name",
    "billing_last_name",
    "billing_email",
    "billing_phone",
    "billing_address_1",
    "billing_address_2",
    "billing_city",
    "billing_postcode",
    "shipping_first_name",
    "shipping_last_name",
    "shipping_address_1",
    "shipping_address_2",
    "shipping_city",
    "shipping_postcode",
    "customer_email",
)
ORDER_NUMBER = ("Order Number", "order_number", "Order #", "Order ID", "order_id")
ORDER_DATE = ("Order Date", "order_date", "Date")
ORDER_STATUS = ("Order Status", "order_status", "Status")

BY_LINE = OrderForm(
    name="woocommerce_order_lines",
    signature=(
        ORDER_NUMBER,
        ("Order Date", "order_date"),
        ORDER_STATUS,
        ("Item Name", "Product Name"),
        ("Quantity", "Quantity (- Refund)", "Item Quantity"),
    ),
    fields={
        "date": ORDER_DATE,
        "item": ("SKU", "Product SKU", "Item SKU"),
        "quantity": ("Quantity (- Refund)", "Quantity", "Item Quantity"),
        "price": ("Item Cost", "Item Price"),
        "order": ORDER_NUMBER,
        "currency": ("Order Currency", "Currency"),
    },
    product_name=("Item Name", "Product Name"),
    category=("Category", "Product Categories"),
    status=ORDER_STATUS,
    dropped=STATUS_DROPPED,
    personal=PERSONAL,
)

TAKEN_APART = OrderForm(
    name="woocommerce_orders",
    signature=(ORDER_NUMBER, ORDER_DATE, ORDER_STATUS),
    fields={
        "date": ORDER_DATE,
        "item": ("_sku",),
        "quantity": ("_quantity",),
        "price": ("_total",),
        "order": ORDER_NUMBER,
        "currency": ("order_currency", "currency"),
    },
    product_name=("_product",),
    status=ORDER_STATUS,
    dropped=STATUS_DROPPED,
    personal=PERSONAL,
    price_is_line_total=True,
)


def _product_columns(raw: RawTable) -> list[str]:
    """Columns that hold products in a cell: "line_item_1", "Line items", "Product(s)"."""
    named = ((c, normalise(c)) for c in raw.frame.columns)
    return [c for c, n in named if n in ("lineitems", "products") or (n.startswith("lineitem") and n[8:].isdigit())]


@dataclass(frozen=True, slots=True)
class WooCommerceOrders:
    """The profile of orders with their products in cells."""

    name: str = TAKEN_APART.name

    def matches(self, raw: RawTable) -> bool:
        """Whether there are an order's number, date and status, and columns of products."""
        return TAKEN_APART.fits(raw) and bool(_product_columns(raw))

    def convert(self, raw: RawTable) -> Converted:
        """One line per product of each order."""
        apart = _apart(raw)
        lines = read_lines(replace(raw, frame=apart.drop(ROW), first_row=0), TAKEN_APART)
        columns = _product_columns(raw)
        lines = replace(lines, raw=raw, frame=lines.frame.with_columns(apart[ROW]))
        own = {"_sku": "item", "_quantity": "quantity", "_total": "price", "_product": "name"}
        mapped = [replace(m, column=columns[0]) if m.column in own else m for m in lines.mapped]
        lines = replace(lines, mapped=tuple(mapped)).note(
            "products_taken_apart", orders=raw.frame.height, rows=apart.height
        )
        return finish(drop_by_status(lines, TAKEN_APART), TAKEN_APART)


def _apart(raw: RawTable) -> pl.DataFrame:
    """One row for each product in a cell, with `_sku`, `_product`, `_quantity` and `_total` (of the line) as text."""
    frame = numbered(raw)
    columns = _product_columns(raw)
    cell = pl.concat_str([cells.text(frame, c) for c in columns], separator=";", ignore_nulls=True)
    rest = [c for c in frame.columns if c not in columns]
    parts = frame.with_columns(cell.str.replace_all(r"\s*\|\|\s*|\r?\n", ";").alias("_cell")).select(*rest, "_cell")
    listed = pl.col("_cell").str.contains(r"quantity\s*:")
    pieces = (
        pl.when(listed)
        .then(pl.col("_cell").str.split(";"))
        .otherwise(pl.col("_cell").str.replace_all(r",\s*(\d+)\s*[×x]\s", ";$1× ").str.split(";"))
    )
    parts = (
        parts.with_columns(pieces.alias("_piece")).explode("_piece").with_columns(pl.col("_piece").str.strip_chars())
    )
    parts = parts.filter(pl.col("_piece").is_not_null() & (pl.col("_piece") != ""))
    piece = pl.col("_piece")
    return parts.with_columns(
        _entry("sku").alias("_sku"),
        pl.coalesce(_entry("name"), piece.str.extract(r"^\d+\s*[×x]\s*(.+)$")).alias("_product"),
        pl.coalesce(_entry("quantity"), piece.str.extract(r"^(\d+)\s*[×x]\s")).alias("_quantity"),
        _entry("total").alias("_total"),
    ).drop("_cell", "_piece")


def _entry(word: str) -> pl.Expr:
    return pl.col("_piece").str.extract(rf"(?:^|\|)\s*{word}\s*:\s*([^|]*)").str.strip_chars()
