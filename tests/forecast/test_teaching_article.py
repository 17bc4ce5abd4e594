"""The article's example file, read the right way (docs/algorithms/teaching-article.md)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from orderpoint.forecast import accuracy
from orderpoint.forecast.baselines import MovingAverage, SeasonalNaive
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.cutoff import sales_before
from tests.forecast.builders import known_of, sales_of


@pytest.fixture(scope="module")
def demand() -> Any:
    """400 days of the file's `demand` column: a level of 200, 30 more at weekends, noise."""
    rng = np.random.default_rng(1)
    return np.maximum(0, np.round(200 + 30 * (np.arange(400) % 7 > 4) + rng.normal(0, 15, 400)))


def test_weights_of_sales_sum_to_1100() -> None:
    """1 x 1000 + 100 x 1 + 200 x 0."""
    assert 1 * 1000 + 100 * 1 + 200 * 0 == 1100


def test_the_series_is_split_in_time_and_the_forecast_beats_the_naive_rule(demand: Any) -> None:
    sales = sales_of([demand])
    known = known_of(sales)
    early = sales_before(sales, 372)
    later, seen = demand[None, 372:], np.ones((1, 28), bool)
    ours = Portfolio(span=14).fit(early, known).demand(28, known)
    naive = SeasonalNaive(7).fit(early, known).demand(28, known)
    assert accuracy.wape(later, ours.mean, seen) < 0.9 * accuracy.wape(later, naive.mean, seen)
    assert accuracy.bias(later, ours.mean, seen) == pytest.approx(0, abs=0.04)


def test_a_random_split_flatters(demand: Any) -> None:
    """Filling random holes from both sides looks better than forecasting: it has seen the future."""
    drift = demand + np.cumsum(np.random.default_rng(2).normal(0, 6, 400))
    drift = np.maximum(drift, 0)
    holes = np.random.default_rng(3).choice(np.arange(50, 350), 40, replace=False)
    around = np.abs((drift[holes - 1] + drift[holes + 1]) / 2 - drift[holes]).mean()
    ahead = np.abs(np.array([drift[t - 14 - 7 : t - 14].mean() for t in holes]) - drift[holes]).mean()
    assert around < ahead


def test_the_order_up_to_level_is_a_quantile_in_units_not_an_index(demand: Any) -> None:
    """The article's argmax(demand) is a position in time, 0..399; a level covers demand until the next delivery."""
    sales = sales_of([demand])
    fitted = Portfolio(span=14).fit(sales, known_of(sales)).demand(28, known_of(sales))
    level = fitted.sum_over(0, 0).quantile(0.95)[0]
    assert 200 < level < 300
    index = int(np.argmax(demand))
    assert demand[index] == demand.max()
    two_weeks = fitted.sum_over(0, 13)
    assert two_weeks.quantile(0.95)[0] < 14 * level  # quantiles do not add up


def test_previous_day_sales_are_the_demand_one_day_late(demand: Any) -> None:
    """The file's column `previous_day_sales` holds nothing that `demand` does not: the lag is the model's business."""
    late = np.concatenate(([demand[0]], demand[:-1]))
    sales, lagged = sales_of([demand[:-1]]), sales_of([late[1:]])
    known = known_of(sales)
    ours, theirs = MovingAverage(3).fit(sales, known), MovingAverage(3).fit(lagged, known)
    assert np.array_equal(ours.demand(1, known).mean, theirs.demand(1, known).mean)
