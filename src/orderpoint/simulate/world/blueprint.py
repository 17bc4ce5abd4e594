"""The parts of a world that do not grow with its days times its items, and the days of a slice of its items."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final

from orderpoint.simulate.world import catalog, demand, history, prices, seasons, suppliers
from orderpoint.simulate.world.settings import WorldSettings

_CELLS_AT_ONCE: Final = 2_000_000
"""Item-location-days made together: bounds the memory, changes nothing else."""


@dataclasses.dataclass(frozen=True)
class Blueprint:
    """Everything that is known before the first day is lived: small enough to be kept whole for any size of world."""

    settings: WorldSettings
    seasons: seasons.Seasons
    suppliers: suppliers.Suppliers
    catalog: catalog.Catalog


@dataclasses.dataclass(frozen=True)
class Slice:
    """Items `first` to `last` - 1 with all that happened to them; rows are items times locations, items first."""

    first: int
    last: int
    prices: prices.Prices
    demand: demand.Demand
    history: history.History


def draw(settings: WorldSettings) -> Blueprint:
    """Draw seasons, suppliers and catalogue."""
    days = seasons.make(settings)
    makers = suppliers.make(settings, days.closed)
    return Blueprint(settings, days, makers, catalog.make(settings, makers))


def live(plan: Blueprint, first: int, last: int) -> Slice:
    """Live through the history of items `first` (even) to `last` - 1; no other slice has any influence."""
    settings = plan.settings
    asked = prices.make(settings, plan.catalog, plan.seasons, first, last)
    span = demand.Span(first, last, 0, settings.days, settings.days)
    wanted = demand.make(settings, plan.catalog, plan.seasons, asked, span)
    return Slice(first, last, asked, wanted, history.play(settings, plan.catalog, plan.suppliers, wanted.units, first))


def slices(settings: WorldSettings) -> Iterator[tuple[int, int]]:
    """Even cuts (first, last) of the items, small enough for the memory."""
    size = max(2, _CELLS_AT_ONCE // (settings.locations * settings.span_days) // 2 * 2)
    for first in range(0, settings.items, size):
        yield first, min(first + size, settings.items)
