"""Wagner-Whitin: the plan of orders of least cost, without limits, in linear or near-linear time.

Sources: H. M. Wagner & T. M. Whitin (1958), "Dynamic version of the economic lot size model", Management Science
5(1), 89-96; W. I. Zangwill (1969) for demand that waits; the time bounds of A. Wagelmans, S. van Hoesel & A. Kolen
(1992), "Economic lot sizing: an O(n log n) algorithm that runs in linear time in the Wagner-Whitin case", Operations
Research 40, S145-S156, and A. Aggarwal & J. K. Park (1993), Operations Research 41(3), 549-571.

Between two periods without stock and without waiting demand, i and j, one order in k (i <= k < j) serves the demand of
i..j-1. Legend (periods from 0):

    K, c, h, b   setup, unit, holding and backlog cost of a period
    D(t)         demand before period t, what the initial stock serves taken off
    v(k)         c(k) - h(0) - .. - h(k-1);      u(k)   c(k) + b(0) + .. + b(k-1)
    P(t), Q(t)   sums over m < t of d(m) (h(0) + .. + h(m-1)), and of d(m) (b(0) + .. + b(m-1))
    F(j)         least cost of the demand before period j:
                 F(j) = min_k  H(k) + K(k) + v(k) (D(j) - D(k)) + P(j) - P(k)                  lines in D(j)
    H(k)         the same with what waits for the order in k:  F(k) where demand may not wait, else
                 H(k) = min_{i<=k}  F(i) + u(k) (D(k) - D(i)) - Q(k) + Q(i)            points (D(i), F(i) + Q(i))

v never grows unless buying early and holding is cheaper than buying late ("speculation"): then T periods take O(T),
else O(T log T) (`envelope`).
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.lot_sizing.envelope import (
    add_to_tree,
    front_line,
    least_in_tree,
    push_line,
    push_point,
    search_hull,
    walk_hull,
)
from orderpoint.optimize.lot_sizing.problem import MISSING, PARTS, LotPlan, LotSizing, Tables, fill_parts, value

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROWS = 8
D, P, Q, F, V, U, A, Y = range(ROWS)
"""Rows of an item's workspace: D, P, Q, F, v, u; A: intercepts of the lines; Y: heights of the points."""


def optimal(problem: LotSizing) -> LotPlan:
    """The plan of least cost for each item."""
    n, periods = problem.shape
    plan = LotPlan(np.zeros((n, periods)), np.empty(n))
    _optimal(problem.tables(), plan.quantity, plan.cost)
    return plan


@njit(cache=True, parallel=True)
def _optimal(tables: Tables, quantity: FloatArray, cost: FloatArray) -> None:
    for i in prange(len(quantity)):
        work = np.empty((ROWS, quantity.shape[1] + 1))
        links = np.empty((2, quantity.shape[1] + 1), np.int64)
        _prepare(tables, i, work)
        if not tables.can_wait and _never_grows(work[V, : quantity.shape[1]], 1.0):
            _solve_plain(tables, i, work, links)
        else:
            _solve(tables, i, work, links)
        _read(links, work[D], quantity[i])
        parts = np.zeros(PARTS)
        fill_parts(tables, i, quantity[i], parts)
        cost[i] = parts[:MISSING].sum()


@njit(cache=True)
def _prepare(tables: Tables, i: int, work: FloatArray) -> None:
    """The rows D, P, Q, v and u of item `i`."""
    start = tables.initial_stock[i, 0]
    left, owed = max(start, 0.0), max(-start, 0.0)
    work[D, 0], work[P, 0], work[Q, 0], work[F, 0] = 0.0, 0.0, 0.0, 0.0
    held, waited = 0.0, 0.0
    for t in range(work.shape[1] - 1):
        demand = tables.demand[i, t] + owed
        served = min(left, demand)
        left, owed, demand = left - served, 0.0, demand - served
        unit = value(tables.unit, i, t)
        work[V, t], work[U, t] = unit - held, unit + waited
        work[D, t + 1] = work[D, t] + demand
        work[P, t + 1] = work[P, t] + held * demand
        work[Q, t + 1] = work[Q, t] + waited * demand
        held += value(tables.holding, i, t)
        waited += value(tables.backlog, i, t)


@njit(cache=True)
def _solve_plain(tables: Tables, i: int, work: FloatArray, links: IntArray) -> None:
    """`_solve` without waiting and speculation, the queue of lines in line: calls would cost it five times as much."""
    periods = work.shape[1] - 1
    d, p, v = work[D], work[P], work[V]
    at, slope, order = np.empty(periods), np.empty(periods), np.empty(periods, np.int64)
    first, last, f = 0, 0, 0.0
    for k in range(periods):
        a = f + value(tables.setup, i, k) - v[k] * d[k] - p[k]
        while last > first:
            back = last - 1
            if slope[back] == v[k]:
                if at[back] <= a:
                    break
            elif last - first < 2 or (a - at[back - 1]) * (slope[back - 1] - slope[back]) > (
                at[back] - at[back - 1]
            ) * (slope[back - 1] - v[k]):
                break
            last -= 1
        if last == first or slope[last - 1] != v[k]:
            at[last], slope[last], order[last] = a, v[k], k
            last += 1
        x = d[k + 1]
        best = at[first] + slope[first] * x
        while first + 1 < last:
            other = at[first + 1] + slope[first + 1] * x
            if other > best:
                break
            best = other
            first += 1
        links[0, k + 1], links[1, k] = order[first], k
        if x == d[k] and f <= best + p[k + 1]:
            links[0, k + 1] = -1
        else:
            f = best + p[k + 1]


@njit(cache=True)
def _solve(tables: Tables, i: int, work: FloatArray, links: IntArray) -> None:
    """F and the way to it: `links[0, j]` is the order k that ends before j (-1: none needed), `links[1, k]` its i."""
    periods = work.shape[1] - 1
    d, v, a = work[D], work[V], work[A]
    plain = _never_grows(v[:periods], 1.0)
    tree = np.full(1 if plain else 4 * (periods + 1), -1, np.int64)
    queue, hull = np.empty(periods, np.int64), np.empty(periods if tables.can_wait else 1, np.int64)
    ends, at, size = (0, 0), 0, 0
    steady = _never_grows(work[U, :periods], -1.0)
    for k in range(periods):
        reached, links[1, k] = work[F, k], k
        if tables.can_wait:
            work[Y, k] = work[F, k] + work[Q, k]
            size = push_point(hull, size, k, d, work[Y])
            u = work[U, k]
            at = walk_hull(hull, (at, size), u, d, work[Y]) if steady else search_hull(hull, size, u, d, work[Y])
            links[1, k] = hull[at]
            reached = work[Y, hull[at]] + u * (d[k] - d[hull[at]]) - work[Q, k]
        a[k] = reached + value(tables.setup, i, k) - v[k] * d[k] - work[P, k]
        if plain:
            ends = (ends[0], push_line(queue, ends, k, a, v))
            ends = (front_line(queue, ends, d[k + 1], a, v), ends[1])
            best = queue[ends[0]]
        else:
            add_to_tree(tree, k, d, a, v)
            best = least_in_tree(tree, k + 1, d, a, v)
        work[F, k + 1], links[0, k + 1] = a[best] + v[best] * d[k + 1] + work[P, k + 1], best
        if d[k + 1] == d[k] and work[F, k] <= work[F, k + 1]:
            work[F, k + 1], links[0, k + 1] = work[F, k], -1


@njit(cache=True)
def _never_grows(values: FloatArray, sign: float) -> bool:
    """Whether sign * values never grow."""
    for t in range(1, len(values)):  # noqa: SIM110 - numba knows no generators
        if sign * values[t] > sign * values[t - 1]:
            return False
    return True


@njit(cache=True)
def _read(links: IntArray, d: FloatArray, quantity: FloatArray) -> None:
    """The orders along the way back from the last period."""
    j = len(quantity)
    while j > 0:
        k = links[0, j]
        if k < 0:
            j -= 1
            continue
        i = links[1, k]
        quantity[k] = d[j] - d[i]
        j = i
