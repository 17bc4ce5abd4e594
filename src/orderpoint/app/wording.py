"""What was read, in sentences and tables that people read."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from orderpoint.ingest.reading import Note, Reading
from orderpoint.messages import Language, say
from orderpoint.messages.command_line import COMMAND_LINE
from orderpoint.messages.faults import reason_of
from orderpoint.messages.notes import note_line
from orderpoint.tables.contract import OUTPUTS


def mapped_lines(reading: Reading, language: Language) -> tuple[str, ...]:
    """One line for each table of each file: which column was understood as what.

    Columns named as in the contract are left out.
    """
    renamed: dict[tuple[str, str], list[str]] = {}
    for m in reading.mapped:
        pairs = renamed.setdefault((m.file, m.table), [])
        if m.column != m.field:
            pairs.append(f"{m.column} = {m.field}")
    return tuple(
        say(COMMAND_LINE, "mapped", language, file=file, table=table, columns=", ".join(pairs))
        for (file, table), pairs in renamed.items()
        if pairs
    )


def read_lines(reading: Reading, language: Language) -> tuple[str, ...]:
    """One line for each file: what it was read as, and how many rows."""
    return tuple(
        say(
            COMMAND_LINE,
            "read_as",
            language,
            file=f.file,
            table=f.table,
            rows=f"{f.rows:,}",
            form=f" ({f.profile})" if f.profile else "",
        )
        for f in reading.files
    )


def note_lines(notes: Iterable[Note], language: Language) -> tuple[str, ...]:
    """Repairs and remarks in sentences, each with its file."""
    return tuple(note_line(n.file, n.code, n.details, language) for n in notes)


def set_aside_table(reading: Reading, language: Language) -> pl.DataFrame:
    """The contract's set_aside.csv."""
    aside = reading.set_aside
    return pl.DataFrame(
        {
            "file": [s.file for s in aside],
            "row": [s.row for s in aside],
            "column": [s.column for s in aside],
            "value": [s.value for s in aside],
            "reason": [reason_of(s.code, s.details, language) for s in aside],
        },
        schema=dict(OUTPUTS["set_aside"]),
    )
