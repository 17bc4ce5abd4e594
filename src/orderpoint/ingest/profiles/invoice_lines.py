"""Invoice lines of an order system, as in UCI's Online Retail: credit notes with a C, guests, fees, stock records.

One line per invoice and product with code, description, signed quantity, time and unit price. What is known of
such exports: invoices that begin with C cancel or credit earlier ones, those that begin with A are bookkeeping; a line
without price on an invoice without customer and without any paid line is no sale but a note in the stock records
("damaged", "found", "?"); codes differ in case only; yearly sheets overlap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from orderpoint.ingest.cleaning.overlap import repeated_orders
from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.catalogue import spellings, usual_names
from orderpoint.ingest.profiles.columns import Headers
from orderpoint.ingest.profiles.order_lines import EXAMPLES_NAMED_MAX, Lines, OrderForm, finish, read_lines
from orderpoint.ingest.reading import RawTable

FORM = OrderForm(
    name="invoice_lines",
    signature=(
        ("invoice", "invoice_no", "invoice_number"),
        ("stock_code",),
        ("quantity",),
        ("invoice_date",),
        ("unit_price", "price"),
    ),
    fields={
        "date": ("invoice_date",),
        "item": ("stock_code",),
        "quantity": ("quantity",),
        "price": ("unit_price", "price"),
        "order": ("invoice", "invoice_no", "invoice_number"),
        "customer": ("customer_id",),
        "currency": ("currency",),
    },
    product_name=("description",),
    category=("category",),
    personal=("customer_name", "email", "phone", "address"),
)
CREDIT_NOTE = r"^[Cc]\d"
BOOKKEEPING = r"^[Aa]\d"
SHEET = "_sheet"


@dataclass(frozen=True, slots=True)
class InvoiceLines:
    """The profile of invoice lines."""

    name: str = FORM.name

    def matches(self, raw: RawTable) -> bool:
        """Whether the headers are those of invoice lines."""
        return FORM.fits(raw)

    def convert(self, raw: RawTable) -> Converted:
        """Sales with credit notes as negative quantities, and the items that the lines name."""
        headers = Headers(raw.frame)
        lines = _with_numbers(read_lines(raw, FORM))
        sheet = headers.find("sheet")
        if sheet is not None:
            lines = _without_second_sheet(lines, sheet)
        lines = lines.drop(pl.col("order").str.contains(BOOKKEEPING), "bookkeeping", "invoice", pl.col("order"))
        lines = _without_stock_records(lines)
        country = headers.find("country")
        if country is not None:
            lines = lines.note("country_is_no_location", column=country)
        return finish(_one_case(lines), FORM)


def _with_numbers(lines: Lines) -> Lines:
    """Adds `_quantity` and `_price` as numbers, which also replace the text where every cell could be read."""
    frame = lines.frame
    for name in ("quantity", "price"):
        values = cells.number(frame, name, lines.raw.delimiter)
        frame = frame.with_columns(values.alias(f"_{name}"))
        if values.null_count() == frame[name].null_count():
            frame = frame.with_columns(values.alias(name))
    return replace(lines, frame=frame)


def _without_second_sheet(lines: Lines, sheet: str) -> Lines:
    """Where two sheets of the file hold the same invoice, the lines of the sheet that comes first in the file count."""
    parts = lines.raw.frame[sheet].cast(pl.String).alias(SHEET)
    if parts.n_unique() == 1:
        return lines
    # rows are still those of the file here, in its order
    frame = lines.frame.with_columns(parts)
    repeated = repeated_orders(frame, SHEET)
    lines = replace(lines, frame=frame.with_columns(repeated.alias("_repeated")))
    found = lines.frame.filter("_repeated")
    if found.is_empty():
        return lines
    lines = lines.drop(pl.col("_repeated"), "order_counted_once", "invoice", pl.col("order"))
    return lines.note(
        "overlap_counted_once",
        orders=found["order"].n_unique(),
        rows=found.height,
        first=found["date"].min(),
        last=found["date"].max(),
        kept=", ".join(parts.unique(maintain_order=True).head(1).to_list()),
    )


def _without_stock_records(lines: Lines) -> Lines:
    """Without lines that record stock and sell nothing; free units (a gift on a paid invoice) have no known price."""
    free = pl.col("_price") == 0
    frame = lines.frame.with_columns(free.fill_null(value=False).alias("_free"))
    without_price = frame.filter("_free")["order"].unique()
    paid = frame.filter(~pl.col("_free") & pl.col("order").is_in(without_price.implode()))["order"].unique()
    guest = pl.col("customer").is_null() if "customer" in frame.columns else pl.lit(value=True)
    sold = pl.col("order").is_in(paid.implode()) & (pl.col("_quantity") >= 0)
    credit = pl.col("order").str.contains(CREDIT_NOTE)
    record = pl.col("_free") & guest & ~credit & ~sold
    lines = replace(lines, frame=frame).drop(record, "stock_record", "description", pl.col("_name"))
    free_rows = int(lines.frame["_free"].sum())
    if free_rows:
        unknown = pl.when(~pl.col("_free")).then(pl.col("price"))
        lines = replace(lines, frame=lines.frame.with_columns(unknown.alias("price"))).note(
            "free_units_kept", rows=free_rows
        )
    return lines


def _one_case(lines: Lines) -> Lines:
    """Codes that differ in case only are one item, spelled as most lines do, where their usual names do not differ."""
    frame = lines.frame.drop("_quantity", "_price", "_free", SHEET, "_repeated", strict=False)
    usual = usual_names(spellings(frame)).with_columns(pl.col("item").str.to_lowercase().alias("_folded"))
    usual = usual.sort("lines", "item", descending=[True, False])
    first = pl.col("item", "_name").first().over("_folded").name.suffix("_of_most")
    same_name = pl.col("_name").is_null() | (pl.col("_name") == pl.col("_name_of_most"))
    pairs = usual.with_columns(first).filter((pl.col("item") != pl.col("item_of_most")) & same_name).sort("item")
    if pairs.is_empty():
        return replace(lines, frame=frame)
    renamed = dict(zip(pairs["item"], pairs["item_of_most"], strict=True))
    examples = ", ".join(f"{a} = {b}" for a, b in list(renamed.items())[:EXAMPLES_NAMED_MAX])
    frame = frame.with_columns(pl.col("item").replace(renamed))
    return replace(lines, frame=frame).note("codes_differ_in_case", count=len(renamed), examples=examples)
