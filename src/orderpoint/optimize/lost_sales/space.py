"""The states of a lost-sales system in a box of numbers, and one step between them (legend in `system`).

A state (x_0, .., x_{L-1}) has the index x_0 m^{L-1} + o_1 m^{L-2} + .. + o_{L-1}, where o_k is the place of the order
x_k among the m `options`. What the states of a `Space` may hold is bounded by `reach`: the last k + 1 orders, today's
among them, sum to at most reach[k], and with the stock on hand to at most reach[L].

For single units without a fixed cost no optimal policy goes beyond the newsvendor levels of k + 1 periods' demand with
the ratio p / (p + h): a unit beyond them would raise the cost of the period for which it arrives even if nothing were
lost meanwhile (T. Morton 1969, "Bounds on the solution of the lagged optimal inventory equation with no demand
backlogging and proportional costs", SIAM Review 11(4), 572-596; Zipkin 2008, Operations Research 56(4)).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.lost_sales.system import LostSales

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_STATES = 50_000_000
"""Numbers in the box: 400 MB for the values of all."""


class Box(NamedTuple):
    """What one step needs: `tail` P(D >= k), `costs` of a period by x_0, `fixed` cost of each option, and `behind`.

    `behind`: m^{L-1}, the number of pipelines. `reach` (L + 1,) units.
    """

    demand: FloatArray
    tail: FloatArray
    costs: FloatArray
    fixed: FloatArray
    options: IntArray
    reach: IntArray
    lead_time: int
    behind: int


class Space(NamedTuple):
    """A box and the indices of its `states`, ascending (n,)."""

    box: Box
    states: IntArray


def newsvendor_reach(system: LostSales) -> IntArray:
    """`reach` for single units without a fixed cost: it leaves no optimal order out."""
    return np.array([system.newsvendor(k + 1) for k in range(system.lead_time + 1)], np.int64)


def options_of(system: LostSales, most: int) -> IntArray:
    """No order, and all orders of up to `most` units; at least one."""
    first = system.first_lot
    lots = np.arange(first, max(most, first) + 1, system.pack, dtype=np.int64)
    return np.concatenate([np.zeros(1, np.int64), lots])


def space_of(system: LostSales, reach: IntArray) -> Space:
    """The states within `reach`. Raises ValueError where they are too many to look at one by one."""
    options = options_of(system, int(reach[0]))
    behind, top = len(options) ** (system.digits - 1), int(reach[-1])
    if (top + 1) * behind > MOST_STATES:
        raise ValueError(
            f"lost_sales: expected at most {MOST_STATES:,} states, got {(top + 1) * behind:,}; take "
            "`lost_sales.search`, which needs no states, or count in packs"
        )
    fixed = np.where(options > 0, system.order_cost, 0.0)
    costs = system.period_costs(top)
    box = Box(system.demand, system.tail, costs, fixed, options, reach, system.lead_time, behind)
    return Space(box, np.flatnonzero(_valid(box, (top + 1) * behind)))


@njit(cache=True, parallel=True)
def _valid(box: Box, count: int) -> NDArray[np.bool_]:
    """Which indices are states within reach."""
    valid = np.empty(count, np.bool_)
    for index in prange(count):
        total, low = 0, index % box.behind
        good = True
        for k in range(box.lead_time - 1):
            total += box.options[low % len(box.options)]
            low //= len(box.options)
            good = good and total <= box.reach[k]
        valid[index] = good and total + index // box.behind <= box.reach[-1]
    return valid


def units(space: Space) -> IntArray:
    """The states as (n, max(L, 1)) units: x_0, x_1, .., x_{L-1}."""
    box = space.box
    low, columns = space.states % box.behind, []
    for _ in range(box.lead_time - 1):
        columns.append(box.options[low % len(box.options)])
        low = low // len(box.options)
    return np.stack([space.states // box.behind, *reversed(columns)], axis=1)


@njit(cache=True)
def most_allowed(box: Box, index: int) -> int:
    """The largest order in a state that stays within reach, units."""
    low, total, room = index % box.behind, 0, box.reach[0]
    for k in range(1, box.lead_time):
        total += box.options[low % len(box.options)]
        low //= len(box.options)
        room = min(room, box.reach[k] - total)
    return int(min(room, box.reach[-1] - total - index // box.behind))


@njit(cache=True)
def stepped(box: Box, index: int, option: int) -> tuple[int, int]:
    """(units on sale in the period, the index of the state after it when all of them are sold).

    With k units left it is k times `behind` further on.
    """
    m, stock = len(box.options), index // box.behind
    if box.lead_time == 0:
        return stock + box.options[option], 0
    if box.lead_time == 1:
        return stock, box.options[option] * box.behind
    low, last = index % box.behind, box.behind // m
    return stock, box.options[low // last] * box.behind + low % last * m + option


@njit(cache=True)
def next_values(box: Box, index: int, option: int, values: FloatArray) -> float:
    """Cost of the period and expected `values` (by index) of the state after it, when an option is ordered."""
    stock, sold_out = stepped(box, index, option)
    seen = min(stock, len(box.demand))
    total = box.costs[stock] + box.fixed[option] + box.tail[seen] * values[sold_out]
    place = sold_out + stock * box.behind
    for d in range(seen):
        total += box.demand[d] * values[place - d * box.behind]
    return float(total)
