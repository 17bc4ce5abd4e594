"""When the shop's festivals fall, how far they lift demand in each region, and how far it sags after them.

The size of 11.11, 12.12, 6.18, Spring Festival and Black Friday is chosen (no open data set at hand bears them);
Christmas is that of Rossmann's stores. A region is the country of a location.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from orderpoint.simulate.world import fitted

LUNAR_NEW_YEAR: Final = {
    y: dt.date(y, m, d)
    for y, m, d in (
        (2010, 2, 14), (2011, 2, 3), (2012, 1, 23), (2013, 2, 10), (2014, 1, 31), (2015, 2, 19),
        (2016, 2, 8), (2017, 1, 28), (2018, 2, 16), (2019, 2, 5), (2020, 1, 25), (2021, 2, 12),
        (2022, 2, 1), (2023, 1, 22), (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6),
        (2028, 1, 26), (2029, 2, 13), (2030, 2, 3), (2031, 1, 23), (2032, 2, 11), (2033, 1, 31),
        (2034, 2, 19), (2035, 2, 8), (2036, 1, 28), (2037, 2, 15), (2038, 2, 4), (2039, 1, 24),
        (2040, 2, 12),
    )
}  # fmt: skip
"""First day of the Chinese year, by year."""

CLOSURE_BEFORE_DAYS, CLOSURE_AFTER_DAYS = 4, 11
"""Suppliers rest from so many days before the first day of the Chinese year to so many after it."""


@dataclasses.dataclass(frozen=True)
class Festival:
    """One festival of every year.

    Attributes:
        name: English and Chinese name.
        length_days: days of the peak, from its first day.
        log_peak: log of the factor on demand in the peak, by country; "" speaks for every other country.
        lead_days: days of rise before the peak, to `lead_share` of its log.
        lead_share: of the peak's log; negative where customers hold back and wait.
        slump_days: days of sag after the peak, fading in a straight line.
        log_slump: log of the factor on the first day of the sag where the peak is 1.
        has_prices: whether the shop cuts prices in it.
    """

    name: tuple[str, str]
    length_days: int
    log_peak: dict[str, float]
    lead_days: int
    lead_share: float
    slump_days: int
    log_slump: float
    has_prices: bool


_CHRISTMAS_LOG = math.log(fitted.CHRISTMAS_UPLIFT)

FESTIVALS: Final = {
    "618": Festival(("6.18", "618"), 3, {"CN": 1.15, "": 0.10}, 8, 0.25, 14, -0.22, has_prices=True),
    "1111": Festival(
        ("Singles' Day 11.11", "双11"), 2, {"CN": 1.50, "DE": 0.35, "": 0.25}, 10, -0.08, 18, -0.25, has_prices=True
    ),
    "1212": Festival(("Double Twelve 12.12", "双12"), 1, {"CN": 0.70, "": 0.10}, 4, 0.10, 8, -0.20, has_prices=True),
    "black": Festival(("Black Friday", "黑色星期五"), 4, {"CN": 0.05, "": 1.10}, 6, 0.20, 10, -0.20, has_prices=True),
    "christmas": Festival(
        ("Christmas", "圣诞节"), 15, {"CN": 0.05, "": _CHRISTMAS_LOG}, 10, 0.50, 16, -0.60, has_prices=False
    ),
    "spring": Festival(("Spring Festival", "春节"), 8, {"CN": -0.90, "": 0.0}, 18, -0.45, 8, 0.25, has_prices=False),
}
"""By key. Spring Festival is a trough (couriers rest) with a rise before it: a negative peak and lead share."""


def starts(key: str, year: int) -> dt.date:
    """First day of a festival's peak in a year."""
    if key == "618":
        return dt.date(year, 6, 16)
    if key == "1111":
        return dt.date(year, 11, 10)
    if key == "1212":
        return dt.date(year, 12, 12)
    if key == "black":
        first = dt.date(year, 11, 1)
        return first + dt.timedelta(days=(3 - first.weekday()) % 7 + 22)  # the day after the fourth Thursday
    if key == "christmas":
        return dt.date(year, 12, 9)
    return lunar_new_year(year) - dt.timedelta(days=2)


def lunar_new_year(year: int) -> dt.date:
    """First day of the Chinese year; a span outside 2010 to 2040 is refused."""
    if year not in LUNAR_NEW_YEAR:
        raise ValueError(
            f"the span reaches the year {year}, and festivals are known from {min(LUNAR_NEW_YEAR)} to"
            f" {max(LUNAR_NEW_YEAR)}; choose another last_day, fewer days or fewer ahead_days"
        )
    return LUNAR_NEW_YEAR[year]


def occurrences(first: dt.date, days: int) -> list[tuple[str, dt.date]]:
    """Every (festival, first day of its peak) whose rise, peak or sag touches the span."""
    last = first + dt.timedelta(days=days - 1)
    found = []
    for year in range(first.year - 1, last.year + 2):
        for key in FESTIVALS:
            if key == "spring" and not first.year <= year <= last.year:
                continue
            day = starts(key, year)
            if first - dt.timedelta(days=60) <= day <= last + dt.timedelta(days=60):
                found.append((key, day))
    return sorted(found, key=lambda f: (f[1], f[0]))


def log_lift(country: str, first: dt.date, days: int) -> NDArray[np.float64]:
    """Log of the factor of all festivals on each day of the span, shape (days,)."""
    total = np.zeros(days)
    for key, start in occurrences(first, days):
        festival = FESTIVALS[key]
        peak = festival.log_peak.get(country, festival.log_peak[""])
        since = np.arange(days) - (start - first).days
        lead = (since + festival.lead_days + 1) / (festival.lead_days + 1)
        total += np.where((since < 0) & (lead > 0), festival.lead_share * peak * np.clip(lead, 0, 1) ** 2, 0.0)
        total += np.where((since >= 0) & (since < festival.length_days), peak, 0.0)
        after = since - festival.length_days
        fade = 1.0 - after / festival.slump_days
        total += np.where((after >= 0) & (fade > 0), festival.log_slump * abs(peak) * fade, 0.0)
    return total


def price_windows(first: dt.date, days: int) -> NDArray[np.int64]:
    """Number (1, 2, ...) of the festival in whose peak the shop cuts prices on each day, or 0; shape (days,)."""
    window = np.zeros(days, np.int64)
    for number, (key, start) in enumerate(occurrences(first, days), 1):
        begin = (start - first).days
        if FESTIVALS[key].has_prices:
            window[max(0, begin) : max(0, begin + FESTIVALS[key].length_days)] = number
    return window


def closed_days(first: dt.date, days: int) -> NDArray[np.bool_]:
    """Days on which every supplier rests (Spring Festival), shape (days,)."""
    closed = np.zeros(days, np.bool_)
    last = first + dt.timedelta(days=days - 1)
    for year in range(first.year, last.year + 1):
        day = (lunar_new_year(year) - first).days
        closed[max(0, day - CLOSURE_BEFORE_DAYS) : max(0, day + CLOSURE_AFTER_DAYS + 1)] = True
    return closed
