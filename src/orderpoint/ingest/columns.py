"""One column of a file as a typed column of the contract, with every cell that cannot be believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from orderpoint.config import Limits
from orderpoint.ingest.dates import parse_dates
from orderpoint.ingest.numbers import parse_numbers
from orderpoint.ingest.parsed import Parsed, Problem, distinct_names, stripped
from orderpoint.ingest.words import parse_choices, parse_depths, parse_flags, parse_price_breaks, parse_weekdays
from orderpoint.tables.contract import ColumnSpec, Kind


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of one file are to be read: its delimiter, and the order of dates where the user said it."""

    delimiter: str = ""
    date_order: str | None = None
    as_codes: bool = False
    """Text becomes Categorical and quantities Float32, for tables of millions of rows."""


def parse_column(column: pl.Series, spec: ColumnSpec, manner: Manner, limits: Limits) -> Parsed:
    """The column with the type of its kind; blank required cells and numbers out of bounds are problems as well."""
    parsed = _parse(column, spec, manner)
    values, problems = parsed.values, list(parsed.problems)
    if spec.kind.is_number:
        problems += _out_of_bounds(values, spec, limits)
    if spec.required and values.null_count():
        blank = values.is_null()
        for problem in parsed.problems:
            blank &= ~problem.where
        if blank.any():
            problems.append(Problem(blank, "missing_value"))
    return Parsed(values, tuple(problems), parsed.whole)


_BY_KIND: Mapping[Kind, Callable[[pl.Series], Parsed]] = {
    Kind.FLAG: parse_flags,
    Kind.DEPTH: parse_depths,
    Kind.PRICE_BREAKS: parse_price_breaks,
    Kind.ORDER_DAYS: parse_weekdays,
}


def _parse(column: pl.Series, spec: ColumnSpec, manner: Manner) -> Parsed:
    if spec.kind in _BY_KIND:
        return _BY_KIND[spec.kind](column)
    if spec.kind is Kind.DATE:
        return parse_dates(column, manner.date_order)
    if spec.kind is Kind.CHOICE:
        return parse_choices(column, spec.choices)
    if spec.kind is Kind.TEXT:
        return Parsed(parse_names(column, as_codes=manner.as_codes))
    if manner.as_codes and spec.kind is Kind.QUANTITY and column.dtype.is_numeric():
        column = column.cast(pl.Float32)  # as it ends up; a column of 60 million doubles in between would not fit
    percent = spec.kind is Kind.SHARE or spec.name.endswith("rate")
    return parse_numbers(column, delimiter=manner.delimiter, percent=percent)


def parse_names(column: pl.Series, *, as_codes: bool) -> pl.Series:
    """Names and codes as String, or as Categorical where `as_codes`. Numbers lose a ".0": item 126.0 is "126"."""
    if column.dtype in (pl.Categorical, pl.Enum):
        names = distinct_names(column)
        if stripped(names).eq_missing(names).all():
            return column.cast(pl.Categorical if as_codes else pl.String)
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        distinct = column.unique().drop_nulls()
        return column.replace_strict(
            distinct, _number_names(distinct), default=None, return_dtype=pl.Categorical if as_codes else pl.String
        )
    text = _unguarded(stripped(column))
    return text.cast(pl.Categorical) if as_codes else text


def _unguarded(text: pl.Series) -> pl.Series:
    """Names as they were before an export put an apostrophe before what a spreadsheet would run ("'=A()" is "=A()")."""
    return text.str.replace(r"^'([=+\-@])", "$1")


def _number_names(distinct: pl.Series) -> pl.Series:
    if distinct.dtype.is_float() and (distinct == distinct.floor()).all() and distinct.is_finite().all():
        distinct = distinct.cast(pl.Int64)
    return distinct.cast(pl.String)


def _out_of_bounds(values: pl.Series, spec: ColumnSpec, limits: Limits) -> list[Problem]:
    """Infinite numbers, and those beyond the column's bounds. Cheap where the extremes are within."""
    least, most = spec.least, spec.most
    if spec.kind in (Kind.QUANTITY, Kind.WHOLE):
        least = -limits.largest_quantity if least is None else least
        most = limits.largest_quantity if most is None else most
    smallest, largest = values.min(), values.max()
    if smallest is None or largest is None:
        return []
    problems = []
    if smallest == float("-inf") or largest == float("inf"):
        problems.append(Problem(values.is_infinite().fill_null(value=False), "not_finite"))
        values = values.set(values.is_infinite().fill_null(value=False), None)
    for bound, code in ((least, "too_small"), (most, "too_large")):
        if bound is None:
            continue
        beyond = values < bound if code == "too_small" else values > bound
        if spec.open_ends:
            beyond = values <= bound if code == "too_small" else values >= bound
        beyond = beyond.fill_null(value=False)
        if beyond.any():
            shown = code + ("_or_equal" if spec.open_ends else "")
            problems.append(Problem(beyond, shown, {"bound": f"{bound:g}"}))
    if spec.kind is Kind.WHOLE and (values != values.floor()).any():
        problems.append(Problem((values != values.floor()).fill_null(value=False), "not_whole"))
    return problems
