"""The best placement of safety stock: exact on trees, with a proven gap on any network without a cycle."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.network.branch import Known, Node, Search, branch
from orderpoint.optimize.network.graph import StageGraph
from orderpoint.optimize.network.guaranteed import GuaranteedService, Placement, evaluate
from orderpoint.optimize.network.links import Links
from orderpoint.optimize.network.neighbours import improve
from orderpoint.optimize.network.relaxation import Prices, raise_bound, read_off
from orderpoint.optimize.network.times import cost_of, settle, tighten
from orderpoint.optimize.network.tree import Ranges, solve_forest
from orderpoint.optimize.network.walk import walk_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROUNDING = 1e-10
"""How exactly bounds are summed, as a share of what the largest safety stocks would cost."""


@dataclass(frozen=True)
class Effort:
    """Budgets of work for each part that is no tree; they end early at a proven `gap`.

    `rounds` of `sweeps` that raise the bound, each followed by `trees` that improve the placement; a round that gains
    less than a thousandth of what is missing ends them. Then branch and bound over at most `nodes`.
    """

    gap: float = 1e-9
    rounds: int = 200
    sweeps: int = 20
    trees: int = 10
    nodes: int = 200
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("rounds", 1), ("sweeps", 1), ("trees", 0), ("nodes", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"effort.{name}: expected at least {least}, got {getattr(self, name)}; raise it")
        if not 0.0 <= self.gap < 1.0:
            raise ValueError(f"effort.gap: expected a share from 0 to below 1, got {self.gap}; 0.01 is one per cent")


def place(problem: GuaranteedService, effort: Effort | None = None) -> Placement:
    """The least-cost placement of every part of the network, with the lower bound that is proven for it.

    Trees are solved exactly, all in one call. Every placement is checked on every arc before it is returned. The
    same problem and effort give the same placement.
    """
    effort, graph = effort or Effort(), problem.graph
    S, bound = np.zeros(graph.stages, np.int64), np.zeros(len(graph.is_tree))
    in_tree = graph.is_tree[graph.part]
    if in_tree.all():
        S, bound = _trees(problem)
    elif in_tree.any():
        S[in_tree], bound[graph.is_tree] = _trees(restrict(problem, np.flatnonzero(in_tree)))
    for part in np.flatnonzero(~graph.is_tree):
        inside = np.sort(graph.order[graph.part_start[part] : graph.part_start[part + 1]])
        known, bound[part] = _any_network(restrict(problem, inside), effort)
        S[inside] = known.service_time
    found = evaluate(problem, S)
    if (bound > found.part_cost + ROUNDING * _scale(problem)).any():
        raise ArithmeticError("guaranteed service: a lower bound lies above the cost of a placement; report this")
    return replace(found, lower_bound=np.minimum(bound, found.part_cost))


def restrict(problem: GuaranteedService, stages: IntArray) -> GuaranteedService:
    """The problem of some parts alone: `stages` in rising order, all of each part."""
    graph, new = problem.graph, np.full(problem.graph.stages, -1)
    new[stages] = np.arange(len(stages))
    arcs = new[graph.source] >= 0
    names = tuple(graph.names[k] for k in stages) if graph.names else ()
    part = StageGraph(len(stages), new[graph.source[arcs]], new[graph.target[arcs]], graph.quantity_per[arcs], names)
    row = None if problem.bound_row is None else problem.bound_row[stages]
    arrays = ("holding_cost", "stage_time", "spread", "max_service_time", "inbound_time")
    return replace(problem, graph=part, bound_row=row, **{name: getattr(problem, name)[stages] for name in arrays})


def _scale(problem: GuaranteedService) -> FloatArray:
    """(parts,): the cost where every stage covers its longest net replenishment time."""
    costs, longest = problem.costs, problem.ranges.in_high + problem.stage_time
    cost = costs.weight * costs.shape[costs.row, longest]
    return np.bincount(problem.graph.part, cost, len(problem.graph.is_tree)).astype(np.float64)


def _trees(problem: GuaranteedService) -> tuple[IntArray, FloatArray]:
    graph = problem.graph
    roots = graph.order[graph.part_start[1:] - 1]
    walk = walk_of(graph.part_start, roots, graph.source, graph.target)
    least, _, outbound = solve_forest(walk, problem.costs, problem.ranges)
    links = Links.of(graph.order, graph.source, graph.target)
    settle(links, problem.costs.time, problem.ranges.in_low, outbound)
    return outbound, least


def _any_network(problem: GuaranteedService, effort: Effort) -> tuple[Known, float]:
    """One connected network: prices of time from below, placements from above, branch and bound for what is left."""
    graph, costs = problem.graph, problem.costs
    links = Links.of(graph.order, graph.source, graph.target)
    ranges = Ranges(*(one.copy() for one in problem.ranges))
    tighten(links, costs.time, ranges)
    prices, rng = Prices.zero(len(graph.source), problem.longest + 1), np.random.default_rng(effort.seed)
    known, bound = Known(np.zeros(graph.stages, np.int64), np.inf), 0.0
    for _ in range(effort.rounds):
        before, bound = bound, max(bound, raise_bound(links, costs, ranges, prices, effort.sweeps))
        for start in (read_off(links, costs, ranges, prices), known.service_time):
            S = improve(links, costs, ranges, start, rng, effort.trees)
            cost = float(cost_of(costs, settle(links, costs.time, ranges.in_low, S), S))
            known = Known(S, cost) if cost < known.cost else known
        if known.cost - bound <= effort.gap * known.cost or bound - before < 1e-3 * (known.cost - bound):
            break
    if known.cost - bound <= ROUNDING * float(_scale(problem)[0]):
        return known, bound
    search = Search(nodes=effort.nodes, gap=effort.gap)
    return branch(links, costs, Node(bound, ranges, prices), known, search)
