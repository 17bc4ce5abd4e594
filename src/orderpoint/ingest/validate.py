"""A mapped table as a typed table of the contract: rows that cannot be believed are set aside or are faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

import polars as pl

from orderpoint.config import Limits
from orderpoint.domain.errors import Fault
from orderpoint.ingest.columns import Manner, parse_column
from orderpoint.ingest.mapping import MappedTable
from orderpoint.ingest.parsed import Problem
from orderpoint.ingest.reading import ROW, Note, SetAside
from orderpoint.tables.contract import TABLES
from orderpoint.tables.cutoff import known_by

LISTED_MAX = 100
"""Faults of one kind in one column that are listed one by one; the others are counted."""


@dataclass(frozen=True, eq=False)
class Checked:
    """A typed table of one file: `frame` has the contract's columns and `row`.

    `rows` counts those before any was set aside; `later` is the first day of those that were cut off as not yet known.
    """

    table: str
    file: str
    frame: pl.DataFrame
    rows: int
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()
    later: date | None = None


@dataclass(frozen=True, eq=False)
class _Finding:
    column: str
    problem: Problem


def validate(mapped: MappedTable, limits: Limits, today: date | None = None) -> Checked:
    """The typed table, with what is set aside or wrong.

    Observations (sales) dated on or after `today` are cut away before any other column is looked at. In a tolerant
    table bad rows are set aside, and above `limits.set_aside_share` of the file's rows that is a fault; elsewhere each
    bad cell is one.
    """
    spec = TABLES[mapped.table]
    frame = _without_blank_rows(mapped.frame)
    file = mapped.raw.file
    typed: dict[str, pl.Series] = {}
    findings: list[_Finding] = []
    faults = list(mapped.faults)
    names = [c for c in spec.names if c in frame.columns]
    later: object = None
    cut = today if mapped.table == "sales" else None
    for name in names:
        column = spec.column(name)
        as_codes = mapped.table == "sales"
        manner = Manner(mapped.raw.delimiter, mapped.date_orders.get(name), as_codes=as_codes)
        parsed = parse_column(frame[name], column, manner, limits)
        if cut is not None and name == "date":
            kept = known_by(parsed.values, cut)
            if not kept.all():
                later = parsed.values.filter(~kept).min()
                frame = frame.filter(kept)
                parsed = parse_column(frame[name], column, manner, limits)
        typed[name] = parsed.values
        faults += [Fault(file, code, column=name, details=details) for code, details in parsed.whole]
        if not parsed.whole:
            findings += [_Finding(name, problem) for problem in parsed.problems]
    result = pl.DataFrame([frame[ROW], *(values.alias(name) for name, values in typed.items())])
    if mapped.table == "sales" and "quantity" in typed:
        result = result.with_columns(pl.col("quantity").cast(pl.Float32))
    broken = mapped.raw.broken
    if broken and not spec.tolerant:
        faults += [Fault(file, "too_many_cells", row=row, value=text) for row, text in broken]
    aside = tuple(SetAside(file, row, "", text, "too_many_cells") for row, text in broken) if spec.tolerant else ()
    checked = Checked(mapped.table, file, result, result.height + len(aside), aside, mapped.notes, tuple(faults))
    checked = replace(checked, later=later if isinstance(later, date) else None)
    if spec.tolerant:
        return _set_aside(checked, frame, findings, limits)
    return _all_faults(checked, frame, findings)


def _without_blank_rows(frame: pl.DataFrame) -> pl.DataFrame:
    names = [c for c in frame.columns if c != ROW]
    if not names or any(frame[c].null_count() == 0 for c in names):
        return frame
    return frame.filter(pl.any_horizontal(pl.col(names).is_not_null()))


def _cells(frame: pl.DataFrame, finding: _Finding) -> pl.DataFrame:
    """`row` and `value` (as in the file) of the cells of a finding."""
    return (
        frame.select(ROW, pl.col(finding.column).alias("value"))
        .filter(finding.problem.where)
        .with_columns(pl.col("value").cast(pl.String).fill_null(""))
    )


def _all_faults(checked: Checked, frame: pl.DataFrame, findings: list[_Finding]) -> Checked:
    faults = list(checked.faults)
    for finding in findings:
        cells = _cells(frame, finding)
        code, details = finding.problem.code, finding.problem.details
        for row, value in islice(cells.iter_rows(), LISTED_MAX):
            faults.append(Fault(checked.file, code, row, finding.column, value, details))
        if cells.height > LISTED_MAX:
            more = {"count": str(cells.height - LISTED_MAX)}
            faults.append(Fault(checked.file, "more_of_these", column=finding.column, details=more))
    return replace(checked, set_aside=(), faults=tuple(faults))


def _set_aside(checked: Checked, frame: pl.DataFrame, findings: list[_Finding], limits: Limits) -> Checked:
    """Without the rows of the findings; each is set aside for the first thing wrong with it."""
    if not findings and not checked.set_aside:
        return checked
    bad = pl.repeat(value=False, n=checked.frame.height, dtype=pl.Boolean, eager=True)
    for finding in findings:
        bad |= finding.problem.where
    count = int(bad.sum()) + len(checked.set_aside)
    if count > limits.set_aside_share * checked.rows:
        return _too_many(checked, frame, findings, count)
    seen: set[int] = set()
    aside = list(checked.set_aside)
    for finding in findings:
        for row, value in _cells(frame, finding).iter_rows():
            if row not in seen:
                seen.add(row)
                aside.append(
                    SetAside(checked.file, row, finding.column, value, finding.problem.code, finding.problem.details)
                )
    aside.sort(key=lambda s: s.row)
    kept = checked.frame.filter(~bad)
    return replace(checked, frame=kept, set_aside=tuple(aside))


def _too_many(checked: Checked, frame: pl.DataFrame, findings: list[_Finding], count: int) -> Checked:
    """One fault for each column, with an example, in place of as many rows set aside."""
    faults = list(checked.faults)
    details = {"count": str(count), "rows": str(checked.rows)}
    worst: Mapping[str, _Finding] = {}
    for finding in findings:
        best = worst.get(finding.column)
        if best is None or finding.problem.where.sum() > best.problem.where.sum():
            worst = {**worst, finding.column: finding}
    if checked.set_aside and not worst:
        first = checked.set_aside[0]
        faults.append(Fault(checked.file, "too_many_set_aside", first.row, None, first.value, details))
    for column, finding in worst.items():
        row, value = _cells(frame, finding).row(0)
        faults.append(Fault(checked.file, "too_many_set_aside", row, column, value, details))
    return replace(checked, set_aside=(), faults=tuple(faults))
