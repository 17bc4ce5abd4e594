"""Order reports with one line per product sold: what all share, so that each shop system is a few lists of headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from orderpoint.ingest.profiles import cells, non_products
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.catalogue import items_of, spellings
from orderpoint.ingest.profiles.columns import Headers
from orderpoint.ingest.reading import ROW, Mapped, Note, RawTable, SetAside

EXAMPLES_NAMED_MAX = 8


@dataclass(frozen=True, slots=True)
class OrderForm:
    """The headers of one order report.

    `signature`: groups of spellings; the report has one header of each group. `fields`: contract field of sales ->
    headers, the first that has a value in a row wins. `product_name`, `category`: headers of the product's name and
    category. `status`: headers whose text, where a pattern of `dropped` is found in it, says that the line is no sale,
    and for which reason. `personal`: headers that are not kept. `price_is_line_total`: the price is of all units.
    """

    name: str
    signature: tuple[tuple[str, ...], ...]
    fields: Mapping[str, tuple[str, ...]]
    product_name: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    dropped: Mapping[str, str] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    price_is_line_total: bool = False

    def fits(self, raw: RawTable) -> bool:
        """Whether `raw` has one header of each group of the signature."""
        headers = Headers(raw.frame)
        return all(headers.has_any(*group) for group in self.signature)


@dataclass(frozen=True, eq=False)
class Lines:
    """Order lines on their way: `frame` has `row`, contract columns, `_name`, `_category`, `_status` (lower case)."""

    raw: RawTable
    frame: pl.DataFrame
    mapped: tuple[Mapped, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[Note, ...] = ()

    def drop(self, bad: pl.Expr, code: str, column: str, value: pl.Expr | None = None) -> Lines:
        """Without the rows where `bad` holds; they are set aside for the reason `code`, naming the file's `column`."""
        shown = (pl.lit("") if value is None else value.cast(pl.String).fill_null("")).alias("_value")
        rows = self.frame.filter(bad.fill_null(value=False)).select(ROW, shown)
        if rows.is_empty():
            return self
        file = self.raw.file
        aside = tuple(SetAside(file, line, column, text, code) for line, text in rows.iter_rows())
        return replace(self, frame=self.frame.filter(~bad.fill_null(value=False)), set_aside=self.set_aside + aside)

    def note(self, code: str, **details: object) -> Lines:
        """The same with one more note."""
        return replace(self, notes=(*self.notes, Note(self.raw.file, code, {k: str(v) for k, v in details.items()})))


def numbered(raw: RawTable) -> pl.DataFrame:
    """The raw frame with `row`, the line of the file each row came from."""
    return raw.frame.drop(ROW, strict=False).with_row_index(ROW, offset=raw.first_row)


def read_lines(raw: RawTable, form: OrderForm) -> Lines:
    """The lines of `raw` in the contract's columns, before any is set aside."""
    headers = Headers(raw.frame)
    frame = numbered(raw)
    picked: list[pl.Expr] = [pl.col(ROW)]
    mapped: list[Mapped] = []
    for name, names in form.fields.items():
        columns = headers.every(names)
        if not columns and name != "item":
            continue
        picked.append(_cell(frame, name, columns).alias(name))
        mapped += [Mapped(raw.file, "sales", column, name, "profile") for column in columns]
    for name, names in (("_name", form.product_name), ("_category", form.category)):
        columns = headers.every(names)
        picked.append(cells.first_of(frame, columns).alias(name))
        mapped += [
            Mapped(raw.file, "items", c, name[1:], "profile") for c in columns if c not in {m.column for m in mapped}
        ]
    status = headers.every(form.status)
    picked.append(
        pl.concat_str([cells.lower(frame, c) for c in status] or [pl.lit("")], separator=" ").alias("_status")
    )
    lines = Lines(raw, frame.select(picked), tuple(mapped))
    personal = headers.every(form.personal)
    return lines.note("personal_not_kept", columns=", ".join(personal)) if personal else lines


def _cell(frame: pl.DataFrame, name: str, columns: list[str]) -> pl.Expr:
    schema = frame.schema
    if name == "date":
        days = [cells.day(frame, c) for c in columns]
        whole = all(schema[c].is_temporal() for c in columns)
        return pl.coalesce(days if whole else [d.cast(pl.String) for d in days])
    if name in ("quantity", "price"):
        whole = all(schema[c].is_numeric() for c in columns)
        return pl.coalesce([cells.amount(frame, c) if whole else cells.text(frame, c) for c in columns])
    return cells.first_of(frame, columns)


def drop_by_status(lines: Lines, form: OrderForm) -> Lines:
    """Without the lines whose status says that they are no sale."""
    column = ", ".join(Headers(lines.raw.frame).every(form.status))
    for word, code in form.dropped.items():
        lines = lines.drop(pl.col("_status").str.contains(word), code, column, pl.col("_status"))
    return lines


def finish(lines: Lines, form: OrderForm) -> Converted:
    """Tables of the contract: sales without what is no product, and the items that the lines speak of."""
    frame = lines.frame
    if form.price_is_line_total and "price" in frame.columns:
        total, units = (cells.number(frame, name, lines.raw.delimiter) for name in ("price", "quantity"))
        frame = frame.with_columns((total / units.set(units == 0, None)).alias("price"))
    named = int((frame["item"].is_null() & frame["_name"].is_not_null()).sum())
    if named:
        frame = frame.with_columns(pl.coalesce("item", "_name").alias("item"))
        lines = lines.note("item_from_name", rows=named)
    counted = spellings(frame)
    fees = non_products.find(frame, counted, lines.raw.delimiter)
    lines = _without(replace(lines, frame=frame), fees)
    tables = {"sales": lines.frame.drop("_name", "_category", "_status")}
    items = items_of(counted.join(fees, on="item", how="anti", maintain_order="left"))
    if items is not None:
        tables["items"] = items
    return Converted(tables, lines.mapped, lines.set_aside, lines.notes)


def _without(lines: Lines, fees: pl.DataFrame) -> Lines:
    """Without postage, fees, vouchers and other codes that no shelf holds."""
    for (reason,), codes in fees.group_by("reason", maintain_order=True):
        before = lines.frame.height
        named = ", ".join(codes["item"].head(EXAMPLES_NAMED_MAX).to_list())
        lines = lines.drop(pl.col("item").is_in(codes["item"].implode()), str(reason), "item", pl.col("item"))
        lines = lines.note(str(reason), codes=named, rows=before - lines.frame.height)
    return lines


def convert(raw: RawTable, form: OrderForm) -> Converted:
    """The usual way: read, drop by status, finish."""
    return finish(drop_by_status(read_lines(raw, form), form), form)


@dataclass(frozen=True, slots=True)
class OrderReport:
    """A profile that needs nothing beyond its lists of headers."""

    form: OrderForm

    @property
    def name(self) -> str:
        """Name of the form."""
        return self.form.name

    def matches(self, raw: RawTable) -> bool:
        """Whether the headers are those of the form."""
        return self.form.fits(raw)

    def convert(self, raw: RawTable) -> Converted:
        """The sales, and the items the lines speak of."""
        return convert(raw, self.form)
