"""Evenly spread paths have the distribution of the demand they stand for."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.optimize.scenarios import scenarios
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Family
from orderpoint.tables.series import SeriesIndex
from orderpoint.testing.small_shop import TODAY

MEANS = np.array([0.05, 0.8, 6.0, 50.0, 400.0])
ALL = slice(None)


def demand_of(
    family: Family, ratio: float = 1.6, level_cv2: float = 0.1, zero: float = 0.0, periods: int = 6
) -> Demand:
    n = len(MEANS)
    return Demand(
        index=SeriesIndex.of((f"item {k}", "main") for k in range(n)),
        timeline=Timeline(TODAY, Period.WEEK, periods),
        mean=np.repeat(MEANS[:, None], periods, axis=1),
        family=np.full(n, family, np.uint8),
        ratio=np.full(n, ratio),
        level_cv2=np.full(n, level_cv2),
        zero=np.full(n, zero),
        knots=np.tile(np.linspace(-1.8, 2.4, 16), (n, 1)) if family is Family.EMPIRICAL else np.zeros((n, 0)),
    )


@pytest.mark.parametrize(
    "demand",
    [
        demand_of(Family.COUNT),
        demand_of(Family.COUNT, ratio=1.0, level_cv2=0.0),
        demand_of(Family.COUNT, ratio=12.0, level_cv2=0.4),
        demand_of(Family.ZERO_INFLATED, zero=0.3),
        demand_of(Family.GAMMA),
        demand_of(Family.EMPIRICAL, ratio=1.0),
    ],
    ids=["count", "poisson", "wild", "zeros", "gamma", "empirical"],
)
def test_sums_have_the_mean_the_spread_and_the_quantiles_of_the_demand(demand: Demand) -> None:
    sums = scenarios(demand, 4096, 3, ALL).sum(axis=2, dtype=np.float64)
    exact = demand.sum_over(0, demand.timeline.count - 1)
    sd = np.sqrt(exact.variances())
    assert sums.mean(axis=1) == pytest.approx(exact.means(), rel=0.03)
    plain = slice(2 if demand.knots.size else 1, None)  # a residual cut at zero is followed roughly
    assert sums.std(axis=1)[plain] == pytest.approx(sd[plain], rel=0.06)
    for probability in (0.25, 0.5, 0.8, 0.95):
        found = np.quantile(sums, probability, axis=1, method="inverted_cdf")
        off = np.abs(found - exact.quantile(probability))[plain]
        assert (off <= np.maximum(1.0, 0.15 * sd[plain])).all(), probability


def test_each_period_has_its_own_quantiles() -> None:
    demand = demand_of(Family.COUNT, ratio=1.0, level_cv2=0.0)
    paths = np.sort(scenarios(demand, 64, 1, ALL), axis=1)
    exact = np.stack([demand.period(0).quantile((k + 0.5) / 64) for k in range(64)], axis=1)
    small = MEANS < 64
    for period in range(demand.timeline.count):
        assert np.array_equal(paths[small, :, period], exact[small])
        assert np.abs(paths[~small, :, period] - exact[~small]).max() <= 1


def test_a_row_does_not_depend_on_the_rows_beside_it_nor_on_threads() -> None:
    demand = demand_of(Family.COUNT)
    whole = scenarios(demand, 128, 5, ALL)
    assert np.array_equal(whole[2:4], scenarios(demand, 128, 5, slice(2, 4)))
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        assert np.array_equal(whole, scenarios(demand, 128, 5, ALL))
    finally:
        numba.set_num_threads(before)
    assert not np.array_equal(whole, scenarios(demand, 128, 6, ALL))


def test_a_longer_horizon_begins_with_the_same_numbers() -> None:
    short, long = demand_of(Family.COUNT, periods=4), demand_of(Family.COUNT, periods=9)
    assert np.array_equal(scenarios(short, 128, 5, ALL), scenarios(long, 128, 5, ALL)[:, :, :4])


def test_periods_are_unrelated_but_for_the_level() -> None:
    paths = scenarios(demand_of(Family.COUNT, ratio=1.0, level_cv2=0.0), 2048, 1, ALL)[3]
    related = np.corrcoef(paths.T) - np.eye(paths.shape[1])
    assert np.abs(related).max() < 0.1
