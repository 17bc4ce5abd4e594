"""Numbers from text: signs of currencies, spaces, and commas and dots where the column shows what they mean."""

from __future__ import annotations

import polars as pl

from orderpoint.ingest.parsed import Parsed, clean_text, unread

_CURRENCY = r"^([-+]?)\s*(?:[¥￥$€£₩₹]|CNY|RMB|USD|EUR|GBP|US\$|HK\$)\s*|\s*(?:[¥￥$€£₩₹元]|CNY|RMB|USD|EUR|GBP)$"
_SPACED = r"(\d)[ \u00a0\u202f'’](\d{3})\b"
_GROUPED_COMMA = r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$"
_GROUPED_DOT = r"^[-+]?\d{1,3}(\.\d{3})+(,\d+)?$"
_DECIMAL_COMMA = r"^[-+]?\d*,\d+$"
_PLAIN = r"^[-+]?\d*\.?\d+$"


def parse_numbers(column: pl.Series, *, delimiter: str = "", percent: bool = False) -> Parsed:
    """Numbers of a column of any type as Float64, null where blank; inf stays (bounds are checked elsewhere).

    `delimiter` is the file's: cells divided by commas do not use decimal commas. `percent`: "13%" is 0.13.
    A lone "1,234" is read only where the rest of the column or the delimiter says whether it means 1234 or 1.234.
    """
    if column.dtype == pl.Boolean:
        return Parsed(column.cast(pl.Float64))
    if column.dtype.is_numeric():
        values = column if column.dtype.is_float() else column.cast(pl.Float64)
        return Parsed(values.fill_nan(None))
    text = clean_text(column)
    values = text.cast(pl.Float64, strict=False).fill_nan(None)
    rest = text.is_not_null() & values.is_null()
    if not rest.any():
        return Parsed(values)
    spelled, ambiguous = _spelled_out(text, delimiter, percent=percent)
    if not ambiguous:
        return Parsed(spelled, unread(text, spelled, "not_a_number"))
    comma = text.str.contains(",", literal=True).fill_null(value=False)
    unclear = unread(text.set(~comma, None), spelled, "number_ambiguous")
    return Parsed(spelled, unclear + unread(text.set(comma, None), spelled, "not_a_number"))


def _spelled_out(text: pl.Series, delimiter: str, *, percent: bool) -> tuple[pl.Series, bool]:
    """Numbers with signs, spaces and separators read as well; and whether the commas that are left are ambiguous."""
    plain = text.str.replace_many(dict(zip("０１２３４５６７８９，．－−", "0123456789,.--", strict=True)))
    plain = (
        plain.str.replace_all(_CURRENCY, "${1}")
        .str.replace_all(_SPACED, "${1}${2}")
        .str.replace_all(_SPACED, "${1}${2}")
    )
    if percent:
        share = plain.str.ends_with("%")
        plain = plain.str.strip_suffix("%").str.strip_chars()
    decimal_comma = _decimal_comma(plain, delimiter)
    if decimal_comma:
        bare = plain.str.contains(_GROUPED_DOT) | plain.str.contains(_DECIMAL_COMMA) | plain.str.contains(r"^[-+]?\d+$")
        read = plain.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    else:
        bare = ~plain.str.contains(",", literal=True) | (
            plain.str.contains(_GROUPED_COMMA) & pl.Series([decimal_comma is not None])
        )
        read = plain.str.replace_all(",", "", literal=True)
    values = (
        read.zip_with(bare.fill_null(value=False), pl.Series([None], dtype=pl.String))
        .cast(pl.Float64, strict=False)
        .fill_nan(None)
    )
    if percent:
        values = (values / 100).zip_with(share.fill_null(value=False), values)
    return values, decimal_comma is None


def _decimal_comma(plain: pl.Series, delimiter: str) -> bool | None:
    """Whether the column's comma is a decimal comma; None where nothing decides (False where there is no comma).

    Signs for it: "1.234,5", "1.234.567", "12,5". Signs against: "1,234.5", "1,234,567", "12.5".
    """
    comma, dot = plain.str.contains(",", literal=True), plain.str.contains(".", literal=True)
    grouped_dots = plain.str.contains(r"^[-+]?\d{1,3}(\.\d{3}){2,}$")
    if not comma.any() and not grouped_dots.any():
        return False
    for_it = (
        (comma & dot & plain.str.contains(_GROUPED_DOT))
        | grouped_dots
        | (comma & ~dot & plain.str.contains(_DECIMAL_COMMA) & ~plain.str.contains(_GROUPED_COMMA))
    )
    against = (
        (comma & dot & plain.str.contains(_GROUPED_COMMA))
        | plain.str.contains(r"^[-+]?\d{1,3}(,\d{3}){2,}(\.\d+)?$")
        | (dot & ~comma & plain.str.contains(_PLAIN) & ~plain.str.contains(_GROUPED_DOT))
    )
    if for_it.any() != against.any():
        return bool(for_it.any())
    if for_it.any():
        return None
    return False if delimiter == "," else None
