"""Items that one table names and no other knows: usually a code that is spelled in two ways."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from orderpoint.ingest.parsed import distinct_names
from orderpoint.ingest.reading import Note

EXAMPLES_MAX = 5
MEASURED = ("sales", "stock")
"""Tables whose items exist by being sold or held."""


def strangers(tables: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> tuple[Note, ...]:
    """Notes on items sold that the items table lacks, and on those of stock, supply and others that no table knows."""
    items = {table: _items(frame) for table, frame in tables.items() if "item" in frame.columns}
    notes = []
    catalogue = items.get("items")
    if catalogue:
        missing = items.get("sales", set()) - catalogue
        if missing:
            notes.append(_note(files["sales"], "items_not_in_catalogue", missing))
    for table in ("stock", "incoming", "supply", "prices", "overrides"):
        if table not in items:
            continue
        others = set().union(*(names for t, names in items.items() if t in (*MEASURED, "items") and t != table))
        alone = items[table] - others
        if alone:
            notes.append(_note(files.get(table, table), "items_in_no_other_table", alone))
    return tuple(notes)


def _items(frame: pl.DataFrame) -> set[str]:
    return set(distinct_names(frame["item"]).to_list())


def _note(file: str, code: str, names: set[str]) -> Note:
    return Note(file, code, {"count": str(len(names)), "examples": ", ".join(sorted(names)[:EXAMPLES_MAX])})
