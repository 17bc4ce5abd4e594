"""The stock equation over time for demand and receipts that are given: what a simulator, a backtest and a test play."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.stockflow.equation import shipped, step
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flow:
    """What happened, all in units and float64 with the shape of the demand: (n, T) or (n, paths, T).

    `left`: stock at each period's end, negative where demand waits. `short`: demand of the period that found no stock.
    `shipped`: units that left the house in the period.
    """

    left: FloatArray
    short: FloatArray
    shipped: FloatArray


def play(opening: FloatArray, receipts: FloatArray, demand: NDArray[np.floating], backlog: NDArray[np.bool_]) -> Flow:
    """Let `demand` meet stock.

    `opening` (n,) is the stock before the first period's receipts; `receipts` (n, T), at least 0, come in at the
    start of their period, on every path alike; `demand` (n, T) or (n, paths, T), at least 0; `backlog` (n,) says
    whether demand waits or is lost. Raises ValueError where the shapes do not fit. The result is the same for any
    number of threads.
    """
    n, periods = receipts.shape
    checks.shape("stockflow.opening", opening, (n,))
    checks.shape("stockflow.backlog", backlog, (n,))
    paths = demand[:, None, :] if demand.ndim == 2 else demand
    checks.shape("stockflow.demand", paths, (n, paths.shape[1], periods))
    flow = Flow(*(np.empty(paths.shape) for _ in range(3)))
    _play(opening, receipts, paths, backlog, (flow.left, flow.short, flow.shipped))
    if demand.ndim == 3:
        return flow
    return Flow(flow.left[:, 0], flow.short[:, 0], flow.shipped[:, 0])


@njit(cache=True, parallel=True)
def _play(
    opening: FloatArray,
    receipts: FloatArray,
    demand: NDArray[np.floating],
    backlog: NDArray[np.bool_],
    result: tuple[FloatArray, FloatArray, FloatArray],
) -> None:
    left, short, out = result
    for i in prange(demand.shape[0]):
        for j in range(demand.shape[1]):
            stock = opening[i]
            for t in range(demand.shape[2]):
                before = stock
                stock, short[i, j, t] = step(before, receipts[i, t], float(demand[i, j, t]), backlog[i])
                left[i, j, t] = stock
                out[i, j, t] = shipped(before, receipts[i, t], stock)
