"""Exact (r, Q): the book's example, and all lots of a box by the stationary law of the position."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from orderpoint.optimize import reorder
from orderpoint.optimize.reorder import ReorderCosts
from orderpoint.tables.distribution import Distribution, Family
from tests.optimize.stock_chain import in_lots, period_costs, position_cost


def test_snyder_and_shen_example_5_8() -> None:
    """lambda = 1.5, L = 2, h = 20, p = 150, K = 100: (3, 5) at 107.92 a year; last digits from stockpyl 1.0.2."""
    ours = reorder.lots.optimal(ReorderCosts(100.0, 20.0, 150.0), reorder.continuous(1.5, 2.0))
    assert (ours.reorder_point[0], ours.quantity[0]) == (3.0, 5.0)
    assert ours.cost[0] == pytest.approx(107.92358063314975, abs=1e-9)


def test_no_lots_are_cheaper_in_220_random_systems() -> None:
    """Periodic review: an order costs K whatever its lots, so the fixed part is no constant over Q."""
    rng = np.random.default_rng(17)
    for _ in range(220):
        costs = (rng.uniform(0.0, 9.0), rng.uniform(0.4, 2.0), rng.uniform(0.3, 9.0))
        f = rng.dirichlet(np.ones(rng.integers(2, 5)))
        lead = int(rng.integers(0, 3))
        x = reduce(np.convolve, [f] * (lead + 1))
        ours = reorder.lots.optimal(ReorderCosts(*costs), reorder.periodic(reorder.masses_of([f]), lead))
        r, best_q = int(ours.reorder_point[0]), int(ours.quantity[0])
        best = min(
            position_cost(in_lots(low, q), (low + 1, low + q), costs, (f, x))
            for q in range(1, best_q + 6)
            for low in range(r - 4, r + best_q + 1)
        )
        assert ours.cost[0] == pytest.approx(best, abs=1e-9)


def test_compound_customers_in_continuous_time_by_the_formula_term_by_term() -> None:
    """150 random systems: K lambda E[min(B, Q)] / Q plus the mean of G over r + 1..r + Q, every (r, Q) of a box."""
    rng = np.random.default_rng(3)
    for _ in range(150):
        fixed, h, p = rng.uniform(1, 30), rng.uniform(0.4, 2), rng.uniform(1, 20)
        rate, lead = rng.uniform(0.1, 2), rng.uniform(0, 2)
        sizes = np.append(0.0, rng.dirichlet(np.ones(3)))
        x = compound(rate * lead, sizes)
        exposure = reorder.continuous(rate, lead, reorder.masses_of([sizes]))
        ours = reorder.lots.optimal(ReorderCosts(fixed, h, p), exposure)
        levels = np.arange(-30, 60)
        upto = np.append(0.0, np.cumsum(period_costs(levels, x, h, p)))
        best = min(
            (fixed * rate * np.minimum(np.arange(4), q) @ sizes + upto[i + q] - upto[i]) / q
            for q in range(1, 40)
            for i in range(len(levels) - q)
        )
        assert ours.cost[0] == pytest.approx(best, abs=1e-8)
        own = reorder.lots.evaluate(ReorderCosts(fixed, h, p), (ours.reorder_point, ours.quantity), exposure)
        assert own.cost[0] == pytest.approx(ours.cost[0], rel=1e-10)


def compound(customers: float, sizes: np.ndarray) -> np.ndarray:
    """Compound Poisson by summing over the number of customers."""
    table, part = np.zeros(120), np.ones(1)
    for n in range(35):
        table[: len(part)] += stats.poisson(customers).pmf(n) * part
        part = np.convolve(part, sizes)[:120]
    return table


def test_a_given_lot_gets_its_best_reorder_point() -> None:
    costs = ReorderCosts(20.0, 1.0, 9.0)
    exposure = reorder.periodic(Distribution.single(Family.COUNT, 4.0, 8.0), 2)
    ours = reorder.lots.optimal(costs, exposure, quantity=12)
    trial = [reorder.lots.evaluate(costs, (r, 12), exposure).cost[0] for r in range(-5, 40)]
    assert ours.cost[0] == pytest.approx(min(trial), abs=1e-9)
    assert ours.reorder_point[0] == np.argmin(trial) - 5
    assert ours.quantity[0] == 12.0


@given(st.floats(0, 80), st.floats(0.5, 20), st.floats(0.3, 12), st.floats(1, 4), st.integers(0, 3))
def test_lots_never_beat_levels_and_one_unit_without_fixed_cost_is_base_stock(
    fixed: float, p: float, mean: float, ratio: float, lead: int
) -> None:
    exposure = reorder.periodic(Distribution.single(Family.COUNT, mean, mean * ratio), lead)
    costs = ReorderCosts(fixed, 1.0, p)
    assert reorder.optimal(costs, exposure).cost[0] <= reorder.lots.optimal(costs, exposure).cost[0] + 1e-9
    free = ReorderCosts(0.0, 1.0, p)
    ours = reorder.lots.optimal(free, exposure)
    assert ours.quantity[0] == 1.0
    assert ours.reorder_point[0] + 1.0 == reorder.base_stock.optimal(free, exposure)[0]


def test_demand_in_multiples_is_refused_with_the_pack_to_count_in() -> None:
    exposure = reorder.spans(reorder.masses_of([[0.5, 0.5], [0.4, 0.0, 0.0, 0.3, 0.0, 0.0, 0.3]]))
    with pytest.raises(ValueError, match="row 1 comes in multiples of 3"):
        reorder.lots.optimal(ReorderCosts(1.0, 1.0, 9.0), exposure)


def test_an_item_without_demand_needs_no_lots() -> None:
    exposure = reorder.spans(Distribution.single(Family.COUNT, 0.0, 0.0))
    ours = reorder.lots.optimal(ReorderCosts(10.0, 1.0, 9.0), exposure)
    assert (ours.reorder_point[0], ours.quantity[0], ours.cost[0]) == (-1.0, 1.0, 0.0)
