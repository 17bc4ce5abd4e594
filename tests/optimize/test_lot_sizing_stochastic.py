"""Lot sizing against random demand: slow twins over every stock and order, and over every set of order times."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.optimize.lot_sizing import static_dynamic, stochastic, wagner_whitin
from orderpoint.optimize.lot_sizing.problem import LotSizing
from orderpoint.optimize.lot_sizing.static_dynamic import NO_ORDER
from orderpoint.optimize.lot_sizing.stochastic import StochasticLotSizing
from orderpoint.testing.small_shop import SmallShop

FloatArray = NDArray[np.float64]


def random_problem(
    rng: np.random.Generator, *, lost: bool, bounded: bool, falling: bool = False
) -> StochasticLotSizing:
    periods, width = int(rng.integers(1, 5)), int(rng.integers(2, 5))
    setup = rng.integers(0, 15, (1, periods)).astype(float)
    return StochasticLotSizing(
        probabilities=rng.dirichlet(np.ones(width), (1, periods)),
        setup_cost=-np.sort(-setup, axis=1) if falling else setup,
        holding_cost=rng.integers(0, 3, (1, periods)),
        shortage_cost=rng.integers(1, 12, (1, periods)),
        unit_cost=float(rng.integers(1, 4)) if falling else rng.integers(1, 4, (1, periods)),
        lost=lost,
        most=float(rng.integers(1, 5)) if bounded else np.inf,
        room=float(rng.integers(1, 6)) if bounded else np.inf,
        initial_stock=int(rng.integers(0 if lost else -2, 4)),
        salvage=float(rng.integers(0, 2)),
    )


def slow_cost(problem: StochasticLotSizing) -> float:
    """Least expected cost by trying every order from every stock."""
    chance, costs = problem.probabilities[0], problem.costs()[0]
    most, room, start, salvage = problem.bounds()[0]
    periods, width = chance.shape
    top = periods * (width - 1)

    @cache
    def value(t: int, x: int) -> float:
        if t == periods:
            return -salvage * x if x >= 0 else -costs[-1, 1] * x
        setup, unit, holding, shortage = costs[t]
        best = np.inf
        for q in range(int(min(most, top + max(-x, 0) + 1)) + 1):
            y = x + q
            if q and y > room:
                break
            cost = (setup if q else 0.0) + unit * q
            for d in range(width):
                left = y - d
                after = max(left, 0) if problem.lost else left
                cost += chance[t, d] * (holding * max(left, 0) + shortage * max(-left, 0) + value(t + 1, after))
            best = min(best, cost)
        return best

    return float(value(0, int(start)))


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("bounded", [False, True])
def test_no_order_from_any_stock_is_cheaper(lost: bool, bounded: bool) -> None:
    rng = np.random.default_rng(21)
    for _ in range(100):
        problem = random_problem(rng, lost=lost, bounded=bounded)
        assert stochastic.optimal(problem).cost[0] == pytest.approx(slow_cost(problem), abs=1e-9)


def test_levels_are_the_best_policy_where_setup_costs_never_grow() -> None:
    """Scarf 1960: with waiting demand and a setup cost that never grows the best policy is (s, S)."""
    rng = np.random.default_rng(22)
    for _ in range(200):
        problem = random_problem(rng, lost=False, bounded=False, falling=True)
        best = stochastic.optimal(problem)
        followed = stochastic.evaluate(problem, best.reorder_point, best.order_up_to)
        assert followed[0] == pytest.approx(best.cost[0], abs=1e-9)


def test_certain_demand_gives_the_plan_of_wagner_whitin() -> None:
    demand = np.array([9, 0, 7, 12, 3, 8])
    problem = StochasticLotSizing(np.eye(13)[demand][None], 20.0, 1.0, 1e6)
    plan = wagner_whitin.optimal(LotSizing(demand[None], 20.0, 1.0))
    assert stochastic.optimal(problem).cost[0] == pytest.approx(plan.cost[0])
    times = static_dynamic.optimal(problem)
    assert times.bound[0] == pytest.approx(plan.cost[0])
    assert (times.order_up_to[0] != NO_ORDER).tolist() == (plan.quantity[0] > 0).tolist()


def test_more_demand_ahead_raises_the_level() -> None:
    snapshot, demand = SmallShop(mean=[[5.0, 5.0, 20.0, 5.0, 5.0]], horizon=5, period=Period.WEEK).build()
    assert snapshot.timeline.count == 5
    problem = StochasticLotSizing(stochastic.period_probabilities(demand), 0.0, 1.0, 9.0)
    levels = stochastic.optimal(problem).order_up_to[0]
    assert levels[2] > 20 > levels[0]
    assert levels[0] == demand.period(0).quantile(0.9)[0]


def test_a_bounded_order_builds_up_before_the_peak() -> None:
    chance = np.zeros((1, 4, 31))
    chance[0, :, 5], chance[0, 3, :] = 1.0, 0.0
    chance[0, 3, 30] = 1.0
    free, tight = (StochasticLotSizing(chance, 0.0, 0.1, 9.0, most=most) for most in (np.inf, 12.0))
    assert stochastic.optimal(free).order_up_to[0].tolist() == [5, 5, 5, 30]
    assert stochastic.optimal(tight).order_up_to[0, :3].min() > 5


def times_cost(problem: StochasticLotSizing, chosen: list[int], service_level: float | None) -> float:
    """Cost of given order times, each cycle at its best level, levels lowered freely: by sums over all demands."""
    chance, costs = problem.probabilities[0], problem.costs()[0]
    periods, width = chance.shape
    total = 0.0
    for i, j in zip(chosen, [*chosen[1:], periods], strict=True):
        best = np.inf
        for y in range((j - i) * (width - 1) + 1):
            cost, served = costs[i, 0], 0.0
            for path in product(range(width), repeat=j - i):
                weight = float(np.prod([chance[i + k, d] for k, d in enumerate(path)]))
                left = y - np.cumsum(path)
                holding, shortage = costs[i:j, 2], costs[i:j, 3]
                served += weight * (left[-1] >= 0)
                cost += weight * float((holding * np.maximum(left, 0) + shortage * np.maximum(-left, 0)).sum())
                worth = costs[j, 1] if j < periods else (costs[-1, 1] if left[-1] < 0 else problem.salvage)
                cost += weight * (costs[i, 1] * y - worth * left[-1])
            if service_level is not None and served >= service_level - 1e-12:
                best = cost
                break
            best = best if service_level is not None else min(best, cost)
        total += best
    return total


@pytest.mark.parametrize("service_level", [None, 0.8])
def test_no_other_set_of_order_times_is_cheaper(service_level: float | None) -> None:
    rng = np.random.default_rng(23)
    for _ in range(100):
        periods, width = int(rng.integers(1, 4)), int(rng.integers(2, 4))
        problem = StochasticLotSizing(
            rng.dirichlet(np.ones(width), (1, periods)),
            rng.integers(0, 9, (1, periods)),
            rng.integers(0, 3, (1, periods)),
            rng.integers(1, 9, (1, periods)),
            rng.integers(0, 4, (1, periods)),
        )
        sets = [[0, *(k + 1 for k in range(periods - 1) if bits[k])] for bits in product((0, 1), repeat=periods - 1)]
        best = min(times_cost(problem, chosen, service_level) for chosen in sets)
        assert static_dynamic.optimal(problem, service_level).bound[0] == pytest.approx(best, abs=1e-9)


def test_fixed_order_times_cost_no_less_than_free_ones_and_are_bounded_from_below() -> None:
    rng = np.random.default_rng(24)
    for _ in range(100):
        problem = StochasticLotSizing(rng.dirichlet(np.ones(6), (1, 6)), float(rng.integers(1, 12)), 1.0, 9.0)
        times = static_dynamic.optimal(problem)
        exact = static_dynamic.evaluate(problem, times.order_up_to)[0]
        assert exact >= times.bound[0] - 1e-9
        assert exact >= stochastic.optimal(problem).cost[0] - 1e-9


def test_the_exact_cost_of_order_times_is_that_of_all_demands() -> None:
    rng = np.random.default_rng(25)
    for _ in range(50):
        problem = StochasticLotSizing(rng.dirichlet(np.ones(3), (1, 4)), 5.0, 1.0, 4.0, 2.0, salvage=1.0)
        levels = rng.integers(0, 6, (1, 4))
        levels[0, 1] = NO_ORDER
        total = 0.0
        for path in product(range(3), repeat=4):
            weight = float(np.prod([problem.probabilities[0, t, d] for t, d in enumerate(path)]))
            x, cost = 0, 0.0
            for t, d in enumerate(path):
                if levels[0, t] != NO_ORDER:
                    cost += 5.0 + 2.0 * max(levels[0, t] - x, 0)
                    x = max(x, levels[0, t])
                x -= d
                cost += max(x, 0) + 4.0 * max(-x, 0)
            total += weight * (cost - max(x, 0) + 2.0 * max(-x, 0))
        assert static_dynamic.evaluate(problem, levels)[0] == pytest.approx(total, abs=1e-9)


def test_what_cannot_be_meant_is_refused() -> None:
    half = np.full((1, 2, 2), 0.5)
    with pytest.raises(ValueError, match="sum to 1"):
        StochasticLotSizing(half * 0.9, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="give back"):
        StochasticLotSizing(half, 1.0, 1.0, 1.0, 2.0, salvage=3.0)
    with pytest.raises(ValueError, match="packs"):
        StochasticLotSizing(half, 1.0, 1.0, 1.0, initial_stock=10**6)
    with pytest.raises(ValueError, match="waits"):
        static_dynamic.optimal(StochasticLotSizing(half, 1.0, 1.0, 1.0, lost=True))
    with pytest.raises(ValueError, match="between 0 and 1"):
        static_dynamic.optimal(StochasticLotSizing(half, 1.0, 1.0, 1.0), 95.0)
    with pytest.raises(ValueError, match="above reorder_point"):
        stochastic.evaluate(StochasticLotSizing(half, 1.0, 1.0, 1.0), 3, 3)
