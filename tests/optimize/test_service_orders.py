"""A limit on the number of today's orders: brute force, certified gaps, and what the shopkeeper sees."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
import pytest

from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.service import counted
from orderpoint.optimize.service.order_limit import CountedBy, OrderLimit
from orderpoint.optimize.service.share import Shared, Split, share
from orderpoint.testing.policy_contract import check_decisions, value_of
from orderpoint.testing.small_shop import SmallShop, two_offers

SAMPLING = Sampling(paths=128)


class Case(NamedTuple):
    curves: Shared
    limit: OrderLimit
    budget: float
    price: float


def random_case(rng: np.random.Generator) -> Case:
    """Up to five lines, on orders of their own or not, with a budget or a price of money."""
    n, count = int(rng.integers(1, 6)), int(rng.integers(2, 5))
    quantity = np.cumsum(rng.integers(1, 4, (n, count)), axis=1).astype(float)
    quantity -= quantity[:, :1]
    money = quantity * rng.integers(0, 6, (n, 1))
    short = -np.sort(-rng.random((n, count)) * 5.0, axis=1)
    curves = Shared(quantity, money, short, short[:, 0] + rng.random(n), np.zeros(n), np.ones(n, np.bool_))
    groups = np.arange(n) if rng.random() < 0.5 else rng.integers(0, n, n)
    order_of = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    orders = int(order_of.max()) + 1
    limit = OrderLimit(int(rng.integers(1, orders + 1)), order_of, np.zeros(orders, np.bool_))
    if rng.random() < 0.3:
        return Case(curves, limit, np.inf, float(rng.random() * 0.1))
    return Case(curves, limit, float(rng.integers(0, 40)), 0.0)


def all_choices(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """(worth of every combination within the budget, its number of orders)."""
    n, count = case.curves.quantity.shape
    combinations = np.array(list(product(range(count), repeat=n)))
    spent = case.curves.money[np.arange(n), combinations].sum(axis=1)
    worth = case.curves.gain()[np.arange(n), combinations].sum(axis=1) - case.price * spent
    orders = np.array([len(set(case.limit.order_of[row > 0].tolist())) for row in combinations])
    return worth[spent <= case.budget], orders[spent <= case.budget]


def worth_of(case: Case, found: Split) -> float:
    rows = np.arange(len(found.choice))
    spent = float(case.curves.money[rows, found.choice].sum())
    assert spent <= case.budget
    assert len(set(case.limit.order_of[found.quantity > 0].tolist())) == found.orders <= case.limit.most
    return float(case.curves.gain()[rows, found.choice].sum()) - case.price * spent


def test_few_series_serve_most_within_a_number_of_orders_as_by_brute_force() -> None:
    rng = np.random.default_rng(11)
    priced = 0
    for _ in range(250):
        case = random_case(rng)
        worth, orders = all_choices(case)
        best = worth[orders <= case.limit.most].max()
        found = share(case.curves, case.budget, case.price, case.limit)
        assert worth_of(case, found) == pytest.approx(best, abs=1e-12)
        assert found.gap == pytest.approx(0.0, abs=1e-12)
        more = worth[orders <= case.limit.most + 1].max() - best
        assert found.order_price == pytest.approx(more, abs=1e-12)
        priced += more > 1e-9
    assert priced > 50


def test_the_gap_of_marginal_analysis_certifies_as_by_brute_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "MOST_EXACT", 0)
    rng = np.random.default_rng(12)
    exact = 0
    for _ in range(250):
        case = random_case(rng)
        worth, orders = all_choices(case)
        best = worth[orders <= case.limit.most].max()
        found = share(case.curves, case.budget, case.price, case.limit)
        reached = worth_of(case, found)
        assert reached <= best + 1e-12
        assert best * (1.0 - found.gap) <= reached + 1e-9
        exact += best - reached < 1e-12
    assert exact > 230


def test_many_lines_come_near_the_bound_and_no_money_prices_a_further_order_by_its_worth() -> None:
    rng = np.random.default_rng(13)
    n, count = 3000, 12
    quantity = np.arange(count) * np.ones((n, 1))
    money = quantity * rng.uniform(1.0, 9.0, (n, 1))
    short = rng.uniform(0.5, 8.0, (n, 1)) * rng.uniform(0.3, 0.9, (n, 1)) ** quantity
    curves = Shared(quantity, money, short, short[:, 0], np.zeros(n), np.ones(n, np.bool_))
    limit = OrderLimit(400, np.arange(n), np.zeros(n, np.bool_))
    found = share(curves, 4000.0, 0.0, limit)
    assert found.orders == 400
    assert 0.0 <= found.gap < 1e-4
    assert found.order_price > 0.0
    free = share(curves, np.inf, 1e-6, limit)
    worth = np.sort((curves.gain() - 1e-6 * money).max(axis=1))[::-1]
    assert free.gap == pytest.approx(0.0, abs=1e-12)
    assert free.order_price == pytest.approx(worth[400])


def test_the_frontier_under_a_number_of_orders_is_kept_by_every_budget() -> None:
    rng = np.random.default_rng(14)
    for _ in range(60):
        case = random_case(rng)
        frontier = share(case.curves, 10.0, 0.0, case.limit).frontier
        idle = 1.0 - case.curves.short[:, 0].sum() / case.curves.asked.sum()
        assert np.isfinite(frontier.shadow_price).all()
        assert (np.diff(frontier.money) > 0.0).all()
        assert (np.diff(frontier.service) > 0.0).all()
        assert (np.diff(frontier.shadow_price) <= 1e-12).all()
        if case.limit.most == len(case.limit.placed):
            continue  # no limit: the chords of the envelopes, between which a combination may not lie
        for money, service in zip(frontier.money, frontier.service, strict=True):
            worth, orders = all_choices(case._replace(budget=float(money) + 1e-9, price=0.0))
            assert service - idle == pytest.approx(worth[orders <= case.limit.most].max(), abs=1e-12)


def test_maxserv_places_no_more_orders_than_it_may_and_a_further_one_serves_what_it_says() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0, 0.4, 25.0, 6.0), unit_cost=(5.0, 9.0, 2.0, 4.0, 3.0)).build()
    within = replace(snapshot, budget=150.0)
    served = []
    for orders in (1, 2, 3, 4):
        decisions = MaxServ(SAMPLING, orders=orders).decide(within, demand)
        check_decisions(within, decisions)
        assert (decisions.quantity > 0).sum() <= orders
        result = SAMPLING.evaluate(within, demand, decisions)
        limit = next(limit for limit in decisions.binding if limit.kind == "orders")
        assert (limit.limit, limit.used) == (orders, (decisions.quantity > 0).sum())
        window = result.demand / 3.0  # what is ordered today is on sale in the last of three weeks
        served.append((float((window * result.fill_rate).sum()), limit.shadow_price))
    for (less, price), (more, _) in pairwise(served):
        assert price == pytest.approx(more - less, abs=1e-6)
    assert served[0][1] > 0.0


def test_lines_from_one_supplier_are_one_order() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 8.0, 9.0, 7.0)).build()
    supplier = ("ACME", "ACME", "Brisk", "Brisk")
    shop = replace(snapshot, supply=replace(snapshot.supply, supplier=supplier))
    decisions = MaxServ(SAMPLING, orders=1, orders_by=CountedBy.SUPPLIERS).decide(shop, demand)
    assert (decisions.quantity > 0).tolist() == [True, True, False, False]
    lines = MaxServ(SAMPLING, orders=1).decide(shop, demand)
    assert (lines.quantity > 0).tolist() == [True, False, False, False]
    with pytest.raises(ValueError, match=r"shares between 0 and 1.*orders: expected at least 1"):
        MaxServ(targets={"A": 95.0}, orders=0)


def test_more_orders_than_lines_change_nothing() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0, 0.4), budget=60.0).build()
    snapshot = two_offers(snapshot)
    free, many = MaxServ(SAMPLING).decide(snapshot, demand), MaxServ(SAMPLING, orders=3).decide(snapshot, demand)
    assert np.array_equal(free.quantity, many.quantity)
    assert value_of(snapshot, many) <= 60.0
    assert many.binding[-1].shadow_price == 0.0
