"""The front door: from paths to checked tables, or every fault at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from orderpoint.config import Limits
from orderpoint.domain.errors import Fault, InputFaults, UsageError
from orderpoint.ingest.bundles import explode, flatten
from orderpoint.ingest.choosing import Chosen, Part, choose, file_read
from orderpoint.ingest.cleaning.clean import clean_sales
from orderpoint.ingest.currency import to_home_currency
from orderpoint.ingest.discover import Discovery, discover
from orderpoint.ingest.mapping import check_told, parse_told
from orderpoint.ingest.people import without_addresses
from orderpoint.ingest.places import settle_places
from orderpoint.ingest.profiles import merged_items
from orderpoint.ingest.readers import read_file
from orderpoint.ingest.reading import FILE, FileRead, Note, RawTable, Reading, ReadOptions, SetAside
from orderpoint.ingest.rules import check_rows, last_of_repeats
from orderpoint.ingest.strangers import strangers
from orderpoint.ingest.validate import Checked, validate
from orderpoint.tables.contract import TABLES

NOT_READ_LISTED_MAX = 20


def read(inputs: Sequence[Path], options: ReadOptions | None = None, limits: Limits | None = None) -> Reading:
    """The tables of the contract in the files and folders `inputs`.

    Sales are netted of their returns and bundles opened; prices are in home currency; every row of sales, stock and
    incoming stands at a place. Raises InputFaults with every fault found, UsageError for inputs or mappings that do not
    exist, MachineError where a file may not be read.
    """
    options, limits = options or ReadOptions(), limits or Limits()
    discovery = discover(inputs)
    raws, not_read, faults = _read_all(discovery)
    told = parse_told(options.mapping)
    if told and raws:
        check_told(told, raws)
    named = frozenset(str(f.path) for f in discovery.files if f.named)
    chosen = choose(raws, options, told, named)
    del raws
    not_read += chosen.not_read
    faults += [*chosen.faults, *_two_of_one(chosen.parts)]
    checked = [_checked(part, limits, options) for part in chosen.parts]
    faults += [f for c in checked for f in c.faults]
    faults += _without_sales(checked, chosen, faults, not_read)
    if faults:
        raise InputFaults(tuple(faults))
    notes = [n for c in checked for n in c.notes]
    if not_read:
        notes.insert(0, Note("", "files_not_read", {"files": ", ".join(not_read[:NOT_READ_LISTED_MAX])}))
    reading = Reading(
        tables=_assembled(chosen.parts, checked),
        mapped=tuple(m for p in chosen.parts for m in p.mapped.mapped),
        set_aside=chosen.set_aside + tuple(s for c in checked for s in c.set_aside),
        notes=chosen.notes + tuple(notes),
        files=tuple(file_read(p, c.rows) for p, c in zip(chosen.parts, checked, strict=True) if not p.hint),
    )
    if reading.tables["sales"].is_empty():
        later = min((str(c.later) for c in checked if c.later is not None), default="-")
        raise UsageError("today_before_history", today=str(options.today), first=later)
    return _settled(reading, options)


def _read_all(discovery: Discovery) -> tuple[list[RawTable], list[str], list[Fault]]:
    raws: list[RawTable] = []
    not_read, faults = list(discovery.not_read), list(discovery.faults)
    for found in discovery.files:
        tables = read_file(found)
        raws += tables.tables
        not_read += tables.not_read
        if found.named or found.table is not None or tables.tables:
            faults += tables.faults
        else:
            not_read.append(found.path.name)
    return raws, not_read, faults


def _checked(part: Part, limits: Limits, options: ReadOptions) -> Checked:
    checked = check_rows(validate(part.mapped, limits, options.today))
    return last_of_repeats(checked) if checked.table == "prices" and not checked.faults else checked


def _two_of_one(parts: Sequence[Part]) -> list[Fault]:
    """Two files that both are one table; exports of one shop system add up."""
    faults = []
    for table in TABLES:
        of_table = [p for p in parts if p.mapped.table == table and not p.hint]
        if len(of_table) < 2 or (table == "sales" and len({p.profile for p in of_table}) == 1 and of_table[0].profile):
            continue
        files = ", ".join(p.mapped.raw.file for p in of_table)
        faults.append(Fault(of_table[1].mapped.raw.file, "two_tables", details={"table": table, "files": files}))
    return faults


def _without_sales(
    checked: Sequence[Checked], chosen: Chosen, faults: Sequence[Fault], not_read: Sequence[str]
) -> list[Fault]:
    """No sales table at all, or one with a header only."""
    sales = [c for c in checked if c.table == "sales"]
    if not sales:
        if any(p.mapped.table == "sales" for p in chosen.parts) or faults:
            return []
        return [Fault("", "no_sales", details={"files": ", ".join(not_read) or "-"})]
    if all(p.mapped.frame.is_empty() for p in chosen.parts if p.mapped.table == "sales"):
        return [Fault(sales[0].file, "no_rows", details={"table": "sales"})] if not sales[0].faults else []
    return []


def _assembled(parts: Sequence[Part], checked: Sequence[Checked]) -> dict[str, pl.DataFrame]:
    """One frame for each table; rows of several exports below each other, hints merged into the items."""
    frames: dict[str, list[pl.DataFrame]] = {}
    hints: list[pl.DataFrame] = []
    names = pl.Enum(list(dict.fromkeys(c.file for c in checked)))
    for part, table in zip(parts, checked, strict=True):
        frame = table.frame
        if part.hint:
            hints.append(frame)
            continue
        if table.table == "sales":
            frame = frame.with_columns(pl.lit(table.file, dtype=names).alias(FILE))
        frames.setdefault(table.table, []).append(frame)
    tables = {t: pl.concat(f, how="diagonal_relaxed") if len(f) > 1 else f[0] for t, f in frames.items()}
    items = merged_items(hints, tables.get("items")) if hints else None
    return {**tables, "items": items} if items is not None else tables


def _settled(reading: Reading, options: ReadOptions) -> Reading:
    """The tables in relation to each other: places, currency, repairs of the sales, bundles, items in no table."""
    files = _file_of(reading.files)
    tables, faults, notes = settle_places(reading.tables, files)
    money = to_home_currency(tables, files, options.today)
    faults += money.faults
    flat = None
    if "bundles" in tables:
        flat, looping = flatten(tables["bundles"], files["bundles"])
        faults += looping
    if faults:
        raise InputFaults(faults)
    tables = dict(money.tables)
    cleaned = clean_sales(tables["sales"])
    tables["sales"] = cleaned.sales
    notes += money.notes + cleaned.notes
    if not options.keep_personal:
        tables["sales"], numbered = without_addresses(tables["sales"], files["sales"])
        notes += numbered
    if flat is not None:
        tables["bundles"] = flat
        tables["sales"], opened = explode(tables["sales"], flat, files["sales"])
        notes += opened
    notes += strangers(tables, files)
    aside: tuple[SetAside, ...] = reading.set_aside + cleaned.set_aside
    return Reading(tables, reading.mapped, aside, reading.notes + notes, reading.files, money.home)


def _file_of(files: Sequence[FileRead]) -> Mapping[str, str]:
    return {f.table: f.file for f in reversed(files)}
