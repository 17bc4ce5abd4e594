"""Codes and names of items, places and days, in the language of the settings."""

from __future__ import annotations

import functools

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.simulate.world.names import CATEGORIES, PLACES, STYLES
from orderpoint.simulate.world.settings import WorldSettings


@functools.lru_cache(maxsize=4)
def items(settings: WorldSettings) -> pl.Series:
    """Codes of the items: SKU and a number of five digits or more, so that they sort by number."""
    width = max(5, len(str(settings.items)))
    return pl.Series("item", [f"SKU{n + 1:0{width}d}" for n in range(settings.items)], dtype=pl.String)


@functools.lru_cache(maxsize=4)
def locations(settings: WorldSettings) -> pl.Series:
    """Codes of the places; beyond the known cities they repeat with a number."""
    turns = [divmod(n, len(PLACES)) for n in range(settings.locations)]
    codes = [f"{PLACES[k][0]}-{turn + 1}" if turn else PLACES[k][0] for turn, k in turns]
    return pl.Series("location", codes, dtype=pl.String)


def location_names(settings: WorldSettings) -> list[str]:
    """Names of the places."""
    turns = [divmod(n, len(PLACES)) for n in range(settings.locations)]
    names = [PLACES[k][2] if settings.language == "zh" else PLACES[k][1] for _, k in turns]
    return [f"{name} {turn + 1}" if turn else name for name, (turn, _) in zip(names, turns, strict=True)]


def item_names(settings: WorldSettings, category: NDArray[np.int64]) -> list[str]:
    """A style, a noun of the category, and a number where the two are used up; no two items share a name."""
    zh = settings.language == "zh"
    seen: dict[int, int] = {}
    names = []
    for number in category.tolist():
        turn = seen[number] = seen.get(number, -1) + 1
        nouns = CATEGORIES[number].nouns
        style = STYLES[turn // len(nouns) % len(STYLES)][zh]
        noun = nouns[turn % len(nouns)][zh]
        series = turn // (len(nouns) * len(STYLES))
        name = style + noun if zh else f"{style} {noun[0].lower()}{noun[1:]}"
        names.append(f"{name} {series + 1}" if series else name)
    return names


def dates(settings: WorldSettings, day: NDArray[np.integer]) -> pl.Series:
    """Day numbers, 0 the first day of the history, as dates."""
    start = np.datetime64(settings.first_day)
    return pl.Series("date", (start + day.astype("timedelta64[D]")).astype("datetime64[D]"), dtype=pl.Date)
