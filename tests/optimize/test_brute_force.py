"""Whole policies against every combination of orders of some hundred small shops, by their own evaluation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import parse_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.testing.policy_contract import check_decisions
from tests.optimize.every_order import by_quantity, combinations, random_shop, sums

SAMPLING = Sampling(paths=32)
MINCOST, MAXSERV = MinCost(SAMPLING, patient=False), MaxServ(SAMPLING)
MOST = 24
SHOPS = range(0, 200, 50)


@pytest.mark.parametrize("first", SHOPS)
def test_mincost_costs_least_of_all_orders_with_and_without_a_budget(first: int) -> None:
    for seed in range(first, first + 50):
        snapshot, demand, rng = random_shop(seed, max_quantity=rng_most(seed))
        free = MINCOST.decide(snapshot, demand)
        assert free.quantity.max() < MOST
        cost = by_quantity(MINCOST, (snapshot, demand, free), MOST, lambda found: found.cost)
        most = np.minimum(snapshot.supply.max_quantity, MOST).astype(int)
        orders = combinations([np.arange(m + 1) for m in most])
        total, money = sums(cost, orders), orders @ snapshot.supply.unit_cost
        for budget in (None, float(rng.uniform(0.2, 0.9)) * float(free.quantity @ snapshot.supply.unit_cost)):
            limited = replace(snapshot, budget=budget)
            decided = MINCOST.decide(limited, demand)
            check_decisions(limited, decided)
            best = total[money <= (np.inf if budget is None else budget + 1e-9)].min()
            ours = sums(cost, decided.quantity[None, :].astype(int))[0]
            assert ours <= best + 1e-5 * (1.0 + abs(best)), (seed, budget, decided.quantity, ours, best)


def rng_most(seed: int) -> float:
    """The most of an order: a few units in every fifth shop."""
    return 3.0 if seed % 5 == 0 else np.inf


@pytest.mark.parametrize("first", SHOPS)
def test_maxserv_leaves_least_short_of_all_orders_within_a_budget(first: int) -> None:
    for seed in range(first, first + 50):
        pack, moq = 1 + seed % 2, 1 + seed % 3
        snapshot, demand, rng = random_shop(seed, pack=pack, moq=moq)
        least = -(-moq // pack) * pack
        lots = np.array([0, *range(least, MOST + 1, pack)])
        orders = combinations([lots] * len(snapshot.index))
        money = orders @ snapshot.supply.unit_cost
        limited = replace(snapshot, budget=float(rng.uniform(2.0, 30.0)))
        decided = MAXSERV.decide(limited, demand)
        check_decisions(limited, decided)
        short = by_quantity(MAXSERV, (snapshot, demand, decided), MOST, lambda found: found.short)
        total = sums(short, orders)
        best = total[money <= limited.budget + 1e-9].min()
        assert decided.quantity.max() <= MOST
        ours = sums(short, decided.quantity[None, :].astype(int))[0]
        assert ours <= best + 1e-5 * (1.0 + best), (seed, decided.quantity, ours, best)


@pytest.mark.parametrize("first", SHOPS)
def test_rules_are_kept_and_the_rest_costs_least_of_all_orders_that_keep_them(first: int) -> None:
    compared = 0
    for seed in range(first, first + 50):
        snapshot, demand, rng = random_shop(seed)
        n, price = len(snapshot.index), snapshot.supply.unit_cost
        cap, least, held = int(rng.integers(1, 9)), int(rng.integers(0, 4)), int(rng.integers(0, n))
        text = f"- {{name: a, when: 'on_hand >= 2', then: {{cap: {cap}}}}}\n"
        text += f"- {{name: b, when: 'on_hand < 2', then: {{at_least: {least}}}}}\n"
        text += f"- {{name: c, priority: 9, when: item == 'item {held:04d}', then: {{hold: true}}}}\n"
        policy = Rio(parse_rules(text, "rules.yaml"), MINCOST, SAMPLING)
        low = np.where(snapshot.stock.on_hand < 2.0, least, 0)
        high = np.where(snapshot.stock.on_hand >= 2.0, cap, MOST)
        low[held] = high[held] = 0
        decided = policy.decide(snapshot, demand)
        check_decisions(snapshot, decided)
        cost = by_quantity(MINCOST, (snapshot, demand, decided), MOST, lambda found: found.cost)
        orders = combinations([np.arange(a, b + 1) for a, b in zip(low, high, strict=True)])
        best, ours = sums(cost, orders).min(), sums(cost, decided.quantity[None, :].astype(int))[0]
        assert ((decided.quantity >= low) & (decided.quantity <= high)).all()
        assert ours <= best + 1e-5 * (1.0 + abs(best)), (seed, decided.quantity, ours, best)
        wanted = float(decided.quantity @ price)
        if wanted == 0.0 or (low > 0).any():
            continue  # what rules ask for is paid first, in their order: see test_rio_limits
        limited = replace(snapshot, budget=float(rng.uniform(0.3, 0.9)) * wanted)
        step = policy.dry_run(limited, demand)
        if (step.proposed.quantity > high).any():
            continue  # money that a cap frees after the algorithm is not spent again
        cut, compared = step.decided, compared + 1
        check_decisions(limited, cut)
        best = sums(cost, orders)[orders @ price <= limited.budget + 1e-9].min()
        ours = sums(cost, cut.quantity[None, :].astype(int))[0]
        assert ours <= best + 1e-5 * (1.0 + abs(best)), (seed, limited.budget, cut.quantity, ours, best)
    assert compared >= 8
