"""Rolling origins: where they lie, that nothing after them is seen, and that the better model wins."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.forecast.baselines import MovingAverage, Naive
from orderpoint.ingest.bucketing import bucket
from orderpoint.ingest.intake import read
from orderpoint.ingest.snapshot import SnapshotOptions, state_of
from orderpoint.optimize.textbook import TextbookLevel
from orderpoint.plan.backtest_tables import backtest_table, steps_table, worst
from orderpoint.plan.forecast_backtest import BacktestCase, backtest, rolling_origins
from orderpoint.simulate.world import WorldSettings, invent, write


@given(st.integers(1, 400), st.integers(1, 40), st.integers(1, 12))
def test_origins_are_a_horizon_apart_and_leave_room_on_both_sides(periods: int, horizon: int, most: int) -> None:
    origins = rolling_origins(periods, horizon, most)
    assert len(origins) <= most
    assert all(b - a == horizon for a, b in itertools.pairwise(origins))
    if origins:
        assert origins[-1] == periods - horizon
        assert origins[0] >= max(2, min(3 * horizon, periods // 3))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> BacktestCase:
    folder = tmp_path_factory.mktemp("backtest") / "shop"
    write(invent(WorldSettings(items=30, locations=1, days=300, seed=4)), folder)
    reading = read([folder])
    sales = bucket(reading).sales
    state = state_of(reading, sales, SnapshotOptions())
    models = {"naive": Naive(), "moving average": MovingAverage(28)}
    policy = TextbookLevel(0.95)
    return BacktestCase(sales, state.known, state.snapshot, models, policy, origins=3, horizon=14, span=10)


def test_on_daily_sales_the_mean_of_many_days_beats_the_last(case: BacktestCase) -> None:
    table = backtest_table(backtest(case))
    whole = table.filter(by="all")
    naive, mean = whole.to_dicts()
    assert (naive["model"], mean["model"]) == ("naive", "moving average")
    assert naive["value_added_wql"] == 0.0
    assert mean["value_added_wql"] > 0.1
    assert mean["wrmsse"] < naive["wrmsse"]
    assert 0 < mean["cost"] < naive["cost"]
    assert {"all", "volume"} <= set(table["by"])


def test_what_comes_after_an_origin_is_not_seen_before_it(case: BacktestCase) -> None:
    done = backtest(replace(case, origins=1))
    sales, origin = case.sales, done.origins[0]
    other = sales.quantity.copy()
    other[:, origin:] += 50
    again = backtest(replace(case, origins=1, sales=replace(sales, quantity=other)))
    for a, b in zip(done.models, again.models, strict=True):
        assert (a.last.mean == b.last.mean).all()
        assert (a.scored[0].absolute != b.scored[0].absolute).any()


def test_steps_and_worst_series_agree_with_the_scores(case: BacktestCase) -> None:
    done = backtest(case)
    steps = steps_table(done).filter(model="naive")
    sums = np.sum([s.by_step for s in done.models[0].scored], axis=0)
    assert steps["wape"].to_numpy() == pytest.approx(sums[:, 2] / sums[:, 0], abs=1e-6)
    costs = case.snapshot.costs
    price = np.where(np.isfinite(costs.price), costs.price, costs.unit_cost)
    lost = np.sum([s.absolute for s in done.models[0].scored], axis=0) * price
    assert worst(done, done.models[0], 1) == [int(np.argmax(lost))]


def test_a_history_without_room_for_an_origin_is_refused(case: BacktestCase) -> None:
    with pytest.raises(ValueError, match="too few"):
        backtest(replace(case, horizon=298))
