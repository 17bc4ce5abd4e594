"""What every line chooses by itself when the shared limits have prices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.limits.problem import Bounds, Lines, Loads

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Prices(NamedTuple):
    """What a unit of each limit is worth, money, as in `Bounds`.

    `money` (1,) and `room` (L,) at least 0. Per supplier (S,): `minimum` at least 0, what a unit of money ordered there
    is rewarded with; `volume`, what a unit of volume costs there, below 0 where more is wanted.
    """

    money: FloatArray
    room: FloatArray
    minimum: FloatArray
    volume: FloatArray


def no_prices(bounds: Bounds) -> Prices:
    """All limits free."""
    return Prices(np.zeros(1), np.zeros(len(bounds.room)), *(np.zeros(len(bounds.closed)) for _ in range(2)))


class Hulls(NamedTuple):
    """Each line's concave envelope in units, its falling part too: `corner`, `slope` (n, P), `corners` (n,).

    `bent` (n,): lines whose price changes with the quantity, for which the envelope in units does not do. `unit_money`
    (n,): money of one unit.
    """

    corner: NDArray[np.int16]
    slope: FloatArray
    corners: IntArray
    bent: NDArray[np.bool_]
    unit_money: FloatArray


@njit(cache=True, parallel=True)
def hulls_of(quantity: FloatArray, money: FloatArray, saving: FloatArray) -> Hulls:
    """The envelopes of the lines whose choices are `quantity`, `money`, `saving` (n, P)."""
    n, columns = quantity.shape
    corner, slope = np.zeros((n, columns), np.int16), np.zeros((n, columns))
    count, bent, unit_money = np.ones(n, np.int64), np.zeros(n, np.bool_), np.zeros(n)
    for i in prange(n):
        top = 0
        unit = 0.0
        for k in range(1, columns):
            if quantity[i, k] <= quantity[i, corner[i, top]]:
                continue
            if unit == 0.0:
                unit = money[i, k] / quantity[i, k]
            bent[i] |= abs(money[i, k] - unit * quantity[i, k]) > 1e-9 * money[i, k]
            while True:
                last = corner[i, top]
                rise = (saving[i, k] - saving[i, last]) / (quantity[i, k] - quantity[i, last])
                if top == 0 or rise <= slope[i, top]:
                    break
                top -= 1
            top += 1
            corner[i, top], slope[i, top] = k, rise
        count[i], unit_money[i] = top + 1, unit
    return Hulls(corner, slope, count, bent, unit_money)


MANY = 4096
"""Lines from which threads share the work."""


def respond(lines: Lines, hulls: Hulls, closed: NDArray[np.bool_], prices: Prices, choice: IntArray) -> None:
    """Fill `choice` (n,) with the column that saves most less what it takes at the prices; the least of equals."""
    (respond_many if len(choice) >= MANY else respond_few)(lines, hulls, closed, prices, choice)


@njit(cache=True, parallel=True)
def respond_many(lines: Lines, hulls: Hulls, closed: NDArray[np.bool_], prices: Prices, choice: IntArray) -> None:
    """`respond`, shared by threads."""
    for i in prange(len(choice)):
        choice[i] = _answer(lines, hulls, closed, prices, i)


@njit(cache=True)
def respond_few(lines: Lines, hulls: Hulls, closed: NDArray[np.bool_], prices: Prices, choice: IntArray) -> None:
    """`respond`, in one thread."""
    for i in range(len(choice)):
        choice[i] = _answer(lines, hulls, closed, prices, i)


@njit(cache=True)
def _answer(lines: Lines, hulls: Hulls, closed: NDArray[np.bool_], prices: Prices, i: int) -> int:
    """The column that line `i` chooses."""
    s = lines.supplier[i]
    if s >= 0 and closed[s]:
        return 0
    money, volume = line_prices(lines, prices, i)
    if hulls.bent[i]:
        best, chosen = 0.0, 0
        for k in range(1, lines.quantity.shape[1]):
            value = lines.saving[i, k] - money * lines.money[i, k] - volume * lines.quantity[i, k]
            if value > best:
                best, chosen = value, k
        return chosen
    wanted = money * hulls.unit_money[i] + volume
    first, last = 0, hulls.corners[i] - 1
    while first < last:
        middle = (first + last + 1) // 2
        if hulls.slope[i, middle] > wanted:
            first = middle
        else:
            last = middle - 1
    return int(hulls.corner[i, first])


@njit(cache=True)
def line_prices(lines: Lines, prices: Prices, i: int) -> tuple[float, float]:
    """(price of a unit of money, price of the room of one unit) for line `i`."""
    money, volume = prices.money[0], prices.room[lines.place[i]]
    s = lines.supplier[i]
    if s >= 0:
        money -= prices.minimum[s]
        volume += prices.volume[s]
    return money, volume * lines.unit_volume[i]


@njit(cache=True)
def weigh(lines: Lines, choice: IntArray, loads: Loads) -> float:
    """Fill `loads` with what `choice` takes; what it saves."""
    loads.money[:] = 0.0
    loads.room[:] = 0.0
    loads.order_money[:] = 0.0
    loads.order_volume[:] = 0.0
    total = 0.0
    for i in range(len(choice)):
        k = choice[i]
        if k == 0:
            continue
        volume = lines.quantity[i, k] * lines.unit_volume[i]
        total += lines.saving[i, k]
        loads.money[0] += lines.money[i, k]
        loads.room[lines.place[i]] += volume
        s = lines.supplier[i]
        if s >= 0:
            loads.order_money[s] += lines.money[i, k]
            loads.order_volume[s] += volume
    return total


@njit(cache=True)
def worth_by_supplier(lines: Lines, prices: Prices, choice: IntArray, worth: FloatArray) -> float:
    """Fill `worth` (S,) with what lines of each supplier save less what they take; the rest's sum is returned."""
    worth[:] = 0.0
    rest = 0.0
    for i in range(len(choice)):
        k = choice[i]
        if k == 0:
            continue
        money, volume = line_prices(lines, prices, i)
        value = lines.saving[i, k] - money * lines.money[i, k] - volume * lines.quantity[i, k]
        if lines.supplier[i] >= 0:
            worth[lines.supplier[i]] += value
        else:
            rest += value
    return rest


@njit(cache=True)
def steepest(lines: Lines) -> tuple[float, float]:
    """The greatest change of saving (per money, per volume) between two neighbouring choices of any line."""
    by_money, by_volume = 0.0, 0.0
    for i in range(len(lines.quantity)):
        for k in range(1, lines.quantity.shape[1]):
            more = lines.quantity[i, k] - lines.quantity[i, k - 1]
            if more <= 0.0:
                continue
            change = abs(lines.saving[i, k] - lines.saving[i, k - 1])
            spent, volume = abs(lines.money[i, k] - lines.money[i, k - 1]), more * lines.unit_volume[i]
            if spent > 0.0:
                by_money = max(by_money, change / spent)
            if volume > 0.0:
                by_volume = max(by_volume, change / volume)
    return by_money, by_volume
