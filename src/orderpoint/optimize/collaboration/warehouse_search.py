"""The compiled loops of `one_warehouse`: what base stocks cost, and the best ones; symbols and sources stand there."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.counts import (
    best_level,
    beyond,
    convolved,
    count_masses,
    left_and_short,
    moments,
    table_length,
    thinned,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

RATE, LEAD, HOLDING, PENALTY, DISPERSION = range(5)
"""Columns of the shops."""
COST, WAITING, HELD = range(3)
"""Columns of the results of a warehouse."""


@njit(cache=True)
def _lead_demand(warehouse: FloatArray, shops: FloatArray) -> FloatArray:
    """Probabilities of the demand over the warehouse's lead time."""
    mean = shops[:, RATE].sum() * warehouse[0]
    variance = (shops[:, RATE] * shops[:, DISPERSION]).sum() * warehouse[0]
    return count_masses(mean, variance, table_length(mean, variance))


@njit(cache=True)
def on_order(waiting: FloatArray, shop: FloatArray, share: float, method: int) -> FloatArray:
    """Probabilities of N_i, where `waiting` are those of B_0."""
    rate, dispersion = shop[RATE], shop[DISPERSION]
    mean, variance = rate * shop[LEAD], rate * shop[LEAD] * dispersion
    if method == 2:
        own = count_masses(mean, variance, table_length(mean, variance))
        return convolved(thinned(waiting, share), own)
    wait_mean, wait_variance = moments(waiting)
    mean += share * wait_mean
    variance += share * share * wait_variance + share * (1.0 - share) * wait_mean * dispersion
    variance = mean if method == 0 else max(variance, mean)
    return count_masses(mean, variance, table_length(mean, variance))


@njit(cache=True)
def _shops_cost(waiting: FloatArray, shops: FloatArray, method: int, levels: FloatArray) -> float:
    """Least cost of the shops where `waiting` is B_0; fills their best `levels`."""
    total, rate = 0.0, max(shops[:, RATE].sum(), 1e-300)
    for i in range(len(shops)):
        masses = on_order(waiting, shops[i], shops[i, RATE] / rate, method)
        levels[i] = best_level(masses, shops[i, HOLDING], shops[i, PENALTY])
        left, short = left_and_short(masses, levels[i])
        total += shops[i, HOLDING] * left + shops[i, PENALTY] * short
    return total


@njit(cache=True)
def _walk(
    warehouse: FloatArray, shops: FloatArray, how: tuple[int, int], span: tuple[int, int, int], levels: FloatArray
) -> tuple[float, int]:
    """(least cost, its S_0) of S_0 from span[0] to span[1] in steps of span[2]; fills the shops' `levels`."""
    demand = _lead_demand(warehouse, shops)
    trial = np.empty(len(shops))
    none = np.ones(1)
    floor = _shops_cost(none, shops, how[0], trial)
    best, chosen = np.inf, span[0]
    for level in range(span[0], span[1] + 1, span[2]):
        own = warehouse[1] * left_and_short(demand, level)[0]
        if own + floor >= best:
            break
        cost = own + _shops_cost(beyond(demand, level), shops, how[0], trial)
        if cost < best - 1e-12:
            best, chosen = cost, level
            levels[:] = trial
    return best, chosen


@njit(cache=True, parallel=True)
def optima(
    offsets: IntArray,
    warehouses: FloatArray,
    shops: FloatArray,
    how: tuple[int, int],
    stock: FloatArray,
    shop_stock: FloatArray,
) -> None:
    """Fill the best `stock` (n,) and `shop_stock` (r,); `how` is (method, most levels of S_0 looked at)."""
    for k in prange(len(offsets) - 1):
        own, levels = shops[offsets[k] : offsets[k + 1]], shop_stock[offsets[k] : offsets[k + 1]]
        last = len(_lead_demand(warehouses[k], own)) - 1
        stride = max(last // max(how[1], 1), 1)
        _, chosen = _walk(warehouses[k], own, how, (0, last, stride), levels)
        if stride > 1:
            near = (max(chosen - stride + 1, 0), min(chosen + stride - 1, last), max(stride // max(how[1], 1), 1))
            _, chosen = _walk(warehouses[k], own, how, near, levels)
        stock[k] = chosen


@njit(cache=True, parallel=True)
def evaluated(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    offsets: IntArray,
    warehouses: FloatArray,
    shops: FloatArray,
    method: int,
    stock: IntArray,
    shop_stock: FloatArray,
    table: FloatArray,
    ends: FloatArray,
) -> None:
    """Fill `table` (n, 3) and `ends` (r, 2), units left and short, of given stocks."""
    for k in prange(len(offsets) - 1):
        demand = _lead_demand(warehouses[k], shops[offsets[k] : offsets[k + 1]])
        waiting = beyond(demand, stock[k])
        rate = max(shops[offsets[k] : offsets[k + 1], RATE].sum(), 1e-300)
        held, owed = left_and_short(demand, stock[k])
        table[k, COST], table[k, WAITING], table[k, HELD] = warehouses[k, 1] * held, owed, held
        for i in range(offsets[k], offsets[k + 1]):
            masses = on_order(waiting, shops[i], shops[i, RATE] / rate, method)
            left, short = left_and_short(masses, shop_stock[i])
            ends[i, 0], ends[i, 1] = left, short
            table[k, COST] += shops[i, HOLDING] * left + shops[i, PENALTY] * short
