"""What parsing a column gives: typed values, the cells that could not be read, and what is wrong with it as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

CHUNK_ROWS = 1_000_000
"""Rows that are looked at together where an index array of all rows would not fit."""
BLANKS = ("", "-", "--", "n/a", "na", "nan", "nat", "null", "none", "#n/a", "nil", "\\n")
"""Cells, in lower case, that say that nothing is known; in a required column they are faults."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Cells of one column with one thing wrong: `where` is a boolean series, `code` a key of `messages.faults`."""

    where: pl.Series
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Parsed:
    """A typed column; `problems` are about cells, `whole` (code, details) about the column, which cannot be used."""

    values: pl.Series
    problems: tuple[Problem, ...] = ()
    whole: tuple[tuple[str, Mapping[str, str]], ...] = ()


def stripped(text: pl.Series) -> pl.Series:
    """The column as String without surrounding space, null where nothing is left."""
    if text.dtype != pl.String:
        text = text.cast(pl.String)
    bare = text.str.strip_chars(" \t\r\n\u00a0\u3000\ufeff")
    blank = bare.str.len_bytes() == 0
    return bare.set(blank, None) if blank.any() else bare


def clean_text(text: pl.Series) -> pl.Series:
    """The same, null also where a word such as "n/a" says that nothing is known."""
    bare = stripped(text)
    blank = bare.str.to_lowercase().is_in(list(BLANKS))
    return bare.set(blank, None) if blank.any() else bare


def distinct_names(names: pl.Series) -> pl.Series:
    """The distinct names of a column, as String, in no particular order; quick for long Categorical columns."""
    if names.dtype != pl.Categorical or names.is_empty():
        return names.unique().drop_nulls().cast(pl.String)
    codes = names.to_physical().drop_nulls()
    seen = np.zeros(int(codes.max() or 0) + 1, dtype=np.bool_)  # type: ignore[arg-type]
    for start in range(0, len(codes), CHUNK_ROWS):
        seen[codes.slice(start, CHUNK_ROWS).to_numpy()] = True
    used = np.flatnonzero(seen).astype(np.uint32) if len(codes) else np.empty(0, np.uint32)
    return pl.Series(used).cat.to(pl.Categorical).cast(pl.String)


def unread(text: pl.Series, values: pl.Series, code: str, **details: str) -> tuple[Problem, ...]:
    """The problem of the cells that say something and could not be read, if there are any."""
    where = text.is_not_null() & values.is_null()
    return (Problem(where, code, details),) if where.any() else ()
