"""Options that several commands share, with their help; parsing of the words that Typer has no type for."""

from __future__ import annotations

import math
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
    CIMS = "cims"
    SCOLLAB = "scollab"
    RIO = "rio"


class MeasureWord(StrEnum):
    """What is meant by service: demand served from stock, cycles without a stockout, the wait of a customer."""

    FILL = "fill"
    CYCLE = "cycle"
    RESPONSE = "response"


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


def parse_memory(word: str) -> float:
    """GiB. Raises typer.BadParameter on what is no finite number above 0."""
    try:
        memory = float(word)
    except ValueError:
        memory = math.nan
    if not (math.isfinite(memory) and memory > 0.0):
        raise typer.BadParameter(f"{word!r} is not an amount of memory; write GiB, for example 4")
    return memory


def parse_mapping(words: list[str] | None) -> dict[str, str]:
    """`column=field` words as a mapping. Raises typer.BadParameter on a word without "="."""
    mapping: dict[str, str] = {}
    for word in words or []:
        column, sign, name = word.rpartition("=")
        if not sign or not column:
            raise typer.BadParameter(f"--map {word!r}: write COLUMN=FIELD, for example --map units_sold=quantity")
        mapping[column] = name
    return mapping


def parse_methods(word: str) -> tuple[str, ...]:
    """Names of methods, parted by commas. Raises typer.BadParameter on an unknown or repeated one."""
    known = [method.value for method in MethodWord]
    names = tuple(name.strip() for name in word.split(",") if name.strip())
    unknown = [name for name in names if name not in known]
    if unknown or not names or len(set(names)) < len(names):
        raise typer.BadParameter(f"{word!r}: write some of {', '.join(known)}, each once, parted by commas")
    return names


def parse_models(word: str | None) -> tuple[str, ...]:
    """Names of forecasting models, parted by commas; none where nothing is said: the plan's.

    Raises typer.BadParameter on an unknown or repeated one.
    """
    from orderpoint.app.forecasters import FORECASTERS

    if word is None:
        return ()
    names = tuple(name.strip() for name in word.split(",") if name.strip())
    if not names or len(set(names)) < len(names) or not set(names) <= set(FORECASTERS):
        raise typer.BadParameter(f"{word!r}: write some of {', '.join(FORECASTERS)}, each once, parted by commas")
    return names


def parse_model(word: str | None) -> str | None:
    """The name of one forecasting model, None for the plan's. Raises typer.BadParameter on an unknown one."""
    names = parse_models(word)
    if len(names) > 1:
        raise typer.BadParameter(f"{word!r}: write one name")
    return names[0] if names else None


Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="INPUT...", exists=True, help="One file, several files, or a folder of files named after their table."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Folder of the results [default: orderpoint-plan/TODAY, or orderpoint-COMMAND]."
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
Horizon = Annotated[
    int | None,
    typer.Option(
        "--horizon",
        min=1,
        metavar="N",
        help="Periods that the forecast shows [default: longest lead time + review + 1, at least 28 days].",
    ),
]
MinStock = Annotated[
    float | None, typer.Option("--min-stock", min=0, metavar="N", help="Least level of every item, units.")
]
MaxStock = Annotated[
    float | None, typer.Option("--max-stock", min=0, metavar="N", help="Greatest level of every item, units.")
]
Method = Annotated[MethodWord, typer.Option("--method", help="Algorithm that decides.")]
Methods = Annotated[
    str, typer.Option("--methods", metavar="A,B,...", help="Algorithms to compare; the others are held to the first.")
]
PolicyOption = Annotated[MethodWord, typer.Option("--policy", help="Algorithm that orders.")]
Models = Annotated[
    str | None,
    typer.Option(
        "--models",
        metavar="A,B,...",
        help="Forecasting models to test; seasonal_naive is always there [default: the plan's].",
    ),
]
Item = Annotated[str, typer.Argument(metavar="ITEM", help="The item, as the files name it.")]
LocationOption = Annotated[
    str | None, typer.Option("--location", metavar="NAME", help="One location [default: all together].")
]
ChangedItems = Annotated[
    list[str] | None,
    typer.Option("--item", metavar="ITEM", help="An item that changes; may be repeated [default: all]."),
]
ChangedFrom = Annotated[
    date, typer.Option("--from", parser=parse_date, metavar="DATE", help="First day of the change.")
]
ChangedTo = Annotated[
    date | None, typer.Option("--to", parser=parse_date, metavar="DATE", help="Its last day [default: the first].")
]
ChangedLaunch = Annotated[bool, typer.Option("--launch", help="The items are launched on the first day.")]
ChangedPrice = Annotated[float | None, typer.Option("--price", min=0.0, metavar="MONEY", help="Price on those days.")]
ChangedPromotion = Annotated[
    float | None, typer.Option("--promotion", min=0.0, max=1.0, metavar="DEPTH", help="Promotion, such as 0.2.")
]
ChangedEvent = Annotated[
    str | None, typer.Option("--event", metavar="NAME", help="An event of the calendar on those days.")
]
ChangedUplift = Annotated[
    float | None, typer.Option("--uplift", min=0.0, metavar="FACTOR", help="The event's factor [default: as learned].")
]
Model = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Forecasting model [default: the plan's].")]
Origins = Annotated[
    int, typer.Option("--origins", min=1, max=60, metavar="N", help="Origins at most, a horizon apart.")
]
HeldBack = Annotated[
    int | None,
    typer.Option(
        "--horizon", min=1, metavar="N", help="Periods held back after each origin [default: lead time and review]."
    ),
]
Budget = Annotated[
    float | None, typer.Option("--budget", min=0, metavar="MONEY", help="Most that today's orders may cost.")
]
Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Rules of the business (YAML): all there is for rio, guard rails for every other method.",
    ),
]
MeasureOption = Annotated[
    MeasureWord | None, typer.Option("--measure", help="What maxserv means by service [default: fill].")
]
Targets = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="[OF=]SHARE",
        help="Service that maxserv reaches first: 0.95, category:shoes=0.97, class:AX=0.98; may be repeated.",
    ),
]
Orders = Annotated[
    str | None,
    typer.Option("--orders", metavar="N", help="Most order lines of today for maxserv; 5:suppliers counts suppliers."),
]
EffortOption = Annotated[
    EffortWord,
    typer.Option(
        "--effort",
        help="How many operations to spend: quick forecasts by the portfolio, standard and best by boosted trees, too.",
    ),
]
Previous = Annotated[
    Path | None,
    typer.Option(
        "--previous",
        metavar="PATH",
        exists=True,
        help="Results of earlier runs, whose forecasts are held against what came [default: those in --out].",
    ),
]
PreviousOfForecast = Annotated[
    Path | None,
    typer.Option(
        "--previous",
        metavar="PATH",
        exists=True,
        help="Results of earlier runs that the forecast in question read [default: none].",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Seed of all that is drawn by lot.")]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, metavar="N", help="Threads to use [default: all cores]; never changes the result."
    ),
]
Memory = Annotated[
    float | None,
    typer.Option(
        "--memory",
        parser=parse_memory,
        metavar="GIB",
        help="Memory that the forecast may take: a large shop is forecast in parts.",
    ),
]
Paths = Annotated[int, typer.Option("--paths", min=2, max=100_000, metavar="N", help="Paths of demand to play.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the results: English or Chinese.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON and nothing else.")]
Html = Annotated[bool, typer.Option("--html", help="Write the report as a page, too.")]
