"""Taking a forecast apart costs one forecast for each kind of knowledge there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.base import Fitted
from orderpoint.forecast.features.planned import held
from orderpoint.forecast.smoothing import DiscountedRatio
from orderpoint.plan.forecast_parts import PARTS, forecast_parts
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import CalendarEvent, Known
from tests.forecast.builders import known_of, sales_of

ALL = np.arange(1)


class Counted:
    """A fitted forecaster that counts its calls, and doubles demand where a price of 5 is in force."""

    def __init__(self, base: Fitted) -> None:
        self.base, self.calls = base, 0

    def demand(self, periods: int, known: Known) -> Demand:
        self.calls += 1
        said = self.base.demand(periods, known)
        cheap = known.prices is not None and known.prices.sort("date")["price"][-1] == 5.0
        return replace(said, mean=said.mean * (2.0 if cheap else 1.0))


def test_each_kind_of_knowledge_is_forecast_once() -> None:
    sales = sales_of(np.full((1, 60), 4.0))
    known, today = known_of(sales), sales.timeline.end
    fair = CalendarEvent(today + timedelta(days=2), "fair", uplift_factor=3.0)
    for given, calls in ((known, 1), (replace(known, calendar=(fair,)), 2)):
        fitted = Counted(DiscountedRatio(0.1).fit(sales, known))
        found = forecast_parts(fitted, sales, given, ALL, 7)
        assert fitted.calls == calls
        assert sum(found.parts.values()) == pytest.approx(found.mean)
        assert found.parts["event"].sum() == pytest.approx(8.0 * (calls - 1))


def test_a_price_ahead_is_held_against_the_last_one_without_promotion() -> None:
    """The promotion of today ends in what is called usual; the planned price of 5 is a part of its own."""
    sales = sales_of(np.full((1, 60), 4.0))
    today = sales.timeline.end
    days = [today - timedelta(days=50), today - timedelta(days=3), today + timedelta(days=1)]
    rows = {"date": days, "item": ["i000"] * 3, "price": [10.0, 5.0, 5.0], "promotion": [0.0, 0.5, 0.0]}
    known = replace(known_of(sales), prices=pl.DataFrame(rows))
    found = forecast_parts(Counted(DiscountedRatio(0.1).fit(sales, known)), sales, known, ALL, 7)
    assert found.parts["price"] == pytest.approx(4.0)
    assert sum(np.abs(found.parts[name]).sum() for name in PARTS[5:]) == pytest.approx(0.0, abs=1e-9)


class Recording:
    """A fitted forecaster that keeps the tables of prices that it was asked with."""

    def __init__(self, base: Fitted) -> None:
        self.base, self.asked = base, []

    def demand(self, periods: int, known: Known) -> Demand:
        self.asked.append(known.prices)
        return self.base.demand(periods, known)


def test_a_cut_of_today_and_one_of_tomorrow_are_both_prices_and_the_newest_row_holds() -> None:
    """One item at two places: a local price of January, a general one since, and cuts that run and that come."""
    sales = sales_of(np.full((2, 60), 4.0), places=("east", "west"))
    today, days = sales.timeline.end, Timeline(sales.timeline.end, Period.DAY, 6)
    at = [today - timedelta(days=d) for d in (50, 30, 2)] + [today, today + timedelta(days=3)]
    rows = {
        "date": at,
        "item": ["i000"] * 5,
        "location": ["east", None, "west", None, "east"],
        "price": [9.0, 10.0, 8.0, 11.0, 7.0],
        "promotion": [0.0, 0.0, 0.2, 0.0, 0.3],
    }
    known = replace(known_of(sales), prices=pl.DataFrame(rows))
    fitted = Recording(DiscountedRatio(0.1).fit(sales, known))
    forecast_parts(fitted, sales, known, np.arange(2), 6)
    none, plain, all_told = (held(table, "price", sales.index, days) for table in fitted.asked)
    depths = [np.nan_to_num(held(table, "promotion", sales.index, days)).max() for table in fitted.asked]
    assert none.tolist() == [[10.0] * 6] * 2
    assert plain.tolist() == all_told.tolist() == [[11.0] * 3 + [7.0] * 3, [11.0] * 6]
    assert depths == pytest.approx([0.0, 0.0, 0.3])
