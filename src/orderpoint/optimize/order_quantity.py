"""The best quantity of one order among those its supplier sells: whole packs, at least the MOQ, at most the maximum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from orderpoint.optimize.cycle import Cycle, value_at
from orderpoint.optimize.kinks import Kinks, cost_at, cost_table, short_at
from orderpoint.optimize.protection import Setting

MOST_POINTS = 1024
"""Quantities looked at in one pass; a wider range is walked in strides, then pack by pack around the best."""

MOST_VALUED = 192
"""The same where what is left over has to be valued at each."""


class Lots(NamedTuple):
    """What may be bought: `least`, least + pack, ..., `most`; nothing where most < least."""

    pack: float
    least: float
    most: float


@njit(cache=True)
def position_of(setting: Setting, i: int, o: int) -> float:
    """Stock on hand of series `i`, with the open orders that are on sale before the order after today's could be."""
    lines = setting.lines
    return float(lines.on_hand[i] + lines.receipts[i, : setting.offers.next_arrival[o]].sum())


@njit(cache=True)
def lots_of(setting: Setting, i: int, o: int, position: float) -> Lots:
    """Quantities that keep MOQ, pack, the order's maximum and the item's maximum stock; units are whole."""
    lines, offers = setting.lines, setting.offers
    pack = max(np.ceil(offers.pack[o]), 1.0)
    least = max(np.ceil(offers.moq[o] / pack), 1.0) * pack
    room = max(lines.max_stock[i] - position, 0.0)
    most = min(offers.max_quantity[o], room)
    return Lots(pack, least, np.floor(most / pack) * pack if np.isfinite(most) else np.inf)


@njit(cache=True)
def worth_at(kinks: Kinks, cycle: Cycle, quantity: float) -> float:
    """Expected cost of the window and of what is left over after it, without the fixed cost of the order."""
    return cost_at(kinks, quantity) + left_over(kinks, cycle, quantity)


@njit(cache=True)
def left_over(kinks: Kinks, cycle: Cycle, quantity: float) -> float:
    """Expected value of the inventory position at the next review."""
    if len(cycle.values) == 0:
        return 0.0
    total = 0.0
    for j in range(len(kinks.carry)):
        total += value_at(cycle, max(quantity, kinks.keep[j]) + kinks.carry[j])
    return float(total / len(kinks.carry))


@njit(cache=True)
def best_quantity(kinks: Kinks, cycle: Cycle, lots: Lots) -> float:
    """The quantity above zero, among the lots, of least cost; 0 where nothing may be bought."""
    if lots.most < lots.least:
        return 0.0
    valued = len(cycle.values) > 0
    top = max(kinks.at.max(), 0.0) if len(kinks.at) else 0.0
    if valued:
        top = max(top, cycle.order_up_to - kinks.carry.min())
    if top <= lots.least:
        return lots.least
    most = min(lots.most, np.ceil(top / lots.pack) * lots.pack)
    packs = most / lots.pack
    stride = lots.pack * max(np.ceil(packs / (MOST_VALUED if valued else MOST_POINTS)), 1.0)
    table = cost_table(kinks, stride, int(np.ceil(most / stride)) + 1)
    if valued:
        for m in range(len(table)):
            table[m] += left_over(kinks, cycle, m * stride)
    start = min(int(np.ceil(lots.least / stride)), len(table) - 1)
    best = float(start + np.argmin(table[start:])) * stride
    if stride == lots.pack:
        return float(min(best, most))
    return _nearby(kinks, cycle, lots, max(best - stride, lots.least), min(best + stride, most))


@njit(cache=True)
def _nearby(kinks: Kinks, cycle: Cycle, lots: Lots, low: float, high: float) -> float:
    """The best lot between two quantities between which the cost is convex, by bisection on its step."""
    first, last = int(np.ceil(low / lots.pack)), int(np.floor(high / lots.pack))
    while first < last:
        middle = (first + last) // 2
        if worth_at(kinks, cycle, (middle + 1) * lots.pack) < worth_at(kinks, cycle, middle * lots.pack):
            first = middle + 1
        else:
            last = middle
    return first * lots.pack


@njit(cache=True)
def demanded_quantity(kinks: Kinks, lots: Lots, setting: Setting, i: int, o: int) -> float:
    """The least lot that reaches both service target and minimum stock, whatever it costs; 0 where none is asked."""
    lines, floor = setting.lines, 0.0
    if lots.most < lots.least:
        return 0.0
    if lines.service_target[i] > 0.0:
        floor = serving_quantity(kinks, lots, lines.service_target[i])
    missing = lines.min_stock[i] - position_of(setting, i, o)
    if missing > 0.0 and lines.min_stock[i] > 0.0:
        floor = max(floor, min(max(np.ceil(missing / lots.pack) * lots.pack, lots.least), lots.most))
    return floor


@njit(cache=True)
def serving_quantity(kinks: Kinks, lots: Lots, target: float) -> float:
    """The least lot (0 included) whose fill rate of the window reaches `target`; the most allowed where none does."""
    allowed = (1.0 - target) * kinks.demand + 1e-12
    if short_at(kinks, 0.0) <= allowed or lots.most < lots.least:
        return 0.0
    first = int(lots.least / lots.pack)
    last = int(max(np.ceil(kinks.end.max() / lots.pack), first))
    while first < last:
        middle = (first + last) // 2
        if short_at(kinks, middle * lots.pack) <= allowed:
            last = middle
        else:
            first = middle + 1
    return min(first * lots.pack, lots.most)
