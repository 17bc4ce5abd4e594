"""The default forecaster on the kinds of item that a shop has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.domain.calendar import Period
from orderpoint.forecast.baselines import MovingAverage, SeasonalNaive
from orderpoint.forecast.panel import rolling_origins
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.statistical import lag_coefficients
from orderpoint.forecast.statistical.lanes import FEATURES, LAG_WINDOWS
from orderpoint.tables.sales import State
from tests.forecast.builders import known_of, mean_of, panel_of, sales_of


def test_an_item_that_is_no_longer_sold_decays() -> None:
    sold, silence = [4] * 200, [0] * 150
    assert mean_of(Portfolio(span=7), sold + silence)[0] < 0.4


def test_weekdays_are_told_apart() -> None:
    week = np.array([5, 5, 5, 5, 5, 20, 20])
    rng = np.random.default_rng(0)
    sales = sales_of(rng.poisson(np.tile(week, 30), (20, 210)))
    mean = Portfolio(span=7).fit(sales, known_of(sales)).demand(7, known_of(sales)).mean.mean(axis=0)
    np.testing.assert_allclose(mean, week, rtol=0.12)


def test_a_yearly_season_is_projected_onto_the_weeks_ahead() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(156)
    yearly = 20 * (1 + 0.6 * np.cos(2 * np.pi * (t - 50) / 52))
    sales = sales_of(rng.poisson(yearly, (60, 156)), period=Period.WEEK)
    known = known_of(sales)
    mean = Portfolio(span=3).fit(sales, known).demand(52, known).mean.mean(axis=0)
    truth = 20 * (1 + 0.6 * np.cos(2 * np.pi * (np.arange(156, 208) - 50) / 52))
    assert np.corrcoef(mean, truth)[0, 1] > 0.95
    assert np.abs(mean - truth).mean() / truth.mean() < 0.12


def test_the_blend_beats_its_rules_of_thumb_on_a_wandering_level() -> None:
    rng = np.random.default_rng(2)
    level = 8 * np.exp(np.cumsum(rng.normal(0, 0.02, (80, 214)), axis=1))
    y = rng.poisson(level)
    sales = sales_of(y[:, :200])
    known = known_of(sales)
    wrong = {}
    for name, forecaster in (("ours", Portfolio(span=14)), ("mean", MovingAverage(100)), ("naive", SeasonalNaive(7))):
        said = forecaster.fit(sales, known).demand(14, known).mean
        wrong[name] = np.abs(said - y[:, 200:]).sum()
    assert wrong["ours"] < 0.97 * min(wrong["mean"], wrong["naive"])


def test_a_new_item_takes_after_its_category() -> None:
    rng = np.random.default_rng(3)
    quantity = np.concatenate((rng.poisson(20, (10, 100)), rng.poisson(1, (10, 100)))).astype(np.float32)
    state = np.ones(quantity.shape, np.uint8)
    for row in (0, 19):
        quantity[row, :-1], state[row, :-1] = 0, State.OFF
    quantity[0, -1], quantity[19, -1] = 18, 1
    sales = sales_of(quantity, state)
    catalog = replace(known_of(sales).catalog, category=("fast",) * 10 + ("slow",) * 10)
    known = replace(known_of(sales), catalog=catalog)
    mean = Portfolio(span=7).fit(sales, known).demand(7, known).mean.mean(axis=1)
    assert 14 < mean[0] < 25
    assert 0.5 < mean[19] < 2


def test_the_order_of_series_does_not_matter_to_a_series() -> None:
    rng = np.random.default_rng(4)
    quantity = rng.poisson(rng.gamma(1, 4, (12, 1)), (12, 150))
    sales, turned = sales_of(quantity), sales_of(quantity[::-1])
    a = Portfolio(span=7).fit(sales, known_of(sales)).demand(7, known_of(sales))
    b = Portfolio(span=7).fit(turned, known_of(turned)).demand(7, known_of(turned))
    np.testing.assert_allclose(a.mean, b.mean[::-1], rtol=1e-4)
    np.testing.assert_allclose(a.level_cv2, b.level_cv2[::-1], rtol=1e-3, atol=1e-6)


def test_weights_add_up_and_are_told() -> None:
    sales = sales_of(np.random.default_rng(5).poisson(3, (4, 150)))
    weights = Portfolio(span=7).fit(sales, known_of(sales)).weights()
    np.testing.assert_allclose(sum(weights.values()), 1)
    assert any(label.startswith("TSB") for label in weights)


def test_lag_coefficients_learn_the_way_back_to_the_mean() -> None:
    """Demand that returns to its mean at once: the last value deserves hardly any weight, the long means the rest."""
    y = np.random.default_rng(6).poisson(10, (200, 200)).astype(float)
    panel = panel_of(y, np.ones(y.shape), np.ones(200), rolling_origins(200, 7), 7)
    least_ridge = lag_coefficients.learn(panel, 7, np.arange(200)).reshape(3, FEATURES, -1)[2, :, len(LAG_WINDOWS) - 1]
    assert abs(least_ridge[0]) < 0.05
    assert least_ridge[3:].sum() > 0.8  # the last 8, 16 and 32 periods, and the last season's seven
    assert least_ridge.sum() == pytest.approx(1.0, abs=0.05)


def test_parameters_are_checked() -> None:
    with pytest.raises(ValueError, match="expected"):
        Portfolio(span=0)


def test_a_horizon_below_one_period_is_refused() -> None:
    sales = sales_of([[1, 2, 3]])
    with pytest.raises(ValueError, match="periods"):
        Portfolio().fit(sales, known_of(sales)).demand(0, known_of(sales))
