"""Demand behind the shops: means add up, spreads pool, and a customer reached by two paths is one customer."""

from __future__ import annotations

import numpy as np
import pytest

from orderpoint.optimize.network.graph import StageGraph
from orderpoint.optimize.network.pooling import pooled_mean, pooled_spread, usage
from tests.optimize.network.random_networks import random_network

FloatArray = np.ndarray


def units_in(graph: StageGraph, stage: int, customer: int) -> float:
    """Units of a stage in one unit at a customer: every path walked."""
    if stage == customer:
        return 1.0
    arcs = np.flatnonzero(graph.source == stage)
    return sum(graph.quantity_per[a] * units_in(graph, int(graph.target[a]), customer) for a in arcs)


def test_a_part_that_reaches_a_product_twice_is_not_pooled_with_itself() -> None:
    graph = StageGraph.of_names(
        ["part", "left", "right", "product"],
        [("part", "left"), ("part", "right"), ("left", "product"), ("right", "product")],
    )
    spread = pooled_spread(graph, np.array([0.0, 0.0, 0.0, 3.0]))
    assert spread.tolist() == [6.0, 3.0, 3.0, 3.0]


def test_two_shops_need_less_spread_behind_them_than_on_their_own() -> None:
    graph = StageGraph.of_names(["depot", "one", "two"], [("depot", "one"), ("depot", "two")], [1.0, 2.0])
    assert pooled_spread(graph, np.array([0.0, 3.0, 2.0])).tolist() == [5.0, 3.0, 2.0]
    assert pooled_mean(graph, np.array([1.0, 3.0, 2.0])).tolist() == [8.0, 3.0, 2.0]


@pytest.mark.parametrize("seed", range(50))
def test_pooled_demand_is_that_of_every_path_walked(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = random_network(rng, int(rng.integers(2, 9)), 0.4)
    own = np.where(rng.random(graph.stages) < 0.5, rng.uniform(0.0, 3.0, graph.stages), 0.0)
    r = np.array([[units_in(graph, i, c) for c in range(graph.stages)] for i in range(graph.stages)])
    assert usage(graph, np.arange(graph.stages)) == pytest.approx(r)
    assert pooled_mean(graph, own) == pytest.approx(r @ own)
    assert pooled_spread(graph, own) == pytest.approx(np.sqrt((r * own) ** 2 @ np.ones(graph.stages)))
