"""The best levels of every review of a season, by dynamic programming over the inventory position.

    x        position at a review (on hand, and open orders that the window of that review sees)
    G(y)     cost of the review's window when the position is y after ordering (`windows`)
    W(y)     money of what spoils of the position y, charged to the order that brings it
    V(x)     least expected cost from this review on:
             J(y) = G(y) + W(y) + E V'(y - demand + receipts),   V(x) = min(J(x), K + min_q J(x + q)) - W(x)

q runs over the lots that pack, MOQ, the order's maximum and the maximum stock allow; V' is the next review's. After the
last review a position is worth what it is in the long run of the last window (`cycle`). So stock is built up before a
peak that one order could not bring, and run down after it.

The level of demand that the forecast does not know is the same on all reviews. The paths fall into strata of it: the
orders are the best for all strata together (nobody knows which one is true), but each stratum has its own V, so that
a high level meets a peak that is high at every review. That the reviews to come will know more than this is not used.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.build_up.grid import Grid, PathArray, Terms, at_position, bounds_of, grid_of
from orderpoint.optimize.build_up.lots import decide
from orderpoint.optimize.build_up.windows import Window, review_kinks, waste_of, window_of
from orderpoint.optimize.cycle import Lump, cycle_of, value_at
from orderpoint.optimize.kinks import cost_table
from orderpoint.optimize.protection import Setting

FloatArray = NDArray[np.float64]

MOST_REVIEWS = 64


class Season(NamedTuple):
    """The answer: `points`, `levels` (reviews,), s and S in units; `values` (strata, size): V of the next review.

    `waste` (size,): W of today's review.
    """

    grid: Grid
    points: FloatArray
    levels: FloatArray
    values: FloatArray
    waste: FloatArray


@njit(cache=True)
def season_of(paths: PathArray, setting: Setting, place: tuple[int, int], terms: Terms, strata: int) -> Season:
    """The season of series `place[0]` through offer `place[1]`; `paths` (paths, T), those of a stratum adjacent."""
    i, o = place
    offers = setting.offers
    review, span = offers.next_arrival[o] - offers.arrival[o], offers.next_arrival[o]
    reviews = max(min((paths.shape[1] - span) // review + 1, MOST_REVIEWS), 1)
    grid = grid_of(paths, setting, place, terms, reviews)
    size = len(paths) // strata
    values = _long_run(paths, setting, (i, o, (reviews - 1) * review), terms, (grid, strata))
    points, levels = np.zeros(reviews), np.zeros(reviews)
    lumps = terms.fixed > 0.0 or terms.least > 1.0
    after, waste = values, np.zeros(grid.size)
    for k in range(reviews - 1, -1, -1):
        start = k * review
        receipts = _receipts(setting, i, start + span, review)
        after, values = values, np.empty_like(values)
        ordered, idle = np.empty_like(values), np.empty_like(values)
        for s in range(strata):
            window = window_of(paths[s * size : (s + 1) * size], setting, (i, o, start), grid, lumps)
            _add_future(window, after[s], receipts, (grid, setting.lines.backlog[i]), ordered[s], idle[s])
        waste = _waste(paths, setting, (i, o, start), terms, grid)
        points[k], levels[k] = decide(ordered, idle, waste, (grid, terms, bounds_of(setting, place)), values)
    return Season(grid, points, levels, after, waste)


@njit(cache=True)
def _receipts(setting: Setting, i: int, first: int, review: int) -> float:
    """Open orders that the window of the next review sees and this one's does not."""
    receipts = setting.lines.receipts
    return float(receipts[i, min(first, receipts.shape[1]) : min(first + review, receipts.shape[1])].sum())


@njit(cache=True)
def _long_run(
    paths: PathArray, setting: Setting, place: tuple[int, int, int], terms: Terms, shape: tuple[Grid, int]
) -> FloatArray:
    """(strata, size): what a position after the last review is worth, if its window repeats for ever."""
    (i, o, start), (grid, strata) = place, shape
    level, _ = review_kinks(paths, setting, i, o, start)
    values = np.empty((strata, grid.size))
    anchor = cost_table(level, grid.stride, grid.size).min()
    idle = np.inf if setting.lines.backlog[i] else setting.lines.stockout[i] * level.demand
    cycle = cycle_of(level, Lump(terms.fixed, terms.least, terms.price, np.inf), 1.0, anchor, idle)
    for m in range(grid.size):
        values[:, m] = value_at(cycle, grid.low + m * grid.stride)
    if terms.fixed <= 0.0 and terms.least <= 1.0 and level.demand > 0.0:
        values[:] = 0.0  # single units: one left over makes the next order smaller by one
    return values


@njit(cache=True)
def _waste(paths: PathArray, setting: Setting, place: tuple[int, int, int], terms: Terms, grid: Grid) -> FloatArray:
    """W of one review; nothing where the goods outlast the paths."""
    _, o, start = place
    end = start + setting.offers.arrival[o] + terms.life
    if end > paths.shape[1]:
        return np.zeros(grid.size)
    return waste_of(paths, (start, int(end)), terms.price, grid)


@njit(cache=True)
def _add_future(
    window: Window,
    after: FloatArray,
    receipts: float,
    kind: tuple[Grid, bool],
    ordered: FloatArray,
    idle: FloatArray,
) -> None:
    """J without W, of one stratum, with an order (`ordered`) and without (`idle`), each (size,)."""
    grid, backlog = kind
    ahead = np.empty(grid.size)
    for m in range(grid.size):
        ahead[m] = at_position(after, grid, grid.low + m * grid.stride + receipts)
    slope = ahead[1] - ahead[0] if backlog else 0.0
    for m in range(grid.size):
        total = 0.0
        for d in range(len(window.demand)):
            if window.demand[d] > 0.0:
                total += window.demand[d] * (ahead[m - d] if d <= m else ahead[0] - slope * (d - m))
        ordered[m] = window.ext[m] + total
        idle[m] = window.hold[m] + total
