"""The parts of a network that touch nowhere, and the order of flow in each, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@njit(cache=True)
def parts_of(stages: int, source: IntArray, target: IntArray) -> IntArray:
    """Union-find, the lower stage on top, so that parts are numbered by their first stages."""
    top = np.arange(stages)
    for k in range(len(source)):
        a, b = source[k], target[k]
        while top[a] != a:
            top[a] = top[top[a]]
            a = top[a]
        while top[b] != b:
            top[b] = top[top[b]]
            b = top[b]
        top[max(a, b)] = min(a, b)
    part, count = np.empty(stages, np.int64), 0
    for stage in range(stages):
        a = stage
        while top[a] != a:
            a = top[a]
        if a == stage:
            part[stage] = count
            count += 1
        else:
            part[stage] = part[a]
    return part


@njit(cache=True)
def ordered(stages: int, source: IntArray, target: IntArray, part: IntArray) -> tuple[IntArray, int]:
    """Kahn's algorithm, a queue for each part in its own stretch of the result; and how many stages were reached."""
    start = np.zeros(stages + 2, np.int64)
    first = np.zeros(stages + 1, np.int64)
    waiting = np.zeros(stages, np.int64)
    for k in range(len(source)):
        waiting[target[k]] += 1
        first[source[k] + 1] += 1
    for stage in range(stages):
        start[part[stage] + 1] += 1
        first[stage + 1] += first[stage]
    start = np.cumsum(start)
    after, filled = np.empty(len(source), np.int64), first.copy()
    for k in range(len(source)):
        after[filled[source[k]]] = target[k]
        filled[source[k]] += 1
    order, end = np.full(stages, -1), start.copy()
    for stage in range(stages):
        if waiting[stage] == 0:
            order[end[part[stage]]] = stage
            end[part[stage]] += 1
    for p in range(len(start) - 1):
        place = start[p]
        while place < end[p]:
            for k in range(first[order[place]], first[order[place] + 1]):
                waiting[after[k]] -= 1
                if waiting[after[k]] == 0:
                    order[end[p]] = after[k]
                    end[p] += 1
            place += 1
    reached = order[order >= 0]
    return reached, len(reached)
