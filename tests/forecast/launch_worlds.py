"""Invented shops whose launches, falls and successors are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex
from tests.forecast.builders import FIRST, known_of, sales_of

WEEKS, AHEAD = 130, 8
KINDS = ("wool scarf", "cotton shirt", "tin mug", "clay bowl")
COLOURS = ("red", "green", "blue", "grey")
LEVELS = np.array([2.0, 6.0, 15.0, 40.0])
EDGES = (14, 28, 56, 91)
CURVES = np.array([[0.3, 0.5, 0.7, 0.9], [2.5, 1.8, 1.4, 1.2], [1.0, 1.0, 1.0, 1.0], [0.5, 0.7, 0.9, 1.0]])


@dataclass(frozen=True, eq=False)
class Truth:
    """Sales of WEEKS weeks, what is known, the sales (n, AHEAD) that came, their rates, and the rows of new items."""

    sales: Sales
    known: Known
    came: Any
    rate: Any
    new: Any


def replaced(quantity: Any, state: Any, **catalog: Any) -> tuple[Sales, Known]:
    """Weekly sales, none where the state is OFF, in which every item after the eleventh replaces the eleventh.

    `catalog`: what else its columns say of the eleventh item and those after it.
    """
    sales = sales_of(np.where(state == State.OFF, 0.0, quantity), state, Period.WEEK)
    known, items = known_of(sales), sales.index.items
    columns = {name: (*getattr(known.catalog, name)[:10], *words) for name, words in catalog.items()}
    replaces = (None,) * 11 + (items[10],) * (len(items) - 11)
    return sales, replace(known, catalog=replace(known.catalog, replaces=replaces, **columns))


def launches(seed: int, weeks_seen: int, long: int = 80, past: int = 40, new: int = 40) -> Truth:
    """Items of four kinds: levels are gamma around the kind's (cv 0.5), launches follow the kind's curve."""
    rng = np.random.default_rng(seed)
    n = long + past + new
    kind = np.arange(n) % 4
    level = LEVELS[kind] * rng.gamma(4.0, 0.25, n)
    launch = np.full(n, -200)
    launch[long : long + past] = rng.integers(20, WEEKS - 40, past)
    launch[long + past :] = WEEKS - weeks_seen
    age = np.arange(WEEKS + AHEAD)[None] - launch[:, None]
    step = np.digitize(age * 7, EDGES)
    share = np.where(step < len(EDGES), CURVES[kind[:, None], np.minimum(step, 3)], 1.0)
    rate = level[:, None] * share * (age >= 0)
    return truth_of(rng, rate, launch, kind, slice(long + past, n))


def truth_of(rng: Any, rate: Any, launch: Any, kind: Any, new: Any) -> Truth:
    """Poisson sales of the rates (n, WEEKS + AHEAD), off sale before the launch."""
    n = len(rate)
    sold = rng.poisson(rate).astype(np.float32)
    state = np.where(np.arange(WEEKS)[None] < launch[:, None], State.OFF, State.OBSERVED).astype(np.uint8)
    items = tuple(f"i{k:03d}" for k in range(n))
    sales = Sales(
        SeriesIndex.of((item, "main") for item in items), Timeline(FIRST, Period.WEEK, WEEKS), sold[:, :WEEKS], state
    )
    catalog = replace(
        Catalog.bare(items),
        name=tuple(f"{KINDS[k]} {COLOURS[j % 4]}" for j, k in enumerate(kind)),
        category=tuple(KINDS[k].split()[1] for k in kind),
        launch=tuple(None if w < 0 else FIRST + timedelta(days=7 * int(w)) for w in launch),
    )
    return Truth(sales, Known(catalog), sold[:, WEEKS:], rate[:, WEEKS:], new)


def transform(dist: Any, came: Any, seed: int = 0) -> Any:
    """Randomised probability integral transform of what came."""
    above = dist.cdf(came)
    below = np.where(came > 0, dist.cdf(np.maximum(came - 1, 0)), 0.0)
    return below + np.random.default_rng(seed).random(len(came)) * (above - below)
