"""Days from text, numbers and timestamps; whether days or months come first is decided over the whole column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from orderpoint.ingest.parsed import Parsed, Problem, clean_text, unread

_YMD = r"^(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?\s*月?(?:[T\s].*)?$"
_COMPACT = r"^((?:19|20|21)\d{2})(\d{2})(\d{2})$"
_NUMERIC = r"^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})(?:[\sT,].*)?$"
_SERIAL = r"^([2-7]\d{4})(?:\.\d*)?$"
"""Excel's count of days since 1899-12-30: five digits are the years 1954 to 2119."""
_WITH_NAMES = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%b %Y", "%B %Y")
SERIAL_ZERO = -25569
"""Excel's day 0, 1899-12-30, in days since 1970-01-01."""
FIRST_YEAR, LAST_YEAR = 1970, 2100


def parse_dates(column: pl.Series, order: str | None = None) -> Parsed:
    """The days of a column of any type. `order`: "dmy" or "mdy" where the user said so.

    Numbers are read as yyyymmdd, or, where all of them can be, as Excel's day counts. Times of day and time zones are
    cut off: the day is the one that the file shows. Text like 03/04/2024 is decided by the other rows of the column;
    where they contradict each other or do not decide, the column cannot be used.
    """
    if column.dtype == pl.Date:
        return _in_range(column, column)
    if column.dtype.is_temporal():
        return _in_range(column, column.cast(pl.Date))
    if column.dtype.is_float():
        whole = column.fill_nan(None)
        column = whole.cast(pl.Int64, strict=False) if (whole == whole.floor()).all() else whole
    text = clean_text(column)
    distinct = text.unique().drop_nulls()
    days, whole_faults = _parse_distinct(distinct, order)
    values = text.to_frame("text").join(
        pl.DataFrame({"text": distinct, "day": days}), on="text", how="left", maintain_order="left"
    )["day"]
    parsed = _in_range(text, values)
    return Parsed(parsed.values, unread(text, values, "not_a_date") + parsed.problems, whole_faults)


def _in_range(original: pl.Series, days: pl.Series) -> Parsed:
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return Parsed(days)
    if first.year >= FIRST_YEAR and last.year <= LAST_YEAR:
        return Parsed(days)
    outside = (days.dt.year() < FIRST_YEAR) | (days.dt.year() > LAST_YEAR)
    outside = outside.fill_null(value=False)
    details = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
    return Parsed(days, (Problem(outside & original.is_not_null(), "date_out_of_range", details),))


def _parse_distinct(text: pl.Series, order: str | None) -> tuple[pl.Series, tuple[tuple[str, Mapping[str, str]], ...]]:
    frame = text.to_frame("text")
    ymd = pl.col("text").str.extract_groups(_YMD)
    compact = pl.col("text").str.extract_groups(_COMPACT)
    parts = frame.select(ymd.alias("ymd"), compact.alias("compact"))
    days = _day(parts["ymd"], ("1", "2", "3")).zip_with(
        parts["ymd"].struct.field("1").is_not_null(), _day(parts["compact"], ("1", "2", "3"))
    )
    serial = text.str.extract(_SERIAL).cast(pl.Int32)
    if text.len() and serial.is_not_null().all():
        return (serial + SERIAL_ZERO).cast(pl.Date), ()
    numeric, faults = _numeric_days(text, order)
    days = days.zip_with(days.is_not_null(), numeric)
    if days.null_count():
        named = text.str.replace_all(r"\s+", " ").str.replace(r"\s\d{1,2}:\d{2}.*$", "")
        for form in _WITH_NAMES:
            if not days.null_count():
                break
            found = _month_only(named, form) if "%d" not in form else named.str.to_date(form, strict=False)
            missing = found.set((found.dt.year() < FIRST_YEAR).fill_null(value=False), None)
            days = days.zip_with(days.is_not_null(), missing)
    return days, faults


def _month_only(text: pl.Series, form: str) -> pl.Series:
    return ("1 " + text).str.to_date(f"%d {form}", strict=False)


def _day(groups: pl.Series, fields: tuple[str, str, str]) -> pl.Series:
    """Days from the captured year, month and day (day 1 where none was captured), null where there is no such day."""
    year, month, day = (groups.struct.field(f) for f in fields)
    year = pl.select(pl.when(year.str.len_chars() == 2).then("20" + year).otherwise(year)).to_series()
    iso = year + "-" + month.str.zfill(2) + "-" + day.fill_null("1").str.zfill(2)
    return iso.str.to_date("%Y-%m-%d", strict=False)


def _numeric_days(text: pl.Series, order: str | None) -> tuple[pl.Series, tuple[tuple[str, Mapping[str, str]], ...]]:
    """Days of cells such as 05/03/2024; with dots days always come first."""
    groups = text.to_frame("t").select(pl.col("t").str.extract_groups(_NUMERIC).alias("g"))["g"]
    first, second = (groups.struct.field(f).cast(pl.Int32) for f in ("1", "3"))
    slashed = groups.struct.field("2") != "."
    day_first, month_first = _day(groups, ("4", "3", "1")), _day(groups, ("4", "1", "3"))
    is_dmy = slashed & (first > 12) & (second <= 12)
    is_mdy = slashed & (second > 12) & (first <= 12)
    faults: tuple[tuple[str, Mapping[str, str]], ...] = ()
    if order is None:
        open_cells = slashed & (first <= 12) & (second <= 12) & (first != second)
        if is_dmy.any() and is_mdy.any():
            examples = {"day_first": text.filter(is_dmy).min(), "month_first": text.filter(is_mdy).min()}
            faults = (("dates_in_two_orders", {k: str(v) for k, v in examples.items()}),)
        elif open_cells.any() and not is_dmy.any() and not is_mdy.any():
            example = text.filter(open_cells).min()
            both = {
                "day_first": str(day_first.filter(text == example)[0]),
                "month_first": str(month_first.filter(text == example)[0]),
            }
            faults = (("dates_ambiguous", {"value": str(example), **both}),)
        order = "mdy" if is_mdy.any() else "dmy"
    slashed_days = month_first if order == "mdy" else day_first
    return slashed_days.zip_with(slashed.fill_null(value=False), day_first), faults
