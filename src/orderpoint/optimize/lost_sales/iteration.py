"""Value iteration on the states of a lost-sales system, with bounds on the long-run cost.

Modified policy iteration (M. Puterman 1994, "Markov Decision Processes", section 8.7): one sweep that looks at all
orders, then some that keep the orders found. For any values v and their update Tv the least long-run cost lies between
min(Tv - v) and max(Tv - v), and so does that of the orders that attain Tv (J. MacQueen 1966, "A modified dynamic
programming method for Markovian decision problems", Journal of Mathematical Analysis and Applications 14, 38-43;
Puterman, theorem 8.5.5). The sweeps end where the two are close.

Values move by the share DAMPING of Tv - v, which keeps chains with a period from swinging and leaves the bounds as they
are (Puterman, section 8.5.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.lost_sales.space import Box, Space, most_allowed, next_values, units

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DAMPING = 0.95
KEPT_SWEEPS = 12
MOST_SWEEPS = 20_000


@dataclass(frozen=True, eq=False)
class Chain:
    """A policy on the states of a system: what it costs a period in the long run, between `lower` and `upper`.

    `states` (n, max(L, 1)) units on hand and due; `orders` (n,) units; `values` (n,): expected further cost of a state
    over that of the empty one, money. For the optimum `lower` bounds every policy.
    """

    cost: float
    lower: float
    upper: float
    states: IntArray
    orders: IntArray
    values: FloatArray


def settled(space: Space, options: IntArray, tolerance: float, *, choose: bool) -> Chain:
    """Iterate until the bounds differ by at most `tolerance` as a share of the cost.

    `options` (n,): the place of each state's order among `space.box.options`; the best are written there where
    `choose`. Raises RuntimeError where the bounds do not close: the cost depends on where the chain starts.
    """
    box, states = space
    values, update = np.zeros(states[-1] + 1), np.empty(len(states))
    for sweep in range(MOST_SWEEPS):
        looked = choose and sweep % (KEPT_SWEEPS + 1) == 0
        (_improve if looked else _keep)(box, states, values, update, options)
        change = update - values[states]
        lower, upper = float(change.min()), float(change.max())
        if (looked or not choose) and upper - lower <= tolerance * upper:
            relative = values[states] - values[0]
            return Chain((lower + upper) / 2.0, lower, upper, units(space), box.options[options], relative)
        values[states] += DAMPING * (change - change[0])
    raise RuntimeError(f"lost_sales: bounds {lower:g} and {upper:g} do not close in {MOST_SWEEPS:,} sweeps")


@njit(cache=True, parallel=True)
def _improve(box: Box, states: IntArray, values: FloatArray, update: FloatArray, options: IntArray) -> None:
    """The best order of each state; the smallest of those that cost the same."""
    for s in prange(len(states)):
        best, chosen = np.inf, 0
        room = most_allowed(box, states[s])
        for option in range(len(box.options)):
            if box.options[option] > room:
                break
            cost = next_values(box, states[s], option, values)
            if cost < best - 1e-12:
                best, chosen = cost, option
        update[s], options[s] = best, chosen


@njit(cache=True, parallel=True)
def _keep(box: Box, states: IntArray, values: FloatArray, update: FloatArray, options: IntArray) -> None:
    """The update with the orders given."""
    for s in prange(len(states)):
        update[s] = next_values(box, states[s], options[s], values)
