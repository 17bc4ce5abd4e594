"""What moves the demand of a whole category at a place: weekday, season, festivals, weather, the day's traffic."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
from numpy.typing import NDArray

from orderpoint.simulate.world import festivals, fitted
from orderpoint.simulate.world.names import CATEGORIES, PLACES
from orderpoint.simulate.world.settings import WorldSettings

_STREAM = 2  # of the seed


@dataclasses.dataclass(frozen=True)
class Seasons:
    """Factors by day, over history and what can be continued (D = `WorldSettings.span_days`).

    Attributes:
        log_day: log factor of weekday, festivals, weather and traffic, shape (categories, locations, D).
        log_year: log factor of the time of year, shape (categories, D); an item follows it with its own strength.
        festival: number of the festival with price cuts, 0 where there is none, shape (D,).
        closed: days on which suppliers rest, shape (D + a year,): longer, as deliveries of late orders are.
        temperature: degrees Celsius, shape (locations, D).
        traffic: the log shock of each day that all items of a place share, shape (locations, D).
    """

    log_day: NDArray[np.float64]
    log_year: NDArray[np.float64]
    festival: NDArray[np.int64]
    closed: NDArray[np.bool_]
    temperature: NDArray[np.float64]
    traffic: NDArray[np.float64]


def country_of(location: int) -> str:
    """Country of a location by its number."""
    return PLACES[location % len(PLACES)][3]


def make(settings: WorldSettings) -> Seasons:
    """The factors of one world."""
    first, days = settings.first_day, settings.span_days
    random = np.random.default_rng([settings.seed, _STREAM])
    traffic = _traffic(random, settings.locations, days)
    temperature = _temperature(random, settings.locations, first, days)
    weekday = (np.arange(days) + first.weekday()) % 7
    log_day = np.empty((len(CATEGORIES), settings.locations, days))
    log_year = np.empty((len(CATEGORIES), days))
    lifts = {c: festivals.log_lift(c, first, days) for c in {country_of(place) for place in range(settings.locations)}}
    for number, category in enumerate(CATEGORIES):
        log_week = np.log(fitted.WEEKDAY[category.profile])[weekday]
        log_year[number] = _yearly(category.profile, category.seasonal_peak_month, first, days)
        for place in range(settings.locations):
            degrees = temperature[place] - temperature[place].mean()
            lift = category.appetite * lifts[country_of(place)]
            log_day[number, place] = log_week + lift + category.per_degree * degrees + traffic[place]
    return Seasons(
        log_day=log_day,
        log_year=log_year,
        festival=festivals.price_windows(first, days),
        closed=festivals.closed_days(first, days + 365),
        temperature=temperature,
        traffic=traffic,
    )


def _day_of_year(first: dt.date, days: int) -> NDArray[np.float64]:
    return np.array([(first + dt.timedelta(days=d)).timetuple().tm_yday for d in range(days)], float)


def _yearly(profile: str, peak_month: int, first: dt.date, days: int) -> NDArray[np.float64]:
    """A cosine of the fitted spread, at its top in the middle of the peak month (December without one)."""
    spread = fitted.YEARLY_SD["seasonal" if peak_month else profile]
    top = 30.4 * ((peak_month or 12) - 0.5)
    return spread * math.sqrt(2.0) * np.cos(2.0 * math.pi * (_day_of_year(first, days) - top) / 365.25)


def _traffic(random: np.random.Generator, locations: int, days: int) -> NDArray[np.float64]:
    """A first-order autoregression of correlation 0.7 and spread TRAFFIC_SD, shape (locations, days)."""
    shock = random.normal(0.0, fitted.TRAFFIC_SD * math.sqrt(1.0 - 0.7**2), (locations, days))
    for day in range(1, days):
        shock[:, day] += 0.7 * shock[:, day - 1]
    return shock


def _temperature(random: np.random.Generator, locations: int, first: dt.date, days: int) -> NDArray[np.float64]:
    """Degrees Celsius: a yearly cosine with its low in mid January, and days that hang together (correlation 0.8)."""
    noise = random.normal(0.0, 3.0 * math.sqrt(1.0 - 0.8**2), (locations, days))
    for day in range(1, days):
        noise[:, day] += 0.8 * noise[:, day - 1]
    swing = np.array([PLACES[place % len(PLACES)][4] for place in range(locations)])[:, None]
    yearly = -np.cos(2.0 * math.pi * (_day_of_year(first, days) - 15.0) / 365.25)
    return np.round(13.0 + swing * yearly + noise, 1)
