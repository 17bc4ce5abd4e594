"""Service times of a network: what they mean for the stages that follow, what they cost, which can be left out."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.network.links import Links
from orderpoint.optimize.network.tree import Costs, Ranges

IntArray = NDArray[np.int64]


@njit(cache=True)
def settle(links: Links, time: IntArray, inbound_time: IntArray, S: IntArray) -> IntArray:
    """(n,): how long each stage waits for its slowest supplier; `S` is cut where a stage needs less than it promises.

    No stage waits longer than before, so nothing becomes dearer. A promise longer than needed arises only where safety
    stock is free, so that no cost told the stage not to.
    """
    inbound = inbound_time.copy()
    for k in links.order:
        S[k] = min(S[k], inbound[k] + time[k])
        for q in range(links.out_first[k], links.out_first[k + 1]):
            j = links.target[links.out_arc[q]]
            inbound[j] = max(inbound[j], S[k])
    return inbound


@njit(cache=True)
def cost_of(costs: Costs, inbound: IntArray, S: IntArray) -> float:
    """The cost of settled service times."""
    total = 0.0
    for k in range(len(S)):
        total += costs.weight[k] * costs.shape[costs.row[k], inbound[k] + costs.time[k] - S[k]]
    return total


@njit(cache=True)
def tighten(links: Links, time: IntArray, ranges: Ranges) -> bool:
    """Cut from the ranges what no placement within them can use; False where nothing is left."""
    changed = True
    while changed:
        changed = False
        for e in range(len(links.source)):
            i, j = links.source[e], links.target[e]
            changed |= _lower(ranges.out_high, i, ranges.in_high[j])
            changed |= _raise(ranges.in_low, j, ranges.out_low[i])
        for k in links.order:
            changed |= _lower(ranges.out_high, k, ranges.in_high[k] + time[k])
            changed |= _raise(ranges.in_low, k, ranges.out_low[k] - time[k])
            if ranges.in_low[k] > ranges.in_high[k] or ranges.out_low[k] > ranges.out_high[k]:
                return False
    return True


@njit(cache=True)
def _lower(high: IntArray, k: int, most: int) -> bool:
    if high[k] <= most:
        return False
    high[k] = most
    return True


@njit(cache=True)
def _raise(low: IntArray, k: int, least: int) -> bool:
    if low[k] >= least:
        return False
    low[k] = least
    return True
