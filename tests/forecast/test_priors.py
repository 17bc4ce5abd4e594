"""What is believed of a series before it has sold is the level of its like, whatever one of them says."""

from __future__ import annotations

import numpy as np

from orderpoint.forecast.panel import Totals
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.priors import MOST_TIMES, learn
from orderpoint.testing.forecaster_contract import history


def test_levels_are_those_of_the_group_and_of_all() -> None:
    units, periods = np.array([10.0, 30.0, 200.0, 0.0]), np.array([10, 10, 10, 0])
    prior = learn(Totals(units, periods, np.ones(4, np.bool_)), np.array([0, 0, 1, 1], np.int32), 2)
    overall = (1.0 + 3.0 + 20.0) / 3
    assert prior.level.tolist() == np.array([(4 + overall) / 3] * 2 + [(20 + overall) / 2] * 2, np.float32).tolist()


def test_one_series_beyond_all_measure_counts_for_a_thousand_medians() -> None:
    units = np.array([10.0, 10.0, 10.0, 1e12])
    prior = learn(Totals(units, np.full(4, 10), np.ones(4, np.bool_)), np.zeros(4, np.int32), 1)
    assert prior.level.max() <= MOST_TIMES / 2


def test_a_billion_a_day_leaves_the_neighbours_forecasts_alone() -> None:
    rng = np.random.default_rng(2)
    quantity = rng.poisson(np.geomspace(0.5, 20, 20)[:, None] * np.ones((1, 120))).astype(np.float32)
    with_one = np.concatenate([quantity, np.full((1, 120), 1e9, np.float32)])
    alone, beside = (
        Portfolio().fit(sales, known).demand(28, known).mean[:20].mean(axis=1)
        for sales, known in (history(quantity), history(with_one))
    )
    assert np.abs(beside / alone - 1.0).max() < 0.05
