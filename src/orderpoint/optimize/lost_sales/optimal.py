"""The exact optimum of a small lost-sales system (legend in `system`)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.lost_sales.iteration import Chain, settled
from orderpoint.optimize.lost_sales.space import Space, newsvendor_reach, space_of, stepped
from orderpoint.optimize.lost_sales.system import LostSales

IntArray = NDArray[np.int64]


def optimum(system: LostSales, tolerance: float = 1e-6) -> Chain:
    """The policy of least long-run cost, and that cost to within `tolerance` (a share of it).

    With a fixed cost, packs or a MOQ no bound on the stock is known beforehand: it grows until no order that the
    optimum places, from the empty state on, is kept back by it.
    Raises ValueError where the states are too many to look at one by one.
    """
    if system.is_plain:
        space = space_of(system, newsvendor_reach(system))
        return settled(space, np.zeros(len(space.states), np.int64), tolerance, choose=True)
    spare = math.ceil(math.sqrt(2.0 * system.order_cost * system.mean / system.holding_cost)) + system.first_lot
    top = system.newsvendor(system.lead_time + 1) + spare
    while True:
        space = space_of(system, np.full(system.lead_time + 1, top, np.int64))
        options = np.zeros(len(space.states), np.int64)
        found = settled(space, options, tolerance, choose=True)
        ordering = reachable(space, options) & (found.orders > 0)
        position = (found.states.sum(axis=1) + found.orders)[ordering]
        if position.max(initial=0) + system.pack <= top:
            return found
        top += spare


def reachable(space: Space, options: IntArray) -> NDArray[np.bool_]:
    """Which states are met from the empty one on, (n,), when each orders what `options` (n,) says."""
    order_at = np.zeros(space.states[-1] + 1, np.int64)
    order_at[space.states] = options
    return _met(space, order_at)[space.states]


@njit(cache=True)
def _met(space: Space, order_at: IntArray) -> NDArray[np.bool_]:
    """A walk over all states that can follow, by index."""
    box = space.box
    met = np.zeros(len(order_at), np.bool_)
    met[0] = True
    waiting = [0]
    while len(waiting) > 0:
        index = waiting.pop()
        stock, sold_out = stepped(box, index, order_at[index])
        for left in range(stock + 1):
            sold = stock - left
            chance = box.tail[min(stock, len(box.demand))] if left == 0 else 0.0
            if left > 0 and sold < len(box.demand):
                chance = box.demand[sold]
            place = sold_out + left * box.behind
            if chance > 0.0 and not met[place]:
                met[place] = True
                waiting.append(place)
    return met
