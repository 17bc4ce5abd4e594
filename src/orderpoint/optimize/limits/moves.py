"""Changing one line, and what the limits say to it."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.limits.problem import Bounds, Lines, Loads, slack
from orderpoint.optimize.limits.response import Prices, line_prices

IntArray = NDArray[np.int64]


@njit(cache=True)
def move(lines: Lines, i: int, to: int, choice: IntArray, loads: Loads) -> None:
    """Set line `i` to column `to`."""
    k = choice[i]
    money = lines.money[i, to] - lines.money[i, k]
    volume = (lines.quantity[i, to] - lines.quantity[i, k]) * lines.unit_volume[i]
    loads.money[0] += money
    loads.room[lines.place[i]] += volume
    s = lines.supplier[i]
    if s >= 0:
        loads.order_money[s] += money
        loads.order_volume[s] += volume
    choice[i] = to


@njit(cache=True)
def net(lines: Lines, prices: Prices, i: int, k: int) -> float:
    """What column `k` of line `i` saves less what it takes at the prices."""
    money, volume = line_prices(lines, prices, i)
    return float(lines.saving[i, k] - money * lines.money[i, k] - volume * lines.quantity[i, k])


@njit(cache=True)
def fits(lines: Lines, bounds: Bounds, i: int, to: int, choice: IntArray, loads: Loads) -> bool:
    """Whether column `to` of line `i` leaves every limit that is kept now kept."""
    k, s, place = choice[i], lines.supplier[i], lines.place[i]
    money = lines.money[i, to] - lines.money[i, k]
    volume = (lines.quantity[i, to] - lines.quantity[i, k]) * lines.unit_volume[i]
    if money > 0.0 and loads.money[0] + money > bounds.budget[0] + slack(bounds.budget[0]):
        return False
    if volume > 0.0 and loads.room[place] + volume > bounds.room[place] + slack(bounds.room[place]):
        return False
    if s < 0 or bounds.closed[s]:
        return bool(s < 0 or to == 0)
    if volume > 0.0 and loads.order_volume[s] + volume > bounds.most_volume[s] + slack(bounds.most_volume[s]):
        return False
    enough = loads.order_money[s] >= bounds.least_money[s] - slack(bounds.least_money[s])
    if money < 0.0 and enough and loads.order_money[s] + money < bounds.least_money[s] - slack(bounds.least_money[s]):
        return False
    full = loads.order_volume[s] >= bounds.least_volume[s] - slack(bounds.least_volume[s])
    short = loads.order_volume[s] + volume < bounds.least_volume[s] - slack(bounds.least_volume[s])
    return not (volume < 0.0 and full and short)


@njit(cache=True)
def excess(lines: Lines, bounds: Bounds, loads: Loads, i: int) -> tuple[float, float]:
    """(money, volume) by which the limits that line `i` takes from are passed, at least 0."""
    s, place = lines.supplier[i], lines.place[i]
    money = max(loads.money[0] - bounds.budget[0] - slack(bounds.budget[0]), 0.0)
    volume = max(loads.room[place] - bounds.room[place] - slack(bounds.room[place]), 0.0)
    if s >= 0:
        volume = max(volume, loads.order_volume[s] - bounds.most_volume[s] - slack(bounds.most_volume[s]))
    return money, volume


@njit(cache=True)
def room_kept(lines: Lines, bounds: Bounds, i: int, loads: Loads) -> bool:
    """Whether no limit is passed that line `i` takes from."""
    money, volume = excess(lines, bounds, loads, i)
    return bool(money == 0.0 and volume == 0.0)


@njit(cache=True)
def passed(bounds: Bounds, loads: Loads) -> bool:
    """Whether money, room or a supplier's most volume is passed."""
    if loads.money[0] > bounds.budget[0] + slack(bounds.budget[0]):
        return True
    for place in range(len(loads.room)):
        if loads.room[place] > bounds.room[place] + slack(bounds.room[place]):
            return True
    for s in range(len(loads.order_volume)):
        if loads.order_volume[s] > bounds.most_volume[s] + slack(bounds.most_volume[s]):
            return True
    return False


@njit(cache=True)
def lack(bounds: Bounds, loads: Loads, s: int) -> float:
    """What the order of supplier `s` lacks of its least money and volume, as shares of them."""
    total = 0.0
    if bounds.least_money[s] > 0.0:
        total += max(1.0 - loads.order_money[s] / bounds.least_money[s], 0.0)
    if bounds.least_volume[s] > 0.0:
        total += max(1.0 - loads.order_volume[s] / bounds.least_volume[s], 0.0)
    return total


@njit(cache=True)
def lacks(bounds: Bounds, loads: Loads, s: int) -> bool:
    """Whether the order of supplier `s` is less than its least money or volume."""
    short = loads.order_money[s] < bounds.least_money[s] - slack(bounds.least_money[s])
    return bool(short or loads.order_volume[s] < bounds.least_volume[s] - slack(bounds.least_volume[s]))
