"""A planner's word and the calendar's known uplift are applied as written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast import judgement
from orderpoint.forecast.smoothing import DiscountedRatio
from orderpoint.tables.known import CalendarEvent, Override
from tests.forecast.builders import FIRST, known_of, sales_of

DAYS = 20


def word(kind: Any, value: Any, start: Any = 0, end: Any = 3, **more: Any) -> Any:
    first = FIRST + timedelta(days=DAYS)
    base = {"item": "i000", "location": None, "low": None, "high": None, "author": "Ann", "reason": "fair"} | more
    return Override(
        start=first + timedelta(days=start), end=first + timedelta(days=end), kind=kind, value=value, **base
    )


def forecast(
    *overrides: Any, calendar: Any = (), places: Any = ("main",), periods: Any = 6, period: Any = Period.DAY
) -> Any:
    sales = sales_of(np.full((2 * len(places), DAYS), 10.0), period=period, places=places)
    known = replace(known_of(sales), overrides=overrides, calendar=calendar)
    return DiscountedRatio(0.1).fit(sales, known).demand(periods, known)


def test_set_add_and_multiply() -> None:
    np.testing.assert_allclose(forecast(word("set", 3.0, 1, 2)).mean[0], [10, 3, 3, 10, 10, 10], rtol=1e-6)
    np.testing.assert_allclose(forecast(word("add", 5.0, 0, 1)).mean[0], [15, 15, 10, 10, 10, 10], rtol=1e-6)
    np.testing.assert_allclose(forecast(word("multiply", 2.0, 4, 9)).mean[0], [10, 10, 10, 10, 20, 20], rtol=1e-6)


def test_nothing_falls_below_zero_and_other_items_are_left_alone() -> None:
    demand = forecast(word("add", -30.0))
    assert demand.mean[0, 0] == 0
    np.testing.assert_allclose(demand.mean[1], 10, rtol=1e-6)


def test_overrides_are_applied_in_their_order() -> None:
    np.testing.assert_allclose(forecast(word("add", 5.0), word("multiply", 2.0)).mean[0, 0], 30, rtol=1e-6)
    np.testing.assert_allclose(forecast(word("multiply", 2.0), word("add", 5.0)).mean[0, 0], 25, rtol=1e-6)


def test_an_override_of_one_location_leaves_the_other() -> None:
    demand = forecast(word("set", 1.0, location="north"), places=("north", "south"))
    assert demand.mean[0, 0] == pytest.approx(1)
    assert demand.mean[1, 0] == pytest.approx(10, rel=1e-6)


def test_unknown_items_and_places_are_passed_over() -> None:
    demand = forecast(word("set", 1.0, item="nobody"), word("set", 1.0, location="nowhere"))
    np.testing.assert_allclose(demand.mean, 10, rtol=1e-6)


def test_a_three_point_estimate_sets_mean_and_width() -> None:
    """PERT: mean (2 + 4 x 5 + 14) / 6 = 6, sd (14 - 2) / 6 = 2."""
    demand = forecast(word("estimate", 5.0, low=2.0, high=14.0))
    assert demand.mean[0, 0] == pytest.approx(6)
    assert demand.level_cv2[0] >= (2 / 6) ** 2


def test_part_of_a_week_counts_by_its_days() -> None:
    timeline = Timeline(FIRST, Period.WEEK, 3)
    share = judgement.covered(timeline, FIRST + timedelta(days=5), FIRST + timedelta(days=8))
    np.testing.assert_allclose(share, [2 / 7, 2 / 7, 0])
    month = judgement.covered(Timeline(date(2024, 2, 1), Period.MONTH, 1), date(2024, 1, 20), date(2024, 3, 9))
    assert month.tolist() == [1.0]


def test_a_known_uplift_ahead_multiplies_its_day() -> None:
    event = CalendarEvent(FIRST + timedelta(days=DAYS + 2), "sale", "promotion", None, 3.0)
    np.testing.assert_allclose(forecast(calendar=(event,)).mean[0], [10, 10, 30, 10, 10, 10], rtol=1e-4)


def test_a_known_uplift_behind_is_taken_out_of_the_level() -> None:
    sales = sales_of([[10] * 10 + [40] + [10] * 9])
    event = CalendarEvent(FIRST + timedelta(days=10), "sale", "promotion", None, 4.0)
    known = replace(known_of(sales), calendar=(event,))
    mean = DiscountedRatio(0.1).fit(sales, known).demand(1, known).mean
    assert mean[0, 0] == pytest.approx(10, rel=1e-3)  # a hair of the prior is left


def test_an_uplift_of_a_region_speaks_for_the_location_of_that_name() -> None:
    event = CalendarEvent(FIRST + timedelta(days=DAYS), "fair", "festival", "north", 2.0)
    demand = forecast(calendar=(event,), places=("north", "south"))
    np.testing.assert_allclose(demand.mean[:2, 0], [20, 10], rtol=1e-4)


def test_a_day_lifts_its_week_by_a_seventh() -> None:
    event = CalendarEvent(FIRST, "sale", "promotion", None, 8.0)
    lift = judgement.uplift(Timeline(FIRST, Period.WEEK, 2), (event,), ("main",))
    np.testing.assert_allclose(lift, [[2.0, 1.0]])
