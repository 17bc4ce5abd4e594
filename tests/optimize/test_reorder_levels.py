"""Exact (s, S): published figures, and a Markov chain over a grid of all (s, S) as the slow twin."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from orderpoint.optimize import reorder
from orderpoint.optimize.reorder import ReorderCosts
from orderpoint.tables.distribution import Distribution, Family
from tests.optimize.stock_chain import position_cost, up_to

FloatArray = NDArray[np.float64]


def box_best(costs: tuple[float, float, float], laws: tuple[FloatArray, FloatArray], box: tuple[int, int]) -> float:
    """Least cost over all s < S of a box, both ends included."""
    low, high = box
    return min(
        position_cost(up_to(s, upto), (s + 1, upto), costs, laws)
        for s in range(low, high)
        for upto in range(s + 1, high + 1)
    )


def poisson_masses(mean: float) -> FloatArray:
    k = np.arange(int(stats.poisson(mean).ppf(1 - 1e-14)) + 3)
    masses: FloatArray = stats.poisson(mean).pmf(k)
    return masses / masses.sum()


@pytest.mark.parametrize(
    ("mean", "point", "upto", "cost"), [(5, 2, 27, 24.78343), (20, 14, 62, 49.17304), (100, 92, 113, 81.90513)]
)
def test_poisson_with_fixed_cost_64(mean: float, point: int, upto: int, cost: float) -> None:
    """Figures of the exact algorithm, h = 1, p = 9 (also stockpyl 1.0.2)."""
    ours = reorder.optimal(ReorderCosts(64.0, 1.0, 9.0), reorder.spans(Distribution.single(Family.COUNT, mean, mean)))
    assert (ours.reorder_point[0], ours.order_up_to[0]) == (point, upto)
    assert ours.cost[0] == pytest.approx(cost, abs=5e-6)


def test_snyder_and_shen_example_4_7() -> None:
    demand = reorder.spans(Distribution.single(Family.COUNT, 6.0, 6.0))
    costs = ReorderCosts(5.0, 1.0, 4.0)
    ours = reorder.optimal(costs, demand)
    assert (ours.reorder_point[0], ours.order_up_to[0]) == (4.0, 10.0)
    assert ours.cost[0] == pytest.approx(8.034111561471642, abs=1e-9)
    assert reorder.evaluate(costs, (4, 10), demand).cost[0] == pytest.approx(8.034111561471642, abs=1e-9)


def test_no_levels_are_cheaper_in_220_random_systems() -> None:
    """Every (s, S) of a box that holds the answer well inside, by the stationary law of the position."""
    rng = np.random.default_rng(91)
    for _ in range(220):
        costs = (rng.uniform(0.0, 6.0), rng.uniform(0.4, 2.0), rng.uniform(0.3, 9.0))
        f = rng.dirichlet(np.ones(rng.integers(2, 5)))
        lead = int(rng.integers(0, 3))
        x = reduce(np.convolve, [f] * (lead + 1))
        ours = reorder.optimal(ReorderCosts(*costs), reorder.periodic(reorder.masses_of([f]), lead))
        s, upto = int(ours.reorder_point[0]), int(ours.order_up_to[0])
        assert ours.cost[0] == pytest.approx(box_best(costs, (f, x), (s - 5, upto + 5)), abs=1e-9)


@pytest.mark.parametrize("costs", [(0.0, 1.0, 3.0), (8.0, 1.0, 1.5), (30.0, 2.0, 20.0)])
@pytest.mark.parametrize("lead", [0, 2])
def test_the_best_of_a_wide_grid_is_not_better(costs: tuple[float, float, float], lead: int) -> None:
    f = np.array([0.35, 0.3, 0.15, 0.1, 0.1])
    x = reduce(np.convolve, [f] * (lead + 1))
    ours = reorder.optimal(ReorderCosts(*costs), reorder.periodic(reorder.masses_of([f]), lead))
    assert ours.cost[0] == pytest.approx(box_best(costs, (f, x), (-6, 16)), abs=1e-9)


@pytest.mark.parametrize(("point", "upto"), [(-4, -1), (-3, 6), (0, 1), (5, 9), (12, 40)])
def test_the_cost_of_given_levels_is_that_of_the_markov_chain(point: int, upto: int) -> None:
    f, x = poisson_masses(3.0), poisson_masses(9.0)
    exposure = reorder.spans(reorder.masses_of([f]), protection=reorder.masses_of([x]))
    ours = reorder.evaluate(ReorderCosts(10.0, 0.5, 4.0), (point, upto), exposure)
    twin = position_cost(up_to(point, upto), (point + 1, upto), (10.0, 0.5, 4.0), (f, x))
    assert ours.cost[0] == pytest.approx(twin, abs=1e-9)


def test_a_distribution_and_its_table_give_the_same_policy() -> None:
    review = Distribution.single(Family.COUNT, 4.0, 10.0)
    protection = Distribution.single(Family.COUNT, 12.0, 30.0)
    k = np.arange(400)
    f, x = stats.nbinom(4 / 1.5, 0.4).pmf(k), stats.nbinom(12 / 1.5, 0.4).pmf(k)
    costs = ReorderCosts(25.0, 1.0, 15.0)
    by_family = reorder.optimal(costs, reorder.spans(review, protection=protection))
    by_table = reorder.optimal(costs, reorder.spans(reorder.masses_of([f]), protection=reorder.masses_of([x])))
    assert by_family.reorder_point.tolist() == by_table.reorder_point.tolist()
    assert by_family.order_up_to.tolist() == by_table.order_up_to.tolist()
    assert by_family.cost == pytest.approx(by_table.cost, abs=1e-9)


def test_without_fixed_cost_it_is_a_base_stock_at_the_newsvendor_quantile() -> None:
    demand = Distribution.single(Family.COUNT, [3.0, 40.0], [3.0, 90.0])
    ours = reorder.optimal(ReorderCosts(0.0, 1.0, 9.0), reorder.spans(demand))
    assert ours.order_up_to.tolist() == demand.quantile(0.9).tolist()
    assert (ours.order_up_to - ours.reorder_point).tolist() == [1.0, 1.0]


def test_a_longer_lead_time_costs_more_and_raises_the_reorder_point() -> None:
    review = Distribution.single(Family.COUNT, np.full(5, 8.0), np.full(5, 16.0))
    protection = Distribution.single(Family.COUNT, 8.0 * np.arange(1, 6), 16.0 * np.arange(1, 6))
    ours = reorder.optimal(ReorderCosts(40.0, 1.0, 9.0), reorder.spans(review, protection=protection))
    assert all(b > a for a, b in pairwise(ours.reorder_point))
    assert all(b > a for a, b in pairwise(ours.cost))


def test_series_of_all_sizes_in_one_call_are_as_alone() -> None:
    means = np.array([0.01, 0.5, 5.0, 60.0, 900.0])
    demand = Distribution.single(Family.COUNT, means, means * 1.5)
    together = reorder.optimal(ReorderCosts(np.full(5, 30.0), 0.4, 6.0), reorder.spans(demand))
    for row in range(5):
        alone = reorder.optimal(ReorderCosts(30.0, 0.4, 6.0), reorder.spans(demand.take(np.array([row]))))
        assert alone.cost[0] == together.cost[row]
        assert alone.order_up_to[0] == together.order_up_to[row]


def test_an_item_without_demand_is_never_ordered() -> None:
    demand = reorder.spans(Distribution.single(Family.COUNT, 0.0, 0.0))
    ours = reorder.optimal(ReorderCosts(10.0, 1.0, 9.0), demand)
    assert (ours.order_up_to[0], ours.reorder_point[0], ours.cost[0]) == (0.0, -1.0, 0.0)
    assert reorder.evaluate(ReorderCosts(10.0, 1.0, 9.0), (1, 4), demand).cost[0] == 4.0


def test_continuous_demand_is_rounded_to_whole_units() -> None:
    costs = ReorderCosts(64.0, 1.0, 9.0)
    gamma = reorder.optimal(costs, reorder.spans(Distribution.single(Family.GAMMA, 50.0, 100.0)))
    count = reorder.optimal(costs, reorder.spans(Distribution.single(Family.COUNT, 50.0, 100.0)))
    assert gamma.cost[0] == pytest.approx(count.cost[0], rel=0.005)


@given(
    st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6),
    st.floats(0, 60),
    st.floats(0.1, 3),
    st.floats(0.1, 30),
    st.integers(-5, 25),
    st.integers(1, 30),
)
@settings(max_examples=100)
def test_no_levels_are_cheaper(raw: list[float], fixed: float, h: float, p: float, s: int, gap: int) -> None:
    f = np.array(raw) / sum(raw)
    demand = reorder.spans(reorder.masses_of([f]))
    costs = ReorderCosts(fixed, h, p)
    best = reorder.optimal(costs, demand)
    assert best.cost[0] <= reorder.evaluate(costs, (s, s + gap), demand).cost[0] + 1e-9
    own = reorder.evaluate(costs, (best.reorder_point, best.order_up_to), demand)
    assert own.cost[0] == pytest.approx(best.cost[0], rel=1e-12)


def test_costs_that_have_no_best_levels_are_refused() -> None:
    for fixed, h, p in ((-1.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0), (np.nan, 1.0, 1.0)):
        with pytest.raises(ValueError, match="reorder"):
            ReorderCosts(fixed, h, p)


def test_a_review_every_few_periods_is_the_best_of_all_levels_too() -> None:
    """(R, s, S): 60 random systems, R = 2 or 3, cost of a period as that of the position's chain over R periods."""
    rng = np.random.default_rng(4)
    for _ in range(60):
        costs = (rng.uniform(0.0, 9.0), rng.uniform(0.4, 2.0), rng.uniform(0.3, 9.0))
        d = rng.dirichlet(np.ones(3))
        lead, review = int(rng.integers(0, 2)), int(rng.integers(2, 4))
        sums = [reduce(np.convolve, [d] * k, np.ones(1)) for k in range(lead + review + 1)]
        x = sum(np.pad(sums[lead + k], (0, len(sums[-1]) - len(sums[lead + k]))) for k in range(1, review + 1)) / review
        ours = reorder.optimal(ReorderCosts(*costs), reorder.periodic(reorder.masses_of([d]), lead, review))
        s, upto = int(ours.reorder_point[0]), int(ours.order_up_to[0])
        best = box_best((costs[0] / review, *costs[1:]), (sums[review], x), (s - 3, upto + 3))
        assert ours.cost[0] == pytest.approx(best, abs=1e-9)
