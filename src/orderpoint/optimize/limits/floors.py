"""Minimum stocks within shared limits: kept by all lines where they can be, before money goes to what saves most.

Where no supplier's terms hang on them, each line starts at its floor and the limits are what the floors leave of them.
Else reaching a floor is worth more than all lines together can lose by it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.budget import allocate
from orderpoint.optimize.limits.curves import Curves
from orderpoint.optimize.limits.problem import Lines, Loads, Terms, loads_of, net_saving, slack
from orderpoint.optimize.limits.response import Prices
from orderpoint.optimize.limits.select import select

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Above(NamedTuple):
    """Columns that reach every floor, `choice` (n,), the most that any such choice saves, and prices of the limits."""

    choice: IntArray
    bound: float
    prices: Prices


def at_floors(units: FloatArray, saving: FloatArray, floor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Curves (n, P) whose column just above `floor` (n,) becomes the floor itself; its saving lies between two columns.

    So a limit that has room for the floors is not missed by the columns shown.
    """
    units, saving = units.copy(), saving.copy()
    asked = np.flatnonzero((floor > 0.0) & (units.max(axis=1, initial=0.0) >= floor))
    above = (units[asked] >= floor[asked, None]).argmax(axis=1)
    high, low = units[asked, above], units[asked, above - 1]
    share = np.where(high > low, (floor[asked] - low) / np.where(high > low, high - low, 1.0), 1.0)
    before, after = saving[asked, above - 1], saving[asked, above]
    saving[asked, above] = np.where(share < 1.0, after - (1.0 - share) * (after - before), after)
    units[asked, above] = floor[asked]
    return units, saving


def above_floors(lines: Lines, terms: Terms, floor: FloatArray, fine: NDArray[np.bool_]) -> Above | None:
    """The choice that saves most among those that reach `floor` (n,) units; None where none is found.

    `fine` (n,): lines that show all quantities they can be ordered in (`curves.Curves`).
    """
    reach = (lines.quantity >= floor[:, None]) & np.isfinite(lines.saving)
    if not reach[floor > 0.0].any(axis=1).all():
        return None
    cheapest = np.where(reach, lines.money, np.inf).argmin(axis=1)
    base = np.where(floor > 0.0, cheapest, 0).astype(np.int64)
    loads = loads_of(lines, terms, base)
    room = terms.room + np.array([slack(limit) for limit in terms.room.tolist()])
    if loads.money[0] > terms.budget + slack(terms.budget) or (loads.room > room).any():
        return None
    unmet = (loads.order_money < terms.minimum) | np.isfinite(terms.container)
    if (unmet & (loads.order_money > 0.0)).any():
        return _by_reward(lines, terms, floor)
    return _from_base(lines, terms, (base, loads), fine)


def _from_base(lines: Lines, terms: Terms, base: tuple[IntArray, Loads], fine: NDArray[np.bool_]) -> Above:
    """Each line from its floor on, within what the floors leave of the limits."""
    start, loads = base
    column = np.maximum(np.arange(lines.quantity.shape[1])[None, :], start[:, None])
    quantity, money, saving = (
        np.take_along_axis(a, column, 1) - np.take_along_axis(a, start[:, None], 1)
        for a in (lines.quantity, lines.money, lines.saving)
    )
    rest = lines._replace(quantity=quantity, money=money, saving=saving)
    left = Terms(
        budget=max(terms.budget - float(loads.money[0]), 0.0),
        room=np.maximum(terms.room - loads.room, 0.0),
        minimum=np.where(loads.order_money > 0.0, 0.0, terms.minimum),
        container=terms.container,
        fill=terms.fill,
        order_cost=np.where(loads.order_money > 0.0, 0.0, terms.charge),
    )
    worth = net_saving(lines, terms, start)
    if left.all_or_nothing.any() or np.isfinite(left.room).any():
        found = select(rest, left)
        choice, bound, prices = found.choice, found.bound, found.prices
    else:
        rising = np.maximum.accumulate(money, axis=1)
        shared = allocate(Curves(rising, np.where(rising > money, -np.inf, saving), fine), left.budget)
        choice, bound = shared.choice, shared.bound
        none = np.zeros(len(terms.minimum))
        prices = Prices(np.array([shared.price]), np.zeros(len(terms.room)), none, none)
    return Above(column[np.arange(len(choice)), choice], worth + bound, prices)


def _by_reward(lines: Lines, terms: Terms, floor: FloatArray) -> Above | None:
    """A reward for each floor that is reached, greater than what all lines together can lose by it."""
    shown = np.where(np.isfinite(lines.saving), lines.saving, 0.0)
    reward = 1.0 + float((shown.max(axis=1, initial=0.0) - shown.min(axis=1, initial=0.0)).sum())
    asked = floor > 0.0
    reached = (lines.quantity >= floor[:, None]) & asked[:, None]
    found = select(lines._replace(saving=np.where(reached, lines.saving + reward, lines.saving)), terms)
    if not reached[asked, found.choice[asked]].all():
        return None
    bound = max(found.bound - reward * int(asked.sum()), net_saving(lines, terms, found.choice))
    return Above(found.choice, bound, found.prices)
