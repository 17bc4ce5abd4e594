"""Which units move between places that hold the same item, so that the places together cost least: exact.

Every place has a convex cost of its stock, so each unit more saves less than the one before. Moving one from i to j
costs c[i, j]. Places that give on one side and places that take on the other make a convex-cost flow; the best one is
found lot by lot along the cheapest way from a place that gives to a place that takes, where a way may undo what was
moved before (successive shortest paths: R. Ahuja, T. Magnanti and J. Orlin, "Network Flows" (1993), sections 9.7 and
14.5). When no way saves anything the flow is optimal: no exchange of any size does. No lot passes through a place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LEAST_SAVING = 1e-9
"""Money below which a unit is not moved: rounding alone may look like this."""


class Places(NamedTuple):
    """m places of one item.

    `lose` (m, A): what the place costs more when it gives its 1st, 2nd, .. lot, `gain` (m, B): what it costs less for
    each lot that it takes; the first rises, the second falls along each row. `gives`, `takes` (m,): most lots. `cost`
    (m, m): money to move one lot (inf: cannot); `room` (m, m): most lots that way.
    """

    lose: FloatArray
    gain: FloatArray
    gives: NDArray[np.int64]
    takes: NDArray[np.int64]
    cost: FloatArray
    room: NDArray[np.int64]


class Ways(NamedTuple):
    """Cheapest ways so far: cost to each place as giver and as taker, and the place before it (-1: the way starts)."""

    to_giver: FloatArray
    to_taker: FloatArray
    before_giver: NDArray[np.int64]
    before_taker: NDArray[np.int64]


@njit(cache=True)
def best_exchange(places: Places) -> NDArray[np.int64]:
    """(m, m): lots that move from row to column, of least cost in all."""
    m = len(places.gives)
    moved = np.zeros((m, m), np.int64)
    given, taken = np.zeros(m, np.int64), np.zeros(m, np.int64)
    ways = Ways(np.empty(m), np.empty(m), np.empty(m, np.int64), np.empty(m, np.int64))
    while True:
        _find_ways(places, moved, given, ways)
        end, best = -1, -LEAST_SAVING
        for j in range(m):
            if taken[j] < places.takes[j] and ways.to_taker[j] - places.gain[j, taken[j]] < best:
                end, best = j, ways.to_taker[j] - places.gain[j, taken[j]]
        if end < 0:
            return moved
        taken[end] += 1
        while end >= 0:
            giver = ways.before_taker[end]
            moved[giver, end] += 1
            end = ways.before_giver[giver]
            if end >= 0:
                moved[giver, end] -= 1
        given[giver] += 1


@njit(cache=True)
def _find_ways(places: Places, moved: NDArray[np.int64], given: NDArray[np.int64], ways: Ways) -> None:
    """The cheapest way of one more lot to every place (Bellman and Ford)."""
    m = len(given)
    ways.to_taker[:] = np.inf
    ways.before_giver[:] = -1
    for i in range(m):
        ways.to_giver[i] = places.lose[i, given[i]] if given[i] < places.gives[i] else np.inf
    better = True
    while better:
        better = False
        for i in range(m):
            for j in range(m):
                if i == j or moved[i, j] >= places.room[i, j]:
                    continue
                if ways.to_giver[i] + places.cost[i, j] < ways.to_taker[j] - LEAST_SAVING:
                    ways.to_taker[j] = ways.to_giver[i] + places.cost[i, j]
                    ways.before_taker[j], better = i, True
        for i in range(m):
            for j in range(m):
                if moved[i, j] > 0 and ways.to_taker[j] - places.cost[i, j] < ways.to_giver[i] - LEAST_SAVING:
                    ways.to_giver[i] = ways.to_taker[j] - places.cost[i, j]
                    ways.before_giver[i], better = j, True
