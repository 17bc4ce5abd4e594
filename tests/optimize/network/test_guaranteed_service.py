"""Guaranteed service: the textbook's trees, every small tree, bounds of any shape, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.network.graph import StageGraph
from orderpoint.optimize.network.guaranteed import ANY_TIME, GuaranteedService, evaluate
from orderpoint.optimize.network.placement import place
from orderpoint.optimize.network.pooling import pooled_spread
from tests.optimize.network.random_networks import brute_force, random_problem, random_tree

SEEDS = range(200)


def example_6_5() -> GuaranteedService:
    graph = StageGraph.of_names(["1", "2", "3", "4"], [("1", "3"), ("3", "2"), ("3", "4")])
    return GuaranteedService(
        graph,
        holding_cost=np.array([1.0, 3.0, 2.0, 3.0]),
        stage_time=np.array([2, 1, 1, 1]),
        spread=pooled_spread(graph, np.array([0.0, 1.0, 0.0, 1.0])),
        max_service_time=np.array([ANY_TIME, 0, ANY_TIME, 1]),
        inbound_time=np.array([1, 0, 0, 0]),
    )


def test_snyder_and_shen_example_6_5_is_placed_as_in_the_book() -> None:
    found = place(example_6_5())
    assert found.service_time.tolist() == [0, 0, 0, 1]
    assert found.total_cost == pytest.approx(8.277916867529369, abs=1e-9)
    assert found.gap <= 1e-12


def test_snyder_and_shen_figure_6_14_is_placed_as_in_the_book() -> None:
    arcs = [(1, 2), (2, 3), (3, 5), (4, 5), (5, 6), (6, 10), (7, 10), (8, 10), (9, 10)]
    graph = StageGraph.of_names([str(k) for k in range(1, 11)], [(str(i), str(j)) for i, j in arcs])
    found = place(
        GuaranteedService(
            graph,
            holding_cost=np.array([0.01, 0.03, 0.04, 0.06, 0.12, 0.13, 0.20, 0.08, 0.04, 0.50]),
            stage_time=np.array([2, 3, 2, 4, 2, 3, 6, 4, 3, 2]),
            spread=1.6448536269514722 * pooled_spread(graph, np.array([0.0] * 9 + [10.0])),
            max_service_time=np.array([ANY_TIME] * 9 + [2]),
            inbound_time=np.zeros(10, np.int64),
        )
    )
    assert found.service_time.tolist() == [0, 3, 5, 4, 7, 0, 0, 0, 0, 2]
    assert found.total_cost == pytest.approx(18.824004472592172, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_whole_service_times_on_a_small_tree_cost_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, random_tree(rng, int(rng.integers(2, 6))))
    if seed % 4 == 0:  # stock that costs nothing must not tempt a stage to promise what it does not need
        problem = replace(problem, holding_cost=problem.holding_cost * (rng.random(problem.graph.stages) < 0.6))
    found = place(problem)
    assert found.total_cost == pytest.approx(brute_force(problem), rel=1e-12, abs=1e-12)
    assert found.gap <= 1e-12


@pytest.mark.parametrize("seed", range(60))
def test_a_bound_of_any_shape_is_placed_as_cheaply_as_can_be(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, random_tree(rng, int(rng.integers(2, 6))))
    steps = rng.integers(0, 4, (2, problem.longest)).astype(float)
    shape = np.hstack([np.zeros((2, 1)), np.cumsum(steps, axis=1)])
    problem = replace(problem, bound_shape=shape, bound_row=rng.integers(0, 2, problem.graph.stages))
    assert place(problem).total_cost == pytest.approx(brute_force(problem), rel=1e-12, abs=1e-12)


def test_many_networks_in_one_call_are_placed_as_each_alone() -> None:
    rng = np.random.default_rng(5)
    alone = [random_problem(rng, random_tree(rng, int(rng.integers(2, 12))), longest=6) for _ in range(30)]
    shift = np.cumsum([0] + [one.graph.stages for one in alone[:-1]])
    joined = {
        name: np.concatenate(
            [getattr(one.graph, name) + k * (name != "quantity_per") for one, k in zip(alone, shift, strict=True)]
        )
        for name in ("source", "target", "quantity_per")
    }
    graph = StageGraph(sum(one.graph.stages for one in alone), **joined)
    fields = ("holding_cost", "stage_time", "spread", "max_service_time", "inbound_time")
    found = place(GuaranteedService(graph, **{f: np.concatenate([getattr(one, f) for one in alone]) for f in fields}))
    assert found.part_cost == pytest.approx([place(one).total_cost for one in alone])
    assert found.gap <= 1e-12


def test_a_dearer_placement_can_be_evaluated_and_an_impossible_one_is_refused() -> None:
    problem = example_6_5()
    held_everywhere = evaluate(problem, np.zeros(4, np.int64))
    assert held_everywhere.net_replenishment_time.tolist() == [3, 1, 1, 1]
    assert held_everywhere.total_cost == pytest.approx(2**0.5 * (3**0.5 + 2.0) + 3.0 + 3.0)
    assert held_everywhere.total_cost > place(problem).total_cost
    with pytest.raises(ValueError, match="at most the longest service time promised to customers, got 1 at stage 2"):
        evaluate(problem, np.array([0, 1, 0, 0]))
    with pytest.raises(ValueError, match="at most inbound time \\+ stage time, got 9 at stage 1"):
        evaluate(problem, np.array([9, 0, 0, 0]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stage_time": np.array([2.5, 1, 1, 1])}, "expected whole periods"),
        ({"holding_cost": np.array([1.0, np.nan, 1.0, 1.0])}, "a finite number"),
        ({"stage_time": np.array([200_000, 1, 1, 1])}, "count in longer periods"),
        ({"bound_shape": np.ones((1, 9)), "bound_row": np.zeros(4, np.int64)}, "start with 0 and never fall"),
        ({"bound_shape": np.zeros((1, 2)), "bound_row": np.zeros(4, np.int64)}, "lengthen the table"),
        ({"bound_shape": np.zeros((1, 9))}, "give both or none"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(change: dict[str, np.ndarray], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(example_6_5(), **change)
