"""Wide files: one line per item, one column per period (2024-01, 2024-W05, 2024/1/31, 20240131, 2024年1月)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from orderpoint.domain.errors import Fault, InputFaults
from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.columns import Headers
from orderpoint.ingest.profiles.order_lines import numbered
from orderpoint.ingest.reading import ROW, Mapped, Note, RawTable

PERIODS_MIN = 3
COUNTERS_MIN = 5
ITEM = (
    "item",
    "item_id",
    "sku",
    "product",
    "product_id",
    "id",
    "code",
    "stock_code",
    "unique_id",
    "商品编码",
    "商品编号",
    "货号",
    "商品",
    "sku编码",
)
LOCATION = ("location", "location_id", "store", "store_id", "warehouse", "仓库", "门店")
NAME = ("name", "product_name", "title", "商品名称", "名称")
CATEGORY = ("category", "cat_id", "类目", "品类", "分类")
DEPARTMENT = ("department", "dept_id", "部门")

_DAY = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ]0?0:00(?::00)?(?:\.0+)?)?$")
_WEEK = re.compile(r"^(\d{4})[-_ ]?(?:W|w|wk|第)(\d{1,2})周?$")
_MONTH = re.compile(r"^(\d{4})[-/.年_](\d{1,2})月?$")
_COUNTER = re.compile(r"^(?:d|day|w|week|m|month|t|period|p)[_ -]?\d+$", re.IGNORECASE)


def period_start(header: str) -> date | None:
    """First day of the period that a header names, None where it names none or no real one."""
    text = header.strip()
    try:
        if found := _WEEK.match(text):
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
        if found := _MONTH.match(text):
            return date(int(found[1]), int(found[2]), 1)
        if found := _DAY.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return None


@dataclass(frozen=True, slots=True)
class WideFile:
    """The profile of files with one column per period."""

    name: str = "wide"

    def matches(self, raw: RawTable) -> bool:
        """Whether several headers are periods, or many are counters like d_1, d_2 (which `convert` refuses)."""
        columns = raw.frame.columns
        periods = sum(period_start(c) is not None for c in columns)
        counters = sum(_COUNTER.match(c.strip()) is not None for c in columns)
        return periods >= PERIODS_MIN or counters >= COUNTERS_MIN

    def convert(self, raw: RawTable) -> Converted:
        """Sales, one row per line and period with a value; names and categories go to the items.

        Raises InputFaults where the periods are only counted (d_1, d_2, ...) or no column names the item.
        """
        headers = Headers(raw.frame)
        periods = {c: day for c in raw.frame.columns if (day := period_start(c)) is not None}
        faults = _faults(raw, headers, periods)
        if faults:
            raise InputFaults(tuple(faults))
        frame = numbered(raw)
        keys = {"item": headers.every(ITEM)[:1], "location": headers.every(LOCATION)[:1]}
        columns = [cells.key(frame, c).alias(f) for f, found in keys.items() for c in found]
        values = [cells.amount(frame, c).alias(c) for c in periods]
        index = [ROW, *(f for f, found in keys.items() if found)]
        tall = frame.select(ROW, *columns, *values).unpivot(
            list(periods), index=index, variable_name="_header", value_name="quantity"
        )
        starts = pl.DataFrame({"_header": list(periods), "date": list(periods.values())})
        sales = (
            tall.drop_nulls("quantity").join(starts, on="_header", how="left", maintain_order="left").drop("_header")
        )
        blank = tall.height - sales.height
        mapped = [Mapped(raw.file, "sales", c, f, "profile") for f, found in keys.items() for c in found]
        first, last = min(periods, key=lambda c: periods[c]), max(periods, key=lambda c: periods[c])
        mapped.append(Mapped(raw.file, "sales", f"{first} ... {last}", "date, quantity", "profile"))
        notes = [Note(raw.file, "wide_unpivoted", {"columns": str(len(periods)), "rows": str(sales.height)})]
        notes += [Note(raw.file, "wide_blank_cells", {"cells": str(blank)})] if blank else []
        tables = {"sales": sales}
        items, more = _items(raw, frame, headers)
        if items is not None:
            tables["items"] = items
        return Converted(tables, (*mapped, *more), (), tuple(notes))


def _faults(raw: RawTable, headers: Headers, periods: dict[str, date]) -> list[Fault]:
    columns = raw.frame.columns
    faults = []
    if not periods:
        counters = [c for c in columns if _COUNTER.match(c.strip())]
        shown = f"{counters[0]} ... {counters[-1]}"
        faults.append(
            Fault(raw.file, "wide_without_dates", row=1, column=shown, details={"columns": str(len(counters))})
        )
    if not headers.has_any(*ITEM):
        shown = ", ".join(columns[:10])
        details = {"column": "item", "table": "sales", "columns": shown}
        faults.append(Fault(raw.file, "missing_column", row=1, column="item", details=details))
    twice = sorted({str(d) for d in periods.values() if list(periods.values()).count(d) > 1})
    if twice:
        faults.append(Fault(raw.file, "wide_period_twice", row=1, column=", ".join(twice[:3])))
    return faults


def _items(raw: RawTable, frame: pl.DataFrame, headers: Headers) -> tuple[pl.DataFrame | None, list[Mapped]]:
    found = {
        f: headers.find(*names) for f, names in (("name", NAME), ("category", CATEGORY), ("department", DEPARTMENT))
    }
    known = {f: c for f, c in found.items() if c is not None}
    if not known:
        return None, []
    item = cells.key(frame, headers.every(ITEM)[0]).alias("item")
    items = frame.select(ROW, item, *[cells.text(frame, c).alias(f) for f, c in known.items()])
    items = items.filter(pl.col("item").is_not_null()).unique("item", keep="first", maintain_order=True)
    return items, [Mapped(raw.file, "items", c, f, "profile") for f, c in known.items()]
