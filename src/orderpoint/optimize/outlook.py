"""What may go wrong before it can be helped: running out until the next order arrives, and stock that will not sell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.evaluation import Orders
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.protection import Clock, Lines, Offers, Setting, arrivals
from orderpoint.stockflow.equation import step
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

STRONG_DEMAND = 0.95
LIKELY = 0.5


@dataclass(frozen=True, eq=False)
class Outlook:
    """Risks of n series with today's orders placed, each array (n,).

    `stockout_probability`: of any shortage from today until the next order arrives, `early_probability`: before today's
    does, which no order can help. `likely_period` int64: the first period by whose end a shortage has struck more often
    than not, -1 where none has. `overstock` units: stock and all open orders beyond what even a strong demand (95 %) of
    the horizon needs, today's orders included.
    """

    stockout_probability: FloatArray
    early_probability: FloatArray
    likely_period: NDArray[np.int64]
    overstock: FloatArray


def outlook(policy: MinCost, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Outlook:
    """The risks of a snapshot once `decisions` are placed, on the paths of `policy`."""
    n = len(snapshot.index)
    table = np.zeros((n, 3))
    for paths, rows, setting in policy.sampled(snapshot, demand):
        orders = Orders(decisions.quantity[rows].astype(np.float64), decisions.offer[rows].astype(np.int64))
        _look(paths, *setting, orders, table[rows])
    strong = demand.sum_over(0, demand.timeline.count - 1).quantile(STRONG_DEMAND)
    stock = snapshot.stock
    held = stock.on_hand + stock.receipts.sum(axis=1) + stock.receipts_beyond + decisions.quantity
    return Outlook(
        stockout_probability=table[:, 0],
        early_probability=table[:, 1],
        likely_period=table[:, 2].astype(np.int64),
        overstock=np.maximum(np.floor(held - strong), 0.0),
    )


@njit(cache=True, parallel=True)
def _look(
    paths: NDArray[np.float32], lines: Lines, offers: Offers, clock: Clock, orders: Orders, table: FloatArray
) -> None:
    for i in prange(paths.shape[0]):
        setting = Setting(lines, offers, clock)
        struck = np.zeros(paths.shape[2] + 1)
        early = 0.0
        for j in range(paths.shape[1]):
            period = _first_shortage(paths[i, j], setting, orders, i, j)
            struck[period] += 1.0 / paths.shape[1]
            if period < min(arrivals(setting, orders.offer[i], j)[0], paths.shape[2]):
                early += 1.0 / paths.shape[1]
        so_far = np.cumsum(struck[:-1])
        table[i, 0], table[i, 1], table[i, 2] = so_far[-1], early, -1.0
        for t in range(len(so_far)):
            if so_far[t] > LIKELY:
                table[i, 2] = t
                break


@njit(cache=True)
def _first_shortage(demand: NDArray[np.float32], setting: Setting, orders: Orders, i: int, j: int) -> int:
    """The first period with a shortage before the next order arrives; one past the last where there is none."""
    lines = setting.lines
    first, then = arrivals(setting, orders.offer[i], j)
    stock = lines.on_hand[i]
    for t in range(then):
        receipt = lines.receipts[i, t] + (orders.quantity[i] if t == first else 0.0)
        stock, short = step(stock, receipt, float(demand[t]), lines.backlog[i])
        if short > 0.0:
            return t
    return len(demand)
