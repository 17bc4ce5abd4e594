"""Cells as shop systems write them: keys armoured against spreadsheets, times behind dates.

The functions take a frame and a column's name. They look at the column's type and, where that saves a pass over
millions of cells, at what the column holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from orderpoint.ingest.numbers import parse_numbers

BLANKS = " \t\r\n'\u00a0\ufeff"


def text(frame: pl.DataFrame, column: str) -> pl.Expr:
    """The column as String, stripped, with blank cells as null, whatever its type was.

    Undoes what exports do so that a spreadsheet keeps long numbers: `="0012"`, a leading apostrophe, tabs.
    """
    dtype = frame.schema[column]
    if dtype.is_numeric() or dtype.is_temporal():
        return pl.col(column).cast(pl.String)
    plain = pl.col(column).cast(pl.String)
    if frame.select(plain.str.starts_with("=").any()).item():
        plain = plain.str.replace(r'^="?(.*?)"?$', "$1")
    plain = plain.str.strip_chars(BLANKS)
    return pl.when(plain != "").then(plain)


def key(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Like `text`, for identifiers: a whole number that a spreadsheet made 12345.0 is 12345 again."""
    dtype = frame.schema[column]
    if dtype.is_float():
        whole = (pl.col(column) == pl.col(column).floor()).all()
        return pl.col(column).cast(pl.Int64 if frame.select(whole).item() else pl.Float64).cast(pl.String)
    plain = text(frame, column)
    if dtype == pl.String and frame.select(pl.col(column).str.ends_with(".0").any()).item():
        return plain.str.replace(r"^(\d+)\.0$", "$1")
    return plain


def first_of(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Expr:
    """The first cell that is not blank, read as identifiers."""
    return pl.coalesce([key(frame, c) for c in columns]) if columns else pl.lit(None, pl.String)


def amount(frame: pl.DataFrame, column: str) -> pl.Expr:
    """The column as it is where it holds numbers, else as text: signs and separators are left to validation."""
    return pl.col(column) if frame.schema[column].is_numeric() else text(frame, column)


def number(frame: pl.DataFrame, column: str, delimiter: str = "") -> pl.Series:
    """The column as Float64, null where it is no number; `delimiter` is the file's, and tells what a comma means."""
    return parse_numbers(frame[column], delimiter=delimiter).values


def day(frame: pl.DataFrame, column: str) -> pl.Expr:
    """The day as the file writes it, without time of day and zone; text that is no date and time stays as it is."""
    if frame.schema[column].is_temporal():
        return pl.col(column).cast(pl.Date)
    return text(frame, column).str.replace(r"^(\d+[-/.年]\d+[-/.月]\d+日?)[T ].*$", "$1")


def lower(frame: pl.DataFrame, column: str) -> pl.Expr:
    """The column as lower-case text for comparison with known words, "" where blank."""
    return text(frame, column).str.to_lowercase().fill_null("")
