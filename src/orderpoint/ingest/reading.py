"""What passes between the steps of reading: a raw table, what was mapped, repaired and set aside, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

ROW = "row"
"""Column of a converted table that holds the line of the file a row came from (the first data line is 2)."""

FILE = "file"
"""Column of `sales` that names the file of each row, there only where the rows come from several files."""

How = Literal["contract", "alias", "profile", "option"]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read.

    `today`: observations dated on or after it are not read (None: all are). `mapping`: column of a file -> field of the
    contract ("field" or "table.field"; "" drops the column), before any guess. `keep_personal`: keep names, mail,
    phone and address.
    """

    today: date | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    keep_personal: bool = False


@dataclass(frozen=True, eq=False)
class RawTable:
    """One table of one file, before anything is understood.

    `table` is the contract's table that the file or sheet is named after, None for other names. `frame` holds every
    column as String for CSV and Excel; native types for Parquet, where text columns of very long files are Categorical
    (cast to String before using text functions). Column names are stripped but otherwise as in the file. `first_row` is
    the file's line of the first data row. `encoding` and `delimiter` are "" where there are none. `broken`: line and
    text of records with more cells than the header, which are blank rows in `frame`.
    """

    path: Path
    table: str | None
    frame: pl.DataFrame
    first_row: int = 2
    encoding: str = ""
    delimiter: str = ""
    sheet: str | None = None
    broken: tuple[tuple[int, str], ...] = ()

    @property
    def file(self) -> str:
        """How messages call it: the file's name, with the sheet where the file has several."""
        return self.path.name if self.sheet is None else f"{self.path.name}[{self.sheet}]"


@dataclass(frozen=True, slots=True)
class Mapped:
    """One column of a file that was understood as `field` of `table`, and how."""

    file: str
    table: str
    column: str
    field: str
    how: How


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row that is not used, with its reason: `code` is a key of `messages.faults`, `details` fill its blanks."""

    file: str
    row: int
    column: str
    value: str
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A repair or a remark, counted: `code` is a key of `messages.notes`, `details` fill its blanks."""

    file: str
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileRead:
    """One table that was read: from where, as what, with how many rows before any was set aside."""

    file: str
    table: str
    rows: int
    encoding: str = ""
    delimiter: str = ""
    profile: str = ""


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything that was read: typed, checked tables of the contract by name; absent tables are not in `tables`.

    Every contract column that the input has is there with the type of its kind, optional columns that it lacks are
    absent. `row` is the line of the file, and in `sales` of several files `file` is its name. In `sales` `item` and
    `location` are Categorical, quantity is Float32; elsewhere text is String. Prices and costs are in `home_currency`
    (None where the input names no currency).
    """

    tables: Mapping[str, pl.DataFrame]
    mapped: tuple[Mapped, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[Note, ...] = ()
    files: tuple[FileRead, ...] = ()
    home_currency: str | None = None
