"""One item from several suppliers: the steady order beside the quick one, and today's order shared."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from orderpoint.optimize.collaboration.supplier_split import SplitProblem, best_split, evaluate
from orderpoint.optimize.collaboration.top_ups import top_ups
from orderpoint.optimize.collaboration.two_suppliers import (
    TwoSuppliers,
    base_surge,
    best_sourcing,
    overshoot,
    slow_alone,
)
from orderpoint.optimize.newsvendor import Newsvendor
from orderpoint.optimize.sampling import Sampling
from orderpoint.stockflow.equation import step
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop, two_offers

TERMS = TwoSuppliers(quick_cost=12.0, slow_cost=10.0, quick_lead=1, slow_lead=6, holding=0.5, penalty=9.0)
EIGHT = poisson.pmf(np.arange(40), 8.0) / poisson.cdf(39, 8.0)


def table(mean: float, variance: float) -> np.ndarray:
    masses = nbinom.pmf(np.arange(200), mean**2 / (variance - mean), mean / variance)
    return np.asarray(masses / masses.sum())


def test_without_a_steady_order_the_quick_supplier_alone_is_a_newsvendor() -> None:
    found = base_surge(TERMS, EIGHT, 0)
    own = Newsvendor(0.5, 9.0).optimal(Distribution.single(Family.COUNT, 16.0, 16.0))
    assert found.kind == "quick"
    assert found.level == own.quantity[0]
    assert found.cost == pytest.approx(12.0 * 8.0 + own.cost[0], abs=1e-6)


def test_the_slow_supplier_alone_is_a_newsvendor_over_its_lead_time_and_a_period() -> None:
    found = slow_alone(TERMS, EIGHT)
    own = Newsvendor(0.5, 9.0).optimal(Distribution.single(Family.COUNT, 56.0, 56.0))
    assert (found.level, found.cost) == (own.quantity[0], pytest.approx(80.0 + own.cost[0], abs=1e-6))
    late = slow_alone(TERMS, EIGHT, (0.7, 0.0, 0.3))
    assert late.cost > found.cost
    assert late.level > found.level


@pytest.mark.parametrize(("demand", "steady"), [(EIGHT, 6), (EIGHT, 7), (table(5.0, 15.0), 3)])
def test_the_cost_of_a_base_and_surges_is_that_of_a_long_plain_play(demand: np.ndarray, steady: int) -> None:
    found = base_surge(TERMS, demand, steady)
    rng = np.random.default_rng(2)
    asked = rng.choice(len(demand), 300_000, p=demand)
    stock, coming, cost, bought = found.level, 0, 0.0, 0
    for d in asked.tolist():
        stock += coming + steady
        order = max(int(found.level) - int(stock) - steady, 0)  # what is steady comes next period too
        coming = order
        bought += order
        stock -= d
        cost += 0.5 * max(stock, 0) + 9.0 * max(-stock, 0)
    cost += 12.0 * bought + 10.0 * steady * len(asked)
    assert found.cost == pytest.approx(cost / len(asked), rel=0.01)


def test_no_level_and_no_steady_order_is_cheaper_by_enumeration() -> None:
    best = best_sourcing(TERMS, EIGHT)
    both = next(s for s in best if s.kind == "both")
    every = [base_surge(TERMS, EIGHT, q, level).cost for q in range(1, 8) for level in range(45)]
    assert both.cost == pytest.approx(min(every))
    assert [s.cost for s in best] == sorted(s.cost for s in best)


def test_a_small_premium_buys_quick_and_a_large_one_slow() -> None:
    def first(quick_cost: float) -> str:
        terms = TwoSuppliers(quick_cost, 10.0, quick_lead=0, slow_lead=8, holding=0.5, penalty=9.0)
        return best_sourcing(terms, EIGHT)[0].kind

    assert [first(c) for c in (10.0, 11.5, 60.0)] == ["quick", "both", "slow"]


def test_the_overshoot_is_stationary() -> None:
    demand = table(4.0, 9.0)
    masses = overshoot(demand, 3)
    after = np.zeros(len(masses) + 3)
    for o, d in itertools.product(range(len(masses)), range(len(demand))):
        after[max(o + 3 - d, 0)] += masses[o] * demand[d]
    assert np.allclose(after[: len(masses)], masses, atol=1e-10)


def test_a_steady_order_of_all_demand_is_refused() -> None:
    with pytest.raises(ValueError, match="steady order"):
        base_surge(TERMS, EIGHT, 8)
    with pytest.raises(ValueError, match="holding"):
        TwoSuppliers(1.0, 1.0, 0, 0, 0.0, 1.0)
    with pytest.raises(ValueError, match="sum to 1"):
        base_surge(TERMS, [0.5, 0.4], 0)


def random_split(rng: np.random.Generator) -> SplitProblem:
    k, w = int(rng.integers(1, 4)), int(rng.integers(1, 5))
    chance = rng.random(w) + 0.1
    return SplitProblem(
        unit_cost=rng.uniform(1, 5, k),
        order_cost=rng.uniform(0, 6, k) * (rng.random(k) < 0.5),
        least=rng.integers(0, 5, k).astype(float),
        most=rng.integers(3, 9, k).astype(float),
        most_share=np.where(rng.random(k) < 0.2, 0.6, 1.0),
        chance=chance / chance.sum(),
        demand=rng.integers(0, 12, w).astype(float),
        in_time=(rng.random((w, k)) < 0.8).astype(float),
        stock=float(rng.integers(0, 3)),
        holding=0.5,
        penalty=float(rng.uniform(2, 15)),
    )


def allowed(problem: SplitProblem, units: tuple[int, ...]) -> bool:
    return all(
        u == 0 or (problem.least[k] <= u <= problem.most[k] and u <= problem.most_share[k] * sum(units) + 1e-9)
        for k, u in enumerate(units)
    )


def test_the_split_is_the_best_of_all_by_enumeration() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        problem = random_split(rng)
        quantity, cost = best_split(problem)
        units = itertools.product(range(9), repeat=len(problem.unit_cost))
        assert cost == pytest.approx(min(evaluate(problem, np.array(u, float)) for u in units if allowed(problem, u)))
        assert allowed(problem, tuple(int(q) for q in quantity))


def test_an_unreliable_supplier_shares_the_order_with_a_dear_one() -> None:
    # The cheap one fails in one case of four; ten units are asked for in any case.
    values = {
        "unit_cost": np.array([5.0, 6.0]),
        "order_cost": np.zeros(2),
        "least": np.zeros(2),
        "most": np.full(2, 50.0),
        "most_share": np.ones(2),
        "chance": np.array([0.75, 0.25]),
        "demand": np.array([10.0, 10.0]),
        "stock": 0.0,
        "holding": 0.1,
    }
    sure = SplitProblem(**values, in_time=np.ones((2, 2)), penalty=20.0)
    unsure = SplitProblem(**values, in_time=np.array([[1.0, 1.0], [0.0, 1.0]]), penalty=20.0)
    assert best_split(sure)[0].tolist() == [10.0, 0.0]
    assert best_split(unsure)[0].tolist() == [0.0, 10.0]
    alone = [best_split(unsure, only=k)[1] for k in range(2)]
    assert best_split(unsure)[1] == min(alone)
    wide = SplitProblem(
        **{**values, "demand": np.array([10.0, 4.0])},
        in_time=np.array([[1.0, 1.0], [0.0, 1.0]]),
        penalty=20.0,
    )
    assert best_split(wide)[0].tolist() == [6.0, 4.0], (
        "the sure units from the sure supplier, the rest from the cheap one"
    )


def test_no_supplier_gets_more_than_its_share() -> None:
    problem = SplitProblem(
        unit_cost=np.array([5.0, 6.0]),
        order_cost=np.zeros(2),
        least=np.zeros(2),
        most=np.full(2, 50.0),
        most_share=np.array([0.7, 1.0]),
        chance=np.ones(1),
        demand=np.array([10.0]),
        in_time=np.ones((1, 2)),
        stock=0.0,
        holding=0.1,
        penalty=20.0,
    )
    assert best_split(problem)[0].tolist() == [7.0, 3.0]


def bridged(premium: float, **changes: Any) -> tuple[Snapshot, Demand, Decisions]:
    """A shop whose main order comes in four weeks, and a second supplier who delivers in one."""
    snapshot, demand = SmallShop(mean=(20.0,), on_hand=12, arrival=4, next_arrival=5, stockout=4.0).build()
    quick = {"arrival_period": 1, "next_arrival_period": 2, "lead_time_days": 7, "arrival_day": 7, **changes}
    snapshot = two_offers(snapshot, unit_cost=5.0 + premium, **quick)
    zero = np.zeros(1)
    return snapshot, demand, Decisions(np.array([20.0]), np.array([0]), zero, zero, zero)


@pytest.mark.parametrize("premium", [0.0, 1.0, 3.5, 4.5])
def test_a_bridging_order_is_the_best_of_all_quantities_by_enumeration(premium: float) -> None:
    snapshot, demand, main = bridged(premium)
    sampling = Sampling(paths=64)
    ((paths, _, setting),) = sampling.sampled(snapshot, demand)
    days, starts = setting.clock.days, setting.clock.starts
    costs = []
    for units in range(60):
        total = 0.0
        for path in paths[0].tolist():
            stock = 12.0
            for t in range(2):  # until the quick supplier's next order could come
                stock, short = step(stock, float(units) if t == 1 else 0.0, path[t], False)
                total += setting.lines.holding[0] * days[t] * stock + 4.0 * short
            total += setting.lines.holding[0] * (starts[-1] - starts[2]) * stock
        on_its_way = setting.lines.holding[0] * starts[1] * units
        costs.append(total / len(paths[0]) + on_its_way + premium * units)
    found = top_ups(snapshot, demand, main, sampling)
    quantity = 0.0 if found is None else found.quantity[0]
    assert costs[int(quantity)] <= min(costs) + 1e-9
    assert (quantity > 0.0) == (premium < 4.0)


def test_a_bridging_order_keeps_lots_the_budget_and_the_minimum_of_its_supplier() -> None:
    sampling = Sampling(paths=64)
    snapshot, demand, main = bridged(1.0, pack=6.0, moq=12.0)
    found = top_ups(snapshot, demand, main, sampling)
    assert found is not None
    assert found.offer.tolist() == [1]
    assert found.quantity[0] % 6 == 0
    assert found.quantity[0] >= 12
    assert top_ups(replace(snapshot, budget=20.0 * 5.0 + 10.0), demand, main, sampling) is None
    terms = {
        "container_volume": np.full(1, np.inf),
        "on_time_share": np.full(1, np.nan),
        "capacity_volume": np.full(1, np.inf),
        "location_of": np.zeros(1, np.int32),
        "unit_volume": np.zeros(1),
    }
    for least, there in ((50.0, True), (1e6, False)):
        shared = SharedLimits(("Brisk",), np.array([least]), **terms)
        assert (top_ups(replace(snapshot, shared=shared), demand, main, sampling) is not None) == there
    assert top_ups(bridged(1.0, max_quantity=6.0, moq=12.0)[0], demand, main, sampling) is None
