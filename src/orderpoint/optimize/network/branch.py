"""Branch and bound on service times, where prices of time leave a gap between the bound and the best placement.

A node is a set of ranges for S and SI. Its bound is that of `relaxation`, started from its parent's prices. It is
split at a time of one stage where two far values are equally good at those prices, chosen among a few by trying both
halves. The node with the lowest bound comes first, so the bound of the whole is that of the first node, whenever the
search ends.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.network.links import Links
from orderpoint.optimize.network.relaxation import Prices, marginals, raise_bound, read_off
from orderpoint.optimize.network.times import cost_of, settle, tighten
from orderpoint.optimize.network.tree import Costs, Ranges

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Search:
    """`nodes` to split at most, `probes` splits tried at each, `sweeps` for a child's bound; stop at this `gap`."""

    nodes: int = 500
    probes: int = 8
    sweeps: int = 10
    gap: float = 1e-9


class Node(NamedTuple):
    """Service times within `ranges`, and what none of them can undercut."""

    bound: float
    ranges: Ranges
    prices: Prices


class Known(NamedTuple):
    """The best placement so far, and its cost."""

    service_time: IntArray
    cost: float


def branch(links: Links, costs: Costs, root: Node, known: Known, search: Search) -> tuple[Known, float]:
    """The best placement of a connected network, and the lower bound that is proven, after at most `search.nodes`."""
    tie, heap, left_out = count(1), [(root.bound, 0, root)], np.inf
    for _ in range(search.nodes):
        if not heap or heap[0][0] >= known.cost * (1.0 - search.gap):
            break
        node = heapq.heappop(heap)[2]
        halves = _split(links, costs, node, known.cost, search)
        for half in halves:
            S = read_off(links, costs, half.ranges, half.prices)
            cost = float(cost_of(costs, settle(links, costs.time, root.ranges.in_low, S), S))
            if cost < known.cost:
                known = Known(S, cost)
            if half.bound < known.cost * (1.0 - search.gap):
                heapq.heappush(heap, (half.bound, next(tie), half))
            else:
                left_out = min(left_out, half.bound)
    return known, min(known.cost, left_out, heap[0][0] if heap else np.inf)


def _split(links: Links, costs: Costs, node: Node, cost: float, search: Search) -> list[Node]:
    """The two halves of the split that raises both bounds most; fewer where one holds no placement."""
    best, best_score = [], -1.0
    for stage, inbound, time in _splits(links, costs, node, search.probes):
        halves = [_half(links, costs, node, (stage, inbound, time, upper), search.sweeps) for upper in (False, True)]
        rises = [min(half.bound, cost) - node.bound if half else cost - node.bound for half in halves]
        score = (rises[0] + 1e-9 * cost) * (rises[1] + 1e-9 * cost)
        if score > best_score:
            best, best_score = [half for half in halves if half], score
    return best


def _half(links: Links, costs: Costs, node: Node, cut: tuple[int, bool, int, bool], sweeps: int) -> Node | None:
    """The node with S (or SI) of a stage at most, or above, a time; None where that leaves nothing."""
    stage, inbound, time, upper = cut
    ranges = Ranges(*(one.copy() for one in node.ranges))
    low, high = (ranges.in_low, ranges.in_high) if inbound else (ranges.out_low, ranges.out_high)
    if upper:
        low[stage] = time + 1
    else:
        high[stage] = time
    if not tighten(links, costs.time, ranges):
        return None
    prices = node.prices.copy()
    return Node(max(node.bound, raise_bound(links, costs, ranges, prices, sweeps)), ranges, prices)


def _splits(links: Links, costs: Costs, node: Node, probes: int) -> list[tuple[int, bool, int]]:
    """(stage, whether SI, time): the times where the prices are most undecided, or else the widest range of all."""
    peak, time = marginals(links, costs, node.ranges, node.prices)
    first = np.argsort(-peak, axis=None, kind="stable")[:probes]
    found = [(int(k // 2), bool(k % 2), int(time.flat[k])) for k in first if peak.flat[k] >= 0.0]
    if found:
        return found
    r = node.ranges
    spans = np.stack([r.out_high - r.out_low, r.in_high - r.in_low], axis=1)
    k = int(np.argmax(spans))
    low = (r.out_low, r.in_low)[k % 2][k // 2]
    return [(k // 2, bool(k % 2), int(low + spans.flat[k] // 2))] if spans.flat[k] > 0 else []
