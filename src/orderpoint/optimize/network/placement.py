"""The best placement of safety stock: exact on trees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orderpoint.optimize.network.guaranteed import GuaranteedService, Placement, evaluate
from orderpoint.optimize.network.tree import solve_forest, walk_of


def place(problem: GuaranteedService) -> Placement:
    """The least-cost placement of every part of the network."""
    graph = problem.graph
    roots = graph.order[graph.part_start[1:] - 1]
    walk = walk_of(graph.part_start, roots, graph.source, graph.target)
    least, _, outbound = solve_forest(walk, problem.costs, problem.ranges)
    found = evaluate(problem, outbound)
    return replace(found, lower_bound=np.minimum(least, found.part_cost))
