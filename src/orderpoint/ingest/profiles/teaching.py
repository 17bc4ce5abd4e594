"""The teaching file `date, previous_day_sales, seasonality, demand`: one item, which is named after the file."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.columns import Headers
from orderpoint.ingest.profiles.order_lines import numbered
from orderpoint.ingest.reading import ROW, Mapped, Note, RawTable

HEADERS = ("date", "previous_day_sales", "seasonality", "demand")


@dataclass(frozen=True, slots=True)
class TeachingFile:
    """The profile of the teaching file."""

    name: str = "teaching_file"

    def matches(self, raw: RawTable) -> bool:
        """Whether the four headers are there and none that names an item."""
        headers = Headers(raw.frame)
        return headers.has(*HEADERS) and not headers.has_any("item", "sku", "product", "商品编码")

    def convert(self, raw: RawTable) -> Converted:
        """Demand as the quantity sold; the previous day's sales and the season follow from the history."""
        headers = Headers(raw.frame)
        date, demand = headers.every(("date",))[0], headers.every(("demand",))[0]
        frame = numbered(raw)
        item = raw.path.stem
        sales = frame.select(
            pl.col(ROW),
            cells.day(frame, date).alias("date"),
            pl.lit(item).alias("item"),
            cells.amount(frame, demand).alias("quantity"),
        )
        mapped = (
            Mapped(raw.file, "sales", date, "date", "profile"),
            Mapped(raw.file, "sales", demand, "quantity", "profile"),
        )
        unused = ", ".join(headers.every(HEADERS[1:3]))
        notes = (Note(raw.file, "one_item", {"item": item}), Note(raw.file, "columns_not_needed", {"columns": unused}))
        return Converted({"sales": sales}, mapped, (), notes)
