"""The exact long-run cost of any policy of a small lost-sales system (legend in `system`)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.lost_sales.iteration import Chain, settled
from orderpoint.optimize.lost_sales.space import newsvendor_reach, space_of, units
from orderpoint.optimize.lost_sales.system import LostSales

IntArray = NDArray[np.int64]
Policy = Callable[[IntArray], IntArray]
"""Units to order in each of many states: (n, max(L, 1)) units on hand and due -> (n,)."""

MOST_ROUNDS = 40


def evaluate(system: LostSales, policy: Policy, tolerance: float = 1e-6) -> Chain:
    """The exact long-run cost of a policy that orders by on-hand and due units, to within `tolerance` (a share).

    The policy is asked about all states it can meet, and others within the same bounds.
    Raises ValueError where it orders what is no lot, or without bound, and where the states are too many; RuntimeError
    where its cost depends on the stock it starts with.
    """
    reach = newsvendor_reach(system) + (0 if system.is_plain else system.first_lot)
    for _ in range(MOST_ROUNDS):
        space = space_of(system, reach)
        states = units(space)
        orders = np.asarray(policy(states), np.int64)
        wanted = _reach_of(system, states, orders)
        if (wanted <= reach).all():
            return settled(space, _places(space.box.options, orders), tolerance, choose=False)
        reach = np.maximum(reach, wanted + 1)
    raise ValueError("lost_sales.evaluate: expected a policy whose stock is bounded; give it a highest position")


def _reach_of(system: LostSales, states: IntArray, orders: IntArray) -> IntArray:
    """The largest sums of the last orders, (L + 1,), that the orders of these states bring about."""
    everything = int((states.sum(axis=1) + orders).max())
    if system.lead_time == 0:
        return np.array([everything], np.int64)
    recent = [orders]
    for k in range(1, system.lead_time):
        recent.append(recent[-1] + states[:, -k])
    return np.array([int(total.max()) for total in recent] + [everything], np.int64)


def _places(options: IntArray, orders: IntArray) -> IntArray:
    """The places of `orders` among the options. Raises ValueError where one is no lot."""
    places = np.minimum(np.searchsorted(options, orders), len(options) - 1)
    wrong = np.flatnonzero(options[places] != orders)
    if len(wrong):
        raise ValueError(
            f"lost_sales.evaluate: expected orders that are lots of the system, got {orders[wrong[0]]}; round to packs"
        )
    return places
