"""CIMS as a whole against every combination of first orders of two hundred small shops, by a slow season."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from orderpoint.optimize.build_up.grid import Terms, at_position, grid_of
from orderpoint.optimize.cims import Cims
from orderpoint.optimize.protection import Setting, rows_of
from orderpoint.optimize.sampling import Sampling
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.policy_contract import check_decisions
from orderpoint.testing.small_shop import SmallShop
from tests.optimize.every_order import combinations
from tests.optimize.test_build_up import offers_of, slow_season
from tests.optimize.test_shared_orders import charging, shares_of, with_orders

POLICY = Cims(Sampling(paths=8), reviews=3)
REVIEWS = 4
MOST = 12


def random_shop(seed: int) -> tuple[Snapshot, Demand, NDArray[np.float64]]:
    """Two lines with demand that changes, lots and bounds; every second shop pays for orders that both lines share."""
    rng = np.random.default_rng(seed)
    pack = rng.choice([1, 1, 2], 2)
    shop = SmallShop(
        mean=rng.uniform(0.2, 2.5, (2, REVIEWS)).round(2),
        horizon=REVIEWS,
        arrival=0,
        next_arrival=1,
        on_hand=rng.integers(0, 4, 2),
        order_cost=rng.choice([0.0, 1.0, 3.0], 2),
        pack=pack,
        moq=pack * rng.integers(1, 3, 2),
        max_quantity=rng.integers(4, MOST, 2),
        holding_per_period=rng.uniform(0.1, 0.5, 2).round(2),
        stockout=rng.uniform(0.5, 3.0, 2).round(2),
        unit_cost=1e5 * rng.integers(1, 4, 2),
    )
    snapshot, demand = shop.build()
    cost = np.array([rng.choice([1.0, 3.0]) if seed % 2 else 0.0])
    return charging(snapshot, ("A",), cost.tolist(), [0, 0]), demand, cost


def first_orders(snapshot: Snapshot, demand: Demand, cost: NDArray[np.float64]) -> list[dict[int, float]]:
    """What each lot of each line costs, today's window and all that follows, its own fixed cost paid."""
    supply, found = snapshot.supply, []
    holding = snapshot.costs.holding_cost_per_unit_day * 7.0
    share = np.zeros(2)
    if cost[0] > 0.0:
        share = shares_of(float(cost[0]), supply.order_cost, 0.5 * holding * demand.mean.mean(axis=1))
    ((paths, _, setting),) = POLICY.sampling.sampled(snapshot, demand, REVIEWS)
    for i in range(2):
        lines = rows_of(setting.lines, i, i + 1)._replace(first_offer=np.array([0, 1]))
        one = Setting(lines, offers_of(setting, i), setting.clock)
        least = float(max(supply.moq[i], supply.pack[i]))
        terms = Terms(float(supply.order_cost[i] + share[i]), least, float(supply.unit_cost[i]), np.inf)
        grid = grid_of(paths[i], one, (0, 0), terms, REVIEWS)
        assert grid.stride == 1.0
        value = slow_season(paths[i].astype(np.float64), one, terms, grid, REVIEWS)[2]
        stock, today = snapshot.stock.on_hand[i], paths[i, :, 0].astype(float)
        first = int(np.ceil(least / supply.pack[i]) * supply.pack[i])
        lots = {}
        for q in (0, *range(first, int(supply.max_quantity[i]) + 1, int(supply.pack[i]))):
            left = stock + q - today
            window = holding[i] * np.maximum(left, 0.0)
            window += snapshot.costs.stockout_cost_per_unit[i] * np.maximum(-left, 0.0)
            after = np.mean([at_position(value, grid, max(x, 0.0)) for x in left])
            lots[q] = float(window.mean() + after) + (float(supply.order_cost[i]) if q else 0.0)
        found.append(lots)
    return found


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_the_first_order_costs_least_of_all_with_and_without_a_budget_and_shared_orders(first: int) -> None:
    for seed in range(first, first + 50):
        snapshot, demand, cost = random_shop(seed)
        table = first_orders(snapshot, demand, cost)
        orders = combinations([np.array(list(lots)) for lots in table])
        worth = sum(np.array([table[i][q] for q in orders[:, i].tolist()]) for i in range(2))
        total, money = with_orders(worth, orders, [0, 0], cost), orders @ snapshot.supply.unit_cost
        for budget in (None, 0.6 * float(money[total.argmin()])):
            limited = replace(snapshot, budget=budget)
            decided = POLICY.decide(limited, demand)
            check_decisions(limited, decided)
            (ours,) = total[(orders == decided.quantity).all(axis=1)]
            best = total[money <= (np.inf if budget is None else budget + 1e-6)].min()
            assert ours <= best + 1e-5 * (1.0 + abs(best)), (seed, budget, decided.quantity, ours, best)
