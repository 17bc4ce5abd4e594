"""For every series: the offer, the quantity and the levels of least expected cost, from paths of its demand."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.kinks import Kinks, cost_at, level_kinks, order_kinks
from orderpoint.optimize.order_quantity import Lots, best_quantity, lots_of, serving_quantity
from orderpoint.optimize.protection import Clock, Lines, Offers, Setting

FloatArray = NDArray[np.float64]

COLUMNS = 4
QUANTITY, OFFER, REORDER_POINT, ORDER_UP_TO = range(COLUMNS)
"""Columns of the table that `choose` fills."""


@njit(cache=True, parallel=True)
def choose(paths: NDArray[np.float32], lines: Lines, offers: Offers, clock: Clock, table: FloatArray) -> None:
    """Fill `table` (n, COLUMNS) for the n series of `lines`, whose demand `paths` (n, paths, B) holds."""
    # A parallel loop neither takes a tuple of tuples nor writes into an array that came in a tuple (numba 0.68).
    for i in prange(paths.shape[0]):
        setting = Setting(lines, offers, clock)
        least = np.inf
        chosen, quantity = lines.first_offer[i], 0.0
        for o in range(lines.first_offer[i], lines.first_offer[i + 1]):
            amount, cost = _through(paths[i], setting, i, o)
            if cost < least - 1e-9 * (1.0 + abs(cost)):
                least, chosen, quantity = cost, o, amount
        table[i, QUANTITY], table[i, OFFER] = quantity, chosen
        table[i, REORDER_POINT], table[i, ORDER_UP_TO] = _levels(paths[i], setting, i, chosen)


@njit(cache=True)
def _through(paths: NDArray[np.float32], setting: Setting, i: int, o: int) -> tuple[float, float]:
    """The best order of series `i` through offer `o`, and its expected cost."""
    lines, offers = setting.lines, setting.offers
    kinks = order_kinks(paths, setting, i, o)
    idle = cost_at(kinks, 0.0)
    if not lines.orderable[i] or not offers.open_today[o]:
        return 0.0, idle + kinks.before
    position = lines.on_hand[i] + lines.receipts[i, : offers.next_arrival[o]].sum()
    lots = lots_of(setting, i, o, position)
    amount = best_quantity(kinks, lots)
    cost = cost_at(kinks, amount) + offers.order_cost[o]
    if amount == 0.0 or cost >= idle:
        amount, cost = 0.0, idle
    floor = _at_least(kinks, lots, setting, i, position)
    if floor > amount:
        amount, cost = floor, cost_at(kinks, floor) + offers.order_cost[o]
    return amount, cost + kinks.before


@njit(cache=True)
def _at_least(kinks: Kinks, lots: Lots, setting: Setting, i: int, position: float) -> float:
    """What the service target and the minimum stock demand in any case."""
    lines, floor = setting.lines, 0.0
    if lines.service_target[i] > 0.0:
        floor = serving_quantity(kinks, lots, lines.service_target[i])
    if position < lines.min_stock[i] and lots.most >= lots.least:
        wanted = np.ceil((lines.min_stock[i] - position) / lots.pack) * lots.pack
        floor = max(floor, min(max(wanted, lots.least), lots.most))
    return floor


@njit(cache=True)
def _levels(paths: NDArray[np.float32], setting: Setting, i: int, o: int) -> tuple[float, float]:
    """(reorder point, order-up-to level) in units of inventory position, kept within the item's limits."""
    lines = setting.lines
    if not lines.orderable[i]:
        return 0.0, 0.0
    kinks = level_kinks(paths, setting, i, o)
    any_unit = Lots(1.0, 1.0, np.inf)
    level = best_quantity(kinks, any_unit)
    if cost_at(kinks, 0.0) <= cost_at(kinks, level):
        level = 0.0
    if lines.service_target[i] > 0.0:
        level = max(level, serving_quantity(kinks, any_unit, lines.service_target[i]))
    level = min(max(level, lines.min_stock[i]), max(lines.max_stock[i], 0.0))
    return max(level - 1.0, 0.0), level
