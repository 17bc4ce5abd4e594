"""Public holidays and shopping festivals fall on their days."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from orderpoint.ingest.facts import known_of
from orderpoint.ingest.festivals import added, festivals, is_country
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import CalendarEvent


def _days(country: str, name: str, year: int) -> list[date]:
    return [e.day for e in festivals(country, date(year, 1, 1), date(year, 12, 31), "shop") if e.event == name]


@pytest.mark.parametrize(
    ("year", "friday"),
    [(2020, date(2020, 11, 27)), (2021, date(2021, 11, 26)), (2024, date(2024, 11, 29)), (2026, date(2026, 11, 27))],
)
def test_black_friday_follows_the_fourth_thursday_of_november(year: int, friday: date) -> None:
    assert _days("US", "Black Friday", year) == [friday]
    assert (_days("US", "Cyber Monday", year)[0] - friday).days == 3


def test_china_has_its_moving_festivals_its_make_up_workdays_and_its_shopping_days() -> None:
    assert date(2024, 2, 10) in _days("CN", "Chinese New Year (Spring Festival)", 2024)
    assert date(2025, 1, 29) in _days("cn", "Chinese New Year (Spring Festival)", 2025)
    assert date(2024, 2, 18) in _days("CN", "make-up workday", 2024)
    assert _days("CN", "11.11", 2024) == [date(2024, 11, 11)]
    assert _days("CN", "6.18", 2024) == [date(2024, 6, 18)]
    assert _days("CN", "Black Friday", 2024) == []


def test_events_lie_within_the_days_asked_for_and_bear_the_place() -> None:
    found = festivals("DE", date(2024, 12, 20), date(2025, 1, 2), "leipzig")
    assert {e.event for e in found} == {"Christmas Day", "Second Day of Christmas", "New Year's Day"}
    assert {e.region for e in found} == {"leipzig"}
    assert [e.day for e in found] == sorted(e.day for e in found)


def test_what_the_shop_says_of_a_day_wins() -> None:
    own = CalendarEvent(date(2024, 11, 11), "our birthday", "promotion", "hangzhou", 2.0)
    general = festivals("CN", date(2024, 11, 1), date(2024, 12, 31), "hangzhou")
    merged = added((own,), general)
    assert [e.event for e in merged if e.day == own.day] == ["our birthday"]
    assert any(e.event == "12.12" for e in merged)


def test_a_code_that_is_no_country_is_known_as_such() -> None:
    assert is_country("us")
    assert not is_country("XX")


def test_a_location_with_a_country_has_its_festivals_and_one_without_has_none() -> None:
    table = pl.DataFrame({"location": ["leipzig", "nowhere", "typo"], "country": ["DE", None, "Atlantis"]})
    known = known_of({"locations": table}, Catalog.bare(("A",)), (date(2024, 11, 1), date(2024, 11, 20)))
    assert {e.region for e in known.calendar} == {"leipzig"}
    assert {"Black Friday", "Christmas Day", "New Year's Day"} <= {e.event for e in known.calendar}
