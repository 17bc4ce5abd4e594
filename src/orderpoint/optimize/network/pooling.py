"""Demand of the stages behind the shops: mean and spread of what all customers downstream draw, pooled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.network.graph import StageGraph
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def pooled_mean(graph: StageGraph, mean: FloatArray) -> FloatArray:
    """(n,): units per period that leave each stage, where customers draw `mean` (n,) from it directly."""
    checks.shape("network.mean", mean, (graph.stages,))
    checks.finite("network.mean", mean, least=0.0)
    return _pooled(*_upwards(graph), mean.astype(np.float64))[0]


def pooled_spread(graph: StageGraph, spread: FloatArray) -> FloatArray:
    """(n,): the spread of the demand on each stage, where the demand of customers there has `spread` (n,), in units.

    Customers are independent: the square of the spread of stage i is the sum over customers c of (r_ic spread_c)^2,
    with r_ic the units of i in one unit sold at c, over all paths together. For spread_c = z_c sigma_c this is the
    pooling of Graves and Willems (2000) with the power 2; where a stage reaches a customer by several paths it counts
    that demand as one, and not as if it were independent of itself.
    """
    checks.shape("network.spread", spread, (graph.stages,))
    checks.finite("network.spread", spread, least=0.0)
    return _pooled(*_upwards(graph), spread.astype(np.float64))[1]


def usage(graph: StageGraph, customers: IntArray) -> FloatArray:
    """(n, customers): units of each stage in one unit sold at each of the stages `customers`."""
    r = np.zeros((graph.stages, len(customers)))
    r[customers, np.arange(len(customers))] = 1.0
    order, _, first, after, quantity = _upwards(graph)
    _accumulate(order, first, after, quantity, r)
    return r


def _upwards(graph: StageGraph) -> tuple[IntArray, IntArray, IntArray, IntArray, FloatArray]:
    """Stages from customers to suppliers, where the arcs of each begin, whom it feeds, and with how many units."""
    arcs = np.argsort(graph.source, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(graph.source, minlength=graph.stages))]).astype(np.int64)
    return graph.order, graph.part[graph.order], first, graph.target[arcs], graph.quantity_per[arcs]


@njit(cache=True)
def _accumulate(order: IntArray, first: IntArray, after: IntArray, quantity: FloatArray, r: FloatArray) -> None:
    for i in range(len(order) - 1, -1, -1):
        k = order[i]
        for q in range(first[k], first[k + 1]):
            r[k] += quantity[q] * r[after[q]]


@njit(cache=True)
def _pooled(
    order: IntArray, part: IntArray, first: IntArray, after: IntArray, quantity: FloatArray, own: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The sum of r own, and the root of the sum of (r own)^2, over customers: one walk upwards for each customer."""
    total, square, r = np.zeros(len(order)), np.zeros(len(order)), np.zeros(len(order))
    for c in range(len(order)):
        if own[order[c]] == 0.0:
            continue
        i = c
        while i >= 0 and part[i] == part[c]:
            k = order[i]
            r[k] = 1.0 if i == c else 0.0
            for q in range(first[k], first[k + 1]):
                r[k] += quantity[q] * r[after[q]]
            total[k] += r[k] * own[order[c]]
            square[k] += (r[k] * own[order[c]]) ** 2
            i -= 1
        while i < c:
            i += 1
            r[order[i]] = 0.0
    return total, np.sqrt(square)
