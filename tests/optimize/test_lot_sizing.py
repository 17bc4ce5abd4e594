"""Lot sizing without limits: textbook plans, a plain dynamic program as slow twin, and brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from orderpoint.optimize.lot_sizing import wagner_whitin
from orderpoint.optimize.lot_sizing.heuristics import Rule, by_rule
from orderpoint.optimize.lot_sizing.problem import LotSizing, evaluate

FloatArray = NDArray[np.float64]

SILVER_PYKE_THOMAS = LotSizing([[10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41]], 54.0, 0.4)


def random_problem(rng: np.random.Generator, periods: int, *, waits: bool, steady: bool = False) -> LotSizing:
    """One item; costs jump from period to period unless `steady`."""
    width = 1 if steady else periods
    return LotSizing(
        demand=rng.integers(0, 5, (1, periods)) * rng.integers(1, 9),
        setup_cost=rng.integers(0, 60, (1, width)),
        holding_cost=rng.integers(0, 4, (1, width)),
        unit_cost=rng.integers(0, 12, (1, width)),
        backlog_cost=rng.integers(0, 6, (1, width)) if waits else None,
        initial_stock=int(rng.integers(-4, 12)),
    )


def plain_cost(problem: LotSizing) -> float:
    """Least cost by the quadratic (cubic with waiting) recursion over all regeneration intervals."""
    tables = problem.tables()
    n, periods = problem.shape
    assert n == 1
    setup, unit, holding, backlog = (
        np.broadcast_to(a, (1, periods))[0] for a in (tables.setup, tables.unit, tables.holding, tables.backlog)
    )
    asked = np.maximum(np.cumsum(tables.demand[0]) - tables.initial_stock[0, 0], 0.0)
    net = np.diff(asked, prepend=0.0)
    idle = np.maximum(tables.initial_stock[0, 0] - np.cumsum(tables.demand[0]), 0.0)
    least = np.full(periods + 1, np.inf)
    least[0] = float((holding * idle).sum())
    for end in range(1, periods + 1):
        for begin in range(end):
            if net[begin:end].sum() == 0.0:
                least[end] = min(least[end], least[begin])
            for order in range(begin, end) if tables.can_wait else (begin,):
                cost = least[begin] + setup[order]
                for t in range(begin, end):
                    carried = holding[order:t].sum() if t >= order else backlog[t:order].sum()
                    cost += net[t] * (unit[order] + carried)
                least[end] = min(least[end], cost)
    return float(least[-1])


def brute_cost(problem: LotSizing) -> float:
    """Least cost over every set of order periods: each demand from the cheapest of them that may serve it."""
    tables = problem.tables()
    periods = problem.shape[1]
    setup, unit, holding, backlog = (
        np.broadcast_to(a, (1, periods))[0] for a in (tables.setup, tables.unit, tables.holding, tables.backlog)
    )
    asked = np.maximum(np.cumsum(tables.demand[0]) - tables.initial_stock[0, 0], 0.0)
    net = np.diff(asked, prepend=0.0)
    idle = np.maximum(tables.initial_stock[0, 0] - np.cumsum(tables.demand[0]), 0.0)
    best = np.inf
    for chosen in product((False, True), repeat=periods):
        orders = [k for k in range(periods) if chosen[k]]
        cost = float(setup[orders].sum() + (holding * idle).sum())
        for t in np.flatnonzero(net):
            ways = [
                unit[k] + (holding[k:t].sum() if k <= t else backlog[t:k].sum())
                for k in orders
                if k <= t or tables.can_wait
            ]
            cost += net[t] * min(ways, default=np.inf)
        best = min(best, cost)
    return best


def test_snyder_and_shen_example_3_9() -> None:
    """K = 500, h = 2, demand 90, 120, 80, 70: 210 in the first period and 150 in the third, for 1380."""
    plan = wagner_whitin.optimal(LotSizing([[90, 120, 80, 70]], 500.0, 2.0))
    assert plan.quantity.tolist() == [[210, 0, 150, 0]]
    assert plan.cost.tolist() == [1380.0]


def test_silver_pyke_and_thomas_section_5_4_to_5_6() -> None:
    """A = 54, v r = 0.4: seven orders for 501.20, found by Silver-Meal too; 558.80 and 600.00 by the other rules."""
    best = wagner_whitin.optimal(SILVER_PYKE_THOMAS)
    assert best.quantity.tolist() == [[84, 0, 0, 130, 283, 0, 140, 0, 124, 160, 279, 0]]
    costs = {rule: by_rule(SILVER_PYKE_THOMAS, rule).cost[0] for rule in Rule}
    assert best.cost[0] == pytest.approx(501.20)
    assert costs[Rule.SILVER_MEAL] == pytest.approx(501.20)
    assert costs[Rule.LEAST_UNIT_COST] == pytest.approx(558.80)
    assert costs[Rule.PART_PERIOD] == pytest.approx(600.00)


@pytest.mark.parametrize("waits", [False, True])
def test_no_set_of_order_periods_is_cheaper(waits: bool) -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        problem = random_problem(rng, int(rng.integers(1, 7)), waits=waits)
        plan = wagner_whitin.optimal(problem)
        assert plan.cost[0] == pytest.approx(brute_cost(problem), abs=1e-9)
        assert evaluate(problem, plan.quantity).total[0] == pytest.approx(plan.cost[0], abs=1e-9)


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("steady", [False, True])
def test_the_envelope_finds_what_the_plain_recursion_finds(waits: bool, steady: bool) -> None:
    rng = np.random.default_rng(6)
    for _ in range(25):
        problem = random_problem(rng, 24, waits=waits, steady=steady)
        assert wagner_whitin.optimal(problem).cost[0] == pytest.approx(plain_cost(problem), rel=1e-12)


def test_items_together_are_as_alone() -> None:
    rng = np.random.default_rng(7)
    demand, setup = rng.integers(0, 40, (50, 60)), rng.uniform(10, 900, (50, 1))
    unit, stock = rng.uniform(0, 9, 60), rng.integers(-20, 90, 50)
    together = wagner_whitin.optimal(LotSizing(demand, setup, 1.5, unit, 3.0, stock))
    for i in range(50):
        alone = wagner_whitin.optimal(LotSizing(demand[i : i + 1], setup[i], 1.5, unit, 3.0, stock[i]))
        assert np.array_equal(alone.quantity[0], together.quantity[i])
        assert alone.cost[0] == together.cost[i]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.booleans())
def test_the_best_plan_is_feasible_and_no_rule_of_thumb_beats_it(seed: int, periods: int, waits: bool) -> None:
    problem = random_problem(np.random.default_rng(seed), periods, waits=waits)
    best = wagner_whitin.optimal(problem)
    assert evaluate(problem, best.quantity).missing[0] == 0.0
    for rule in Rule:
        plan = by_rule(problem, rule)
        assert evaluate(problem, plan.quantity).missing[0] == 0.0
        assert best.cost[0] <= plan.cost[0] + 1e-9


def test_stock_that_outlasts_the_demand_orders_nothing_and_is_paid_for() -> None:
    plan = wagner_whitin.optimal(LotSizing([[3, 4, 0]], 10.0, 2.0, initial_stock=9))
    assert plan.quantity.sum() == 0.0
    assert plan.cost[0] == 2.0 * (6 + 2 + 2)


def test_demand_waits_for_a_cheap_order_when_waiting_is_cheaper() -> None:
    problem = LotSizing([[1, 1, 10]], 20.0, 1.0, 0.0, backlog_cost=2.0)
    plan = wagner_whitin.optimal(problem)
    assert plan.quantity.tolist() == [[0, 0, 12]]
    parts = evaluate(problem, plan.quantity)
    assert (parts.setup[0], parts.waiting[0], parts.holding[0]) == (20.0, 2.0 + 4.0, 0.0)


def test_a_plan_that_leaves_demand_unserved_is_not_given_a_price() -> None:
    problem = LotSizing([[5, 5], [5, 5]], 1.0, 1.0)
    parts = evaluate(problem, [[5, 4], [10, 0]])
    assert parts.missing.tolist() == [1.0, 0.0]
    assert parts.total.tolist() == [np.inf, 6.0]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"demand": [1.0, 2.0]}, "missing axis"),
        ({"setup_cost": -1.0}, "setup_cost"),
        ({"holding_cost": [1.0, 2.0, 3.0]}, "broadcasts"),
        ({"demand": [[np.nan, 1.0]]}, "demand"),
    ],
)
def test_a_bad_problem_is_refused(change: dict[str, object], word: str) -> None:
    good: dict[str, object] = {"demand": [[1.0, 2.0]], "setup_cost": 1.0, "holding_cost": 1.0}
    with pytest.raises(ValueError, match=word):
        LotSizing(**{**good, **change})  # type: ignore[arg-type]
