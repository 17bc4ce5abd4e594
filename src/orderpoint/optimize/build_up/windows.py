"""What one review of a season decides: the cost of the window that its order serves, and the demand until the next.

An order of review k (k = 0: today) is on sale from period a + k R; the next from b + k R, with b = a + R. With y units
of inventory position after the order, `ext` prices y as an order does (each unit short before the window's end costs
one stockout, whenever the shortage began), `hold` as what happens if nothing is ordered: units that were lost before
the window are charged to the windows before it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.build_up.grid import Grid, PathArray
from orderpoint.optimize.kinks import Kinks, cost_table
from orderpoint.optimize.protection import Setting, arrivals

FloatArray = NDArray[np.float64]


class Window(NamedTuple):
    """Of one review and some paths: `ext`, `hold` (size,) money; `demand` probabilities (m,) on the grid's stride."""

    ext: FloatArray
    hold: FloatArray
    demand: FloatArray


@njit(cache=True)
def review_kinks(paths: PathArray, setting: Setting, i: int, o: int, start: int) -> tuple[Kinks, FloatArray]:
    """(cost of the window as a function of the position at period `start`, demand of each path before it).

    The second is 0 where the window is empty: a late order then comes in with the next one.
    """
    lines, days = setting.lines, setting.clock.days
    count, last = paths.shape
    review = setting.offers.next_arrival[o] - setting.offers.arrival[o]
    size = 0
    for j in range(count):
        first, then = arrivals(setting, o, j)
        size += max(min(then + start, last) - (first + start), 0)
    at, up, down = np.empty(size), np.empty(size), np.empty(size)
    end, before, cycle, none = np.empty(count), np.zeros(count), np.zeros(count), np.empty(0)
    backlog, holding, stockout = lines.backlog[i], lines.holding[i] / count, lines.stockout[i] / count
    k, sold = 0, 0.0
    for j in range(count):
        first, then = arrivals(setting, o, j)
        first, then = min(first + start, last), min(then + start, last)
        for t in range(start, first):
            before[j] += paths[j, t]
        window = 0.0
        for t in range(first, then):
            window += float(paths[j, t])
            at[k] = before[j] + window
            up[k] = holding * days[t]
            down[k] = stockout * days[t] if backlog else (stockout if t == then - 1 else 0.0)
            k += 1
        sold += window / count
        end[j] = before[j] + window if window > 0.0 else 0.0
        before[j] = before[j] if then > first else 0.0  # an empty window charges nothing
        for t in range(start, min(start + review, last)):
            cycle[j] += paths[j, t]
    return Kinks(at[:k], up[:k], down[:k], end, 0.0, sold, 0.0, none, none, cycle), before


@njit(cache=True)
def window_of(paths: PathArray, setting: Setting, place: tuple[int, int, int], grid: Grid, lumps: bool) -> Window:  # noqa: FBT001
    """The window of series `place[0]` through offer `place[1]` at the review of period `place[2]`.

    Single units without a fixed cost (`lumps` False) ask what one unit more is worth, and that is said by `ext` alone.
    """
    i, o, start = place
    kinks, before = review_kinks(paths, setting, i, o, start)
    moved = _moved(kinks, grid.low)
    ext = cost_table(moved, grid.stride, grid.size)
    hold = ext
    if lumps and not setting.lines.backlog[i]:
        hold = ext - _lost_before(before - grid.low, setting.lines.stockout[i], grid)
    return Window(ext, hold, masses(kinks.cycle, grid.stride))


@njit(cache=True)
def _moved(kinks: Kinks, low: float) -> Kinks:
    """The same function of the units above `low`."""
    return Kinks(
        kinks.at - low,
        kinks.up,
        kinks.down,
        kinks.end,
        kinks.base,
        kinks.demand,
        kinks.before,
        kinks.keep,
        kinks.carry,
        kinks.cycle,
    )


@njit(cache=True)
def _lost_before(before: FloatArray, stockout: float, grid: Grid) -> FloatArray:
    """(size,): money of what is lost before the window, on average."""
    down = np.full(len(before), stockout / len(before))
    none = np.empty(0)
    kinks = Kinks(before, np.zeros(len(before)), down, before, 0.0, 0.0, 0.0, none, none, none)
    return cost_table(kinks, grid.stride, grid.size)


@njit(cache=True)
def waste_of(paths: PathArray, span: tuple[int, int], unit_cost: float, grid: Grid) -> FloatArray:
    """(size,): money of what is unsold of a position when periods span[0]..span[1]-1 are over, on average.

    The outdating of the newest units of a position as S. Nahmias (1976), "Myopic approximations for the perishable
    inventory problem", Management Science 22(9), 1002-1008, charges it to the order that brings them.
    """
    first, last = span
    sold = np.zeros(len(paths))
    for j in range(len(paths)):
        for t in range(first, last):
            sold[j] += paths[j, t]
    at, none = sold - grid.low, np.empty(0)
    up = np.full(len(sold), unit_cost / len(sold))
    kinks = Kinks(at, up, np.zeros(len(sold)), at, 0.0, 0.0, 0.0, none, none, none)
    return cost_table(kinks, grid.stride, grid.size)


@njit(cache=True)
def masses(demand: FloatArray, stride: float) -> FloatArray:
    """Probabilities of demand 0, stride, ...; what lies between two points is split so that its mean holds."""
    top = int(np.ceil(demand.max() / stride)) + 1 if len(demand) else 1
    f = np.zeros(top + 1)
    for j in range(len(demand)):
        place = demand[j] / stride
        k = int(place)
        share = place - k
        f[k] += (1.0 - share) / len(demand)
        f[k + 1] += share / len(demand)
    return f
