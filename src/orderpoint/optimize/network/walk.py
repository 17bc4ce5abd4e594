"""A spanning forest of a network, walked from its roots outwards."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


class Walk(NamedTuple):
    """A spanning forest from its roots outwards.

    `stage` (n,), part by part from `part_start`, each after its `parent` (n,; -1 at a root); `feeds_parent` (n,) is the
    direction of the arc between them; `place` (n,) counts the stages of its part that come before it.
    """

    part_start: IntArray
    stage: IntArray
    place: IntArray
    parent: IntArray
    feeds_parent: NDArray[np.bool_]


@njit(cache=True)
def walk_of(part_start: IntArray, roots: IntArray, source: IntArray, target: IntArray) -> Walk:
    """The walk over a forest of arcs from `roots`, one of each part."""
    n = part_start[-1]
    first = np.zeros(n + 1, np.int64)
    for k in range(len(source)):
        first[source[k] + 1] += 1
        first[target[k] + 1] += 1
    first = np.cumsum(first)
    filled, beside, feeds = first.copy(), np.empty(2 * len(source), np.int64), np.empty(2 * len(source), np.bool_)
    for k in range(len(source)):
        s, t = source[k], target[k]
        beside[filled[s]], feeds[filled[s]] = t, False
        beside[filled[t]], feeds[filled[t]] = s, True
        filled[s] += 1
        filled[t] += 1
    stage, parent, feeds_parent = np.empty(n, np.int64), np.full(n, -1), np.zeros(n, np.bool_)
    place = np.zeros(n, np.int64)
    for p in range(len(roots)):
        stage[part_start[p]] = roots[p]
        end = part_start[p] + 1
        for i in range(part_start[p], part_start[p + 1]):
            k = stage[i]
            place[k] = i - part_start[p]
            for q in range(first[k], first[k + 1]):
                if beside[q] != parent[k]:
                    stage[end], parent[beside[q]], feeds_parent[beside[q]] = beside[q], k, feeds[q]
                    end += 1
    return Walk(part_start, stage, place, parent, feeds_parent)
