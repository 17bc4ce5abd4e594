"""Forecasts of the past know nothing that was written later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from orderpoint.domain.calendar import Period
from orderpoint.domain.catalog import Status
from orderpoint.forecast.newitems import WithLaunches
from orderpoint.forecast.smoothing import DiscountedRatio
from orderpoint.plan.hindsight import ForecastWith, known_then
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Override
from orderpoint.tables.sales import State
from tests.forecast.builders import FIRST, known_of, sales_of
from tests.forecast.launch_worlds import replaced


def test_overrides_are_left_out() -> None:
    sales = sales_of(np.full((1, 60), 4.0))
    day = FIRST + timedelta(days=50)
    word = Override("i000", None, day, day, "set", 500.0, None, None, "Ann", "hope")
    known = replace(known_of(sales), overrides=(word,))
    past = sales_before(sales, 50)
    told, bare = (ForecastWith(DiscountedRatio(0.1), k)(past, 7).mean for k in (known, known_of(sales)))
    np.testing.assert_array_equal(told, bare)


def test_what_is_discontinued_today_was_active_while_it_sold() -> None:
    quantity = np.full((3, 60), 4.0)
    quantity[1, 20:] = 0.0
    sales = sales_of(quantity, period=Period.WEEK)
    known = known_of(sales)
    gone = (Status.DISCONTINUED, Status.DISCONTINUED, Status.ACTIVE)
    known = replace(known, catalog=replace(known.catalog, status=gone))
    then = known_then(known, sales_before(sales, 40)).catalog.status
    assert then == (Status.ACTIVE, Status.DISCONTINUED, Status.ACTIVE)


def test_a_successor_of_today_takes_nothing_over_before_it_came() -> None:
    """The old item sold thirty a week until week 50; the new one, of which no date is known, has sold since."""
    quantity = np.random.default_rng(3).poisson(5.0, (12, 60)).astype(np.float32)
    state = np.full(quantity.shape, State.OBSERVED, np.uint8)
    quantity[10, :50], quantity[11, 50:] = 30.0, 30.0
    state[10, 50:] = state[11, :50] = State.OFF
    sales, known = replaced(quantity, state, status=(Status.DISCONTINUED, Status.ACTIVE))
    mean = ForecastWith(WithLaunches(DiscountedRatio(0.1)), known)(sales_before(sales, 40), 4).mean
    np.testing.assert_allclose(mean[10], 30.0, rtol=0.05)
