"""Which column of a file is which field of the contract: as told, else by the contract's own name, else by an alias."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from orderpoint.domain.errors import Fault, UsageError
from orderpoint.ingest.headers import normalise
from orderpoint.ingest.naming import field_named, is_personal
from orderpoint.ingest.reading import ROW, How, Mapped, Note, RawTable, ReadOptions
from orderpoint.tables.contract import TABLES

DATE_ORDERS = ("dmy", "mdy", "ymd")
"""How a mapping may end: `date:dmy` says that days come before months."""
_RANK: Mapping[How, int] = {"option": 0, "profile": 1, "contract": 2, "alias": 3}


@dataclass(frozen=True, slots=True)
class Told:
    """One `--map` of the user: the field, of one table or of any, and the order of its dates where told."""

    table: str | None
    field: str
    date_order: str | None = None


@dataclass(frozen=True, eq=False)
class MappedTable:
    """A raw table with the contract's columns alone (values untouched) and `row`, and what was found on the way."""

    raw: RawTable
    table: str
    frame: pl.DataFrame
    mapped: tuple[Mapped, ...] = ()
    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()
    date_orders: Mapping[str, str] = field(default_factory=dict)


def parse_told(mapping: Mapping[str, str]) -> dict[str, Told]:
    """The user's mapping by normalised column name: "field", "table.field", "field:dmy" or "" (do not read).

    Raises UsageError for a field or an order of dates that does not exist.
    """
    told: dict[str, Told] = {}
    for column, target in mapping.items():
        name, _, order = target.strip().partition(":")
        table, _, own = name.rpartition(".")
        known = [t for t in TABLES.values() if table in ("", t.name) and own in t.names]
        if (name and not known) or (order and order not in DATE_ORDERS):
            raise UsageError("map_unknown_field", column=column, field=target)
        told[normalise(column)] = Told(table or None, own, order or None)
    return told


def check_told(told: Mapping[str, Told], raws: list[RawTable]) -> None:
    """Raises UsageError where the user maps a column that no file has."""
    present = {normalise(c) for raw in raws for c in raw.frame.columns}
    missing = [column for column in told if column not in present]
    if missing:
        names = sorted({c for raw in raws for c in raw.frame.columns})
        raise UsageError("map_unknown_column", column=", ".join(missing), columns=", ".join(names[:40]))


def map_columns(raw: RawTable, table: str, options: ReadOptions, told: Mapping[str, Told]) -> MappedTable:
    """The columns of `raw` as fields of `table`.

    Two columns that could be one field with equal right are a fault that shows both; so is a required field without
    a column.
    """
    spec = TABLES[table]
    claims: dict[str, list[tuple[str, How]]] = {}
    personal: list[str] = []
    unused: list[str] = []
    orders: dict[str, str] = {}
    for column in raw.frame.columns:
        claim = _claim(table, column, told)
        order = told.get(normalise(column))
        if claim is None and is_personal(table, column):
            personal.append(column)
        elif claim is None:
            unused.append(column)
        else:
            claims.setdefault(claim[0], []).append((column, claim[1]))
            if order is not None and order.date_order is not None:
                orders[claim[0]] = order.date_order
    chosen, faults = _choose(raw, claims, unused)
    if options.keep_personal and table == "sales" and "customer" not in chosen and personal:
        chosen["customer"] = (personal.pop(0), "alias")
    missing = [f for f in spec.required if f not in claims]
    columns = ", ".join(raw.frame.columns)
    faults += [
        Fault(raw.file, "missing_column", column=f, details={"column": f, "table": table, "columns": columns})
        for f in missing
    ]
    notes = _notes(raw, personal, unused)
    mapped = tuple(Mapped(raw.file, table, column, f, how) for f, (column, how) in chosen.items())
    picked = [pl.col(column).alias(f) for f, (column, _) in chosen.items()]
    frame = raw.frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias(ROW) + raw.first_row, *picked)
    return MappedTable(raw, table, frame, mapped, notes, tuple(faults), orders)


def _claim(table: str, column: str, told: Mapping[str, Told]) -> tuple[str, How] | None:
    """The field that a column claims, and by what right."""
    said = told.get(normalise(column))
    if said is not None and said.table in (None, table) and (not said.field or said.field in TABLES[table].names):
        return (said.field, "option") if said.field else None
    if is_personal(table, column):
        return None
    found = field_named(table, column)
    return None if found is None else (found[0], "contract" if found[1] else "alias")


def _choose(
    raw: RawTable, claims: Mapping[str, list[tuple[str, How]]], unused: list[str]
) -> tuple[dict[str, tuple[str, How]], list[Fault]]:
    """One column for each field: that with the best right; a tie is a fault. Columns that lose go to `unused`."""
    chosen: dict[str, tuple[str, How]] = {}
    faults: list[Fault] = []
    for name, candidates in claims.items():
        best = min(_RANK[how] for _, how in candidates)
        winners = [c for c in candidates if _RANK[c[1]] == best]
        unused += [column for column, how in candidates if _RANK[how] > best]
        if len(winners) > 1:
            listed = ", ".join(column for column, _ in winners)
            faults.append(
                Fault(
                    raw.file,
                    "ambiguous_column",
                    column=name,
                    details={"field": name, "candidates": listed, "example": f'"{winners[0][0]}={name}"'},
                )
            )
        else:
            chosen[name] = winners[0]
    return chosen, faults


def _notes(raw: RawTable, personal: list[str], unused: list[str]) -> tuple[Note, ...]:
    notes = []
    if personal:
        notes.append(Note(raw.file, "personal_not_kept", {"columns": ", ".join(personal)}))
    if unused:
        notes.append(Note(raw.file, "columns_not_used", {"columns": ", ".join(unused)}))
    return tuple(notes)


def fits(raw: RawTable, table: str) -> bool:
    """Whether every required field of `table` has a column in `raw` by its own name or an alias."""
    found = {claim[0] for column in raw.frame.columns if (claim := field_named(table, column)) is not None}
    return set(TABLES[table].required) <= found
