"""Guaranteed service where stages meet again: brute force, proven bounds, and the search that closes gaps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.willems import chain
from orderpoint.optimize.network.guaranteed import ANY_TIME, GuaranteedService, evaluate
from orderpoint.optimize.network.links import Links
from orderpoint.optimize.network.neighbours import improve
from orderpoint.optimize.network.placement import Effort, place
from orderpoint.optimize.network.relaxation import Prices, raise_bound, read_off
from orderpoint.optimize.network.times import cost_of, settle, tighten
from tests.optimize.network.random_networks import brute_force, random_network, random_problem

STARVED = Effort(rounds=1, sweeps=1, trees=1, nodes=0)


def problem_of(seed: int, *, cheap_downstream: bool = False) -> GuaranteedService:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, random_network(rng, int(rng.integers(3, 7)), 0.6))
    if cheap_downstream:  # value may be lost on the way, or stock cost nothing: the method needs no growing value
        holding = rng.random(problem.graph.stages) ** 3 * (rng.random(problem.graph.stages) < 0.7)
        problem = replace(problem, holding_cost=holding)
    return problem


@pytest.mark.parametrize("seed", range(200))
def test_no_whole_service_times_on_a_small_network_cost_less(seed: int) -> None:
    problem = problem_of(seed, cheap_downstream=seed % 2 == 0)
    found = place(problem)
    assert found.total_cost == pytest.approx(brute_force(problem), rel=1e-9, abs=1e-12)
    assert found.gap <= 1e-9
    assert evaluate(problem, found.service_time).total_cost == pytest.approx(found.total_cost)


@pytest.mark.parametrize("seed", range(100))
def test_branch_and_bound_alone_finds_the_same_from_a_poor_bound(seed: int) -> None:
    problem = problem_of(seed, cheap_downstream=True)
    found = place(problem, replace(STARVED, nodes=500))
    assert found.total_cost == pytest.approx(brute_force(problem), rel=1e-9, abs=1e-12)
    assert found.gap <= 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_a_search_that_may_stop_at_a_gap_claims_no_bound_above_the_best(seed: int) -> None:
    problem = problem_of(seed, cheap_downstream=True)
    found, best = place(problem, replace(STARVED, nodes=500, gap=0.1)), brute_force(problem)
    assert found.lower_bound.sum() <= best * (1.0 + 1e-9) + 1e-12
    assert found.gap <= 0.1 + 1e-9


@pytest.mark.parametrize(("name", "value"), [("rounds", 0), ("sweeps", 0), ("trees", -1), ("nodes", -1), ("gap", 1.0)])
def test_an_effort_that_makes_no_sense_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"effort.{name}"):
        replace(STARVED, **{name: value})


def test_where_the_best_stock_is_free_nothing_is_searched_and_nothing_is_paid() -> None:
    rng = np.random.default_rng(2)
    problem = random_problem(rng, random_network(rng, 12, 0.5), longest=8)
    n = problem.graph.stages
    dear = replace(
        problem, holding_cost=np.where(problem.graph.has_target, 1e6, 0.0), inbound_time=np.zeros(n, np.int64)
    )
    found = place(replace(dear, max_service_time=np.where(problem.graph.has_target, ANY_TIME, 0)))
    assert found.total_cost == 0.0
    assert found.gap == 0.0


def test_a_poor_bound_is_told_as_a_gap_and_nodes_close_it() -> None:
    gaps = [place(problem_of(seed, cheap_downstream=True), STARVED).gap for seed in range(100)]
    assert max(gaps) > 0.01


@pytest.mark.parametrize("seed", range(40))
def test_the_bound_rises_with_every_sweep_and_never_passes_the_best(seed: int) -> None:
    problem = problem_of(seed)
    links = Links.of(problem.graph.order, problem.graph.source, problem.graph.target)
    prices, best, last = Prices.zero(len(problem.graph.source), problem.longest + 1), brute_force(problem), -np.inf
    for _ in range(12):
        bound = raise_bound(links, problem.costs, problem.ranges, prices, 1)
        assert last * (1.0 - 1e-12) <= bound <= best * (1.0 + 1e-9)
        times = read_off(links, problem.costs, problem.ranges, prices)
        assert evaluate(problem, times).total_cost >= best * (1.0 - 1e-9)
        last = bound


@given(st.integers(0, 10_000))
def test_no_spanning_tree_makes_a_placement_dearer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, random_network(rng, 12, 0.5), longest=8)
    if len(problem.graph.is_tree) > 1:
        return
    links = Links.of(problem.graph.order, problem.graph.source, problem.graph.target)
    times, cost = np.zeros(12, np.int64), evaluate(problem, np.zeros(12, np.int64)).total_cost
    for _ in range(5):
        times = improve(links, problem.costs, problem.ranges, times, rng, 1)
        now = evaluate(problem, times).total_cost
        assert now <= cost * (1.0 + 1e-12)
        waits = settle(links, problem.costs.time, problem.inbound_time, times)
        assert now == pytest.approx(cost_of(problem.costs, waits, times))
        cost = now


def test_ranges_are_cut_to_what_the_arcs_allow_and_emptied_where_nothing_is() -> None:
    problem = problem_of(3)
    links = Links.of(problem.graph.order, problem.graph.source, problem.graph.target)
    ranges = type(problem.ranges)(*(one.copy() for one in problem.ranges))
    i, j = int(links.source[0]), int(links.target[0])
    ranges.in_high[j] = 0
    assert tighten(links, problem.costs.time, ranges)
    assert ranges.out_high[i] == 0
    ranges.out_low[i] = 1
    assert not tighten(links, problem.costs.time, ranges)


def test_the_same_problem_and_effort_give_the_same_placement() -> None:
    rng = np.random.default_rng(11)
    problem = random_problem(rng, random_network(rng, 30, 0.3), longest=8)
    assert place(problem).service_time.tolist() == place(problem).service_time.tolist()


@pytest.mark.data
@pytest.mark.parametrize("number", [*range(1, 14), 24, 38])
def test_real_networks_are_solved_with_a_proven_gap(number: int, data_folder: Path) -> None:
    found = place(chain(data_folder / "willems_2008", number).problem)
    assert found.gap <= 1e-6
