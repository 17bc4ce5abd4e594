"""What may be known ahead: everything a forecast may use beside the sales themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from orderpoint.tables.catalog import Catalog

EventKind = Literal["festival", "promotion", "closure", "benefit", "other"]


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One day of the calendar table. `uplift_factor` multiplies demand of that day (None: to be learned, or none)."""

    day: date
    event: str
    kind: EventKind = "other"
    region: str | None = None
    uplift_factor: float | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A planner's judgement on the days from `start` to `end`, both included.

    `set` gives units per period, `add` units per period, `multiply` a factor, `estimate` a three-point estimate (low,
    value, high) of units per period for an item without history. `location` None speaks for every location.
    """

    item: str
    location: str | None
    start: date
    end: date
    kind: Literal["set", "add", "multiply", "estimate"]
    value: float
    low: float | None
    high: float | None
    author: str
    reason: str


@dataclass(frozen=True, eq=False)
class Known:
    """Catalogue, planned and past prices (contract table `prices`), calendar, drivers and overrides.

    None where not given.
    """

    catalog: Catalog
    prices: pl.DataFrame | None = None
    calendar: tuple[CalendarEvent, ...] = ()
    drivers: pl.DataFrame | None = None
    overrides: tuple[Override, ...] = ()
