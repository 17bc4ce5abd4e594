"""The stock equation until the next order arrives, for orders that are given, path by path: what a plan is held to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.stockflow.equation import step
from orderpoint.stockflow.lead_times import delay, period_from

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

COLUMNS = 7
DEMAND, SHORT, HELD_DAYS, WAITED_DAYS, WINDOW_DEMAND, WINDOW_SHORT, STOCKED_OUT = range(COLUMNS)
"""Columns of a path: units wanted and short until the next order arrives; unit-days held and waited for; units wanted
and short from the arrival of today's order on, and whether any was short then."""


class Orders(NamedTuple):
    """Today's order of each of n series, and the stock it meets; shape (n,) unless said.

    `opening` units; `receipts` (n, B) units by period; `quantity` units; `arrival`, `next_arrival`: periods from which
    today's and the next order are on sale where the lead time is certain; `arrival_day`, `next_day`: the same in days
    from today at the mean lead time; `lead_days`, `sd_days`: mean and standard deviation of the lead time.
    """

    opening: FloatArray
    receipts: FloatArray
    quantity: FloatArray
    backlog: NDArray[np.bool_]
    arrival: IntArray
    next_arrival: IntArray
    arrival_day: FloatArray
    next_day: FloatArray
    lead_days: FloatArray
    sd_days: FloatArray


def play_windows(orders: Orders, demand: NDArray[np.float32], scores: FloatArray, starts: FloatArray) -> FloatArray:
    """(n, paths, COLUMNS): what each path of `demand` (n, paths, B) meets.

    `scores` (n, paths, 2): normal scores of the lead times of today's and of the next order; the two never cross.
    `starts` (B + 1,): first day of each period, from today.
    """
    table = np.zeros((*demand.shape[:2], COLUMNS))
    _play(demand, scores, starts, *orders, table)
    return table


@njit(cache=True, parallel=True)
def _play(  # noqa: PLR0913, PLR0917 - a parallel loop takes no tuple of arrays that it writes beside
    demand: NDArray[np.float32],
    scores: FloatArray,
    starts: FloatArray,
    opening: FloatArray,
    receipts: FloatArray,
    quantity: FloatArray,
    backlog: NDArray[np.bool_],
    arrival: IntArray,
    next_arrival: IntArray,
    arrival_day: FloatArray,
    next_day: FloatArray,
    lead_days: FloatArray,
    sd_days: FloatArray,
    table: FloatArray,
) -> None:
    last = demand.shape[2]
    for i in prange(demand.shape[0]):
        for j in range(demand.shape[1]):
            first, then = min(arrival[i], last), min(next_arrival[i], last)
            if sd_days[i] > 0.0:
                first = period_from(starts, arrival_day[i] + delay(lead_days[i], sd_days[i], scores[i, j, 0]))
                then = period_from(starts, next_day[i] + delay(lead_days[i], sd_days[i], scores[i, j, 1]))
            start = (opening[i], quantity[i], backlog[i], first, max(first, then))
            _one_path(start, receipts[i], demand[i, j], starts, table[i, j])


@njit(cache=True)
def _one_path(
    start: tuple[float, float, bool, int, int],
    receipts: FloatArray,
    demand: NDArray[np.float32],
    starts: FloatArray,
    row: FloatArray,
) -> None:
    """One path of one series into `row` (COLUMNS,); `start`: stock, order, backlog, first and last period."""
    stock, quantity, backlog, first, then = start
    for t in range(then):
        wanted = float(demand[t])
        days = starts[t + 1] - starts[t]
        stock, short = step(stock, receipts[t] + (quantity if t == first else 0.0), wanted, backlog)
        row[DEMAND] += wanted
        row[SHORT] += short
        row[HELD_DAYS] += days * max(stock, 0.0)
        row[WAITED_DAYS] += days * max(-stock, 0.0)
        if t >= first:
            row[WINDOW_DEMAND] += wanted
            row[WINDOW_SHORT] += short
            if short > 0.0:
                row[STOCKED_OUT] = 1.0
