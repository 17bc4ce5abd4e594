"""What may be known ahead: catalogue, calendar, prices, drivers and overrides as `tables.known`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from orderpoint.domain.catalog import Status
from orderpoint.ingest.festivals import added, festivals, is_country
from orderpoint.ingest.masters import per_item
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import CalendarEvent, Known, Override


def catalog_of(items: pl.DataFrame | None, names: tuple[str, ...]) -> Catalog:
    """The catalogue of the items `names`, None for what the items table does not say.

    Items are active unless it says otherwise.
    """

    def values(name: str) -> tuple[Any, ...]:
        return tuple(per_item(items, names, name))

    return Catalog(
        items=names,
        name=values("name"),
        category=values("category"),
        department=values("department"),
        status=tuple(Status(word) if word else Status.ACTIVE for word in values("status")),
        launch=values("launch"),
        end_of_life=values("end_of_life"),
        replaces=values("replaces"),
        shelf_life_days=values("shelf_life_days"),
        volume=values("volume"),
    )


AHEAD = timedelta(days=60)
"""How far beyond the horizon festivals are listed: a coming one can be felt before it comes."""


def known_of(tables: Mapping[str, pl.DataFrame], catalog: Catalog, between: tuple[date, date]) -> Known:
    """Everything a forecast may know ahead; `between`: first day of the history, and of what follows the horizon.

    Locations whose country is given as an ISO code have its public holidays and shopping festivals, too, on the days of
    which the calendar says nothing of its own.
    """
    return Known(
        catalog=catalog,
        prices=tables.get("prices"),
        calendar=added(_calendar(tables), _general(tables, between)),
        drivers=tables.get("drivers"),
        overrides=tuple(_override(row) for row in _rows(tables.get("overrides"))),
    )


def _calendar(tables: Mapping[str, pl.DataFrame]) -> tuple[CalendarEvent, ...]:
    """The events; one of a region or country stands once for each location in it, under the location's name."""
    places: dict[str, list[str]] = {}
    for row in _rows(tables.get("locations")):
        for name in {row.get("region"), row.get("country")} - {None, row["location"]}:
            places.setdefault(str(name), []).append(row["location"])
    events: list[CalendarEvent] = []
    for row in _rows(tables.get("calendar")):
        event = _event(row)
        events += [replace(event, region=place) for place in places.get(event.region or "", [])] or [event]
    return tuple(events)


def _general(tables: Mapping[str, pl.DataFrame], between: tuple[date, date]) -> list[CalendarEvent]:
    """Holidays and festivals of every location whose country is known."""
    countries = [(row["location"], row.get("country")) for row in _rows(tables.get("locations"))]
    return [
        event
        for place, country in countries
        if country and is_country(country)
        for event in festivals(country, between[0], between[1] + AHEAD, place)
    ]


def _rows(frame: pl.DataFrame | None) -> list[dict[str, Any]]:
    return [] if frame is None else frame.to_dicts()


def _event(row: dict[str, Any]) -> CalendarEvent:
    return CalendarEvent(
        day=row["date"],
        event=row["event"],
        kind=row.get("kind") or "other",
        region=row.get("region"),
        uplift_factor=row.get("uplift_factor"),
    )


def _override(row: dict[str, Any]) -> Override:
    names = ("item", "start", "end", "kind", "value", "author", "reason")
    return Override(
        **{name: row[name] for name in names}, location=row.get("location"), low=row.get("low"), high=row.get("high")
    )
