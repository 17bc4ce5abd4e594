"""Guaranteed service: the textbook's trees, every small tree, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from orderpoint.optimize.network.graph import StageGraph
from orderpoint.optimize.network.guaranteed import ANY_TIME, GuaranteedService, evaluate
from orderpoint.optimize.network.placement import place
from orderpoint.optimize.network.pooling import pooled_spread
from tests.optimize.network.random_networks import brute_force, random_problem, random_tree

SEEDS = range(200)


def test_snyder_and_shen_example_6_5_is_placed_as_in_the_book() -> None:
    graph = StageGraph.of_names(["1", "2", "3", "4"], [("1", "3"), ("3", "2"), ("3", "4")])
    promise = np.array([ANY_TIME, 0, ANY_TIME, 1])
    problem = GuaranteedService(
        graph,
        np.array([1.0, 3.0, 2.0, 3.0]),
        np.array([2, 1, 1, 1]),
        pooled_spread(graph, np.array([0.0, 1.0, 0.0, 1.0])),
        promise,
        np.array([1, 0, 0, 0]),
    )
    found = place(problem)
    assert found.service_time.tolist() == [0, 0, 0, 1]
    assert found.total_cost == pytest.approx(8.277916867529369, abs=1e-9)
    assert found.gap <= 1e-12


@pytest.mark.parametrize("seed", SEEDS)
def test_no_whole_service_times_on_a_small_tree_cost_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, random_tree(rng, int(rng.integers(2, 6))))
    found = place(problem)
    assert found.total_cost == pytest.approx(brute_force(problem), rel=1e-12)
    assert found.gap <= 1e-12
    assert evaluate(problem, found.service_time).total_cost == pytest.approx(found.total_cost)
