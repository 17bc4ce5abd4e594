"""MAXSERV: the most service that money can buy."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from orderpoint.domain.supply import PriceBreaks
from orderpoint.optimize.base import Policy
from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.service.measures import Measure
from orderpoint.optimize.service.pareto import efficient
from orderpoint.optimize.service.share import Shared, share
from orderpoint.testing.policy_contract import PolicyContract, value_of
from orderpoint.testing.small_shop import SmallShop

SAMPLING = Sampling(paths=256)
MIXED = SmallShop(mean=(10.0, 3.0, 0.4, 25.0), unit_cost=(5.0, 9.0, 2.0, 4.0))


class TestMaxServ(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return MaxServ(SAMPLING)


class TestMaxServByCycles(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return MaxServ(SAMPLING, Measure.CYCLE_SERVICE)


class TestMaxServByWaiting(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return MaxServ(SAMPLING, Measure.RESPONSE_TIME)


class TestMaxServWithFewOrdersAndTargets(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return MaxServ(SAMPLING, orders=3, targets={"all": 0.9, "class:AX": 0.98})


def served(snapshot: object, demand: object, decisions: object) -> float:
    result = MaxServ(SAMPLING).evaluate(snapshot, demand, decisions)  # type: ignore[arg-type]
    return float(1.0 - (result.demand * (1.0 - result.fill_rate)).sum() / result.demand.sum())


def test_more_money_never_serves_less() -> None:
    snapshot, demand = MIXED.build()
    fills = []
    for budget in (0.0, 20.0, 60.0, 120.0, 240.0, 480.0):
        within = replace(snapshot, budget=budget)
        decisions = MaxServ(SAMPLING).decide(within, demand)
        assert value_of(snapshot, decisions) <= budget
        fills.append(served(snapshot, demand, decisions))
    assert fills == sorted(fills)
    assert fills[-1] > 0.99


def test_it_serves_more_than_least_cost_does_for_the_same_money() -> None:
    snapshot, demand = MIXED.build()
    for budget in (50.0, 120.0, 200.0):
        within = replace(snapshot, budget=budget)
        cheapest = MinCost(SAMPLING).decide(within, demand)
        most = MaxServ(SAMPLING).decide(within, demand)
        assert served(snapshot, demand, most) >= served(snapshot, demand, cheapest) - 1e-12


def test_without_a_budget_a_unit_of_money_adds_the_same_service_everywhere() -> None:
    snapshot, demand = MIXED.build()
    most = MaxServ(SAMPLING).decide(snapshot, demand)
    spent = value_of(snapshot, most)
    same_money = MaxServ(SAMPLING).decide(replace(snapshot, budget=spent), demand)
    assert np.array_equal(same_money.quantity, most.quantity)
    cheapest = value_of(snapshot, MinCost(SAMPLING).decide(snapshot, demand))
    assert 0.7 * cheapest < spent < 1.3 * cheapest


def test_the_frontier_is_whole_and_its_shadow_price_falls() -> None:
    snapshot, demand = MIXED.build()
    frontier = MaxServ(SAMPLING).decide(replace(snapshot, budget=60.0), demand).frontier
    assert frontier is not None
    assert frontier.money[0] == 0.0
    assert frontier.service[-1] == pytest.approx(1.0)
    assert (np.diff(frontier.money) > 0.0).all()
    assert (np.diff(frontier.service) > 0.0).all()
    assert (np.diff(frontier.shadow_price) <= 1e-15).all()
    assert frontier.shadow_price[-1] == 0.0


def test_targets_come_first_and_the_more_specific_one_wins() -> None:
    snapshot, demand = MIXED.build()
    category = replace(snapshot.catalog, category=("slow", None, "slow", None))
    shop = replace(snapshot, catalog=category, budget=200.0)
    policy = MaxServ(SAMPLING, targets={"slow": 0.99, "A": 0.5, "B": 0.4, "C": 0.3})
    assert policy.targets_of(shop, demand)[[0, 2]].tolist() == [0.99, 0.99]
    own = replace(shop, costs=replace(shop.costs, service_target=np.array([np.nan, 0.7, np.nan, np.nan])))
    assert policy.targets_of(own, demand)[1] == 0.7
    fill = policy.evaluate(shop, demand, policy.decide(shop, demand)).fill_rate
    plain = policy.evaluate(shop, demand, MaxServ(SAMPLING).decide(shop, demand)).fill_rate
    assert fill[0] >= 0.99 > plain[0]
    assert fill[1] < plain[1]


def test_a_target_outside_0_and_1_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        MaxServ(targets={"A": 95.0})


def test_a_price_break_that_makes_more_cost_less_is_bought_instead_of_less() -> None:
    breaks = PriceBreaks(((20, 2.0),))
    snapshot, demand = SmallShop(mean=(12.0, 13.0), unit_cost=5.0, price_breaks=breaks).build()
    for budget in (39.0, 45.0, 90.0):
        decisions = MaxServ(SAMPLING).decide(replace(snapshot, budget=budget), demand)
        assert value_of(snapshot, decisions) <= budget
        assert not ((decisions.quantity >= 8) & (decisions.quantity < 20)).any()


def random_choices(rng: np.random.Generator) -> Shared:
    n, count = int(rng.integers(1, 5)), int(rng.integers(2, 5))
    quantity = np.cumsum(rng.integers(1, 4, (n, count)), axis=1).astype(float)
    quantity -= quantity[:, :1]
    money = quantity * rng.integers(1, 6, (n, 1))
    short = -np.sort(-rng.random((n, count)) * 5.0, axis=1)
    return Shared(quantity, money, short, short[:, 0] + rng.random(n), np.zeros(n), np.ones(n, np.bool_))


def test_few_series_are_shared_exactly_as_by_brute_force() -> None:
    rng = np.random.default_rng(3)
    for _ in range(250):
        curves = random_choices(rng)
        gain, (n, count) = curves.gain(), curves.quantity.shape
        limit = float(rng.integers(0, 40))
        combinations = np.array(list(product(range(count), repeat=n)))
        spent = curves.money[np.arange(n), combinations].sum(axis=1)
        earned = gain[np.arange(n), combinations].sum(axis=1)
        found = share(curves, limit)
        chosen = [int(np.flatnonzero(curves.quantity[i] == found.quantity[i])[0]) for i in range(n)]
        assert curves.money[np.arange(n), chosen].sum() <= limit
        assert gain[np.arange(n), chosen].sum() == pytest.approx(earned[spent <= limit].max(), abs=1e-12)
        assert found.gap == 0.0


def test_the_exact_frontier_holds_every_efficient_combination() -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        curves = random_choices(rng)
        gain, (n, count) = curves.gain(), curves.quantity.shape
        combinations = np.array(list(product(range(count), repeat=n)))
        spent = curves.money[np.arange(n), combinations].sum(axis=1)
        earned = gain[np.arange(n), combinations].sum(axis=1)
        found = efficient(curves.money, gain)
        assert found is not None
        for money, worth, choice in zip(found.money, found.gain, found.choice, strict=True):
            assert worth == pytest.approx(earned[spent <= money + 1e-9].max(), abs=1e-12)
            assert curves.money[np.arange(n), choice].sum() == pytest.approx(money)
        best = [earned[spent <= money].max() for money in np.unique(spent)]
        assert len(found.money) == len(np.unique(np.round(best, 12)))


def test_marginal_analysis_certifies_its_gap_to_the_exact_best() -> None:
    snapshot, demand = SmallShop(mean=tuple(np.linspace(0.2, 9.0, 30)), unit_cost=tuple(np.linspace(2, 11, 30))).build()
    within = replace(snapshot, budget=250.0)
    many = MaxServ(SAMPLING).decide(within, demand)
    assert 0.0 < many.gap < 0.02
    few = within.take(np.arange(20))
    part = replace(
        demand,
        index=few.index,
        **{name: getattr(demand, name)[:20] for name in ("mean", "family", "ratio", "level_cv2", "zero", "knots")},
    )
    exact = MaxServ(SAMPLING).decide(few, part)
    assert exact.gap >= 0.0
