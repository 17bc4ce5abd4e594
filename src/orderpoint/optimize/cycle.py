"""What stock left over is worth: the long-run (R, s, S) of an item and the relative value of every inventory position.

Today's order is weighed on one window. What it leaves behind matters where orders are lumps (a fixed cost, a MOQ,
packs, a price break) or where demand ends. The window is then taken as one cycle of a stationary system in the
inventory position y:

    f          probabilities of the demand of one review cycle
    G(y)       expected cost of a window when the position is y after ordering
    m(j)       expected visits to y - j between two orders: m(0) = 1 / (1 - f(0)),
               m(j) = sum_l f(l) m(j - l) / (1 - f(0))
    c(s, S)    (K + sum_{j < S-s} m(j) G(S - j)) / sum_{j < S-s} m(j), cost of one review cycle in the long run
    v(y)       G(y) - c + sum_l f(l) v'(y - l), with v'(x) = 0 for x <= s (an order of K up to S is at hand), else v(x)

Source: Zheng & Federgruen (1991), Operations Research 39, 654-665 (c and m; see `reorder`); the relative values are
those of average-cost dynamic programming (Puterman 1994, section 8.2), by forward substitution since no cycle climbs.
S - s is at least the least lot. With K = 0 and lots of one unit it is the base stock S with v' = 0 up to it. A unit
is never worth less than minus its cost: it can be given away.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.kinks import Kinks, cost_table

FloatArray = NDArray[np.float64]

MOST_POSITIONS = 256
"""Positions of the grid; where an item moves more units the grid is coarser."""


UNSEEN = 1e-9
"""Expected visits below which a position is taken as never seen."""


class Cycle(NamedTuple):
    """Long-run (s, S) of an item in units, its `cost` of a review cycle, and the `values` v'(0), v'(stride), ...

    `order_up_to` 0: better never to stock the item.
    """

    stride: float
    values: FloatArray
    reorder_point: float
    order_up_to: float
    cost: float


class Lump(NamedTuple):
    """What makes orders lumps, and what stock left over may cost.

    `fixed` money per order, `least` units per order, `unit_cost` money, and `sellable`, the units that can still be
    sold before the item's end of life (inf where it has none).
    """

    fixed: float
    least: float
    unit_cost: float
    sellable: float


@njit(cache=True)
def free_cycle(base_stock: float) -> Cycle:
    """Single units without a fixed cost: what is left over is free, for the next order is smaller by as much."""
    return Cycle(1.0, np.zeros(0), max(base_stock - 1.0, 0.0), base_stock, 0.0)


@njit(cache=True)
def cycle_of(level: Kinks, lump: Lump, scale: float, anchor: float, idle: float) -> Cycle:
    """The cycle of an item whose window costs `level` as a function of the position.

    `scale`: demand of the coming cycles as a share of that of this window. `anchor`: expected cost of a window at its
    best position (a level function is known but for a constant). `idle`: cost of a window without any stock; inf
    where demand waits.
    """
    top = max(level.at.max() * scale, 1.0) if len(level.at) else 1.0
    reach = _reach(level, lump, scale)
    stride = max(np.ceil((top + lump.least + reach) / MOST_POSITIONS), 1.0)
    count = int((top + lump.least + reach) / stride) + 2
    f = _masses(level.cycle * scale, stride, count)
    if 1.0 - f[0] <= 1e-9:
        gone = lump.unit_cost * stride * np.arange(count)
        return Cycle(stride, gone, 0.0, 0.0, 0.0)
    costs = cost_table(level, stride / scale, count) * scale
    costs += anchor * scale - costs.min()
    low, high, cost = _levels(f, costs, lump.fixed, max(int(np.ceil(lump.least / stride)), 1))
    if idle * scale <= cost:
        return Cycle(stride, np.zeros(count), 0.0, 0.0, idle * scale)
    values = _values(f, costs, low, cost, lump, stride)
    return Cycle(stride, values, low * stride, high * stride, cost)


@njit(cache=True)
def _reach(level: Kinks, lump: Lump, scale: float) -> float:
    """Units by which the level may rise to save fixed costs: twice the economic order quantity of the cycle."""
    mean, holding = level.cycle.mean() * scale, level.up.sum()
    return float(2.0 * np.sqrt(2.0 * lump.fixed * mean / holding)) if holding > 0.0 and lump.fixed > 0.0 else 0.0


@njit(cache=True)
def _masses(demand: FloatArray, stride: float, count: int) -> FloatArray:
    """Probabilities of a cycle's demand on the grid; between two points it is split so that its mean holds."""
    f = np.zeros(count)
    for j in range(len(demand)):
        place = min(demand[j] / stride, count - 1.0)
        k = int(place)
        share = place - k
        f[k] += (1.0 - share) / len(demand)
        if share > 0.0:
            f[k + 1] += share / len(demand)
    return f


@njit(cache=True)
def _levels(f: FloatArray, costs: FloatArray, fixed: float, least: int) -> tuple[int, int, float]:
    """(s, S, c) on the grid of least long-run cost, with S - s at least `least`, by looking at every pair."""
    count = len(costs)
    visits = np.empty(count)
    last = len(f) - 1
    while last > 0 and f[last] == 0.0:
        last -= 1
    for j in range(count):
        total = 1.0 if j == 0 else 0.0
        for k in range(1, min(j, last) + 1):
            total += f[k] * visits[j - k]
        visits[j] = total / (1.0 - f[0])
    best, low, high = np.inf, 0, least
    for top in range(least, count):
        total, cycles = fixed, 0.0
        for j in range(top):
            total += visits[j] * costs[top - j]
            cycles += visits[j]
            if j + 1 >= least and total < best * cycles:
                best, low, high = total / cycles, top - j - 1, top
    while low > 0 and visits[high - low] < UNSEEN and costs[low] < best:
        low -= 1  # a position that no cycle visits is free to order or not: order where a cycle without would cost more
    return low, high, best


@njit(cache=True)
def _values(f: FloatArray, costs: FloatArray, low: int, cost: float, lump: Lump, stride: float) -> FloatArray:
    """The values v' on the grid."""
    values = np.zeros(len(costs))
    worst = lump.unit_cost * stride
    for y in range(low + 1, len(costs)):
        total = costs[y] - cost
        for k in range(1, y - low):
            total += f[k] * values[y - k]
        values[y] = total / (1.0 - f[0])
        if y > low + 1 and (y * stride > lump.sellable or values[y] > values[y - 1] + worst):
            values[y] = values[y - 1] + worst
    return values


@njit(cache=True)
def value_at(cycle: Cycle, position: float) -> float:
    """The value v' at any position: 0 below the grid, a straight line beyond it."""
    place = position / cycle.stride
    if place <= 0.0 or len(cycle.values) == 0:
        return 0.0
    k = min(int(place), len(cycle.values) - 2)
    low, high = cycle.values[k], cycle.values[k + 1]
    return float(low + (place - k) * (high - low))
