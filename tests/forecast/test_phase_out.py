"""Falls are found, rarely where there are none, and what remains is foretold; successors inherit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from orderpoint.domain.calendar import Period
from orderpoint.domain.catalog import Status
from orderpoint.forecast.newitems import Launches, WithLaunches, phase_outs
from orderpoint.forecast.newitems.decline import detect
from orderpoint.forecast.smoothing import DiscountedRatio
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.sales import State
from tests.forecast.builders import FIRST, known_of, sales_of
from tests.forecast.launch_worlds import AHEAD, WEEKS, launches, replaced, transform, truth_of

BASE = DiscountedRatio()
STEADY = 400


@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_steady_series_are_called_falling_as_rarely_as_stated(spread: float) -> None:
    """20,000 steady series, 1 % allowed: at most 200 but for chance, fewer of Poisson counts (no ratio is below 1)."""
    rng = np.random.default_rng(1)
    shape = 8.0 / (spread - 1.0) if spread > 1 else np.inf
    rate = 8.0 * (rng.gamma(shape, 1 / shape, (20_000, 26)) if spread > 1 else np.ones((20_000, 26)))
    found = detect(rng.poisson(rate).astype(float), np.ones((20_000, 26)), 0.01)
    assert 60 <= found.falling.sum() <= 260


def test_falling_series_are_found_with_their_rate() -> None:
    rng = np.random.default_rng(2)
    t = np.arange(26) - 25
    found = detect(rng.poisson(5.0 * np.exp(-0.08 * t), (500, 26)).astype(float), np.ones((500, 26)), 0.001)
    assert found.falling.mean() > 0.98
    assert found.rate.mean() == pytest.approx(-0.08, abs=0.003)
    assert np.exp(found.level).mean() == pytest.approx(5.0, rel=0.03)
    assert found.rate.std() == pytest.approx(np.sqrt(found.rate_var.mean()), rel=0.15)


def test_rising_and_scarce_series_are_not_called_falling() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(26)
    rising = detect(rng.poisson(3.0 * np.exp(0.1 * t), (50, 26)).astype(float), np.ones((50, 26)), 0.01)
    assert not rising.falling.any()
    assert not detect(np.where(t < 8, 2.0, 0.0)[None], np.ones((1, 26)), 0.01).falling.any()  # 16 units in all


def fall(seed: int) -> tuple[Any, Any]:
    """STEADY steady series, and sixty that lose 5 % a week over the last 30 weeks: sales, and all that will come."""
    rng = np.random.default_rng(seed)
    t = np.arange(WEEKS + 400)
    rate = np.full((STEADY + 60, len(t)), 20.0)
    rate[STEADY:] *= np.exp(-0.05 * np.maximum(t - (WEEKS - 30), 0))
    sold = rng.poisson(rate)
    return sales_of(sold[:, :WEEKS], period=Period.WEEK), sold[:, WEEKS:]


def test_remaining_demand_has_an_honest_distribution_and_a_date() -> None:
    sales, came = fall(4)
    out = phase_outs(sales, known_of(sales))
    assert len(out.rows) >= 55
    falls = out.rows[out.rows >= STEADY]
    assert len(falls) >= len(out.rows) - 3
    keep = out.rows >= STEADY
    left = came[falls].sum(axis=1)
    inside = np.abs(transform(out.remaining, np.pad(left, (len(keep) - len(left), 0)).astype(float)) - 0.5)[keep]
    assert 0.8 <= (inside <= 0.45).mean() <= 1.0
    assert np.median(out.remaining.means()[keep]) == pytest.approx(left.mean(), rel=0.2)
    # Truth: 20 e^-1.5 e^(-0.05 k) / (1 - e^-0.05) = 1 unit, k = 90 weeks.
    weeks = [(day - sales.timeline.end).days / 7 for day, k in zip(out.last_day, keep, strict=True) if k and day]
    assert 60 < np.median(weeks) < 130


def test_a_fall_goes_on_in_the_forecast() -> None:
    sales, came = fall(5)
    rows = np.arange(STEADY, STEADY + 60)
    error = []
    for forecaster in (BASE, WithLaunches(BASE, Launches(false_alarms=0.001))):
        mean = forecaster.fit(sales, known_of(sales)).demand(26, known_of(sales)).mean
        error.append(abs(mean[rows].sum() - came[rows, :26].sum()) / came[rows, :26].sum())
    assert error[1] < 0.15 < error[0]


def test_where_all_levels_wander_few_are_called_falling() -> None:
    """Random walks of 8 % a week: taken for steady ones, many would be called falling."""
    rng = np.random.default_rng(8)
    rate = 20.0 * np.exp(rng.normal(0.0, 0.08, (400, WEEKS)).cumsum(axis=1))
    sales = sales_of(rng.poisson(rate), period=Period.WEEK)
    blind = detect(sales.quantity[:, -26:].astype(float), np.ones((400, 26)), 0.001)
    assert len(phase_outs(sales, known_of(sales)).rows) < 12 < blind.falling.sum()


def test_a_short_history_has_no_falls() -> None:
    sales = sales_of(np.full((3, 20), 5.0), period=Period.WEEK)
    assert len(phase_outs(sales, known_of(sales)).rows) == 0
    with pytest.raises(ValueError, match="false_alarms"):
        phase_outs(sales, known_of(sales), 0.7)


def succession(weeks_seen: int, end_ahead: int | None, status: Status = Status.ACTIVE) -> Any:
    """Twelve steady items; the last two are a new item and the old one it replaces, of 30 a week together."""
    rng = np.random.default_rng(6)
    n = 12
    launch = np.full(n, -200)
    launch[n - 1] = WEEKS - weeks_seen
    rate = np.repeat(np.array([[5.0] * (n - 2) + [30.0, 0.0]]).T, WEEKS + AHEAD, axis=1)
    if weeks_seen:
        rate[n - 2, WEEKS - weeks_seen :], rate[n - 1, WEEKS - weeks_seen :] = 9.0, 21.0
    truth = truth_of(rng, rate, launch, np.zeros(n, np.int64), slice(n - 1, n))
    items = truth.sales.index.items
    end = None if end_ahead is None else FIRST + timedelta(days=7 * (WEEKS + end_ahead) - 1)
    catalog = replace(
        truth.known.catalog,
        replaces=(None,) * (n - 1) + (items[n - 2],),
        end_of_life=(None,) * (n - 2) + (end, None),
        status=(Status.ACTIVE,) * (n - 2) + (status, Status.ACTIVE),
    )
    return WithLaunches(BASE).fit(truth.sales, replace(truth.known, catalog=catalog)).demand(AHEAD, truth.known).mean


def test_a_successor_inherits_what_the_old_item_sold() -> None:
    mean = succession(0, None, Status.DISCONTINUED)
    np.testing.assert_allclose(mean[11], 30.0, rtol=0.15)
    assert (mean[10] == 0).all()


def test_side_by_side_both_share_and_the_end_hands_over() -> None:
    mean = succession(6, 3)
    np.testing.assert_allclose(mean[11, :3], 21.0, rtol=0.2)
    np.testing.assert_allclose(mean[11, 3:], 30.0, rtol=0.2)
    np.testing.assert_allclose(mean[10, :3], 9.0, rtol=0.3)
    assert (mean[10, 3:] == 0).all()


def test_together_they_are_forecast_at_what_both_sold() -> None:
    for weeks, end in ((0, 4), (2, None), (6, 3)):
        mean = succession(weeks, end)
        np.testing.assert_allclose(mean[10] + mean[11], 30.0, rtol=0.15)


def test_an_heir_of_next_year_takes_nothing_of_a_launch_today() -> None:
    """A young item is forecast by its like and its curve, whether something is announced to replace it or not."""
    truth = launches(7, 8)
    sales, young = truth.sales, int(np.arange(len(truth.sales.index))[truth.new][0])
    items, n, line = sales.index.items, len(sales.index.items), sales.timeline
    quantity = np.concatenate([sales.quantity, np.zeros((1, line.count), np.float32)])
    state = np.concatenate([sales.state, np.full((1, line.count), State.OFF, np.uint8)])
    more = replace(sales_of(quantity, state, Period.WEEK), timeline=line)
    was = truth.known.catalog
    catalog = replace(
        Catalog.bare(more.index.items),
        name=(*was.name, "tin heir"),
        category=(*was.category, None),
        launch=(*was.launch, line.start(WEEKS + 52)),
        replaces=(None,) * n + (items[young],),
    )
    forecaster = WithLaunches(BASE)
    alone = forecaster.fit(sales, truth.known).demand(AHEAD, truth.known).mean[young]
    known = replace(truth.known, catalog=catalog)
    beside = forecaster.fit(more, known).demand(AHEAD, known).mean
    np.testing.assert_allclose(beside[young], alone, rtol=0.02)
    assert not np.allclose(alone, BASE.fit(sales, truth.known).demand(AHEAD, truth.known).mean[young], rtol=0.05)
    assert (beside[n] == 0).all()


@pytest.mark.parametrize("weeks", [0, 2, 60])
def test_several_heirs_share_what_the_old_item_sold(weeks: int) -> None:
    """Two heirs, new, young or long there: until the old one ends in three weeks and after, all sell what they sold."""
    rng = np.random.default_rng(12)
    quantity = rng.poisson(5.0, (13, WEEKS)).astype(np.float32)
    state = np.full(quantity.shape, State.OBSERVED, np.uint8)
    quantity[10:] = rng.poisson(30.0, (3, WEEKS))
    launch = WEEKS - weeks
    state[11:, :launch] = State.OFF
    quantity[10, launch:] = rng.poisson(10.0, weeks)
    quantity[11:, launch:] = rng.poisson(10.0, (2, weeks))
    end, begin = (FIRST + timedelta(weeks=week) for week in (WEEKS + 2, launch))
    sales, known = replaced(quantity, state, end_of_life=(end, None, None), launch=(None, begin, begin))
    mean = WithLaunches(BASE).fit(sales, known).demand(6, known).mean
    np.testing.assert_allclose(mean[10:].sum(axis=0), 30.0, rtol=0.15)
    np.testing.assert_allclose(mean[11], mean[12], rtol=0.3)
    assert (mean[10, 3:] == 0).all()


def test_an_old_item_that_has_long_ended_is_not_added_to_its_successor() -> None:
    """Thirty a week of the old until it ended twenty weeks ago, twenty-one of the new since: that is what it sells."""
    quantity = np.random.default_rng(10).poisson(5.0, (12, 100)).astype(np.float32)
    state = np.full(quantity.shape, State.OBSERVED, np.uint8)
    quantity[10, :80], quantity[11, 80:] = 30.0, 21.0
    state[10, 80:] = state[11, :80] = State.OFF
    end, begin = (FIRST + timedelta(weeks=week) for week in (79, 80))
    sales, known = replaced(quantity, state, end_of_life=(end, None), launch=(None, begin))
    mean = WithLaunches(BASE).fit(sales, known).demand(4, known).mean
    np.testing.assert_allclose(mean[11], 21.0, rtol=0.2)
    assert (mean[10] == 0).all()


def test_nothing_is_sold_after_the_end_of_life() -> None:
    quantity = np.random.default_rng(9).poisson(20, (3, 60))
    sales = sales_of(quantity, period=Period.WEEK)
    known = known_of(sales)
    line = sales.timeline
    ends = (None, line.start(40), line.start(62))
    ended = replace(known, catalog=replace(known.catalog, end_of_life=ends))
    fit = WithLaunches(BASE).fit(sales, known)
    plain, mean = fit.demand(6, known).mean, fit.demand(6, ended).mean
    np.testing.assert_array_equal(mean[0], plain[0])
    assert (mean[1] == 0).all()
    np.testing.assert_array_equal(mean[2], np.where(np.arange(6) <= 2, plain[2], 0.0))


def test_without_a_successor_the_same_new_item_is_forecast_by_its_like() -> None:
    truth = launches(7, 0)
    known = replace(truth.known, catalog=replace(truth.known.catalog, replaces=("nobody",) * len(truth.sales.index)))
    one = WithLaunches(BASE).fit(truth.sales, known).demand(2, known)
    other = WithLaunches(BASE).fit(truth.sales, truth.known).demand(2, truth.known)
    np.testing.assert_array_equal(one.mean, other.mean)
