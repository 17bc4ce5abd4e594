"""The small tables of the file contract, which need no history: items, supply, places, calendar, drivers, rates."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.simulate.world import catalog as catalog_room
from orderpoint.simulate.world import festivals, labels, seasons
from orderpoint.simulate.world.blueprint import Blueprint
from orderpoint.simulate.world.names import CATEGORIES
from orderpoint.simulate.world.suppliers import WEEKDAYS

_STREAM = 5  # of the seed
_RATE_TODAY: Final = 0.88  # euros for a dollar
_CALENDAR_AHEAD_DAYS, _WEATHER_AHEAD_DAYS = 180, 14
_HOLDING_RATE: Final = 0.25
_CONTAINER_M3: Final = 33.0
_CLOSURE: Final = ("Supplier closure, Spring Festival", "供应商春节放假")
_LEAST_PEAK: Final = 0.08  # a festival that lifts a country less is not in its calendar


def items(plan: Blueprint, list_price: NDArray[np.float64]) -> pl.DataFrame:
    """The items table; `list_price` is that of the last day."""
    settings, catalog = plan.settings, plan.catalog
    zh = settings.language == "zh"
    codes = labels.items(settings)
    number = np.arange(settings.items)
    ended, frozen = catalog.end_day <= settings.days, catalog.frozen
    successor = (catalog.pair_kind == catalog_room.SUCCESSOR) & (number % 2 == 1)
    return pl.DataFrame(
        {
            "item": codes,
            "name": labels.item_names(settings, catalog.category),
            "category": [CATEGORIES[c].name[zh] for c in catalog.category.tolist()],
            "department": [CATEGORIES[c].department[zh] for c in catalog.category.tolist()],
            "status": np.where(ended, "discontinued", np.where(frozen, "frozen", "active")),
            "unit_cost": catalog.unit_cost,
            "price": list_price,
            "holding_rate": np.full(settings.items, _HOLDING_RATE),
            "shelf_life_days": _where(catalog.shelf_life_days > 0, pl.Series(catalog.shelf_life_days)),
            "volume": catalog.volume,
            "weight": catalog.weight,
            "launch": _where(catalog.launch_day >= 0, labels.dates(settings, np.clip(catalog.launch_day, 0, None))),
            "end_of_life": _where(
                catalog.end_day != catalog_room.NEVER, labels.dates(settings, np.clip(catalog.end_day, 0, 20_000))
            ),
            "replaces": _where(successor, codes.gather(np.maximum(number - 1, 0))),
        }
    )


def supply(plan: Blueprint) -> pl.DataFrame:
    """The supply table: one supplier for each item, its price in its own currency before duty."""
    settings, catalog, makers = plan.settings, plan.catalog, plan.suppliers
    of = catalog.supplier
    foreign = np.array([c != "EUR" for c in makers.currency])[of]
    cost = np.round(catalog.unit_cost / (1.0 + catalog.duty_rate) / np.where(foreign, _RATE_TODAY, 1.0), 3)
    spread = np.round(makers.mean_days * makers.cv, 1)
    told = np.arange(len(makers.names)) % 3 != 2  # one supplier in three says nothing about it
    breaks = [
        f"{10 * lot}:{0.97 * price:.3f};{40 * lot}:{0.94 * price:.3f}" if n % 7 == 3 else None
        for n, (lot, price) in enumerate(zip(catalog.moq.tolist(), cost.tolist(), strict=True))
    ]
    return pl.DataFrame(
        {
            "item": labels.items(settings),
            "supplier": pl.Series(makers.names, dtype=pl.String).gather(of),
            "lead_time_days": makers.quoted_days[of],
            "lead_time_sd_days": _where(told, pl.Series(spread)).gather(of),
            "review_days": makers.review_days[of],
            "unit_cost": cost,
            "order_cost": catalog.order_cost,
            "moq": catalog.moq,
            "pack": catalog.pack,
            "currency": pl.Series(makers.currency, dtype=pl.String).gather(of),
            "duty_rate": catalog.duty_rate,
            "price_breaks": pl.Series(breaks, dtype=pl.String),
        }
    )


def suppliers(plan: Blueprint) -> pl.DataFrame:
    """The suppliers table; the share on time is that of all their deliveries, past and to come."""
    makers = plan.suppliers
    on_time = (makers.lead_days <= makers.quote_days[:, None, :]).mean(axis=(1, 2))
    far = pl.Series(makers.far)
    return pl.DataFrame(
        {
            "supplier": pl.Series(makers.names, dtype=pl.String),
            "min_order_value": _where(makers.far, pl.Series(np.full(len(far), 300.0))),
            "container_volume": _where(makers.far, pl.Series(np.full(len(far), _CONTAINER_M3))),
            "order_days": pl.Series(
                [",".join(WEEKDAYS[d] for d in days) or None for days in makers.order_days], dtype=pl.String
            ),
            "on_time_share": np.round(on_time, 2),
        }
    )


def locations(plan: Blueprint) -> pl.DataFrame:
    """The locations table; the region is the country, as in the calendar."""
    countries = [seasons.country_of(n) for n in range(plan.settings.locations)]
    return pl.DataFrame(
        {
            "location": labels.locations(plan.settings),
            "name": labels.location_names(plan.settings),
            "kind": ["warehouse"] * len(countries),
            "region": countries,
            "country": countries,
            "currency": ["EUR"] * len(countries),
        }
    )


def calendar(plan: Blueprint) -> pl.DataFrame:
    """The calendar table: festivals by country, and the days on which every supplier rests (no region: for all)."""
    settings = plan.settings
    days = settings.days + min(_CALENDAR_AHEAD_DAYS, settings.ahead_days)
    first, zh = settings.first_day, settings.language == "zh"
    last = first + dt.timedelta(days=days - 1)
    rows: list[tuple[dt.date, str, str, str | None]] = []
    for key, start in festivals.occurrences(first, days):
        festival = festivals.FESTIVALS[key]
        for country in sorted({seasons.country_of(n) for n in range(settings.locations)}):
            if abs(festival.log_peak.get(country, festival.log_peak[""])) >= _LEAST_PEAK:
                peak = (start + dt.timedelta(days=d) for d in range(festival.length_days))
                rows += [(day, festival.name[zh], "festival", country) for day in peak if first <= day <= last]
    rows += [
        (first + dt.timedelta(days=int(d)), _CLOSURE[zh], "closure", None)
        for d in np.flatnonzero(plan.seasons.closed[:days])
    ]
    schema = {"date": pl.Date, "event": pl.String, "kind": pl.String, "region": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("date", "event", "region")


def drivers(plan: Blueprint) -> pl.DataFrame:
    """The drivers table: temperature of each place, two weeks ahead of today as a forecast would be."""
    settings = plan.settings
    days = settings.days + min(_WEATHER_AHEAD_DAYS, settings.ahead_days)
    day, place = np.divmod(np.arange(days * settings.locations), settings.locations)
    return pl.DataFrame(
        {
            "date": labels.dates(settings, day),
            "location": labels.locations(settings).gather(place),
            "name": ["temperature"] * len(day),
            "value": plan.seasons.temperature[place, day],
        }
    )


def rates(plan: Blueprint) -> pl.DataFrame:
    """The rates table: euros for a dollar on the first day of each month, a walk that ends at today's."""
    settings = plan.settings
    months = pl.date_range(settings.first_day.replace(day=1), settings.last_day, "1mo", eager=True)
    steps = np.random.default_rng([settings.seed, _STREAM]).normal(0.0, 0.012, len(months) - 1)
    walk = np.exp(np.concatenate([[0.0], np.cumsum(steps[::-1])])[::-1])
    return pl.DataFrame({"date": months, "currency": ["USD"] * len(months), "rate": np.round(_RATE_TODAY * walk, 4)})


def _where(holds: NDArray[np.bool_], values: pl.Series) -> pl.Series:
    """The values where the condition holds, else null."""
    return pl.select(pl.when(pl.Series(holds)).then(values)).to_series()
