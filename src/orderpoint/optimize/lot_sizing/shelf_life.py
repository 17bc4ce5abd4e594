"""Lot sizing of goods that spoil: an order serves at most the periods of its shelf life, the oldest units first.

The stock is counted as in `wagner_whitin` (legend there). An order of period i with shelf life m can serve i..i+m-1.
If two orders can both serve two demands, exchanging them changes no cost, so each order serves one run of demand:

    F(b) = min over i in b-m..b-1 and a in i..b-1 of  F(a) + K(i) + v(i) (D(b) - D(a)) + P(b) - P(a)

a later than i happens only where buying early is cheaper: then an order waits until an older one has spoiled. For each
i the best a is carried along, so T periods take O(T m). Compare V. Hsu (2000), "Dynamic economic lot size model with
perishable inventory", Management Science 46(8), 1159-1169, of which this is the case of one shelf life without losses.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.lot_sizing.issue import COLUMNS, HOLDING, PURCHASE, SETUP, play, shelf_lives
from orderpoint.optimize.lot_sizing.problem import LotPlan, LotSizing, Tables, value

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def optimal(problem: LotSizing, shelf_life: ArrayLike) -> LotPlan:
    """The plan of least cost where a unit can be sold in the `shelf_life` periods from its order's on, int or (n,).

    The initial stock counts as fresh; what of it no demand takes in time is gone (and its cost is sunk). Raises
    ValueError where demand may wait, or the initial stock is negative.
    """
    if problem.backlog_cost is not None or (np.asarray(problem.initial_stock) < 0.0).any():
        raise ValueError("shelf_life: expected no backlog_cost and no units owed; leave backlog_cost out")
    n, periods = problem.shape
    plan = LotPlan(np.zeros((n, periods)), np.empty(n))
    _optimal(problem.tables(), shelf_lives(shelf_life, n), plan.quantity, plan.cost)
    return plan


@njit(cache=True, parallel=True)
def _optimal(tables: Tables, lives: IntArray, quantity: FloatArray, cost: FloatArray) -> None:
    for i in prange(len(quantity)):
        _solve(tables, i, lives[i], quantity[i])
        row = np.zeros(COLUMNS)
        play(tables, i, (lives[i], True), quantity[i], tables.demand[i], row)
        cost[i] = row[SETUP] + row[PURCHASE] + row[HOLDING]


@njit(cache=True)
def _solve(tables: Tables, i: int, life: int, quantity: FloatArray) -> None:
    """The orders of item `i`."""
    periods = len(quantity)
    d, p, v, f = np.zeros(periods + 1), np.zeros(periods + 1), np.empty(periods), np.zeros(periods + 1)
    best, since = np.full(periods, np.inf), np.zeros(periods, np.int64)  # of each order: the best a, and its value
    order, begun = np.full(periods + 1, -1, np.int64), np.zeros(periods + 1, np.int64)
    left, held = tables.initial_stock[i, 0], 0.0
    for t in range(periods):
        served = min(left, tables.demand[i, t])
        left = left - served if t + 1 < life else 0.0
        d[t + 1] = d[t] + tables.demand[i, t] - served
        p[t + 1] = p[t] + held * (tables.demand[i, t] - served)
        v[t] = value(tables.unit, i, t) - held
        held += value(tables.holding, i, t)
    for b in range(1, periods + 1):
        f[b] = f[b - 1] if d[b] == d[b - 1] else np.inf
        for k in range(max(b - life, 0), b):
            reached = f[b - 1] - v[k] * d[b - 1] - p[b - 1]
            if reached < best[k]:
                best[k], since[k] = reached, b - 1
            total = best[k] + value(tables.setup, i, k) + v[k] * d[b] + p[b]
            if total < f[b]:
                f[b], order[b], begun[b] = total, k, since[k]
    b = periods
    while b > 0:
        if order[b] < 0:
            b -= 1
            continue
        quantity[order[b]] += d[b] - d[begun[b]]
        b = begun[b]
