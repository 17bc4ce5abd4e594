"""What the levels of a season lead to: the stock equation played on the paths, review by review."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.build_up.first_order import LEAST, OFFER, QUANTITY, Kind, bounded, place_of
from orderpoint.optimize.build_up.grid import PathArray, Terms
from orderpoint.optimize.build_up.season import season_of
from orderpoint.optimize.order_quantity import lots_of
from orderpoint.optimize.protection import Clock, Lines, Offers, Setting
from orderpoint.stockflow.equation import step

FloatArray = NDArray[np.float64]

FIGURES = 7
POINT, LEVEL, ORDER, ARRIVED, LEFT, DEMAND, SHORT = range(FIGURES)
"""Of each review: s, S; mean order; of its window: mean stock when the order is in, at the end, demand, units short."""

WAITING = 0
"""The row of the periods before the first order can be on sale; review k is row k + 1."""


@njit(cache=True, parallel=True)
def foresee(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    paths: PathArray,
    lines: Lines,
    offers: Offers,
    clock: Clock,
    kind: Kind,
    table: FloatArray,
    out: FloatArray,
) -> None:
    """Fill `out` (n, 1 + reviews, FIGURES) for series whose orders of today stand in `table`.

    Its first row is WAITING; rows of reviews that there are not are left as they are.
    """
    for i in prange(paths.shape[0]):
        setting, place = Setting(lines, offers, clock), place_of(i, table[i, OFFER])
        fixed = offers.order_cost[place[1]] + offers.joint_share[place[1]]
        terms = Terms(fixed, table[i, LEAST], offers.unit_cost[place[1]], kind.life[i])
        season = season_of(paths[i], setting, place, terms, kind.strata[i])
        rows = min(len(season.points) + 1, out.shape[1])
        out[i, :rows] = 0.0
        for k in range(rows - 1):
            out[i, k + 1, POINT], out[i, k + 1, LEVEL] = bounded(season.points[k], season.levels[k], setting, i)
        for j in range(paths.shape[1]):
            _play(paths[i, j], setting, place, (table[i, QUANTITY], table[i, LEAST]), out[i, :rows])
        out[i, :rows, ORDER:] /= paths.shape[1]


@njit(cache=True)
def _play(
    path: NDArray[np.float32], setting: Setting, place: tuple[int, int], today: tuple[float, float], out: FloatArray
) -> None:
    """Add one path to the sums of `out` (1 + reviews, FIGURES); `today`: the order of today, and the least of a lot."""
    i, o = place
    lines, offers = setting.lines, setting.offers
    lead, span = offers.arrival[o], offers.next_arrival[o]
    review, backlog, reviews = span - lead, lines.backlog[i], len(out) - 1
    due = lines.receipts[i].copy()
    stock = lines.on_hand[i]
    if lead == 0:
        out[WAITING, LEFT] += max(stock, 0.0)
    for t in range(span + (reviews - 1) * review):
        k = t // review
        if t % review == 0 and k < reviews:
            order = today[0]
            if k > 0:
                position = stock + due[t : t + span].sum()
                order = _order(setting, place, position, (out[k + 1, POINT], out[k + 1, LEVEL], today[1]))
            due[t + lead] += order
            out[k + 1, ORDER] += order
        row = (t - lead) // review + 1 if t >= lead else WAITING
        if t >= lead and (t - lead) % review == 0:
            out[row, ARRIVED] += max(stock + due[t], 0.0)
        stock, short = step(stock, due[t], float(path[t]), backlog)
        out[row, DEMAND] += path[t]
        out[row, SHORT] += short
        if t + 1 >= lead and (t - lead + 1) % review == 0:
            out[row, LEFT] += max(stock, 0.0)


@njit(cache=True)
def _order(setting: Setting, place: tuple[int, int], position: float, levels: tuple[float, float, float]) -> float:
    """The order of a later review by its levels (s, S, least)."""
    point, level, least = levels
    if position > point or level <= 0.0:
        return 0.0
    lots = lots_of(setting, place[0], place[1], position)
    least = max(lots.least, np.ceil(least / lots.pack) * lots.pack)
    if lots.most < least:
        return 0.0
    return float(min(max(np.round((level - position) / lots.pack) * lots.pack, least), lots.most))
