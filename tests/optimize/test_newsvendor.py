"""The newsvendor: textbook examples, and a plain search over the cost as its twin."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.optimize.newsvendor import Newsvendor
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.series import SeriesIndex


def plain_cost(twin: Any, quantity: float, h: float, p: float) -> float:
    """h E[(S - D)+] + p E[(D - S)+] of a count, term by term."""
    k = np.arange(int(twin.ppf(1 - 1e-15)) + 100)
    masses = twin.pmf(k)
    return float((masses * (h * np.maximum(quantity - k, 0) + p * np.maximum(k - quantity, 0))).sum())


def plain_search(twin: Any, h: float, p: float) -> tuple[int, float]:
    """The best whole quantity by trying them all."""
    costs = [plain_cost(twin, quantity, h, p) for quantity in range(int(twin.ppf(0.9999)) + 5)]
    best = int(np.argmin(costs))
    return best, costs[best]


def test_snyder_and_shen_example_4_3_normal() -> None:
    ours = Newsvendor(0.18, 0.70).optimal_normal(50.0, 8.0)
    assert ours.quantity[0] == pytest.approx(56.60395592743389, abs=1e-9)
    assert ours.cost[0] == pytest.approx(1.9976051931766445, abs=1e-9)


def test_snyder_and_shen_example_4_1_normal_cost_of_a_given_quantity() -> None:
    h, p = 0.18, 0.70
    for quantity in (40.0, 56.6, 60.0, 75.0):
        over = integrate.quad(lambda d, s=quantity: max(s - d, 0) * stats.norm(50, 8).pdf(d), -20, quantity)[0]
        under = integrate.quad(lambda d, s=quantity: max(d - s, 0) * stats.norm(50, 8).pdf(d), quantity, 120)[0]
        assert Newsvendor(h, p).evaluate_normal(quantity, 50.0, 8.0)[0] == pytest.approx(h * over + p * under, abs=1e-8)


def test_snyder_and_shen_example_4_3_with_poisson_demand() -> None:
    """The same costs and mean; figures from stockpyl 1.0.2."""
    ours = Newsvendor(0.18, 0.70).optimal(Distribution.single(Family.COUNT, 50.0, 50.0))
    assert ours.quantity[0] == 56.0
    assert ours.cost[0] == pytest.approx(1.797235211809178, abs=1e-9)


def test_snyder_and_shen_example_4_7_poisson_of_mean_6() -> None:
    demand = Distribution.single(Family.COUNT, 6.0, 6.0)
    ours = Newsvendor(1.0, 4.0).optimal(demand)
    assert ours.quantity[0] == 8.0
    assert ours.cost[0] == pytest.approx(3.570106945770941, abs=1e-9)


@pytest.mark.parametrize("mean", [0.3, 7.0, 45.0])
@pytest.mark.parametrize("ratio", [1.0, 3.0])
@pytest.mark.parametrize(("h", "p"), [(1.0, 0.2), (1.0, 9.0), (0.02, 5.0)])
def test_counts_agree_with_trying_every_quantity(mean: float, ratio: float, h: float, p: float) -> None:
    twin = stats.poisson(mean) if ratio == 1 else stats.nbinom(mean / (ratio - 1), 1 / ratio)
    best, cost = plain_search(twin, h, p)
    ours = Newsvendor(h, p).optimal(Distribution.single(Family.COUNT, mean, mean * ratio))
    assert ours.quantity[0] == best
    assert ours.cost[0] == pytest.approx(cost, abs=1e-9)


@pytest.mark.parametrize("family", [Family.GAMMA, Family.EMPIRICAL])
def test_continuous_demand_agrees_with_a_search_over_the_cost(family: Family) -> None:
    one = np.ones((1, 1))
    knots = np.array([[-1.4, -0.8, -0.3, 0.1, 0.5, 2.0]])
    demand = Distribution(np.array([family], np.uint8), one, one * 30, one * 120, one * 0, knots)
    newsvendor = Newsvendor(1.0, 6.0)
    ours = newsvendor.optimal(demand)
    found = optimize.minimize_scalar(lambda x: newsvendor.evaluate(demand, x)[0], bounds=(0, 100), method="bounded")
    assert ours.cost[0] == pytest.approx(found.fun, rel=1e-9)
    assert ours.quantity[0] == pytest.approx(found.x, abs=1e-2)


def test_a_random_lead_time_is_served_from_the_mixture() -> None:
    index = SeriesIndex.of([("a", "x")])
    demand = Demand.poisson(index, Timeline(date(2024, 1, 1), Period.WEEK, 6), 4.0)
    chances = np.array([[0.0, 0.0, 0.5, 0.3, 0.2]])
    k = np.arange(200)
    masses = sum(w * stats.poisson(4.0 * n).pmf(k) for n, w in enumerate(chances[0]))
    costs = [(masses * (np.maximum(q - k, 0) + 8.0 * np.maximum(k - q, 0))).sum() for q in range(60)]
    ours = Newsvendor(1.0, 8.0).optimal(demand.sum_over_random(chances))
    assert ours.quantity[0] == np.argmin(costs)
    assert ours.cost[0] == pytest.approx(min(costs), abs=1e-9)


def test_costs_and_quantities_may_differ_by_series() -> None:
    demand = Distribution.single(Family.COUNT, [5.0, 5.0, 0.0], [5.0, 5.0, 0.0])
    newsvendor = Newsvendor(np.array([1.0, 1.0, 1.0]), np.array([1.0, 19.0, 3.0]))
    assert newsvendor.critical_ratio().tolist() == [0.5, 0.95, 0.75]
    ours = newsvendor.optimal(demand)
    assert ours.quantity.tolist() == [5.0, 9.0, 0.0]
    assert ours.cost[2] == 0.0
    assert newsvendor.evaluate(demand, np.array([0.0, 0.0, 2.0])).tolist() == pytest.approx([5.0, 95.0, 2.0])


def test_without_spread_the_mean_is_bought_at_no_cost() -> None:
    ours = Newsvendor(1.0, 3.0).optimal_normal(12.0, 0.0)
    assert (ours.quantity[0], ours.cost[0]) == (12.0, 0.0)
    assert Newsvendor(1.0, 3.0).evaluate_normal([10.0, 15.0], 12.0, 0.0).tolist() == [6.0, 3.0]


@given(
    st.floats(0.01, 300),
    st.floats(1, 30),
    st.floats(0.01, 5),
    st.floats(0.01, 50),
    st.integers(0, 900),
    st.sampled_from([Family.COUNT, Family.GAMMA]),
)
def test_no_quantity_is_cheaper(mean: float, ratio: float, h: float, p: float, other: int, family: Family) -> None:
    demand = Distribution.single(family, mean, mean * ratio)
    newsvendor = Newsvendor(h, p)
    assert newsvendor.optimal(demand).cost[0] <= newsvendor.evaluate(demand, other)[0] * (1 + 1e-9) + 1e-9 * h


@pytest.mark.parametrize(("h", "p"), [(0.0, 1.0), (-1.0, 1.0), (1.0, -0.5), (np.nan, 1.0), (1.0, np.inf)])
def test_costs_that_have_no_best_quantity_are_refused(h: float, p: float) -> None:
    with pytest.raises(ValueError, match="newsvendor"):
        Newsvendor(h, p)


def test_counts_without_a_distribution_are_the_same_as_with_one() -> None:
    rng = np.random.default_rng(1)
    mean, ratio = rng.uniform(0, 300, 200), rng.uniform(1, 4, 200)
    newsvendor = Newsvendor(rng.uniform(0.1, 2, 200), rng.uniform(0, 30, 200))
    by_moments = newsvendor.optimal_count(mean, mean * ratio)
    by_family = newsvendor.optimal(Distribution.single(Family.COUNT, mean, mean * ratio))
    assert by_moments.quantity.tolist() == by_family.quantity.tolist()
    assert by_moments.cost.tolist() == by_family.cost.tolist()
    assert newsvendor.optimal_count(6.0).quantity.tolist() == newsvendor.optimal_count(6.0, 6.0).quantity.tolist()
    free = Newsvendor(1.0, 0.0).optimal_count(5.0)
    assert (free.quantity[0], free.cost[0]) == (0.0, 0.0)
    with pytest.raises(ValueError, match=r"newsvendor\.mean"):
        newsvendor.optimal_count(np.nan)
