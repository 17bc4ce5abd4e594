"""Orders a year against cycle stock: the textbook's hyperbola, and its items at their bounds."""

from __future__ import annotations

import numpy as np
import pytest

from orderpoint.optimize.eoq import LotCosts
from orderpoint.optimize.service.exchange_curve import YearlyItems, exchange_curve

DEMAND, COST = np.array([7200.0, 4000.0, 500.0, 100.0]), np.array([2.0, 0.9, 5.0, 0.81])
ORDERS = np.array([6.0, 12.0, 40.0])


def test_silver_pyke_peterson_orders_times_stock_is_the_same_along_the_curve() -> None:
    curve = exchange_curve(YearlyItems.free(DEMAND, COST), ORDERS)
    s = np.sqrt(DEMAND * COST).sum()
    assert curve.orders == pytest.approx(ORDERS)
    assert curve.orders * curve.cycle_stock == pytest.approx(s * s / 2.0)
    assert curve.stock_per_order == pytest.approx(curve.cycle_stock / curve.orders)


def test_its_lots_are_those_of_the_eoq_at_one_ratio_of_fixed_cost_to_carrying_charge() -> None:
    curve = exchange_curve(YearlyItems.free(DEMAND, COST), ORDERS)
    for number, orders_of in zip(ORDERS, curve.orders_of, strict=True):
        ratio = (np.sqrt(DEMAND * COST).sum() / number) ** 2 / 2.0
        lots = LotCosts(fixed_cost=ratio, holding_cost=COST, demand=DEMAND).optimal()
        assert DEMAND / orders_of == pytest.approx(lots.quantity)


def test_no_exchange_of_orders_between_two_items_saves_stock_as_by_brute_force() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        n = int(rng.integers(2, 5))
        demand, cost = rng.uniform(1.0, 5000.0, n), rng.uniform(0.1, 50.0, n)
        items = YearlyItems(demand, cost, rng.uniform(0.0, 2.0, n), rng.uniform(3.0, 30.0, n))
        number = float(rng.uniform(items.fewest.sum(), items.most.sum()))
        curve = exchange_curve(items, np.array([number]))
        placed = curve.orders_of[0]
        assert placed.sum() == pytest.approx(number)
        assert ((placed >= items.fewest) & (placed <= items.most)).all()
        moved = 1e-3
        for giver in range(n):
            for taker in set(range(n)) - {giver}:
                other = placed.copy()
                other[giver] -= moved
                other[taker] += moved
                if other[giver] >= items.fewest[giver] and other[taker] <= items.most[taker]:
                    assert (demand * cost / (2.0 * other)).sum() >= curve.cycle_stock[0] - 1e-9


def test_bounds_that_cannot_be_are_told_all_at_once() -> None:
    with pytest.raises(ValueError, match=r"demand.*unit_cost"):
        YearlyItems.free(np.array([-1.0]), np.array([-2.0]))
    with pytest.raises(ValueError, match="fewest"):
        YearlyItems(DEMAND, COST, np.full(4, 9.0), np.full(4, 3.0))
    with pytest.raises(ValueError, match="ascending"):
        exchange_curve(YearlyItems.free(DEMAND, COST), np.array([3.0, 2.0]))


def test_all_items_at_their_bounds_say_so_by_their_sum() -> None:
    items = YearlyItems(DEMAND, COST, np.full(4, 1.0), np.full(4, 5.0))
    curve = exchange_curve(items, np.array([2.0, 500.0]))
    assert curve.orders.tolist() == [4.0, 20.0]
    assert curve.stock_per_order.tolist() == [0.0, 0.0]
