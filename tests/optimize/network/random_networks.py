"""Small random networks, and the slowest possible way to place their safety stock."""

from __future__ import annotations

import itertools

import numpy as np

from orderpoint.optimize.network.graph import StageGraph
from orderpoint.optimize.network.guaranteed import ANY_TIME, GuaranteedService
from orderpoint.optimize.network.pooling import pooled_spread


def random_tree(rng: np.random.Generator, stages: int) -> StageGraph:
    """Each stage hangs on an earlier one, upstream or downstream of it."""
    pairs = [(k, int(rng.integers(k))) for k in range(1, stages)]
    ends = np.array([p if rng.random() < 0.5 else p[::-1] for p in pairs], np.int64).reshape(-1, 2)
    return StageGraph(stages, ends[:, 0].copy(), ends[:, 1].copy(), rng.integers(1, 4, len(ends)).astype(float))


def random_network(rng: np.random.Generator, stages: int, density: float = 0.5) -> StageGraph:
    """Any arcs from lower to higher stages."""
    pairs = [(i, j) for i in range(stages) for j in range(i + 1, stages) if rng.random() < density]
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    return StageGraph(stages, ends[:, 0].copy(), ends[:, 1].copy(), rng.integers(1, 4, len(ends)).astype(float))


def random_problem(rng: np.random.Generator, graph: StageGraph, longest: int = 3) -> GuaranteedService:
    """Costs that grow downstream, a promise at every end, now and then an outer supplier or one more promise."""
    n = graph.stages
    holding = rng.uniform(0.1, 1.0, n)
    for k in graph.order:
        np.add.at(holding, graph.target[graph.source == k], holding[k])
    promise = np.where(~graph.has_target | (rng.random(n) < 0.15), rng.integers(0, 3, n), ANY_TIME)
    spread = np.where(promise < ANY_TIME, rng.uniform(0.5, 4.0, n), 0.0)
    return GuaranteedService(
        graph,
        holding,
        rng.integers(0, longest + 1, n),
        pooled_spread(graph, spread),
        promise,
        np.where(rng.random(n) < 0.2, rng.integers(0, 3, n), 0),
    )


def brute_force(problem: GuaranteedService) -> float:
    """The least cost over all whole service times, each looked at."""
    graph, costs = problem.graph, problem.costs
    promises = np.array(list(itertools.product(*(range(int(high) + 1) for high in problem.ranges.out_high))), np.int64)
    waits = np.broadcast_to(problem.inbound_time, promises.shape).copy()
    for i, j in zip(graph.source, graph.target, strict=True):
        waits[:, j] = np.maximum(waits[:, j], promises[:, i])
    tau = waits + problem.stage_time - promises
    allowed = (tau >= 0).all(axis=1) & (problem.max_service_time >= promises).all(axis=1)
    cost = problem.holding_cost * problem.spread * costs.shape[costs.row, np.maximum(tau, 0)]
    return float(cost[allowed].sum(axis=1).min())
