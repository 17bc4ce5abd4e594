"""Options that several commands share, with their help; parsing of the words that Typer has no type for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orderpoint.domain.calendar import Period
from orderpoint.messages import Language


class EffortWord(StrEnum):
    """How many operations a run may spend."""

    QUICK = "quick"
    STANDARD = "standard"
    BEST = "best"


class MethodWord(StrEnum):
    """The algorithms that a plan can use so far."""

    MINCOST = "mincost"
    MAXSERV = "maxserv"
    SCOLLAB = "scollab"


class LabelWord(StrEnum):
    """Which day of a period the data's dates name."""

    START = "start"
    END = "end"


def parse_date(word: str) -> date:
    """An ISO date. Raises typer.BadParameter otherwise."""
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise typer.BadParameter(f"{word!r} is not a date; write YYYY-MM-DD") from None


def parse_mapping(words: list[str] | None) -> dict[str, str]:
    """`column=field` words as a mapping. Raises typer.BadParameter on a word without "="."""
    mapping: dict[str, str] = {}
    for word in words or []:
        column, sign, name = word.rpartition("=")
        if not sign or not column:
            raise typer.BadParameter(f"--map {word!r}: write COLUMN=FIELD, for example --map units_sold=quantity")
        mapping[column] = name
    return mapping


Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="INPUT...", exists=True, help="One file, several files, or a folder of files named after their table."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Folder of the results [default: orderpoint-plan/TODAY, or orderpoint-check]."
    ),
]
Today = Annotated[
    date | None,
    typer.Option(
        "--today",
        parser=parse_date,
        metavar="DATE",
        help="First day not yet decided; nothing later is read [default: the day after the last complete period].",
    ),
]
PeriodOption = Annotated[
    Period | None, typer.Option("--period", help="Step of the plan [default: the finest that the dates bear].")
]
Label = Annotated[
    LabelWord, typer.Option("--label", help="Whether dates name the first or the last day of their period.")
]
Mapping = Annotated[
    list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help="Say what a column is; may be repeated.")
]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the results: English or Chinese.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")]
Html = Annotated[bool, typer.Option("--html", help="Write the report as a page, too.")]
