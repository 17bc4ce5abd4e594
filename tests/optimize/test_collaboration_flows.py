"""Least-cost flows: brute force, certainty about the answer, and which limits conflict."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from orderpoint.domain.errors import InfeasibleError
from orderpoint.optimize.collaboration import flow_program, flows
from orderpoint.optimize.collaboration.flow_problem import FlowProblem
from orderpoint.optimize.collaboration.flows import conflict, evaluate, least_cost_flow
from orderpoint.optimize.irreducible import irreducible

NO_BOUND = np.inf


def chain(**changes: Any) -> FlowProblem:
    """A maker, a hub and two shops over six periods."""
    periods = 6
    demand = np.zeros((4, periods))
    demand[2], demand[3] = (5, 5, 9, 9, 2, 2), 3
    supply = np.zeros((4, periods))
    supply[0] = NO_BOUND
    values: dict[str, Any] = {
        "names": ("maker", "hub", "east", "west"),
        "demand": demand,
        "receipts": np.zeros((4, periods)),
        "supply": supply,
        "on_hand": np.array([0.0, 10.0, 5.0, 5.0]),
        "space": np.full(4, NO_BOUND),
        "supply_cost": np.array([2.0, 0.0, 0.0, 0.0]),
        "holding": np.array([0.0, 0.1, 0.2, 0.2]),
        "shortage": np.array([0.0, 0.0, 9.0, 9.0]),
        "backlog": np.array([False, False, True, False]),
        "source": np.array([0, 1, 1, 2]),
        "target": np.array([1, 2, 3, 3]),
        "lead": np.array([2, 1, 1, 1]),
        "capacity": np.array([NO_BOUND, 8.0, NO_BOUND, 1.0]),
        "cost": np.array([0.5, 0.2, 0.3, 0.1]),
        "per": np.ones(4),
    }
    return FlowProblem(**{**values, **changes})


def random_problem(rng: np.random.Generator) -> FlowProblem:
    """Two shops, a lane between them and a maker for the first; two periods, small whole numbers."""
    lead = int(rng.integers(0, 2))
    return FlowProblem(
        names=("a", "b"),
        demand=rng.integers(0, [3, 2], (2, 2)).astype(float),
        receipts=rng.integers(0, 2, (2, 2)).astype(float),
        supply=np.array([[2.0, 2.0], [0.0, 0.0]]),
        on_hand=rng.integers(0, 3, 2).astype(float),
        space=np.array([NO_BOUND, NO_BOUND]),
        supply_cost=rng.uniform(0, 3, 2),
        holding=rng.uniform(0, 1, 2),
        shortage=rng.uniform(1, 9, 2),
        backlog=rng.random(2) < 0.5,
        source=np.array([0]),
        target=np.array([1]),
        lead=np.array([lead]),
        capacity=np.array([2.0]),
        cost=rng.uniform(0, 2, 1),
        per=np.array([1.0]),
    )


def best_by_enumeration(problem: FlowProblem) -> float:
    """The least cost over all whole purchases, shipments and sales, customers turned away included (one row each)."""
    steps = [range(3)] * 4 + [range(4)] * 4
    rows = np.array(list(itertools.product(*steps)), float)
    bought, shipped, served = rows[:, :2], rows[:, 2:4], rows[:, 4:].reshape(-1, 2, 2)
    stock, owed = np.tile(problem.on_hand, (len(rows), 1)), np.zeros((len(rows), 2))
    cost, allowed = np.zeros(len(rows)), np.ones(len(rows), bool)
    lead = int(problem.lead[0])
    for t in range(2):
        stock = stock + problem.receipts[:, t]
        stock[:, 0] += bought[:, t] - shipped[:, t]
        if t >= lead:
            stock[:, 1] += shipped[:, t - lead]
        stock = stock - served[:, :, t]
        short = owed + problem.demand[:, t] - served[:, :, t]
        allowed &= (stock >= 0).all(axis=1) & (short >= 0).all(axis=1)
        cost += bought[:, t] * problem.supply_cost[0] + shipped[:, t] * problem.cost[0]
        cost += stock @ problem.holding + short @ problem.shortage
        owed = np.where(problem.backlog, short, 0.0)
    return float(cost[allowed].min())


def test_the_flow_is_the_best_of_all_whole_flows_by_enumeration() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        problem = random_problem(rng)
        assert least_cost_flow(problem).cost == pytest.approx(best_by_enumeration(problem), abs=1e-7)


def test_what_is_sent_bought_kept_and_owed_adds_up_by_a_plain_walk() -> None:
    problem = chain()
    flow = least_cost_flow(problem)
    again = evaluate(problem, flow.shipped, flow.bought)
    assert again.cost == pytest.approx(flow.cost)
    assert np.allclose(again.stock, flow.stock, atol=1e-7)
    assert np.allclose(again.short, flow.short, atol=1e-7)
    assert (flow.shipped <= problem.capacity[:, None] + 1e-7).all()


def test_a_price_is_what_one_more_unit_of_demand_would_cost() -> None:
    problem = chain()
    flow = least_cost_flow(problem)
    more = problem.demand.copy()
    more[3, 4] += 0.25
    changed = least_cost_flow(replace(problem, demand=more)).cost - flow.cost
    assert changed == pytest.approx(0.25 * flow.price[3, 4], abs=1e-6)


def test_two_units_of_a_part_make_one_of_the_product() -> None:
    double = chain(per=np.array([2.0, 1.0, 1.0, 1.0]))
    single = least_cost_flow(chain())
    flow = least_cost_flow(double)
    assert flow.bought[0].sum() == pytest.approx(2.0 * flow.shipped[0].sum())
    assert flow.cost > single.cost


def test_a_conflict_names_the_limits_that_are_needed_for_it_and_no_other() -> None:
    must = np.array([0.0, 0.0, NO_BOUND, 9.0])
    hub = np.array([0.0, 20.0, 5.0, 5.0])
    problem = chain(shortage=must, on_hand=hub, capacity=np.array([NO_BOUND, 6.0, NO_BOUND, 1.0]))
    with pytest.raises(InfeasibleError) as caught:
        least_cost_flow(problem)
    assert caught.value.limits == ("capacity of hub -> east", "demand of east")
    assert conflict(chain()) == ()


def test_every_limit_of_a_conflict_is_needed() -> None:
    rng = np.random.default_rng(8)
    found = 0
    for _ in range(60):
        problem = chain(
            demand=rng.integers(0, 9, (4, 6)) * np.array([[0], [0], [1], [1]]),
            shortage=np.array([0.0, 0.0, NO_BOUND, NO_BOUND]),
            capacity=rng.integers(1, 9, 4).astype(float),
            space=rng.integers(4, 30, 4).astype(float),
            supply=np.array([[6.0] * 6, [0.0] * 6, [0.0] * 6, [0.0] * 6]),
        )
        limits = frozenset(conflict(problem))
        if not limits:
            continue
        found += 1
        program = flow_program.program_of(problem)
        assert flow_program.solved(program.keeping(limits)) is None
        for name in limits:
            assert flow_program.solved(program.keeping(limits - {name})) is not None, name
    assert found > 20


def test_a_conflict_is_found_among_many_limits() -> None:
    names = [f"limit {k}" for k in range(200)]
    asked = []

    def feasible(kept: frozenset[str]) -> bool:
        asked.append(kept)
        return not {"limit 7", "limit 93", "limit 188"} <= kept

    assert irreducible(names, feasible) == ("limit 7", "limit 93", "limit 188")
    assert len(asked) < 80
    assert irreducible(names, lambda _: True) == ()
    assert irreducible(names, lambda _: False) == (), "the conflict lies elsewhere"


def test_a_solver_that_returns_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = flow_program.solved

    def wrong(program: flow_program.FlowProgram) -> flow_program.Solved | None:
        answer = real(program)
        return None if answer is None else answer._replace(x=answer.x + 1.0)

    monkeypatch.setattr(flows, "solved", wrong)
    with pytest.raises(ArithmeticError, match="breaks a limit"):
        least_cost_flow(chain())


def test_a_given_flow_that_ships_what_is_not_there_is_refused() -> None:
    problem = chain()
    with pytest.raises(ValueError, match="leave hub"):
        evaluate(problem, np.full((4, 6), 50.0) * np.array([[0], [1], [0], [0]]), np.zeros((4, 6)))
    with pytest.raises(ValueError, match="rows of `names`"):
        chain(source=np.array([0, 1, 1, 9]))
