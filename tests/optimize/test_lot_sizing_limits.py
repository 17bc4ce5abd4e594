"""Lot sizing with limits through HiGHS: exhaustive checks of small cases, and the smallest conflict."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from orderpoint.domain.errors import InfeasibleError
from orderpoint.optimize.irreducible import irreducible
from orderpoint.optimize.lot_sizing import capacitated, facility, wagner_whitin
from orderpoint.optimize.lot_sizing.limits import Limits, excess
from orderpoint.optimize.lot_sizing.problem import LotSizing, evaluate


def random_case(rng: np.random.Generator, *, waits: bool) -> tuple[LotSizing, Limits]:
    n, periods = ((1, 1), (1, 2), (1, 3), (2, 1), (2, 1), (2, 2))[int(rng.integers(6))]
    problem = LotSizing(
        demand=rng.integers(0, 6, (n, periods)),
        setup_cost=rng.integers(0, 30, (n, periods)),
        holding_cost=rng.integers(0, 4, (n, periods)),
        unit_cost=rng.integers(0, 9, (n, periods)),
        backlog_cost=rng.integers(0, 6, (n, periods)) if waits else None,
        initial_stock=rng.integers(0, 4, n),
    )
    limits = Limits(
        capacity=rng.integers(3, 16, periods),
        unit_use=rng.integers(1, 3, n),
        setup_use=rng.integers(0, 3, n),
        most=rng.integers(3, 12, (n, periods)),
        room=rng.integers(2, 9, (n, periods)),
    )
    return problem, limits


def brute_cost(problem: LotSizing, limits: Limits) -> float:
    """Least cost over every set of setups, each a small linear program in orders, stock and waiting demand."""
    n, periods = problem.shape
    tables = problem.tables()
    capacity, unit_use, setup_use, most, room = limits.full(n, periods)
    setup, unit, holding, backlog = (
        np.broadcast_to(a, (n, periods)) for a in (tables.setup, tables.unit, tables.holding, tables.backlog)
    )
    size = n * periods
    price = np.concatenate([unit.ravel(), holding.ravel(), backlog.ravel()])
    balance, right = np.zeros((size, 3 * size)), np.zeros(size)
    for i, t in product(range(n), range(periods)):
        row = i * periods + t
        balance[row, [row, size + row, 2 * size + row]] = 1.0, -1.0, 1.0
        right[row] = tables.demand[i, t]
        if t:
            balance[row, [size + row - 1, 2 * size + row - 1]] = 1.0, -1.0
        else:
            right[row] -= tables.initial_stock[i, 0]
    idle = np.maximum(tables.initial_stock - np.cumsum(tables.demand, axis=1), 0.0)
    shared = np.zeros((periods, 3 * size))
    for i, t in product(range(n), range(periods)):
        shared[t, i * periods + t] = unit_use[i]
    best = np.inf
    for chosen in product((0.0, 1.0), repeat=size):
        opened = np.array(chosen).reshape(n, periods)
        late = np.full((n, periods), np.inf if tables.can_wait else 0.0)
        late[:, -1] = 0.0
        upper = np.concatenate([(most * opened).ravel(), np.maximum(room, idle).ravel(), late.ravel()])
        result = linprog(
            price,
            A_ub=shared,
            b_ub=capacity - setup_use @ opened,
            A_eq=balance,
            b_eq=right,
            bounds=list(zip(np.zeros(3 * size), upper, strict=True)),
        )
        if result.status == 0:
            best = min(best, float(result.fun + (setup * opened).sum()))
    return best


@pytest.mark.parametrize("waits", [False, True])
def test_no_set_of_setups_is_cheaper_and_what_is_called_infeasible_is(waits: bool) -> None:
    rng = np.random.default_rng(11)
    refused = 0
    for _ in range(100):
        problem, limits = random_case(rng, waits=waits)
        best = brute_cost(problem, limits)
        try:
            plan = capacitated.optimal(problem, limits)
        except InfeasibleError:
            assert best == np.inf
            refused += 1
            continue
        assert plan.cost == pytest.approx(best, abs=1e-6)
        assert plan.bound <= plan.cost
        assert plan.gap <= 1e-5
        assert excess(problem, limits, plan.quantity) <= 1e-6
    assert 5 < refused < 80


def test_without_limits_it_is_wagner_whitin() -> None:
    rng = np.random.default_rng(12)
    problem = LotSizing(
        rng.integers(0, 30, (4, 15)), rng.uniform(20, 90, (4, 1)), 1.0, 2.0, 5.0, rng.integers(0, 40, 4)
    )
    free = capacitated.optimal(problem, Limits())
    assert free.cost == pytest.approx(wagner_whitin.optimal(problem).cost.sum())


def test_shared_capacity_moves_an_order_forward() -> None:
    problem = LotSizing([[0, 10], [0, 10]], 1.0, 1.0)
    plan = capacitated.optimal(problem, Limits(capacity=[10, 14]))
    assert plan.quantity.sum(axis=0).tolist() == [6, 14]
    assert plan.cost == pytest.approx(2 + 1 + 6)


def test_the_conflict_names_the_periods_whose_capacity_is_too_small() -> None:
    problem = LotSizing([[5, 5, 5, 1]], 1.0, 1.0)
    with pytest.raises(InfeasibleError) as caught:
        capacitated.optimal(problem, Limits(capacity=[9, 3, 2, 9]))
    assert caught.value.limits == (
        "demand[0,0]",
        "demand[0,1]",
        "demand[0,2]",
        "capacity[0]",
        "capacity[1]",
        "capacity[2]",
    )


def test_a_setup_that_takes_the_whole_capacity_conflicts_with_demand() -> None:
    problem = LotSizing([[1, 0], [1, 0]], 1.0, 1.0)
    with pytest.raises(InfeasibleError) as caught:
        capacitated.optimal(problem, Limits(capacity=7, setup_use=3))
    assert caught.value.limits == ("demand[0,0]", "demand[1,0]", "capacity[0]")


def test_nothing_can_be_left_out_of_an_irreducible_set() -> None:
    rng = np.random.default_rng(13)
    for _ in range(200):
        sets = [frozenset(rng.choice(9, int(rng.integers(1, 4)), replace=False).tolist()) for _ in range(3)]

        def feasible(chosen: frozenset[int], sets: list[frozenset[int]] = sets) -> bool:
            return not any(bad <= chosen for bad in sets)

        found = frozenset(irreducible(range(9), feasible))
        assert not feasible(found)
        assert all(feasible(found - {out}) for out in found)


def test_a_solver_that_returns_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = LotSizing([[5, 5]], 1.0, 1.0)

    monkeypatch.setattr(facility.FacilityModel, "quantity", lambda _self, _x: np.array([[20.0, 0.0]]))
    with pytest.raises(ArithmeticError, match="misses a limit"):
        capacitated.optimal(problem, Limits(capacity=8))


def test_a_broken_limit_is_measured_as_a_share_of_it() -> None:
    problem = LotSizing([[5, 5]], 1.0, 1.0)
    assert excess(problem, Limits(capacity=8), np.array([[10.0, 0.0]])) == pytest.approx(0.25)
    assert excess(problem, Limits(room=4), np.array([[10.0, 0.0]])) == pytest.approx(0.25)
    assert excess(problem, Limits(most=5), np.array([[5.0, 5.0]])) == 0.0
    assert excess(problem, Limits(), np.array([[5.0, 4.0]])) == np.inf
    assert evaluate(problem, np.array([[5.0, 4.0]])).total[0] == np.inf


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="inf where there is no limit"):
        Limits(room=-1)
