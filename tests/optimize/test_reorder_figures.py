"""Figures of given stock policies against a shop followed order by order, and what must hold between them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from orderpoint.optimize import reorder
from orderpoint.optimize.reorder import LeadTime, ReorderCosts, StockFigures
from orderpoint.tables.distribution import Distribution, Family
from tests.optimize.stock_chain import FIGURES, Shop, in_lots, long_run, up_to

COSTS = ReorderCosts(12.0, 1.0, 6.0)
DEMAND = np.array([0.4, 0.3, 0.0, 0.3])
STEADY = (1, 2), ((0.7, 0.3), (0.2, 0.8))  # lead times 1 and 2: no order can overtake another
LONG_RUN = [0.4, 0.6]  # stationary law of those moves


def agree(ours: StockFigures, twin: dict[str, float], *, but: tuple[str, ...] = ()) -> None:
    for name in FIGURES:
        if name not in but:
            assert getattr(ours, name)[0] == pytest.approx(twin[name], abs=1e-9), name
    money = 12.0 * twin["orders"] + twin["on_hand"] + 6.0 * twin["backlog"]
    assert ours.cost[0] == pytest.approx(money, abs=1e-9)


@pytest.mark.parametrize("lead", [0, 1, 3])
@pytest.mark.parametrize("review", [1, 2])
@pytest.mark.parametrize(("point", "upto"), [(2, 4), (-1, 3)])
def test_order_up_to_with_a_fixed_lead_time(lead: int, review: int, point: int, upto: int) -> None:
    twin = long_run(Shop(DEMAND, up_to(point, upto), (lead,), review_periods=review), upto)
    exposure = reorder.periodic(reorder.masses_of([DEMAND]), lead, review)
    agree(reorder.evaluate(COSTS, (point, upto), exposure), twin)


@pytest.mark.parametrize("lead", [0, 2])
@pytest.mark.parametrize("review", [1, 2])
@pytest.mark.parametrize(("point", "quantity"), [(1, 1), (3, 2), (-1, 4)])
def test_order_in_lots_with_a_fixed_lead_time(lead: int, review: int, point: int, quantity: int) -> None:
    twin = long_run(Shop(DEMAND, in_lots(point, quantity), (lead,), review_periods=review), point + 1)
    exposure = reorder.periodic(reorder.masses_of([DEMAND]), lead, review)
    agree(reorder.lots.evaluate(COSTS, (point, quantity), exposure), twin)


@pytest.mark.parametrize("lead", [0, 1, 2])
@pytest.mark.parametrize("review", [1, 3])
def test_base_stock_with_a_fixed_lead_time(lead: int, review: int) -> None:
    twin = long_run(Shop(DEMAND, up_to(3, 4), (lead,), review_periods=review), 4)
    exposure = reorder.periodic(reorder.masses_of([DEMAND]), lead, review)
    agree(reorder.base_stock.evaluate(COSTS, 4, exposure), twin)


@pytest.mark.parametrize("review", [1, 2])
def test_lead_times_that_hang_together_count_by_their_long_run_law_alone(review: int) -> None:
    """Orders in sequence: only the stationary law of the lead time enters, whatever its memory."""
    lead = LeadTime.of([1, 2], LONG_RUN)
    exposure = reorder.periodic(reorder.masses_of([DEMAND]), lead, review)
    twin = long_run(Shop(DEMAND, up_to(1, 3), *STEADY, review_periods=review), 3)
    agree(reorder.evaluate(COSTS, (1, 3), exposure), twin)
    twin = long_run(Shop(DEMAND, in_lots(1, 2), *STEADY, review_periods=review), 3)
    agree(reorder.lots.evaluate(COSTS, (1, 2), exposure), twin)


@pytest.mark.parametrize("review", [1, 2])
def test_independent_lead_times_of_a_base_stock_order_by_order(review: int) -> None:
    chances = (0.5, 0.2, 0.3)
    twin = long_run(Shop(DEMAND, up_to(3, 4), (0, 1, 3), (chances,) * 3, review_periods=review), 4)
    lead = LeadTime.of([0, 1, 3], chances, crossing=True)
    exposure = reorder.periodic(reorder.masses_of([DEMAND]), lead, review)
    ours = reorder.base_stock.evaluate(COSTS, 4, exposure)
    agree(ours, twin, but=("cycle_service",))
    assert np.isnan(ours.cycle_service).all()


def test_snyder_and_shen_example_4_7_in_all_its_figures() -> None:
    """(4, 10) at Poisson demand of mean 6; cost as in the book, the rest term by term from the position's chain."""
    demand = Distribution.single(Family.COUNT, 6.0, 6.0)
    ours = reorder.evaluate(ReorderCosts(5.0, 1.0, 4.0), (4, 10), reorder.spans(demand))
    assert ours.cost[0] == pytest.approx(8.034111561471642, abs=1e-9)
    assert ours.on_hand[0] - ours.backlog[0] == pytest.approx(mean_position(4, 10, 6.0) - 6.0, abs=1e-9)
    assert 6.0 * (1.0 - ours.fill_rate[0]) == pytest.approx(
        ours.backlog[0], abs=1e-9
    )  # no lead time: all waits are new


def mean_position(point: int, upto: int, mean: float) -> float:
    levels = np.arange(point + 1, upto + 1)
    moves = np.array([[stats.poisson(mean).pmf(y - z) if y >= z else 0.0 for z in levels] for y in levels])
    moves[:, -1] += 1.0 - moves.sum(axis=1)
    law = np.linalg.matrix_power(moves, 200)[0]
    return float(law @ levels)


@pytest.mark.parametrize(("rate", "lead"), [(1.5, 2.0), (0.2, 5.0)])
def test_continuous_review_of_single_units_is_the_birth_process(rate: float, lead: float) -> None:
    """(r, Q): position uniform, net stock by Poisson demand of the lead time; customers see time averages."""
    point, quantity = 1, 3
    law = stats.poisson(rate * lead)
    levels = range(point + 1, point + quantity + 1)
    ours = reorder.lots.evaluate(COSTS, (point, quantity), reorder.continuous(rate, lead))
    served = np.mean([law.cdf(y - 1) for y in levels])
    assert ours.fill_rate[0] == pytest.approx(served, abs=1e-12)
    assert ours.period_service[0] == pytest.approx(served, abs=1e-12)
    assert ours.stockout_share[0] == pytest.approx(1.0 - served, abs=1e-12)
    assert ours.orders[0] == pytest.approx(rate / quantity, rel=1e-12)
    assert ours.cycle_service[0] == pytest.approx(law.cdf(point), abs=1e-12)
    backlog = np.mean([sum((k - y) * law.pmf(k) for k in range(y, 80)) for y in levels])
    assert ours.backlog[0] == pytest.approx(backlog, abs=1e-12)


def test_many_periods_a_unit_of_time_come_to_continuous_review() -> None:
    """Bernoulli customers in periods of a thousandth: the two models meet, to the order of a period."""
    parts = 1000
    period = np.array([1 - 1.2 / parts, 0.5 * 1.2 / parts, 0.0, 0.5 * 1.2 / parts])
    fine = reorder.periodic(reorder.masses_of([period]), parts // 4)
    smooth = reorder.continuous(1.2, 0.25, reorder.masses_of([[0.0, 0.5, 0.0, 0.5]]))
    ours, limit = reorder.evaluate(COSTS, (0, 4), fine), reorder.evaluate(COSTS, (0, 4), smooth)
    for name in ("on_hand", "backlog", "fill_rate", "cycle_service", "stockout_share"):
        assert getattr(ours, name)[0] == pytest.approx(getattr(limit, name)[0], abs=4e-3), name
    assert ours.orders[0] * parts == pytest.approx(limit.orders[0], abs=4e-3)


def test_figures_do_not_depend_on_the_company_of_other_series() -> None:
    demand = Distribution.single(Family.COUNT, [0.1, 3.0, 40.0], [0.1, 9.0, 60.0])
    together = reorder.evaluate(COSTS, ([0, 4, 70], [3, 12, 200]), reorder.periodic(demand, [1, 2, 1], 2))
    for row, (lead, s, upto) in enumerate([(1, 0, 3), (2, 4, 12), (1, 70, 200)]):
        alone = reorder.evaluate(COSTS, (s, upto), reorder.periodic(demand.take(np.array([row])), lead, 2))
        for name in (*FIGURES, "cost", "ordering_cost", "holding_cost", "backlog_cost"):
            assert getattr(alone, name)[0] == pytest.approx(getattr(together, name)[row], rel=1e-12), name


def test_an_item_without_demand_waits_for_nobody() -> None:
    ours = reorder.evaluate(COSTS, (1, 4), reorder.periodic(Distribution.single(Family.COUNT, 0.0, 0.0), 2))
    assert (ours.on_hand[0], ours.orders[0], ours.fill_rate[0], ours.stockout_share[0]) == (4.0, 0.0, 1.0, 0.0)
    assert ours.cost[0] == 4.0
    assert ours.cycle_service[0] == 1.0


@given(
    st.integers(-4, 12), st.integers(1, 12), st.integers(0, 3), st.integers(1, 3), st.floats(0.2, 8), st.floats(1, 4)
)
def test_figures_keep_together(s: int, gap: int, lead: int, review: int, mean: float, ratio: float) -> None:
    exposure = reorder.periodic(Distribution.single(Family.COUNT, mean, mean * ratio), lead, review)
    ours = reorder.evaluate(COSTS, (s, s + gap), exposure)
    more = reorder.evaluate(COSTS, (s + 1, s + 1 + gap), exposure)
    for name in ("fill_rate", "cycle_service", "period_service"):
        assert -1e-9 <= getattr(ours, name)[0] <= getattr(more, name)[0] + 1e-9, name
        assert getattr(more, name)[0] <= 1.0 + 1e-9
    assert more.stockout_share[0] <= ours.stockout_share[0] + 1e-9
    assert 0.0 < ours.orders[0] <= 1.0 / review
    total = ours.ordering_cost + ours.holding_cost + ours.backlog_cost
    assert ours.cost[0] == pytest.approx(total[0], rel=1e-12)


def test_levels_in_parts_of_units_and_lots_of_none_are_refused() -> None:
    exposure = reorder.spans(Distribution.single(Family.COUNT, 2.0, 2.0))
    with pytest.raises(ValueError, match="whole units"):
        reorder.evaluate(COSTS, (1.5, 4), exposure)
    with pytest.raises(ValueError, match="order_up_to above"):
        reorder.evaluate(COSTS, (4, 4), exposure)
    with pytest.raises(ValueError, match="at least 1 unit"):
        reorder.lots.evaluate(COSTS, (1, 0), exposure)
    with pytest.raises(ValueError, match="whole units"):
        reorder.base_stock.evaluate(COSTS, np.nan, exposure)
