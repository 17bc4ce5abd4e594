"""From what lines choose at prices to choices that keep all limits, and as much more as still fits.

At the prices of the relaxation few lines stand between two choices, so little is to be mended: lower the lines that
lose least for what is passed, raise those that lose least for what a supplier's order lacks, give up an order that
cannot reach its minimum, and spend what is left on the best choices that still fit.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.limits.exchange import trade
from orderpoint.optimize.limits.moves import excess, fits, lacks, move, net, passed, room_kept
from orderpoint.optimize.limits.problem import Bounds, Lines, Loads, slack
from orderpoint.optimize.limits.response import Prices, line_prices, weigh

IntArray = NDArray[np.int64]

PASSES = 12
"""Passes over the lines at most, for each kind of mending."""


@njit(cache=True)
def repair(lines: Lines, bounds: Bounds, prices: Prices, choice: IntArray, loads: Loads) -> None:
    """Change `choice` (n,) until it keeps `bounds` and nothing more fits; a supplier that cannot be kept is closed.

    At first an order that lacks something may grow at the cost of money and room of other lines, which then give way.
    """
    weigh(lines, choice, loads)
    for attempt in range(PASSES):
        gently = attempt >= PASSES // 2
        short = -1
        for s in range(len(bounds.closed)):
            if not bounds.closed[s] and not _reach(lines, bounds, prices, (s, gently), choice, loads):
                short = s
        _lower(lines, bounds, prices, choice, loads)
        if short < 0 and not passed(bounds, loads) and _all_reached(bounds, loads):
            break
        if short >= 0 and gently:
            _close(lines, bounds, short, choice, loads)
    for s in range(len(bounds.closed)):
        if not bounds.closed[s] and lacks(bounds, loads, s):
            _close(lines, bounds, s, choice, loads)
    _fill(lines, bounds, prices, choice, loads)


@njit(cache=True)
def _all_reached(bounds: Bounds, loads: Loads) -> bool:
    """Whether every open order reaches its least money and volume."""
    reached = True
    for s in range(len(bounds.closed)):
        reached &= bounds.closed[s] or not lacks(bounds, loads, s)
    return reached


@njit(cache=True)
def _lower(lines: Lines, bounds: Bounds, prices: Prices, choice: IntArray, loads: Loads) -> None:
    """Lower the lines that lose least at the prices for what they free, until no limit is passed or none can be.

    Orders keep what they must reach as long as that can be; then it gives way.
    """
    n = len(choice)
    loss, target = np.empty(n), np.empty(n, np.int64)
    for gently in (True, False):
        for _ in range(PASSES):
            if not passed(bounds, loads):
                return
            for i in range(n):
                loss[i], target[i] = _cheapest_fall(lines, bounds, prices, (i, gently), choice, loads)
            moved = False
            for i in np.argsort(loss, kind="mergesort"):
                if target[i] < 0:
                    break
                needed = not room_kept(lines, bounds, i, loads)
                if needed and (not gently or fits(lines, bounds, i, target[i], choice, loads)):
                    move(lines, i, target[i], choice, loads)
                    moved = True
            if not moved:
                break


@njit(cache=True)
def _cheapest_fall(
    lines: Lines, bounds: Bounds, prices: Prices, which: tuple[int, bool], choice: IntArray, loads: Loads
) -> tuple[float, int]:
    """(loss at the prices for what is freed of passed limits, column) of the best smaller choice of a line, or -1.

    `which`: the line, and whether its supplier's order must still reach what it has to.
    """
    i, gently = which
    best, column = np.inf, -1
    money, volume = excess(lines, bounds, loads, i)
    if choice[i] == 0 or (money == 0.0 and volume == 0.0):
        return best, column
    here = net(lines, prices, i, choice[i])
    for k in range(choice[i] - 1, -1, -1):
        if gently and not fits(lines, bounds, i, k, choice, loads):
            continue
        units = lines.quantity[i, choice[i]] - lines.quantity[i, k]
        freed = min((lines.money[i, choice[i]] - lines.money[i, k]) / money, 1.0) if money > 0.0 else 0.0
        freed += min(units * lines.unit_volume[i] / volume, 1.0) if volume > 0.0 else 0.0
        if freed > 0.0 and (here - net(lines, prices, i, k)) / freed < best:
            best, column = (here - net(lines, prices, i, k)) / freed, k
    return best, column


@njit(cache=True)
def _reach(
    lines: Lines, bounds: Bounds, prices: Prices, which: tuple[int, bool], choice: IntArray, loads: Loads
) -> bool:
    """Raise lines of a supplier until its order reaches its least money and volume; whether it does.

    `which`: the supplier, and whether money and room must be kept meanwhile.
    """
    s, gently = which
    members = np.flatnonzero(lines.supplier == s)
    gain, target = np.empty(len(members)), np.empty(len(members), np.int64)
    for _ in range(PASSES):
        money = bounds.least_money[s] - slack(bounds.least_money[s]) - loads.order_money[s]
        volume = bounds.least_volume[s] - slack(bounds.least_volume[s]) - loads.order_volume[s]
        if money <= 0.0 and volume <= 0.0:
            return True
        for m in range(len(members)):
            i = int(members[m])
            gain[m], target[m] = -np.inf, -1
            here = net(lines, prices, i, choice[i])
            for k in range(choice[i] + 1, lines.quantity.shape[1]):
                more = lines.money[i, k] - lines.money[i, choice[i]]
                room = (lines.quantity[i, k] - lines.quantity[i, choice[i]]) * lines.unit_volume[i]
                helped = (min(max(more, 0.0) / money, 1.0) if money > 0.0 else 0.0) + (
                    min(room / volume, 1.0) if volume > 0.0 else 0.0
                )
                if helped <= 0.0 or not _may_grow(lines, bounds, (i, k, gently), choice, loads):
                    continue
                if (net(lines, prices, i, k) - here) / helped > gain[m]:
                    gain[m], target[m] = (net(lines, prices, i, k) - here) / helped, k
        moved = False
        for m in np.argsort(-gain, kind="mergesort"):
            i = int(members[m])
            money = bounds.least_money[s] - slack(bounds.least_money[s]) - loads.order_money[s]
            volume = bounds.least_volume[s] - slack(bounds.least_volume[s]) - loads.order_volume[s]
            if target[m] < 0 or (money <= 0.0 and volume <= 0.0):
                break
            if _may_grow(lines, bounds, (i, int(target[m]), gently), choice, loads):
                move(lines, i, target[m], choice, loads)
                moved = True
        if not moved and not trade(lines, bounds, prices, (s, gently), choice, loads):
            return False
    return False


@njit(cache=True)
def _may_grow(lines: Lines, bounds: Bounds, move: tuple[int, int, bool], choice: IntArray, loads: Loads) -> bool:
    """Whether a line may be raised: within all limits where `gently`, else within the supplier's most volume."""
    i, k, gently = move
    if gently:
        return fits(lines, bounds, i, k, choice, loads)
    s = lines.supplier[i]
    volume = (lines.quantity[i, k] - lines.quantity[i, choice[i]]) * lines.unit_volume[i]
    if (
        lines.money[i, k] > bounds.budget[0]
        or lines.quantity[i, k] * lines.unit_volume[i] > bounds.room[lines.place[i]]
    ):
        return False
    return bool(loads.order_volume[s] + volume <= bounds.most_volume[s] + slack(bounds.most_volume[s]))


@njit(cache=True)
def _close(lines: Lines, bounds: Bounds, s: int, choice: IntArray, loads: Loads) -> None:
    """Order nothing from supplier `s`."""
    for i in range(len(choice)):
        if lines.supplier[i] == s and choice[i] > 0:
            move(lines, i, 0, choice, loads)
    loads.order_money[s] = loads.order_volume[s] = 0.0
    bounds.closed[s] = True
    bounds.least_money[s] = bounds.least_volume[s] = 0.0


@njit(cache=True)
def _fill(lines: Lines, bounds: Bounds, prices: Prices, choice: IntArray, loads: Loads) -> None:
    """Change lines to choices that save more and still fit, those of the best return at the prices first."""
    n = len(choice)
    gain, target = np.empty(n), np.empty(n, np.int64)
    for _ in range(PASSES):
        for i in range(n):
            gain[i], target[i] = 0.0, -1
            money, volume = line_prices(lines, prices, i)
            for k in range(lines.quantity.shape[1]):
                better = lines.saving[i, k] - lines.saving[i, choice[i]]
                if better <= 1e-12 or not fits(lines, bounds, i, k, choice, loads):
                    continue
                taken = money * (lines.money[i, k] - lines.money[i, choice[i]])
                taken += volume * (lines.quantity[i, k] - lines.quantity[i, choice[i]])
                rate = better / max(taken, 1e-9 * better)
                if rate > gain[i]:
                    gain[i], target[i] = rate, k
        moved = False
        for i in np.argsort(-gain, kind="mergesort"):
            if target[i] < 0:
                break
            if fits(lines, bounds, i, target[i], choice, loads):
                move(lines, i, target[i], choice, loads)
                moved = True
        if not moved:
            return
