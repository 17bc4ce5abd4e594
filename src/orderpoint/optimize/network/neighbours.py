"""Better placements on any network: the best among all that keep some arcs' times where they are, again and again.

A spanning tree is drawn by chance. Each arc (i, j) outside it is held by a time x between S_i and SI_j as they are
now: S_i <= x <= SI_j. What is left is a tree, whose best placement is found exactly; the placement at hand is one of
those, so no step makes it dearer, and every one is feasible.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.network.links import Links
from orderpoint.optimize.network.times import settle
from orderpoint.optimize.network.tree import Costs, Ranges, solve_tree
from orderpoint.optimize.network.walk import walk_of

IntArray = NDArray[np.int64]


@njit(cache=True)
def improve(
    links: Links, costs: Costs, ranges: Ranges, service_time: IntArray, rng: np.random.Generator, trees: int
) -> IntArray:
    """(n,): service times of a connected network that cost no more than `service_time`, after so many `trees`."""
    n, arcs = len(links.order), len(links.source)
    S, shuffled = service_time.copy(), np.arange(arcs)
    inbound = settle(links, costs.time, ranges.in_low, S)
    root = links.order[n - 1 :]
    for _ in range(trees):
        for e in range(arcs - 1, 0, -1):
            other = int(rng.random() * (e + 1))
            shuffled[e], shuffled[other] = shuffled[other], shuffled[e]
        inside = _spanning(n, links, shuffled)
        in_low, out_high = _held(links, ranges, (S, inbound), inside, rng.random())
        walk = walk_of(np.array([0, n]), root, links.source[inside], links.target[inside])
        answer = (np.empty(n, np.int64), np.empty(n, np.int64))
        if solve_tree(walk, 0, costs, Ranges(in_low, ranges.in_high, ranges.out_low, out_high), answer) < np.inf:
            S = answer[1]
            inbound = settle(links, costs.time, ranges.in_low, S)
    return S


@njit(cache=True)
def _spanning(n: int, links: Links, shuffled: IntArray) -> NDArray[np.bool_]:
    """The arcs of a spanning tree: each in turn that joins two parts."""
    top, inside = np.arange(n), np.zeros(len(shuffled), np.bool_)
    for e in shuffled:
        a, b = links.source[e], links.target[e]
        while top[a] != a:
            top[a] = top[top[a]]
            a = top[a]
        while top[b] != b:
            top[b] = top[top[b]]
            b = top[b]
        if a != b:
            top[a] = b
            inside[e] = True
    return inside


@njit(cache=True)
def _held(
    links: Links, ranges: Ranges, times: tuple[IntArray, IntArray], inside: NDArray[np.bool_], chance: float
) -> tuple[IntArray, IntArray]:
    """The lowest SI and the highest S of each stage where the arcs outside the tree are held.

    All at S_i (what waits may wait less), all at SI_j (what promises may promise more), or halfway.
    """
    S, inbound = times
    in_low, out_high = ranges.in_low.copy(), ranges.out_high.copy()
    for e in range(len(inside)):
        if not inside[e]:
            i, j = links.source[e], links.target[e]
            x = S[i] if chance < 1.0 / 3.0 else inbound[j]
            if chance > 2.0 / 3.0:
                x = (S[i] + inbound[j]) // 2
            out_high[i], in_low[j] = min(out_high[i], x), max(in_low[j], x)
    return in_low, out_high
