"""The compiled features give what their plain twin gives, and know nothing of what came after the origin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.features import past as pasts
from orderpoint.forecast.features.inputs import Recipe
from orderpoint.forecast.features.kernel import features
from orderpoint.forecast.features.layout import WINDOWS
from orderpoint.forecast.features.planned import plan_of
from orderpoint.forecast.features.rows import Draw, ahead_of, drawn, eligible
from orderpoint.forecast.features.when import EventNames, when_of
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales, State
from tests.forecast.builders import FIRST, sales_of
from tests.forecast.feature_twin import Twin

PRICES = {"date": pl.Date, "item": pl.String, "location": pl.String, "price": pl.Float64, "promotion": pl.Float64}
DRIVERS = {"date": pl.Date, "item": pl.String, "location": pl.String, "name": pl.String, "value": pl.Float64}


def shop(period: Period, periods: int, seed: int = 0) -> tuple[Sales, Known]:
    """Twelve items at two places in two categories, with gaps, stockouts, prices, promotions, events and a driver."""
    rng = np.random.default_rng(seed)
    quantity = rng.poisson(rng.gamma(0.7, 3.0, (24, 1)), (24, periods)).astype(np.float32)
    state = rng.choice([State.OBSERVED] * 8 + [State.OFF, State.STOCKOUT], quantity.shape).astype(np.uint8)
    state[3, : periods // 2] = State.OFF
    state[5] = State.OFF
    quantity[state == State.OFF] = 0
    sales = sales_of(quantity, state, period, ("north", "south"))
    days = [sales.timeline.start(t) for t in range(periods + 9)]
    prices = [
        {"date": days[t], "item": f"i{k:03d}", "location": place, "price": float(p), "promotion": float(p < 4)}
        for k in range(10)
        for place in ((None,) if k % 2 else ("north", "south"))
        for t, p in zip(rng.choice(periods, 12, replace=False), rng.integers(2, 9, 12), strict=True)
    ]
    rain = [
        {"date": day, "item": None, "location": place, "name": "rain", "value": float(rng.random())}
        for day in days
        for place in ("north", None)
    ]
    events = (CalendarEvent(days[20], "fair", "festival"), CalendarEvent(days[-3], "help", "benefit", "south"))
    catalog = replace(Catalog.bare(sales.index.items), category=("a",) * 6 + ("b",) * 6)
    return sales, Known(catalog, pl.DataFrame(prices, schema=PRICES), events, pl.DataFrame(rain, schema=DRIVERS))


def told(sales: Sales, known: Known, origins: Any, steps: int) -> tuple[Any, Any, Recipe, Any]:
    recipe = Recipe.of(sales, known, 5)
    past = pasts.learn(sales, known, WINDOWS[sales.timeline.period])
    inputs = recipe.inputs(past, sales, known, ahead=9)
    rows = ahead_of(np.arange(len(sales.index), dtype=np.int32), origins, steps)
    return features(inputs, rows, recipe.layout), rows, recipe, inputs


@pytest.mark.parametrize(("period", "periods"), [(Period.DAY, 400), (Period.WEEK, 120), (Period.MONTH, 40)])
@pytest.mark.parametrize("planned", [True, False])
def test_the_kernel_agrees_with_its_plain_twin(period: Period, periods: int, planned: bool) -> None:
    sales, known = shop(period, periods)
    if not planned:  # prices and promotions that were only seen on sales
        plan = plan_of(sales, known, sales.timeline)
        sales, known = replace(sales, price=plan.price, promotion=plan.promotion), replace(known, prices=None)
    matrix, rows, recipe, inputs = told(sales, known, (3, periods // 2, periods), 8)
    twin = Twin(inputs, recipe.layout)
    owner = rows.owner()
    for r in np.random.default_rng(1).choice(len(owner), 80, replace=False):
        plain = twin.row(int(owner[r]), int(rows.origin[r]), int(rows.target[r]))
        assert tuple(plain) == recipe.layout.names
        ours = dict(zip(recipe.layout.names, matrix[r].tolist(), strict=True))
        assert ours == pytest.approx(plain, rel=2e-5, abs=2e-5, nan_ok=True), (owner[r], rows.origin[r], rows.target[r])


def test_features_at_an_origin_know_nothing_of_later_sales() -> None:
    """Poison after the origin changes nothing, but for the belief in a level before any sale, which is the input's."""
    sales, known = shop(Period.DAY, 120)
    recipe = Recipe.of(sales, known, 5)
    past = pasts.learn(sales, known, WINDOWS[Period.DAY])
    rows = ahead_of(np.arange(24, dtype=np.int32), (60,), 8)
    before = features(recipe.inputs(past, sales, known), rows, recipe.layout)
    past.demand[:, 60:] = 1e9
    past.level[:, 61:] = 1e9
    past.sums[:, :, 61:] = 1e9
    assert np.array_equal(before, features(recipe.inputs(past, sales, known), rows, recipe.layout), equal_nan=True)


def test_rows_are_drawn_evenly_from_what_was_seen_and_never_peek() -> None:
    sales, known = shop(Period.DAY, 400)
    past = pasts.learn(sales, known, WINDOWS[Period.DAY])
    rows = drawn(past, Draw(14, 300, 28, 0.25, 0))
    owner, step = rows.owner(), rows.target - rows.origin + 1
    assert past.seen[owner, rows.target].all()
    assert rows.origin.min() >= 14
    assert rows.target.max() < 300
    assert (step >= 1).all()
    assert (step <= 28).all()
    assert len(owner) == pytest.approx(0.25 * eligible(past, 14, 300), rel=0.1)
    late = rows.target >= 100
    assert step[late].mean() == pytest.approx(14.5, abs=0.7)
    other = drawn(past, Draw(14, 300, 28, 0.25, 1))
    assert not np.array_equal(rows.target[:50], other.target[:50])


def test_a_day_on_which_a_place_was_closed_is_no_day_of_low_demand() -> None:
    quantity = np.random.default_rng(2).poisson(9.0, (24, 60)).astype(np.float32)
    quantity[::2, 30] = 0  # the whole of the north
    quantity[1, 40] = 0
    sales = sales_of(quantity, places=("north", "south"))
    past = pasts.learn(sales, Known(Catalog.bare(sales.index.items)), WINDOWS[Period.DAY])
    assert not past.seen[::2, 30].any()
    assert past.seen[1::2].all()


def test_a_price_holds_until_the_next_and_the_place_goes_before_all() -> None:
    sales = sales_of(np.ones((2, 10)), places=("north", "south"))
    rows = [(2, None, 5.0), (6, None, 6.0), (4, "south", 3.0)]
    table = [
        {"date": FIRST + timedelta(days=t), "item": "i000", "location": place, "price": p, "promotion": None}
        for t, place, p in rows
    ]
    known = Known(Catalog.bare(sales.index.items), prices=pl.DataFrame(table, schema=PRICES))
    plan = plan_of(sales, known, Timeline(FIRST, Period.DAY, 12))
    nan = float("nan")
    assert np.array_equal(plan.price[0], np.array([nan] * 2 + [5.0] * 4 + [6.0] * 6, np.float32), equal_nan=True)
    assert np.array_equal(plan.price[1, 2:8], np.array([5, 5, 3, 3, 6, 6], np.float32))
    assert plan.promotion.size == 0
    assert plan.ahead


def test_how_near_an_event_lies() -> None:
    """Days to the next and since the last, counted from the day asked for; a region speaks for its place alone."""
    line = Timeline(FIRST, Period.DAY, 20)
    calendar = (CalendarEvent(line.start(10), "fair", "festival"), CalendarEvent(line.start(4), "help", "benefit", "s"))
    names = EventNames.of(calendar, line)
    when = when_of(line, calendar, ("n", "s"), names)
    columns = dict(zip(names.columns(Period.DAY), np.moveaxis(when.table[when.row], 2, 0), strict=True))
    assert columns["festival_now"][0].tolist() == [0.0] * 10 + [1.0] + [0.0] * 9
    assert columns["festival_ahead"][0, 8] == 2
    assert columns["festival_since"][0, 13] == 3
    assert columns["benefit_now"][:, 4].tolist() == [0.0, 1.0]
    assert "event_code" not in columns  # one day of a name tells nothing that its kind does not
