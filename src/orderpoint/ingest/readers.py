"""From a file to raw tables: text, Parquet or Excel, read once and whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import polars as pl

from orderpoint.domain.errors import Fault, MachineError
from orderpoint.ingest.discover import Format, Found
from orderpoint.ingest.naming import table_named
from orderpoint.ingest.reading import RawTable
from orderpoint.ingest.text_files import NotText, read_text

T = TypeVar("T")

LONG_FILE_ROWS = 5_000_000
"""Rows of a Parquet file from which on its text columns are read as Categorical, to fit into memory."""
ATTEMPTS = 3
"""How often a file is read anew that changed while it was read."""


class Changing(OSError):
    """The file changed at every attempt to read it."""


@dataclass(frozen=True, eq=False)
class FileTables:
    """What one file holds: its raw tables, the sheets that are not read, and what is wrong with it."""

    tables: tuple[RawTable, ...] = ()
    not_read: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = field(default=())


def read_unchanged(path: Path, read: Callable[[Path], T]) -> T:
    """What `read` makes of a file that did not change meanwhile; tried anew where it did.

    Raises Changing where it changed each time: half of a row may have been seen.
    """
    for _ in range(ATTEMPTS):
        before = path.stat()
        result = read(path)
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            return result
    raise Changing(path.name)


def read_file(found: Found) -> FileTables:
    """The raw tables of one file; what is wrong with the file itself is a fault, not an exception.

    Raises MachineError where the file may not be read.
    """
    path = found.path
    read = {Format.TEXT: _read_text, Format.PARQUET: _read_parquet, Format.EXCEL: _read_excel}[found.format]
    try:
        if path.stat().st_size == 0:
            return _faulty(path, "empty_file")
        return read_unchanged(path, read)
    except PermissionError as error:
        raise MachineError("no_permission", path=str(path)) from error
    except Changing:
        return _faulty(path, "file_changes")
    except NotText as finding:
        return _faulty(path, str(finding))
    except (OSError, pl.exceptions.PolarsError, ValueError) as error:
        return _faulty(path, "unreadable", cause=str(error).splitlines()[0][:200] if str(error) else "")


def _faulty(path: Path, code: str, **details: str) -> FileTables:
    return FileTables(faults=(Fault(path.name, code, details=details),))


def _read_text(path: Path) -> FileTables:
    read = read_text(path.read_bytes())
    table, frame = table_named(path.stem), _stripped(read.frame)
    return FileTables((RawTable(path, table, frame, 2, read.encoding, read.delimiter, broken=read.broken),))


def _read_parquet(path: Path) -> FileTables:
    rows = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
    if rows < LONG_FILE_ROWS:
        frame = pl.read_parquet(path, glob=False)
    else:
        scan = pl.scan_parquet(path, glob=False)
        frame = scan.with_columns(pl.col(pl.String).cast(pl.Categorical)).collect(engine="streaming")
    return FileTables((RawTable(path, table_named(path.stem), _stripped(frame)),))


def _read_excel(path: Path) -> FileTables:
    import fastexcel  # noqa: PLC0415 -- only for Excel: the rest of the program starts without it

    try:
        book = fastexcel.read_excel(path.read_bytes())
        names = book.sheet_names
        named = [n for n in names if table_named(n) is not None]
        wanted = named or names[:1]
        tables = []
        for name in wanted:
            frame = _stripped(book.load_sheet(name, dtypes="string").to_polars())
            sheet = name if len(names) > 1 else None
            tables.append(RawTable(path, table_named(name) or table_named(path.stem), frame, sheet=sheet))
    except fastexcel.FastExcelError as error:
        return _faulty(path, "unreadable", cause=str(error).splitlines()[0][:200])
    if not named and len(names) > 1 and table_named(path.stem) is None:
        return _faulty(path, "no_sheet_known", sheets=", ".join(names))
    empty = tuple(Fault(t.file, "empty_file") for t in tables if not t.frame.columns)
    return FileTables(tuple(tables), tuple(f"{path.name}[{n}]" for n in names if n not in wanted), empty)


def _stripped(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with clean column names; two that become equal are told apart as Polars tells them apart."""
    seen: dict[str, int] = {}
    names = []
    for column in frame.columns:
        name = column.replace("\ufeff", "").strip()
        repeats = seen.get(name, 0)
        seen[name] = repeats + 1
        names.append(name if not repeats else f"{name}_duplicated_{repeats - 1}")
    return frame.rename(dict(zip(frame.columns, names, strict=True)))
