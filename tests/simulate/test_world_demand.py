"""The truth is what it says: festivals lift and sag, elasticities and rates come back out, counts have their law."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from orderpoint.simulate.world import World, WorldSettings, festivals, fitted, invent, prices
from orderpoint.simulate.world import demand as demand_room
from orderpoint.simulate.world.draws import key_of, negative_binomial, normal, poisson, uniform


@pytest.fixture(scope="module")
def world() -> World:
    return invent(WorldSettings(items=400, locations=3, days=913, seed=11))


def day_number(world: World, day: dt.date) -> int:
    return (day - world.settings.first_day).days


def demand_at(world: World, location: str) -> np.ndarray:
    """Demand of each day at one place, all items together."""
    rows = (world.truth.series["location"] == location).to_numpy()
    return world.truth.demand[rows].sum(axis=0)


@pytest.mark.parametrize("year", [2023, 2024])
@pytest.mark.parametrize(
    ("key", "location", "least", "most_after"),
    [("1111", "hangzhou", 2.5, 0.95), ("618", "hangzhou", 1.8, 0.97), ("black", "newark", 1.8, 1.0)],
)
def test_a_festival_lifts_demand_and_a_slump_follows(
    world: World, year: int, key: str, location: str, least: float, most_after: float
) -> None:
    demand = demand_at(world, location)
    peak = day_number(world, festivals.starts(key, year))
    length = festivals.FESTIVALS[key].length_days
    usual = demand[peak - 42 : peak - 14].mean()
    assert demand[peak : peak + length].mean() > least * usual
    assert demand[peak + length : peak + length + 7].mean() < most_after * usual


def test_a_festival_lifts_its_own_region_most(world: World) -> None:
    peak = day_number(world, dt.date(2024, 11, 11))
    lift = {}
    for place in ("hangzhou", "leipzig", "newark"):
        demand = demand_at(world, place)
        lift[place] = demand[peak] / demand[peak - 42 : peak - 14].mean()
    assert lift["hangzhou"] > 1.5 * lift["leipzig"]
    assert lift["leipzig"] > 1.0


def test_spring_festival_is_a_trough_with_a_rise_before_it(world: World) -> None:
    demand = demand_at(world, "hangzhou")
    start = day_number(world, festivals.lunar_new_year(2024))
    usual = demand[start - 50 : start - 25].mean()
    assert demand[start - 2 : start + 6].mean() < 0.75 * usual
    assert demand[start - 7 : start - 2].mean() > 1.05 * usual


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2023, dt.date(2023, 11, 24)),
        (2024, dt.date(2024, 11, 29)),
        (2025, dt.date(2025, 11, 28)),
        (2029, dt.date(2029, 11, 23)),
    ],
)
def test_black_friday_is_the_day_after_the_fourth_thursday(year: int, day: dt.date) -> None:
    assert festivals.starts("black", year) == day


def test_lunar_new_years_are_new_moons() -> None:
    """From year to year 12 or 13 moons of 29.53 days go by, and the day lies between 21 January and 20 February."""
    days = list(festivals.LUNAR_NEW_YEAR.values())
    moons = [(b - a).days / 29.530588 for a, b in itertools.pairwise(days)]
    assert all(abs(m - round(m)) < 0.05 and round(m) in (12, 13) for m in moons)
    assert all((1, 21) <= (d.month, d.day) <= (2, 20) for d in days)


def test_elasticity_comes_back_out_of_truth_and_prices(world: World) -> None:
    """Log expected demand on log prices, the dip after a cut, the season and a drift by weeks: the hidden numbers."""
    settings, catalog, seasons = world.settings, world.blueprint.catalog, world.blueprint.seasons
    asked = prices.make(settings, catalog, seasons, 0, settings.items)
    day = np.arange(settings.days)
    knots = np.maximum(0.0, 1.0 - np.abs(day[:, None] - np.arange(0, settings.days + 7, 7)) / 7.0)
    steady = np.flatnonzero((catalog.launch_day < 0) & (catalog.end_day > settings.days + 130))[:40]
    found = []
    for item in steady:
        category, depth = catalog.category[item], asked.depth[item, day]
        last_cut = np.maximum.accumulate(np.where(depth > 0, day, -1))
        dip = np.where((depth == 0) & (last_cut >= 0) & (day - last_cut <= 7), depth[last_cut], 0.0)
        own, rival = (np.log(values[item, day]) for values in (asked.price, asked.rival))
        design = np.column_stack([own, rival, dip, seasons.log_year[category, day], knots])
        log_expected = np.log(world.truth.expected[item * settings.locations].astype(float))
        target = log_expected - seasons.log_day[category, 0, day]
        found.append(np.linalg.solve(design.T @ design, design.T @ target)[:4])
    own, rival, dip, season = np.array(found).T
    np.testing.assert_allclose(own, catalog.elasticity[steady], atol=1e-3)
    np.testing.assert_allclose(rival, catalog.rival_elasticity[steady], atol=1e-3)
    np.testing.assert_allclose(dip, 10.0 * fitted.AFTER_PROMOTION_LOG_DIP, atol=1e-2)
    assert np.corrcoef(season, catalog.season_strength[steady])[0, 1] > 0.5


def test_promotions_lift_as_rossmann_says(world: World) -> None:
    """The mean log depth of a plain promotion at the mean elasticity is the fitted uplift."""
    depth = np.array(fitted.PROMOTION_DEPTHS)
    assert -fitted.ELASTICITY_MEAN * -np.log(1 - depth).mean() == pytest.approx(fitted.PROMOTION_LOG_UPLIFT, abs=0.005)
    shown = world.sales.filter(pl.col("promotion") > 0)
    assert 0.05 < shown.height / world.sales.height < 0.4


def test_expected_demand_is_the_product_of_its_parts(world: World) -> None:
    """The compiled kernel against a plain sum of logs, with the drift walked week by week."""
    settings, catalog = world.settings, world.blueprint.catalog
    asked = prices.make(settings, catalog, world.blueprint.seasons, 0, 20)
    weekly = fitted.DRIFT_MONTHLY_CORRELATION ** (7.0 / 30.4)
    for item in range(20):
        for place in range(3):
            key = np.uint64(key_of(settings.seed, 22, item * 64 + place))
            level = [fitted.DRIFT_SD * normal(key, 0)]
            for week in range(1, settings.days // 7 + 2):
                level.append(weekly * level[-1] + fitted.DRIFT_SD * np.sqrt(1 - weekly**2) * normal(key, week))
            drift = np.interp(np.arange(settings.days) / 7.0, np.arange(len(level)), level)
            log = (
                catalog.log_rate[item, place]
                + world.blueprint.seasons.log_day[catalog.category[item], place, : settings.days]
            )
            expected = np.exp(log + asked.log_factor[item, : settings.days].astype(float) + drift)
            np.testing.assert_allclose(world.truth.expected[item * 3 + place], expected, rtol=1e-5)


def test_demand_is_unbiased_and_overdispersed(world: World) -> None:
    expected, demand = world.truth.expected.astype(float), world.truth.demand
    size = world.blueprint.catalog.size.ravel()[:, None]
    variance = expected + expected**2 / size
    live = expected > 0
    z = (demand - expected)[live] / np.sqrt(variance[live])
    assert abs(z.mean()) < 4 / np.sqrt(live.sum())
    assert z.std() == pytest.approx(1.0, abs=0.03)


def test_rates_and_zero_days_are_those_of_m5(world: World) -> None:
    """The share of days without demand is no input; the fitted rates and spreads give it back."""
    live = world.truth.expected > 0
    assert (world.truth.demand[live] == 0).mean() == pytest.approx(fitted.ZERO_SHARE, abs=0.03)
    assert world.blueprint.catalog.log_rate.std() == pytest.approx(fitted.LOG_RATE_SD, rel=0.1)


def test_stockouts_hide_demand(world: World) -> None:
    empty = world.truth.history.out_of_stock == 1
    assert (
        world.truth.demand[empty].sum()
        > 1.5 * (world.truth.history.sold - world.truth.history.switched_in)[empty].sum()
    )


def test_launches_rise_and_ends_of_life_decline(world: World) -> None:
    catalog, settings = world.blueprint.catalog, world.settings
    expected = world.truth.expected.reshape(settings.items, settings.locations, settings.days).sum(axis=1)
    new = np.flatnonzero((catalog.launch_day > 30) & (catalog.launch_day < settings.days - 150) & (catalog.hype < 0.3))
    old = np.flatnonzero((catalog.end_day > 300) & (catalog.end_day < settings.days))
    assert len(new) > 5
    assert len(old) > 5
    start, later = (
        np.mean([expected[i, catalog.launch_day[i] + a : catalog.launch_day[i] + a + 28].sum() for i in new])
        for a in (0, 100)
    )
    assert later > 1.2 * start
    assert all((expected[i, : catalog.launch_day[i]] == 0).all() for i in new)
    assert all((expected[i, catalog.end_day[i] :] == 0).all() for i in old)
    full_price = np.mean([expected[i, catalog.end_day[i] - 62 - 28 : catalog.end_day[i] - 62].sum() for i in old])
    before = np.mean([expected[i, catalog.end_day[i] - 160 : catalog.end_day[i] - 132].sum() for i in old])
    assert full_price < before


def test_a_successor_begins_a_month_before_its_forerunner_ends(world: World) -> None:
    pairs = world.items.filter(pl.col("replaces").is_not_null()).join(
        world.items.select("item", ended="end_of_life"), left_on="replaces", right_on="item"
    )
    assert pairs.height > 5
    assert ((pairs["ended"] - pairs["launch"]).dt.total_days() == 30).all()


@given(u=st.floats(1e-9, 1 - 1e-9), mean=st.floats(1e-3, 400.0), size=st.floats(0.25, 60.0))
def test_counts_invert_the_negative_binomial(u: float, mean: float, size: float) -> None:
    expected = stats.nbinom.ppf(u, size, size / (size + mean))
    count = negative_binomial(u, mean, size)
    edge = min(abs(stats.nbinom.cdf(k, size, size / (size + mean)) - u) for k in (expected - 1, expected))
    assert count == expected or (abs(count - expected) == 1 and edge < 1e-11)


@given(u=st.floats(0.001, 0.999), mean=st.floats(2e3, 1e6))
def test_great_counts_are_within_a_thousandth(u: float, mean: float) -> None:
    """Where the chance of zero underflows, the approximation is close to the exact quantile."""
    size = 700.0 / np.log1p(mean / 60.0) + 60.0
    exact = stats.nbinom.ppf(u, size, size / (size + mean))
    assert negative_binomial(u, mean, size) == pytest.approx(exact, rel=2e-3)


@given(u=st.floats(1e-9, 1 - 1e-9), mean=st.floats(1e-3, 300.0))
def test_returns_invert_the_poisson(u: float, mean: float) -> None:
    expected = stats.poisson.ppf(u, mean)
    count = poisson(u, mean)
    edge = min(abs(stats.poisson.cdf(k, mean) - u) for k in (expected - 1, expected))
    assert count == expected or (abs(count - expected) == 1 and edge < 1e-11)


def test_draws_are_even_normal_and_independent() -> None:
    key = np.uint64(key_of(1, 2, 3))
    u = np.array([uniform(key, k) for k in range(20_000)])
    z = np.array([normal(np.uint64(key_of(1, 2, 4)), k) for k in range(20_000)])
    assert stats.kstest(u, "uniform").pvalue > 0.001
    assert stats.kstest(z, "norm").pvalue > 0.001
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.03
    neighbours = np.array([uniform(np.uint64(key_of(1, 2, series)), 0) for series in range(20_000)])
    assert stats.kstest(neighbours, "uniform").pvalue > 0.001


def test_future_goes_on_where_the_past_ends(world: World) -> None:
    future = world.future(56)
    assert future.dates[0] == world.settings.today
    assert future.demand.shape == (1200, 56)
    past, ahead = world.truth.expected[:, -1], future.expected[:, 0]
    both = (past > 0.5) & (ahead > 0)
    assert np.median(np.abs(np.log(ahead[both] / past[both]))) < 0.4
    np.testing.assert_array_equal(future.on_hand, world.truth.history.closing[:, -1])
    np.testing.assert_array_equal(world.future(28).demand, future.demand[:, :28])
    assert future.demand.sum() == pytest.approx(future.expected.sum(), rel=0.05)


def test_other_paths_share_the_morning_and_not_the_luck(world: World) -> None:
    here, there = world.future(56), world.future(56, path=1)
    assert not np.array_equal(here.demand, there.demand)
    live = (here.expected > 0).all(axis=1)
    apart = np.abs(np.log(there.expected[live] / here.expected[live])).mean(axis=0)
    first, last = apart[0], apart[42]
    assert first < 0.05 < last
    np.testing.assert_array_equal(here.receipts, there.receipts)


def test_future_knows_the_real_arrivals(world: World) -> None:
    future = world.future(200)
    still = world.truth.orders.filter(pl.col("arrives") >= world.settings.today)
    assert (
        future.receipts.sum()
        == still.filter(pl.col("arrives") < world.settings.today + dt.timedelta(days=200))["quantity"].sum()
    )
    assert future.receipts.sum() > 0
    assert future.lead_days.min() >= 1
    assert future.may_order.any(axis=0)[0]


@pytest.mark.parametrize(("days", "path", "word"), [(0, 0, "days"), (366, 0, "days"), (10, -1, "path")])
def test_a_future_out_of_reach_is_refused(world: World, days: int, path: int, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        world.future(days, path)


def test_the_kernel_makes_the_same_days_from_any_start(world: World) -> None:
    plan = world.blueprint
    asked = prices.make(world.settings, plan.catalog, plan.seasons, 0, 4)
    late = demand_room.make(world.settings, plan.catalog, plan.seasons, asked, demand_room.Span(0, 4, 300, 400, 913))
    np.testing.assert_array_equal(late.units, world.truth.demand[:12, 300:400])
