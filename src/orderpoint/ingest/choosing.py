"""Which table of the contract each raw table is: an export of a shop system, by its name, or sales by its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orderpoint.domain.errors import Fault, InputFaults
from orderpoint.ingest.headers import normalise
from orderpoint.ingest.mapping import MappedTable, Told, fits, map_columns
from orderpoint.ingest.naming import field_named
from orderpoint.ingest.past import convert_past
from orderpoint.ingest.profiles import profile_of
from orderpoint.ingest.reading import FileRead, Note, RawTable, ReadOptions, SetAside
from orderpoint.tables.contract import TABLES


@dataclass(frozen=True, eq=False)
class Part:
    """What one raw table gives to one table of the contract; `hint` where it only fills what no table says."""

    mapped: MappedTable
    profile: str = ""
    hint: bool = False


@dataclass(frozen=True, eq=False)
class Chosen:
    """Every part, in the order of the files, with what was found on the way."""

    parts: tuple[Part, ...]
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()
    not_read: tuple[str, ...] = field(default=())


def choose(raws: list[RawTable], options: ReadOptions, told: Mapping[str, Told], named: frozenset[str]) -> Chosen:
    """The parts of all raw tables.

    A table with the contract's own columns, or with a column that the user maps, is read by its name; else by the first
    profile that knows its headers; else by its name; else, where nothing gives sales and only one table has columns for
    them, as sales. `named`: files that the user gave by name, which may not go unread.
    """
    parts: list[Part] = []
    aside: list[SetAside] = []
    notes: list[Note] = []
    faults: list[Fault] = []
    unknown: list[RawTable] = []
    for raw in raws:
        mapped_by_user = any(normalise(c) in told for c in raw.frame.columns)
        own = raw.table is not None and (mapped_by_user or _has_own_columns(raw, raw.table))
        profile = None if own or mapped_by_user else profile_of(raw)
        if profile is not None:
            try:
                converted = convert_past(profile, raw, options.today)
            except InputFaults as error:
                faults += error.faults
                continue
            aside += converted.set_aside
            notes += converted.notes
            for k, (table, frame) in enumerate(converted.tables.items()):
                mapped = converted.mapped if k == 0 else ()
                hint = table == "items" and len(converted.tables) > 1
                parts.append(Part(MappedTable(raw, table, frame, mapped), profile.name, hint))
        elif raw.table is not None:
            parts.append(Part(map_columns(raw, raw.table, options, told)))
        else:
            unknown.append(raw)
    recognised, more_faults, left = _recognise(unknown, parts, options, told, named)
    parts += recognised
    return Chosen(tuple(parts), tuple(aside), tuple(notes), (*faults, *more_faults), tuple(r.file for r in left))


def _has_own_columns(raw: RawTable, table: str) -> bool:
    """Whether all required columns are there by the contract's own names."""
    claims = [field_named(table, column) for column in raw.frame.columns]
    return set(TABLES[table].required) <= {claim[0] for claim in claims if claim is not None and claim[1]}


def _recognise(
    unknown: list[RawTable],
    parts: list[Part],
    options: ReadOptions,
    told: Mapping[str, Told],
    named: frozenset[str],
) -> tuple[list[Part], list[Fault], list[RawTable]]:
    """Tables of unknown name: sales by their columns where nothing else gives sales."""
    if not unknown:
        return [], [], []
    without_sales = all(p.mapped.table != "sales" for p in parts)
    likely = [raw for raw in unknown if _could_be_sales(raw, told)]
    alone = len(unknown) == 1 and not parts
    if without_sales and (len(likely) == 1 or alone):
        raw = likely[0] if likely else unknown[0]
        left = [r for r in unknown if r is not raw]
        return [Part(map_columns(raw, "sales", options, told))], _unread(left, named), left
    if without_sales and len(likely) > 1:
        files = ", ".join(r.file for r in likely)
        return [], [Fault(likely[0].file, "which_is_sales", details={"files": files})], []
    return [], _unread(unknown, named), unknown


def _could_be_sales(raw: RawTable, told: Mapping[str, Told]) -> bool:
    if fits(raw, "sales"):
        return True
    said = {told[normalise(c)].field for c in raw.frame.columns if normalise(c) in told}
    own = {claim[0] for c in raw.frame.columns if (claim := field_named("sales", c)) is not None}
    return bool(said) and set(TABLES["sales"].required) <= said | own


def _unread(left: list[RawTable], named: frozenset[str]) -> list[Fault]:
    """A file that the user named must be read; one that merely lies in the folder need not."""
    details = {"tables": ", ".join(TABLES)}
    return [Fault(r.file, "unknown_table", details=details) for r in left if str(r.path) in named]


def file_read(part: Part, rows: int) -> FileRead:
    """The line of the summary that tells what the part was read as."""
    raw = part.mapped.raw
    return FileRead(raw.file, part.mapped.table, rows, raw.encoding, raw.delimiter, part.profile)
