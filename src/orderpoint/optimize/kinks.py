"""The cost of a window as a function of the order: on one path of demand it is linear but for one kink in each period.

By the stock equation with lost sales, when x units are on hand at the window's start, before today's order of Q:

    net_t  = demand - receipts from the window's start to period t,  peak_t = max(net_s, s <= t)
    left_t = max(x + Q, peak_t) - net_t,        short of the window = max(peak_end - x - Q, 0)

so holding grows from Q = peak_t - x on, and the shortage falls until Q = peak_end - x. With backlog left_t = x + Q -
net_t. `tests/optimize/test_kinks.py` holds these lines equal to `stockflow`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.protection import Setting, arrivals
from orderpoint.stockflow.equation import step

FloatArray = NDArray[np.float64]


class Kinks(NamedTuple):
    """A convex function of Q: `base` + sum of up * (Q - at)+ + down * (at - Q)+, an average over paths.

    `at`, `up`, `down` (K,); `end` (paths,): the Q from which a path has no shortage in the window; `demand`: mean
    demand of the window; `before`: mean cost of the periods before the window, which no order of today can change.
    `keep`, `carry` (paths,): the inventory position at the next review is max(Q, keep) + carry, with the open orders
    that come in before the window after this one. `cycle` (paths,): demand of one review cycle.
    """

    at: FloatArray
    up: FloatArray
    down: FloatArray
    end: FloatArray
    base: float
    demand: float
    before: float
    keep: FloatArray
    carry: FloatArray
    cycle: FloatArray


@njit(cache=True)
def order_kinks(paths: NDArray[np.float32], setting: Setting, i: int, o: int) -> Kinks:
    """Cost of today's order of series `i` through offer `o`; `paths` (paths, B) are of that series."""
    lines, days = setting.lines, setting.clock.days
    count = paths.shape[0]
    size = _size(paths, setting, o)
    at, up, down, end = np.empty(size), np.empty(size), np.empty(size), np.full(count, -np.inf)
    keep, carry = np.full(count, -np.inf), np.empty(count)
    backlog, holding, stockout = lines.backlog[i], lines.holding[i] / count, lines.stockout[i] / count
    review, later = _review(setting, i, o)
    k, base, sold, before = 0, 0.0, 0.0, 0.0
    for j in range(count):
        first, then = arrivals(setting, o, j)
        stock = lines.on_hand[i]
        for t in range(first):
            if t == review:
                carry[j] = stock + later
            stock, short = step(stock, lines.receipts[i, t], float(paths[j, t]), backlog)
            missing = -min(stock, 0.0) * days[t] if backlog else short
            before += holding * days[t] * max(stock, 0.0) + stockout * missing
        net, peak = 0.0, -np.inf
        for t in range(first, max(then, review)):
            if t == review:
                keep[j], carry[j] = peak - stock, stock - net + later
            demand = float(paths[j, t])
            net += demand - lines.receipts[i, t]
            peak = net if backlog else max(peak, net)
            if t >= then:
                continue
            sold += demand / count
            at[k] = peak - stock
            up[k] = holding * days[t]
            down[k] = stockout * days[t] if backlog else (stockout if t == then - 1 else 0.0)
            base += up[k] * (peak - net)
            end[j] = peak - stock if not backlog else max(peak - stock, end[j])
            k += 1
        if review >= max(then, first):
            keep[j], carry[j] = peak - stock, stock - net + later
        if backlog:
            keep[j] = -np.inf
    return Kinks(at[:k], up[:k], down[:k], end, base, sold, before, keep, carry, keep)


@njit(cache=True)
def _review(setting: Setting, i: int, o: int) -> tuple[int, float]:
    """The period of the next review, and the open orders that come in from it on and before the next window ends."""
    offers, receipts = setting.offers, setting.lines.receipts
    last = receipts.shape[1]
    review = min(offers.next_arrival[o] - offers.arrival[o], last)
    until = min(offers.next_arrival[o] + review, last)
    return review, receipts[i, review:until].sum()


@njit(cache=True)
def level_kinks(paths: NDArray[np.float32], setting: Setting, i: int, o: int) -> Kinks:
    """What one more unit ordered is worth where y units are on hand and nothing is due: the cost of a position.

    Its slope at y is the slope of `order_kinks` at Q = 0 with y on hand, so its minimum is the level that no order
    improves. A period without demand so far leaves its first unit in any case, which is a kink at 0.
    """
    lines, days = setting.lines, setting.clock.days
    count = paths.shape[0]
    size = _size(paths, setting, o)
    at, up, down, end = np.empty(size), np.empty(size), np.empty(size), np.empty(count)
    cycle, none = np.zeros(count), np.empty(0)
    backlog, holding, stockout = lines.backlog[i], lines.holding[i] / count, lines.stockout[i] / count
    k, sold = 0, 0.0
    for j in range(count):
        first, then = arrivals(setting, o, j)
        before, window = 0.0, 0.0
        for t in range(first):
            before += paths[j, t]
        for t in range(first, then):
            window += float(paths[j, t])
            at[k] = before + window if backlog or window > 0.0 else 0.0
            up[k] = holding * days[t]
            down[k] = stockout * days[t] if backlog else (stockout if t == then - 1 else 0.0)
            k += 1
        sold += window / count
        end[j] = before + window if window > 0.0 else 0.0
        for t in range(min(setting.offers.arrival[o], len(days)), min(setting.offers.next_arrival[o], len(days))):
            cycle[j] += paths[j, t]
    return Kinks(at[:k], up[:k], down[:k], end, 0.0, sold, 0.0, none, none, cycle)


@njit(cache=True)
def held_cost(paths: NDArray[np.float32], setting: Setting, i: int, o: int, position: float) -> float:
    """Expected cost of the window of series `i` when `position` units are on hand and nothing is to come."""
    lines, days = setting.lines, setting.clock.days
    backlog, total = lines.backlog[i], 0.0
    for j in range(paths.shape[0]):
        first, then = arrivals(setting, o, j)
        stock = position
        for t in range(then):
            stock, short = step(stock, 0.0, float(paths[j, t]), backlog)
            if t >= first:
                missing = -min(stock, 0.0) * days[t] if backlog else short
                total += lines.holding[i] * days[t] * max(stock, 0.0) + lines.stockout[i] * missing
    return float(total / paths.shape[0])


@njit(cache=True)
def _size(paths: NDArray[np.float32], setting: Setting, o: int) -> int:
    """Most kinks that the paths can have."""
    if setting.offers.sd_days[o] <= 0.0:
        first, then = arrivals(setting, o, 0)
        return int(paths.shape[0] * (then - first))
    return int(paths.shape[0] * paths.shape[1])


@njit(cache=True)
def cost_at(kinks: Kinks, quantity: float) -> float:
    """The function at one quantity, money."""
    total = kinks.base
    for k in range(len(kinks.at)):
        gap = quantity - kinks.at[k]
        total += kinks.up[k] * gap if gap > 0.0 else -kinks.down[k] * gap
    return float(total)


@njit(cache=True)
def cost_table(kinks: Kinks, stride: float, count: int) -> FloatArray:
    """The function at 0, stride, 2 stride, ..., shape (count,): exact, in one pass over the kinks."""
    up, up_at, down, down_at = np.zeros(count + 1), np.zeros(count + 1), np.zeros(count + 1), np.zeros(count + 1)
    for k in range(len(kinks.at)):
        place = kinks.at[k] / stride
        m = 0 if place <= 0.0 else (count if place > count else int(np.ceil(place)))
        up[m] += kinks.up[k]
        up_at[m] += kinks.up[k] * kinks.at[k]
        down[m] += kinks.down[k]
        down_at[m] += kinks.down[k] * kinks.at[k]
    rising, rising_at, falling, falling_at = 0.0, 0.0, down.sum(), down_at.sum()
    table = np.empty(count)
    for m in range(count):
        rising += up[m]
        rising_at += up_at[m]
        falling -= down[m]
        falling_at -= down_at[m]
        quantity = m * stride
        table[m] = kinks.base + quantity * rising - rising_at + falling_at - quantity * falling
    return table


@njit(cache=True)
def short_at(kinks: Kinks, quantity: float) -> float:
    """Units short in the window on average, when `quantity` is ordered."""
    total = 0.0
    for j in range(len(kinks.end)):
        total += max(kinks.end[j] - quantity, 0.0)
    return float(total / len(kinks.end))
