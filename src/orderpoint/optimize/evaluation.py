"""What given decisions are expected to cost and serve, by the stock equation on the same paths that decided them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.protection import Clock, Lines, Offers, Setting, arrivals
from orderpoint.stockflow.equation import step

FloatArray = NDArray[np.float64]

COLUMNS = 9
DEMAND, SHORT, AVERAGE, END, HOLDING, STOCKOUT, RISK, FILL, WINDOW = range(COLUMNS)
"""Columns of the table that `appraise` fills."""


class Orders(NamedTuple):
    """Per series, shape (n,): units ordered today and the offer they are bought from."""

    quantity: FloatArray
    offer: NDArray[np.int64]


@njit(cache=True, parallel=True)
def appraise(
    paths: NDArray[np.float32], lines: Lines, offers: Offers, clock: Clock, orders: Orders, table: FloatArray
) -> None:
    """Fill `table` (n, COLUMNS) for the n series of `lines` and `orders`, whose demand `paths` (n, paths, B) holds."""
    for i in prange(paths.shape[0]):
        setting = Setting(lines, offers, clock)
        row = np.zeros(COLUMNS)
        for j in range(paths.shape[1]):
            _one_path(paths[i], j, setting, orders, i, row)
        served = 1.0 - row[FILL] / row[WINDOW] if row[WINDOW] > 0.0 else 1.0
        table[i] = row / paths.shape[1]
        table[i, FILL] = served


@njit(cache=True)
def _one_path(paths: NDArray[np.float32], j: int, setting: Setting, orders: Orders, i: int, row: FloatArray) -> None:
    """Add path `j` of series `i` to the sums of its row; FILL sums the units short until its share is taken."""
    lines, days = setting.lines, setting.clock.days
    first, then = arrivals(setting, orders.offer[i], j)
    backlog = lines.backlog[i]
    stock, ends, ran_out = lines.on_hand[i], 0.0, False
    for t in range(then):
        receipt = lines.receipts[i, t] + (orders.quantity[i] if t == first else 0.0)
        stock, short = step(stock, receipt, float(paths[j, t]), backlog)
        held = max(stock, 0.0)
        row[DEMAND] += paths[j, t]
        row[SHORT] += short
        row[HOLDING] += lines.holding[i] * days[t] * held
        row[STOCKOUT] += lines.stockout[i] * (days[t] * max(-stock, 0.0) if backlog else short)
        ends += held
        if t >= first:
            row[WINDOW] += paths[j, t]
            row[FILL] += short
            ran_out = ran_out or short > 0.0
    row[AVERAGE] += ends / then if then > 0 else 0.0
    row[END] += max(stock, 0.0)
    row[RISK] += 1.0 if ran_out else 0.0
