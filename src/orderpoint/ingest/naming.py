"""What the name of a file, a sheet or a column means: the contract's own names first, then the aliases."""

from __future__ import annotations

from functools import cache

from orderpoint.ingest.aliases import (
    COLUMN_ALIASES,
    PERSONAL,
    PERSONAL_ENDS,
    PERSONAL_STARTS,
    PERSONAL_TABLES,
    TABLE_ALIASES,
)
from orderpoint.ingest.headers import normalise, without_unit
from orderpoint.tables.contract import OUTPUTS, TABLES

EARLIER_OUTPUTS = frozenset(OUTPUTS) | {"plan", "report"}
"""Names of the files that a plan writes: not input, unless renamed (orders.csv to incoming.csv)."""


def _names(listed: str) -> list[str]:
    return [normalise(word) for word in listed.split(",")]


@cache
def _table_names() -> dict[str, str]:
    known = {normalise(alias): table for table, listed in TABLE_ALIASES.items() for alias in listed.split(",")}
    known.update({normalise(table): table for table in TABLES})
    return known


def table_named(name: str) -> str | None:
    """The contract's table that a file (without its ending) or a sheet is named after, None for other names."""
    return _table_names().get(normalise(name))


@cache
def _fields(table: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for field, listed in COLUMN_ALIASES[table].items():
        for alias in _names(listed):
            known.setdefault(alias, field)
    known.update({normalise(field): field for field in TABLES[table].names})
    return known


def field_named(table: str, column: str) -> tuple[str, bool] | None:
    """The field of `table` that a column means, and whether the column has the contract's own name; None for others."""
    fields = _fields(table)
    for name in (normalise(column), without_unit(column)):
        if name in fields:
            return fields[name], name == normalise(fields[name])
    return None


@cache
def _personal_names() -> frozenset[str]:
    return frozenset(_names(PERSONAL))


def is_personal(table: str, column: str) -> bool:
    """Whether a column of that table names a person or says how to reach one."""
    if table not in PERSONAL_TABLES:
        return False
    name = normalise(column)
    return name in _personal_names() or name.startswith(PERSONAL_STARTS) or name.endswith(PERSONAL_ENDS)
