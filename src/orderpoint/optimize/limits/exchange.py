"""Changing two lines at once: what no single line can mend or gain."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.limits.moves import lack, lacks, move, net, room_kept
from orderpoint.optimize.limits.problem import Bounds, Lines, Loads, slack
from orderpoint.optimize.limits.response import Prices

IntArray = NDArray[np.int64]

EXCHANGES, MOVES, TRADED = 100, 300, 100
"""Exchanges of two lines at most, and how many moves of one line they are put together from; fewer in one order."""


@njit(cache=True)
def exchange(lines: Lines, bounds: Bounds, prices: Prices, choice: IntArray, loads: Loads) -> None:
    """Change two lines at once where that saves more and keeps all limits, among the moves that lose least."""
    for _ in range(EXCHANGES):
        line, column = nearest_moves(lines, bounds, prices, choice, (-1, MOVES))
        best, first, second = 1e-9, -1, -1
        for a in range(len(line)):
            i, k = line[a], column[a]
            here, gain = choice[i], lines.saving[i, column[a]] - lines.saving[i, choice[i]]
            move(lines, i, k, choice, loads)
            for b in range(len(line)):
                j = line[b]
                more = gain + lines.saving[j, column[b]] - lines.saving[j, choice[j]]
                if j == i or more <= best:
                    continue
                there = choice[j]
                move(lines, j, column[b], choice, loads)
                if _kept(lines, bounds, i, loads) and _kept(lines, bounds, j, loads):
                    best, first, second = more, a, b
                move(lines, j, there, choice, loads)
            move(lines, i, here, choice, loads)
        if first < 0:
            return
        move(lines, line[first], column[first], choice, loads)
        move(lines, line[second], column[second], choice, loads)


@njit(cache=True)
def trade(
    lines: Lines, bounds: Bounds, prices: Prices, which: tuple[int, bool], choice: IntArray, loads: Loads
) -> bool:
    """Change two lines of a supplier so that its order lacks less; False where no two do.

    What no single line can mend: more money in the same volume, or more volume for the same money.
    """
    s, gently = which
    line, column = nearest_moves(lines, bounds, prices, choice, (s, TRADED))
    lacking, best, first, second = lack(bounds, loads, s), np.inf, -1, -1
    for a in range(len(line)):
        i, here = line[a], choice[line[a]]
        loss = net(lines, prices, i, here) - net(lines, prices, i, column[a])
        move(lines, i, column[a], choice, loads)
        for b in range(len(line)):
            j = line[b]
            if j == i:
                continue
            there = choice[j]
            both = loss + net(lines, prices, j, there) - net(lines, prices, j, column[b])
            move(lines, j, column[b], choice, loads)
            mended = lacking - lack(bounds, loads, s)
            kept = loads.order_volume[s] <= bounds.most_volume[s] + slack(bounds.most_volume[s])
            if gently:
                kept = kept and room_kept(lines, bounds, i, loads) and room_kept(lines, bounds, j, loads)
            if mended > 1e-9 and kept and both / mended < best:
                best, first, second = both / mended, a, b
            move(lines, j, there, choice, loads)
        move(lines, i, here, choice, loads)
    if first < 0:
        return False
    move(lines, line[first], column[first], choice, loads)
    move(lines, line[second], column[second], choice, loads)
    return True


@njit(cache=True)
def nearest_moves(
    lines: Lines, bounds: Bounds, prices: Prices, choice: IntArray, which: tuple[int, int]
) -> tuple[IntArray, IntArray]:
    """(line, column) of the changes of one line that lose least at the prices, some of them.

    `which`: of one supplier (-1: of all), and how many at most.
    """
    only, most = which
    n, columns = lines.quantity.shape
    loss, count = np.empty(n * columns), 0
    at = np.empty(n * columns, np.int64)
    for i in range(n):
        s = lines.supplier[i]
        if (s >= 0 and bounds.closed[s]) or (only >= 0 and s != only):
            continue
        here = net(lines, prices, i, choice[i])
        for k in range(columns):
            again = k > 0 and lines.quantity[i, k] == lines.quantity[i, k - 1]
            if k == choice[i] or again or not np.isfinite(lines.saving[i, k]):
                continue
            loss[count], at[count] = here - net(lines, prices, i, k), i * columns + k
            count += 1
    order = np.argsort(loss[:count], kind="mergesort")[:most]
    return at[order] // columns, at[order] % columns


@njit(cache=True)
def _kept(lines: Lines, bounds: Bounds, i: int, loads: Loads) -> bool:
    """Whether the limits that line `i` takes from are kept."""
    s = lines.supplier[i]
    return room_kept(lines, bounds, i, loads) and (s < 0 or not lacks(bounds, loads, s))
