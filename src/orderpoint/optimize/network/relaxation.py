"""A lower bound for guaranteed service on any network without a cycle: each arc is settled by prices of time.

Every arc (i, j) asks S_i <= SI_j. The network is cut into chains that share its stages, each stage's cost split evenly
among the chains through it; a chain is a tree, and solved exactly. Prices on the arcs' times make the chains agree,
and each sweep through the stages raises the sum of the chains' least costs, which no placement can undercut.

Source: V. Kolmogorov, "Convergent tree-reweighted message passing for energy minimization", IEEE Transactions on
Pattern Analysis and Machine Intelligence 28 (2006), 1568-1583 (the sequential form, TRW-S, whose bound never falls).
Legend:

    u_e(b)     what arc e = (i, j) adds to the cost of stage i for promising S_i = b
    v_e(a)     what it adds to the cost of stage j for waiting SI_j = a
    theta_j    c_j(a + T - b) + sum of v_e(a) over arcs into j + sum of u_e(b) over arcs out of j
    gamma_j    1 / max(arcs into j, arcs out of j, 1): the share of theta_j in each chain through j
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.network.links import Links
from orderpoint.optimize.network.tree import Costs, Ranges, Table, in_marginal, out_marginal

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Prices(NamedTuple):
    """u and v of the legend, each (a, W)."""

    promise: FloatArray
    wait: FloatArray

    @classmethod
    def zero(cls, arcs: int, width: int) -> Prices:
        """No prices yet."""
        return cls(np.zeros((arcs, width)), np.zeros((arcs, width)))

    def copy(self) -> Prices:
        """The same prices, free to be changed."""
        return Prices(self.promise.copy(), self.wait.copy())


@njit(cache=True)
def raise_bound(links: Links, costs: Costs, ranges: Ranges, prices: Prices, sweeps: int) -> float:
    """The lower bound after so many sweeps forth and back; `prices` are changed in place."""
    width = prices.promise.shape[1]
    table, value = _one_row(width), np.empty(width)
    bound = -np.inf
    for _ in range(sweeps):
        for k in links.order:
            if links.out_first[k] < links.out_first[k + 1]:
                _theta(k, links, ranges, prices, table)
                low, high = out_marginal(k, 0, costs, table, value)
                _price_waits(k, links, prices, value, (low, high))
        bound = 0.0
        for k in links.order[::-1]:
            _theta(k, links, ranges, prices, table)
            low, high = in_marginal(k, 0, costs, table, value)
            bound += _price_promises(k, links, prices, value, (low, high))
    return float(bound)


@njit(cache=True)
def read_off(links: Links, costs: Costs, ranges: Ranges, prices: Prices) -> IntArray:
    """(n,): feasible service times: in the order of flow, the best S of each stage for the SI that suppliers left."""
    S, inbound = np.zeros(len(links.order), np.int64), ranges.in_low.copy()
    for k in links.order:
        for q in range(links.in_first[k], links.in_first[k + 1]):
            inbound[k] = max(inbound[k], S[links.source[links.in_arc[q]]])
        D = np.zeros(prices.promise.shape[1])
        for q in range(links.out_first[k], links.out_first[k + 1]):
            D += prices.promise[links.out_arc[q]]
        c, w, longest = costs.shape[costs.row[k]], costs.weight[k], inbound[k] + costs.time[k]
        best, S[k] = np.inf, min(ranges.out_low[k], longest)
        for b in range(ranges.out_low[k], min(ranges.out_high[k], longest) + 1):
            here = w * c[longest - b] + D[b]
            if here < best:
                best, S[k] = here, b
    return S


@njit(cache=True)
def _one_row(width: int) -> Table:
    nothing = np.empty((1, width), np.int32)
    return Table(np.empty((1, width)), np.empty((1, width)), nothing, nothing, np.empty((1, 4), np.int64))


@njit(cache=True)
def _theta(k: int, links: Links, ranges: Ranges, prices: Prices, table: Table) -> None:
    """What the arcs add to the costs of stage k, and the ranges of its times, into the one row of `table`."""
    table.A[:] = 0.0
    table.D[:] = 0.0
    for q in range(links.in_first[k], links.in_first[k + 1]):
        table.A[0] += prices.wait[links.in_arc[q]]
    for q in range(links.out_first[k], links.out_first[k + 1]):
        table.D[0] += prices.promise[links.out_arc[q]]
    table.bounds[0, 0], table.bounds[0, 1] = ranges.in_low[k], ranges.in_high[k]
    table.bounds[0, 2], table.bounds[0, 3] = ranges.out_low[k], ranges.out_high[k]


@njit(cache=True)
def _share(k: int, links: Links) -> float:
    arcs_in = links.in_first[k + 1] - links.in_first[k]
    return float(1.0 / max(arcs_in, links.out_first[k + 1] - links.out_first[k], 1))


@njit(cache=True)
def _price_waits(k: int, links: Links, prices: Prices, value: FloatArray, span: tuple[int, int]) -> None:
    """v_e(a) = min over b <= a of gamma theta(b) - u_e(b), less a constant, for the arcs that leave stage k."""
    gamma, (low, high) = _share(k, links), span
    for q in range(links.out_first[k], links.out_first[k + 1]):
        u, v = prices.promise[links.out_arc[q]], prices.wait[links.out_arc[q]]
        least = gamma * value[low] - u[low]
        v[:low] = least
        for x in range(low, high + 1):
            least = min(least, gamma * value[x] - u[x])
            v[x] = least
        v[high + 1 :] = least
        v -= least


@njit(cache=True)
def _price_promises(k: int, links: Links, prices: Prices, value: FloatArray, span: tuple[int, int]) -> float:
    """u_e(b) = min over a >= b of gamma theta(a) - v_e(a), less a constant; what stage k adds to the bound.

    That is those constants, and the share of theta that goes into no arc.
    """
    gamma, (low, high) = _share(k, links), span
    arcs = links.in_first[k + 1] - links.in_first[k]
    bound = (1.0 - gamma * arcs) * value[low : high + 1].min() if gamma * arcs < 1.0 else 0.0
    for q in range(links.in_first[k], links.in_first[k + 1]):
        u, v = prices.promise[links.in_arc[q]], prices.wait[links.in_arc[q]]
        least = gamma * value[high] - v[high]
        u[high + 1 :] = least
        for x in range(high, low - 1, -1):
            least = min(least, gamma * value[x] - v[x])
            u[x] = least
        u[:low] = least
        u -= least
        bound += least
    return bound


@njit(cache=True)
def marginals(links: Links, costs: Costs, ranges: Ranges, prices: Prices) -> tuple[FloatArray, IntArray]:
    """How undecided S and SI are: the peak between equally good values, and the time before it, (n, 2) each.

    The peak is how much dearer the dearest time between them is; -1 where one value alone is best.
    """
    peak, time = np.full((len(links.order), 2), -1.0), np.zeros((len(links.order), 2), np.int64)
    width = prices.promise.shape[1]
    table, value = _one_row(width), np.empty(width)
    for k in links.order:
        _theta(k, links, ranges, prices, table)
        low, high = out_marginal(k, 0, costs, table, value)
        peak[k, 0], time[k, 0] = _peak(value, low, high)
        low, high = in_marginal(k, 0, costs, table, value)
        peak[k, 1], time[k, 1] = _peak(value, low, high)
    return peak, time


@njit(cache=True)
def _peak(value: FloatArray, low: int, high: int) -> tuple[float, int]:
    least = value[low : high + 1].min()
    near = least + 1e-6 * max(abs(least), np.abs(value[low : high + 1]).max())
    first, last = -1, -1
    for x in range(low, high + 1):
        if value[x] <= near:
            first, last = (x if first < 0 else first), x
    if first == last:
        return -1.0, first
    top = first + int(np.argmax(value[first : last + 1]))
    return value[top] - least, max(first, min(top, last) - 1)
