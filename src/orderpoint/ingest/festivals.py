"""Days that everyone in a country knows: public holidays, make-up workdays, and the festivals that shops live on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from orderpoint.tables.known import CalendarEvent

THURSDAY = 3
NOVEMBER = 11

WESTERN = frozenset(
    {"US", "CA", "GB", "IE", "DE", "AT", "CH", "FR", "NL", "BE", "ES", "IT", "PT", "PL", "SE", "AU", "NZ"}
)
"""Countries whose shops keep Black Friday and Cyber Monday."""
CHINESE = frozenset({"CN", "HK", "TW"})
SINGLES = CHINESE | {"SG", "MY", "TH", "VN", "PH", "ID"}
"""Countries whose shops keep 11.11 and 12.12."""
PRIME = frozenset({"US", "CA", "GB", "DE", "FR", "IT", "ES", "NL", "AT", "AU"})

PRIME_DAYS: dict[int, tuple[tuple[int, int], int]] = {
    2016: ((7, 12), 1), 2017: ((7, 11), 1), 2018: ((7, 16), 2), 2019: ((7, 15), 2), 2020: ((10, 13), 2),
    2021: ((6, 21), 2), 2022: ((7, 12), 2), 2023: ((7, 11), 2), 2024: ((7, 16), 2), 2025: ((7, 8), 4),
}  # fmt: skip
"""Year -> first month and day of Prime Day and how many days it took; it is announced anew each year."""


def _black_friday(year: int) -> date:
    first = date(year, NOVEMBER, 1)
    thanksgiving = first + timedelta(days=(THURSDAY - first.weekday()) % 7 + 21)
    return thanksgiving + timedelta(days=1)


def _prime(year: int) -> list[date]:
    if year not in PRIME_DAYS:
        return []
    (month, day), length = PRIME_DAYS[year]
    return [date(year, month, day) + timedelta(days=k) for k in range(length)]


SHOPPING: tuple[tuple[str, frozenset[str], Callable[[int], list[date]]], ...] = (
    ("6.18", CHINESE, lambda year: [date(year, 6, 18)]),
    ("11.11", SINGLES, lambda year: [date(year, 11, 11)]),
    ("12.12", SINGLES, lambda year: [date(year, 12, 12)]),
    ("Black Friday", WESTERN, lambda year: [_black_friday(year)]),
    ("Cyber Monday", WESTERN, lambda year: [_black_friday(year) + timedelta(days=3)]),
    ("Prime Day", PRIME, _prime),
)
"""Name, countries, and days of a year."""


def is_country(code: str) -> bool:
    """Whether `code` is an ISO 3166 code whose holidays are known."""
    from holidays import list_supported_countries  # noqa: PLC0415 -- slow to import, needed only with countries

    return code.upper() in list_supported_countries()


def festivals(country: str, first: date, last: date, place: str | None) -> list[CalendarEvent]:
    """The events of a country (ISO code, see `is_country`) from `first` to `last`, both included, for one `place`.

    Public holidays by `holidays` (English names; a day with several has one event for each), China's make-up workdays
    as kind "other", shopping festivals as kind "festival". Sorted by day, then name.
    """
    from holidays import country_holidays  # noqa: PLC0415

    code = country.upper()
    years = range(first.year, last.year + 1)
    days: set[tuple[date, str, str]] = set()
    for name, countries, of_year in SHOPPING:
        if code in countries:
            days |= {(day, name, "festival") for year in years for day in of_year(year)}
    public = country_holidays(code, years=years, language="en_US")
    for day, names in public.items():
        days |= {(day, name.removesuffix(" (observed)"), "festival") for name in names.split("; ")}
    days |= {(day, "make-up workday", "other") for day in getattr(public, "weekend_workdays", ())}
    return [
        CalendarEvent(day, name, "festival" if kind == "festival" else "other", place)
        for day, name, kind in sorted(days)
        if first <= day <= last
    ]


def added(own: Iterable[CalendarEvent], general: Iterable[CalendarEvent]) -> tuple[CalendarEvent, ...]:
    """The shop's `own` events, and those of `general` on days and at places of which it says nothing itself."""
    kept = tuple(own)
    spoken = {(event.day, event.region) for event in kept}
    fresh = [e for e in general if (e.day, e.region) not in spoken and (e.day, None) not in spoken]
    return (*kept, *fresh)
