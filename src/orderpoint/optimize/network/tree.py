"""Guaranteed service on trees: the exact dynamic programme over whole service times, compiled.

Source: S. C. Graves and S. P. Willems, "Optimizing strategic safety stock placement in supply chains", Manufacturing &
Service Operations Management 2 (2000), 68-83, section 5, with the erratum 5 (2003), 176-177. Legend:

    T_k, S_k, SI_k   stage time; service time promised to customers; service time of the slowest supplier
    c_k(tau)         holding cost of the safety stock for the net replenishment time tau = SI_k + T_k - S_k >= 0
    A_k(a)           least cost of the branches that feed k, where SI_k = a: each may promise at most a
    D_k(b)           least cost of the branches that k feeds, where S_k = b: each has an SI of at least b
    f_k(b)           least cost of k and all its branches but the one towards the root, which k feeds
    g_k(a)           the same where k is fed from the root's side

Near-linear time. c is concave, so between two points where A bends upwards the sum c + A is concave and least at an
end: f_k looks only at those bends and at the two ends of the range, and so does g_k with D. A has few bends, since it
is a sum of running minima. Where c is not concave every point is looked at.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.network.walk import Walk

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Costs(NamedTuple):
    """The costs of n stages: c_k(tau) = `weight`[k] * `shape`[`row`[k], tau], all concave or not; `time` is T (n,).

    `price_in`, `price_out` (n, W) are added to A_k and D_k (an empty array: nothing is added).
    """

    time: IntArray
    weight: FloatArray
    row: IntArray
    shape: FloatArray
    concave: bool
    price_in: FloatArray
    price_out: FloatArray


class Ranges(NamedTuple):
    """The service times that are allowed: `in_low` <= SI <= `in_high`, `out_low` <= S <= `out_high`, each (n,)."""

    in_low: IntArray
    in_high: IntArray
    out_low: IntArray
    out_high: IntArray


class Table(NamedTuple):
    """What the programme fills for the m stages of a part, in the order of the walk.

    `A`, `D` (m, W); `other`: the best SI for an S, or the other way round; `pick`: the best S (or SI) of a stage for
    each SI (or S) of its parent; `bounds` (m, 4): the ranges of SI and of S where A and D are finite.
    """

    A: FloatArray
    D: FloatArray
    other: NDArray[np.int32]
    pick: NDArray[np.int32]
    bounds: IntArray


@njit(cache=True, parallel=True)
def solve_forest(walk: Walk, costs: Costs, ranges: Ranges) -> tuple[FloatArray, IntArray, IntArray]:
    """(parts,) least cost, inf where the ranges allow nothing; SI and S (n,) that reach it."""
    parts, n = len(walk.part_start) - 1, len(walk.stage)
    least, inbound, outbound = np.empty(parts), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for p in prange(parts):
        least[p] = solve_tree(walk, p, costs, ranges, (inbound, outbound))
    return least, inbound, outbound


@njit(cache=True)
def solve_tree(walk: Walk, part: int, costs: Costs, ranges: Ranges, answer: tuple[IntArray, IntArray]) -> float:
    """The least cost of one part; its service times are written into `answer` (SI, S)."""
    begin, m = walk.part_start[part], walk.part_start[part + 1] - walk.part_start[part]
    table = _table(walk.stage[begin : begin + m], costs, ranges)
    value = np.empty(table.A.shape[1])
    for i in range(m - 1, 0, -1):
        k = walk.stage[begin + i]
        q = walk.place[walk.parent[k]]
        if walk.feeds_parent[k]:
            low, high = out_marginal(k, i, costs, table, value)
            if low > high:
                return np.inf
            table.bounds[q, 0] = max(table.bounds[q, 0], low)
            _running_least(value, low, high, table.pick[i], table.A[q])
        else:
            low, high = in_marginal(k, i, costs, table, value)
            if low > high:
                return np.inf
            table.bounds[q, 3] = min(table.bounds[q, 3], high)
            _least_from(value, low, high, table.pick[i], table.D[q])
    low, high = in_marginal(walk.stage[begin], 0, costs, table, value)
    if low > high:
        return np.inf
    best = low + int(np.argmin(value[low : high + 1]))
    answer[0][walk.stage[begin]], answer[1][walk.stage[begin]] = best, table.other[0, best]
    for i in range(1, m):
        k = walk.stage[begin + i]
        if walk.feeds_parent[k]:
            answer[1][k] = table.pick[i, answer[0][walk.parent[k]]]
            answer[0][k] = table.other[i, answer[1][k]]
        else:
            answer[0][k] = table.pick[i, answer[1][walk.parent[k]]]
            answer[1][k] = table.other[i, answer[0][k]]
    return float(value[best])


@njit(cache=True)
def _table(stages: IntArray, costs: Costs, ranges: Ranges) -> Table:
    m, width = len(stages), 1
    for k in stages:
        width = max(width, ranges.in_high[k] + costs.time[k] + 1)
    A, D, bounds = np.zeros((m, width)), np.zeros((m, width)), np.empty((m, 4), np.int64)
    for i in range(m):
        k = stages[i]
        bounds[i, 0], bounds[i, 1] = ranges.in_low[k], ranges.in_high[k]
        bounds[i, 2], bounds[i, 3] = ranges.out_low[k], ranges.out_high[k]
        if len(costs.price_in):
            A[i, : bounds[i, 1] + 1] = costs.price_in[k, : bounds[i, 1] + 1]
            D[i, : bounds[i, 3] + 1] = costs.price_out[k, : bounds[i, 3] + 1]
    return Table(A, D, np.empty((m, width), np.int32), np.empty((m, width), np.int32), bounds)


@njit(cache=True)
def out_marginal(k: int, i: int, costs: Costs, table: Table, value: FloatArray) -> tuple[int, int]:
    """f(b) = D(b) + min_a c(a + T - b) + A(a) into `value`; the range of b where it is finite, (1, 0) if nowhere."""
    T, w, c, A = costs.time[k], costs.weight[k], costs.shape[costs.row[k]], table.A[i]
    a_low, a_high, low, high = table.bounds[i]
    high = min(high, a_high + T)
    if a_low > a_high or low > high:
        return 1, 0
    bends = _bends(A, a_low, a_high, costs.concave)
    for b in range(low, high + 1):
        a = max(a_low, b - T)
        best, best_a = w * c[a + T - b] + A[a], a
        for q in range(len(bends) - 1, -1, -1):
            x = bends[q]
            if x <= a:
                break
            here = w * c[x + T - b] + A[x]
            if here < best:
                best, best_a = here, x
        value[b], table.other[i, b] = best + table.D[i, b], best_a
    return low, high


@njit(cache=True)
def in_marginal(k: int, i: int, costs: Costs, table: Table, value: FloatArray) -> tuple[int, int]:
    """g(a) = A(a) + min_b c(a + T - b) + D(b) into `value`; the range of a where it is finite, (1, 0) if nowhere."""
    T, w, c, D = costs.time[k], costs.weight[k], costs.shape[costs.row[k]], table.D[i]
    low, high, b_low, b_high = table.bounds[i]
    low = max(low, b_low - T)
    if b_low > b_high or low > high:
        return 1, 0
    bends = _bends(D, b_low, b_high, costs.concave)
    for a in range(low, high + 1):
        b = min(b_high, a + T)
        best, best_b = w * c[a + T - b] + D[b], b
        for x in bends:
            if x >= b:
                break
            here = w * c[a + T - x] + D[x]
            if here < best:
                best, best_b = here, x
        value[a], table.other[i, a] = best + table.A[i, a], best_b
    return low, high


@njit(cache=True)
def _bends(values: FloatArray, low: int, high: int, concave: bool) -> IntArray:  # noqa: FBT001 - a compiled kernel
    """The ends of a range, and the points between them where `values` bend upwards (all points, if not `concave`)."""
    bends, count = np.empty(high - low + 1, np.int64), 0
    for x in range(low, high + 1):
        inside = low < x < high
        if not inside or not concave or values[x - 1] + values[x + 1] > 2.0 * values[x]:
            bends[count] = x
            count += 1
    return bends[:count]


@njit(cache=True)
def _running_least(value: FloatArray, low: int, high: int, pick: IntArray, total: FloatArray) -> None:
    """Add min over b <= a of value(b) to total(a), and remember which b."""
    best = low
    for a in range(low, len(total)):
        if low < a <= high and value[a] < value[best]:
            best = a
        pick[a] = best
        total[a] += value[best]


@njit(cache=True)
def _least_from(value: FloatArray, low: int, high: int, pick: IntArray, total: FloatArray) -> None:
    """Add min over a >= b of value(a) to total(b), and remember which a."""
    best = high
    for b in range(high, -1, -1):
        if low <= b < high and value[b] <= value[best]:
            best = b
        pick[b] = best
        total[b] += value[best]
