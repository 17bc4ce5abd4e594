"""Published forecasts held against what came: what is flagged, what is not, and what is done about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.drift.cusum import CUT, SLACK, alarms, limit
from orderpoint.forecast.drift.forgetting import Forgetting, shortened, window_that_helps
from orderpoint.forecast.drift.live import record_of
from orderpoint.forecast.drift.watch import EVERYTHING, Drift, recent, watch
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.smoothing import DiscountedRatio, SimpleSmoothing
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.contract import QUANTILE_COLUMNS
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Known
from orderpoint.tables.published import Published
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

MONDAY = date(2023, 1, 2)
WARM, WATCHED = 78, 26
SHOPS, ITEMS = 50, 12


def shop(quantity: np.ndarray, period: Period = Period.WEEK) -> tuple[Sales, Known]:
    index = SeriesIndex.of((f"I{k:04d}", "main") for k in range(len(quantity)))
    state = np.full(quantity.shape, State.OBSERVED, np.uint8)
    sales = Sales(index, Timeline(MONDAY, period, quantity.shape[1]), quantity.astype(np.float32), state)
    return sales, Known(Catalog.bare(index.items))


def published_weekly(sales: Sales, known: Known, forecaster: object, first: int) -> Published:
    """What a run at the end of every week from `first` on said of the week that followed."""
    weeks = np.arange(first, sales.timeline.count)
    said = [forecaster.fit(sales_before(sales, int(t)), known).demand(1, known) for t in weeks]  # type: ignore[attr-defined]
    mean = np.concatenate([d.mean for d in said], axis=1)
    quantiles = np.stack([np.concatenate([d.quantile(p) for d in said], axis=1) for p in QUANTILE_COLUMNS.values()])
    return Published(weeks, np.tile(weeks, (len(mean), 1)), mean, quantiles)


@pytest.fixture(scope="module")
def many() -> tuple[np.ndarray, np.ndarray]:
    """Weekly demand of SHOPS x ITEMS series, which share their shop's ups and downs, and each one's shop."""
    rng = np.random.default_rng(11)
    weeks = WARM + WATCHED
    rate = rng.lognormal(1.5, 0.8, (SHOPS, ITEMS, 1)) * rng.lognormal(0.0, 0.08, (SHOPS, 1, weeks))
    return rng.poisson(rate).reshape(-1, weeks), np.repeat([f"S{k:02d}" for k in range(SHOPS)], ITEMS)


def flagged(
    quantity: np.ndarray, of: np.ndarray, forecaster: object, came: np.ndarray | None = None
) -> dict[str, list[Drift]]:
    """Drifts of every shop, each watched by itself; `came`: what came where that is not what was learned from."""
    sales, known = shop(quantity)
    published = published_weekly(sales, known, forecaster, WARM)
    sales = shop(quantity if came is None else came)[0]
    record = record_of(published, sales, of, season=52)
    found = {}
    for name in np.unique(of):
        rows = np.flatnonzero(of == name)
        found[str(name)] = watch(record.filter(category=name), sales.take(rows), of[rows])
    return found


def test_stationary_shops_are_left_in_peace(many: tuple[np.ndarray, np.ndarray]) -> None:
    """Half a year of weekly runs of 50 shops: two false alarms at most (1300 shop-weeks, one in 1000 is meant)."""
    found = flagged(*many, SimpleSmoothing(0.1))
    assert sum(bool(drifts) for drifts in found.values()) <= 2


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_demand_that_doubles_or_halves_is_flagged_in_a_few_weeks(
    many: tuple[np.ndarray, np.ndarray], factor: float
) -> None:
    """Of 50 shops all are flagged within five weeks, and the day on which it began is told to a week or two."""
    rng = np.random.default_rng(12)
    broken = WARM + 10
    quantity = many[0].copy()
    quantity[:, broken:] = rng.poisson(quantity[:, broken:] * factor)
    first = [drifts[0] for drifts in flagged(quantity, many[1], SimpleSmoothing(0.1)).values() if drifts]
    line = Timeline(MONDAY, Period.WEEK, 1)
    late = [line.index_of(drift.found) - broken + 1 for drift in first]
    assert len(first) == SHOPS
    assert max(late) <= 5
    began = np.array([line.index_of(drift.began) for drift in first])
    assert np.median(np.abs(began - broken)) <= 1
    assert all((drift.ratio > 1) == (factor > 1) for drift in first)


@pytest.mark.proof
def test_the_portfolio_is_flagged_where_demand_doubled_and_nowhere_else(many: tuple[np.ndarray, np.ndarray]) -> None:
    rng = np.random.default_rng(111)
    quantity, of = many[0].copy(), many[1]
    doubled = np.arange(len(of)) < len(of) // 2
    quantity[doubled, WARM + 10 :] = rng.poisson(quantity[doubled, WARM + 10 :] * 2.0)
    found = {name for name, drifts in flagged(quantity, of, Portfolio()).items() if drifts}
    assert found == set(of[doubled].tolist())


def test_one_bad_week_raises_no_alarm(many: tuple[np.ndarray, np.ndarray]) -> None:
    came = many[0].copy()
    came[:, WARM + 12] *= 20
    found = flagged(*many, SimpleSmoothing(0.1), came)
    assert sum(bool(drifts) for drifts in found.values()) <= 4


def test_pages_sums_alarm_where_they_should() -> None:
    h = limit(1)
    assert limit(20) > h > CUT - SLACK
    assert alarms(np.array([50.0, *np.zeros(20)]), h) == []
    (up,) = alarms(np.array([0.0, 0.0, 3.0, 3.0, 3.0, np.nan]), 6.0)
    assert (up.began, up.at, up.up) == (2, 4, True)
    (down,) = alarms(np.full(5, -2.0), 6.0)
    assert (down.began, down.at, down.up) == (0, 4, False)


def test_the_mean_time_between_false_alarms_is_as_promised() -> None:
    """Siegmund's approximation, on normal errors, within a fifth."""
    z = np.random.default_rng(1).normal(size=100_000)
    assert len(z) / len(alarms(z, limit(1, 200.0))) == pytest.approx(200.0, rel=0.2)


def test_the_record_adds_up_what_came_and_what_was_said() -> None:
    sales, _ = shop(np.array([[4, 4, 6, 5], [0, 0, 2, 0], [9, 9, 9, 9]]))
    state = sales.state.copy()
    state[2, 2] = State.STOCKOUT
    sales = replace(sales, state=state)
    mean = np.array([[5.0, 5.0], [1.0, 1.0], [9.0, np.nan]])
    spread = np.linspace(-1.0, 1.0, 7)[:, None, None]
    published = Published(np.array([2, 3]), np.full((3, 2), 2), mean, mean[None] + spread)
    record = record_of(published, sales, np.array(["x", "x", "y"]), season=1)
    assert record.select("category", "cells", "demand", "forecast", "absolute", "naive_absolute", "within").rows() == [
        ("x", 2, 8.0, 6.0, 2.0, 4.0, 2),
        ("x", 2, 5.0, 6.0, 1.0, 1.0, 2),
    ], "stock was out in one cell of y, and nothing was said of the other"
    assert record["promised_absolute"].to_list() == pytest.approx([2 * 0.4375, 2 * 0.4375], rel=0.3)


def test_days_are_watched_by_whole_weeks() -> None:
    rng = np.random.default_rng(3)
    quantity = rng.poisson(8.0, (5, 7 * 60))
    quantity[:, 7 * 52 :] *= 2
    sales, _ = shop(quantity, Period.DAY)
    days = [sales.timeline.start(t) for t in range(7 * 50, 7 * 60 - 3)]
    record = pl.DataFrame({"date": days, "category": ["x"] * len(days)}).with_columns(
        demand=pl.Series(quantity[:, 7 * 50 : 7 * 60 - 3].sum(axis=0).astype(np.float64)), forecast=pl.lit(40.0)
    )
    (first, *_) = watch(record, sales, np.array(["x"] * 5))
    assert first.category == EVERYTHING
    assert abs(first.began - sales.timeline.start(7 * 52)).days <= 7
    assert 1.5 < first.ratio < 2.2
    assert recent([first], sales.timeline.end, weeks=13) == [first]
    assert recent([first], date(2030, 1, 1), weeks=13) == []


def test_a_shorter_history_is_taken_where_it_proves_better_and_only_there() -> None:
    rng = np.random.default_rng(4)
    rows = np.arange(40) < 20
    quantity = rng.poisson(20.0, (40, 104))
    quantity[:20, 99:] = rng.poisson(60.0, (20, 5))
    sales, known = shop(quantity)
    slow = DiscountedRatio(0.01)
    window = window_that_helps(slow, sales, known, rows, since=99)
    assert window == 5
    assert window_that_helps(slow, sales, known, ~rows, since=99) is None
    mean = Forgetting(slow, rows, window).fit(sales, known).demand(2, known).mean
    assert np.allclose(mean[:20].mean(), 60.0, rtol=0.1)
    assert np.allclose(mean[20:], slow.fit(sales, known).demand(2, known).mean[20:], rtol=2e-3)  # the prior is pooled
    assert shortened(sales, rows, 99).quantity[20:].sum() == sales.quantity[20:].sum()
