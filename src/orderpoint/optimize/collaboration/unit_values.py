"""What one more unit of stock is worth to a series until its next order arrives, unit by unit, on paths of demand.

By the stock equation with lost sales, when a series starts with x units and q more arrive in period a,

    net_t = demand - receipts from a to t,  peak_t = max(net_s, s <= t),  left_t = max(stock_a + q, peak_t) - net_t,

so on one path the q-th unit is sold in the first period whose peak reaches stock_a + q: it then saves one lost sale and
is held until there; a unit that no peak reaches is held for all days of the paths, wherever it is. With backlog it
saves waiting in the periods with net_t >= stock_a + q and is held in the others. The value of the q-th unit falls with
q on every path, so the cost is convex. `tests/optimize/test_collaboration_transfers.py` holds it equal to `stockflow`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.evaluation import Orders
from orderpoint.optimize.protection import Clock, Lines, Offers, Setting, arrivals
from orderpoint.stockflow.equation import step

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Units(NamedTuple):
    """Of each series (n,): which units are looked at.

    Most `gives` and `takes`, both in `lot` units, and `arrival`, the period from which a unit that comes in can be
    sold.
    """

    gives: IntArray
    takes: IntArray
    lot: IntArray
    arrival: IntArray


@njit(cache=True, parallel=True)
def unit_values(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    paths: NDArray[np.float32],
    lines: Lines,
    offers: Offers,
    clock: Clock,
    orders: Orders,
    units: Units,
    lose: FloatArray,
    gain: FloatArray,
) -> None:
    """Fill `lose` (n, K), what giving the 1st, 2nd, .. lot costs, and `gain` (n, K), what each lot saves that comes in.

    `paths` (n, paths, B) is the demand; `orders` are on their way.
    """
    for i in prange(paths.shape[0]):
        setting = Setting(lines, offers, clock)
        o, lot = orders.offer[i], int(units.lot[i])
        gives, takes = int(units.gives[i]), int(units.takes[i])
        if gives > 0:
            start = lines.on_hand[i] - gives * lot
            values = _values(paths[i], setting, (i, o), orders.quantity[i], (0, gives * lot, start))
            for k in range(gives):
                top = (gives - k) * lot
                lose[i, k] = values[top - lot + 1 : top + 1].sum()
        if takes > 0:
            own = (int(units.arrival[i]), takes * lot, lines.on_hand[i])
            values = _values(paths[i], setting, (i, o), orders.quantity[i], own)
            for k in range(takes):
                gain[i, k] = values[k * lot + 1 : (k + 1) * lot + 1].sum()


@njit(cache=True)
def _values(
    paths: NDArray[np.float32],
    setting: Setting,
    where: tuple[int, int],
    quantity: float,
    extra: tuple[int, int, float],
) -> FloatArray:
    """(count + 1,): mean value of the 1st, .., last of `count` units on top of `start` that can be sold from `arrival`.

    `where` is the series and its offer, through which `quantity` is on order; `extra` is (arrival, count, start).
    """
    lines, days, starts = setting.lines, setting.clock.days, setting.clock.starts
    i, o = where
    arrival, count, start = extra
    holding, stockout, backlog = lines.holding[i], lines.stockout[i], lines.backlog[i]
    change, way, until = np.zeros(count + 2), starts[min(arrival, len(days))], starts[-1]
    for j in range(paths.shape[0]):
        first, then = arrivals(setting, o, j)
        stock, net, done, held = start, 0.0, 0, holding * way
        for t in range(then):
            receipt = lines.receipts[i, t] + (quantity if t == first else 0.0)
            if t < arrival:
                stock = step(stock, receipt, float(paths[j, t]), backlog)[0]
                continue
            net += float(paths[j, t]) - receipt
            reached = int(min(max(np.floor(net - stock + 1e-6), 0.0), count))
            if backlog:
                _add(change, 0, reached, stockout * days[t])
                _add(change, reached, count, -holding * days[t])
                done = reached
                continue
            if reached > done:
                _add(change, done, reached, stockout - held)
                done = reached
            held += holding * days[t]
        if backlog:
            _add(change, done, count, -holding * max(until - max(starts[then], way), 0.0))
            _add(change, 0, count, -holding * way)
        else:
            _add(change, done, count, -holding * until)
    values: FloatArray = np.cumsum(change)[: count + 1] / paths.shape[0]
    return values


@njit(cache=True)
def _add(change: FloatArray, first: int, last: int, value: float) -> None:
    """Add `value` to units first + 1, .., last."""
    change[first + 1] += value
    change[last + 1] -= value
