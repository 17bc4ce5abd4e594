"""The least price of each limit of one kind at which it is kept, found for all limits of the kind at once."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.limits.problem import Bounds, Lines, Loads
from orderpoint.optimize.limits.response import MANY, Hulls, Prices, respond_few, respond_many, weigh

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

BUDGET, ROOM, MINIMUM, TOO_MUCH, TOO_LITTLE = range(5)
"""Kinds of limits: money in all, room of places, least money of orders, most and least volume of orders."""
HALVINGS = 48
"""Steps of a bisection."""


@njit(cache=True)
def least_prices(  # noqa: PLR0913, PLR0917 - arrays that are written cannot ride in a tuple with those that are read
    lines: Lines,
    hulls: Hulls,
    bounds: Bounds,
    prices: Prices,
    search: tuple[int, float],
    choice: IntArray,
    loads: Loads,
) -> FloatArray:
    """Prices at least 0 of the limits of one kind, the other prices given; `choice` and `loads` are overwritten.

    `search`: the kind, and a price above any that could be needed. The price of TOO_LITTLE is a reward.
    """
    kind, dear = search
    trial = Prices(prices.money.copy(), prices.room.copy(), prices.minimum.copy(), prices.volume.copy())
    price = _of_kind(trial, kind)
    sign = -1.0 if kind == TOO_LITTLE else 1.0
    low, high = np.zeros(len(price)), np.full(len(price), dear)
    for step in range(HALVINGS + 1):
        for m in range(len(price)):
            price[m] = sign * (0.0 if step == 0 else 0.5 * (low[m] + high[m]))
        if len(choice) >= MANY:
            respond_many(lines, hulls, bounds.closed, trial, choice)
        else:
            respond_few(lines, hulls, bounds.closed, trial, choice)
        weigh(lines, choice, loads)
        searched = False
        for m in range(len(price)):
            if _is_kept(bounds, loads, kind, m):
                high[m] = abs(price[m])
            else:
                low[m] = abs(price[m])
            searched |= high[m] > low[m]
        if not searched:
            break
    return high


@njit(cache=True)
def _of_kind(prices: Prices, kind: int) -> FloatArray:
    """The prices that are searched."""
    if kind == BUDGET:
        return prices.money
    if kind == ROOM:
        return prices.room
    return prices.minimum if kind == MINIMUM else prices.volume


@njit(cache=True)
def _is_kept(bounds: Bounds, loads: Loads, kind: int, m: int) -> bool:
    """Whether limit `m` of a kind is kept."""
    if kind == BUDGET:
        return bool(loads.money[m] <= bounds.budget[m])
    if kind == ROOM:
        return bool(loads.room[m] <= bounds.room[m])
    if kind == MINIMUM:
        return bool(loads.order_money[m] >= bounds.least_money[m])
    if kind == TOO_MUCH:
        return bool(loads.order_volume[m] <= bounds.most_volume[m])
    return bool(loads.order_volume[m] >= bounds.least_volume[m])
