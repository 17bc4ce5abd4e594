"""A network of stages: its order, its parts, and what is wrong with it, by the name of the arc."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.optimize.network.graph import StageGraph
from tests.optimize.network.random_networks import random_network


def test_a_cycle_is_named_by_its_arcs_and_by_no_other() -> None:
    arcs = [("ore", "mill"), ("mill", "plant"), ("plant", "depot"), ("depot", "mill"), ("depot", "shop")]
    with pytest.raises(ValueError, match="these arcs are one") as caught:
        StageGraph.of_names(["ore", "mill", "plant", "depot", "shop"], arcs)
    message = str(caught.value)
    assert all(arc in message for arc in ("mill -> plant", "plant -> depot", "depot -> mill"))
    assert "ore" not in message
    assert "shop" not in message


@pytest.mark.parametrize(
    ("arcs", "words"),
    [
        ([("a", "b"), ("b", "moon")], "the arc b -> moon leads to moon, which is no stage"),
        ([("a", "b"), ("b", "b")], "the arc b -> b ends where it starts"),
        ([("a", "b"), ("b", "c"), ("a", "b")], "the arc a -> b stands twice"),
    ],
)
def test_a_faulty_arc_is_named(arcs: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        StageGraph.of_names(["a", "b", "c"], arcs)


def test_an_arc_outside_the_stages_is_named_by_its_numbers() -> None:
    with pytest.raises(ValueError, match="the arc stage 1 -> stage 7 leads outside the 3 stages"):
        StageGraph(3, np.array([0, 1]), np.array([1, 7]), np.ones(2))


def test_parts_that_touch_nowhere_are_each_a_network_of_their_own() -> None:
    graph = StageGraph.of_names(list("abcdef"), [("a", "c"), ("b", "c"), ("d", "e"), ("a", "b")])
    assert graph.part.tolist() == [0, 0, 0, 1, 1, 2]
    assert graph.is_tree.tolist() == [False, True, True]
    assert graph.part_start.tolist() == [0, 3, 5, 6]


@given(st.integers(0, 10_000), st.integers(1, 30))
def test_every_source_comes_before_its_targets_and_parts_stand_together(seed: int, stages: int) -> None:
    graph = random_network(np.random.default_rng(seed), stages, 0.1)
    place = np.empty(stages, np.int64)
    place[graph.order] = np.arange(stages)
    assert (place[graph.source] < place[graph.target]).all()
    assert (np.diff(graph.part[graph.order]) >= 0).all()
