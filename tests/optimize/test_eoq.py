"""Economic lots: the examples of the books, a search over the cost as their twin, and the limits between the models."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.optimize.eoq import LotCosts


def test_snyder_and_shen_example_3_1_the_plain_lot() -> None:
    """Joe's corner store: K = 8, h = 0.225, 1,300 candy bars a year: 304.1 at 68.41 a year."""
    ours = LotCosts(8.0, 0.225, 1300.0).optimal()
    assert ours.quantity[0] == pytest.approx(304.0467800264368, rel=1e-12)
    assert ours.cost[0] == pytest.approx(68.41052550594829, rel=1e-12)
    assert ours.waiting[0] == 0.0


def test_snyder_and_shen_planned_backorders() -> None:
    """The same store where a unit may wait for 5 a year; figures also of stockpyl 1.0.2."""
    ours = LotCosts(8.0, 0.225, 1300.0, backorder_cost=5.0).optimal()
    assert ours.quantity[0] == pytest.approx(310.81255515896464, rel=1e-12)
    assert ours.waiting[0] == pytest.approx(0.0430622009569378, rel=1e-12)
    assert ours.cost[0] == pytest.approx(66.92136355097325, rel=1e-12)


def test_snyder_and_shen_finite_production_rate() -> None:
    """The same store where lots come at 1,700 a year; figures also of stockpyl 1.0.2."""
    ours = LotCosts(8.0, 0.225, 1300.0, production=1700.0).optimal()
    assert ours.quantity[0] == pytest.approx(626.8084945889684, rel=1e-12)
    assert ours.cost[0] == pytest.approx(33.183979125298336, rel=1e-12)
    assert ours.maximum_stock(1300.0, 1700.0)[0] == pytest.approx(626.8084945889684 * 4 / 17, rel=1e-12)


def followed(costs: LotCosts, quantity: float, waiting: float) -> float:
    """The cost of a cycle by following its stock in 200,000 small steps."""
    rho = 1.0 - float(costs.demand) / float(costs.production)
    top, bottom = rho * quantity * (1.0 - waiting), -rho * quantity * waiting
    rise = rho * quantity / (float(costs.production) - float(costs.demand)) if np.isfinite(costs.production) else 0.0
    length = quantity / float(costs.demand)
    times = (np.arange(200_000) + 0.5) / 200_000 * length
    going_down = top - (times - rise) * float(costs.demand)
    going_up = bottom + times * (top - bottom) / rise if rise > 0.0 else going_down
    stock = np.where(times < rise, going_up, going_down)
    late = 0.0 if waiting == 0.0 else float(costs.backorder_cost)
    running = np.where(stock > 0.0, float(costs.holding_cost) * stock, -late * stock)
    return float(costs.fixed_cost) / length + running.mean()


@pytest.mark.parametrize("production", [50.0, np.inf])
@pytest.mark.parametrize(("quantity", "waiting"), [(40.0, 0.0), (90.0, 0.3), (15.0, 1.0)])
def test_the_cost_of_a_given_lot_is_that_of_its_followed_cycle(
    production: float, quantity: float, waiting: float
) -> None:
    costs = LotCosts(30.0, 0.5, 20.0, backorder_cost=2.0, production=production)
    assert costs.evaluate(quantity, waiting)[0] == pytest.approx(followed(costs, quantity, waiting), rel=1e-8)


@given(
    st.floats(0.1, 500),
    st.floats(0.01, 20),
    st.floats(0.1, 5000),
    st.floats(0.05, 50) | st.just(np.inf),
    st.floats(1.05, 9) | st.just(np.inf),
    st.floats(0.2, 5),
    st.floats(0.0, 0.99),
)
def test_no_lot_is_cheaper(
    fixed: float, h: float, demand: float, p: float, faster: float, factor: float, x: float
) -> None:
    costs = LotCosts(fixed, h, demand, p, faster * demand)
    best = costs.optimal()
    assert costs.evaluate(best.quantity, best.waiting)[0] == pytest.approx(best.cost[0], rel=1e-12)
    other = costs.evaluate(best.quantity * factor, 0.0 if np.isinf(p) else x)
    assert best.cost[0] <= other[0] * (1 + 1e-12)


def test_no_lot_of_a_grid_is_cheaper_in_200_random_items() -> None:
    rng = np.random.default_rng(5)
    n = 200
    demand = rng.uniform(1, 100, n)
    costs = LotCosts(rng.uniform(1, 50, n), rng.uniform(0.1, 5, n), demand, rng.uniform(0.5, 20, n), demand * 1.7)
    best = costs.optimal()
    grid = [
        costs.evaluate(best.quantity * factor, x) for factor in np.geomspace(0.5, 2, 61) for x in np.linspace(0, 1, 101)
    ]
    least = np.min(grid, axis=0)
    assert (best.cost <= least * (1 + 1e-12)).all()
    assert best.cost == pytest.approx(least, rel=2e-3)


def test_dear_waiting_and_fast_production_come_to_the_plain_lot() -> None:
    plain = LotCosts(8.0, 0.225, 1300.0).optimal()
    near = LotCosts(8.0, 0.225, 1300.0, backorder_cost=1e12, production=1e15).optimal()
    assert near.quantity == pytest.approx(plain.quantity, rel=1e-9)
    assert near.cost == pytest.approx(plain.cost, rel=1e-9)


def test_what_has_no_best_lot_is_refused() -> None:
    with pytest.raises(ValueError, match="above demand"):
        LotCosts(1.0, 1.0, 10.0, production=10.0)
    with pytest.raises(ValueError, match="backorder_cost"):
        LotCosts(1.0, 1.0, 10.0, backorder_cost=0.0)
    for bad in ((-1.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0), (np.nan, 1.0, 1.0)):
        with pytest.raises(ValueError, match="eoq"):
            LotCosts(*bad)
    with pytest.raises(ValueError, match="positive quantities"):
        LotCosts(1.0, 1.0, 1.0).evaluate(0.0)
    with pytest.raises(ValueError, match="shares that wait"):
        LotCosts(1.0, 1.0, 1.0).evaluate(5.0, 0.1)
