"""The compiled play of `sent_on`: a network from today on, each place sent what it lacks each morning."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.stockflow.equation import step

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Paths = NDArray[np.float32]


class Places(NamedTuple):
    """n series, T periods: `order`, `part_start` as in `StageGraph`; `until` (parts,) periods that are played.

    Of each series (n,): stock, level, holding (unit and day), stockout, whether customers wait. `receipts` (n, T) come
    in whatever is ordered today, `bought` (n, T) because of it, `later` (n, T) instead of it. `days` (T,) of each.
    """

    order: IntArray
    part_start: IntArray
    until: IntArray
    on_hand: FloatArray
    level: FloatArray
    holding: FloatArray
    stockout: FloatArray
    backlog: NDArray[np.bool_]
    receipts: FloatArray
    bought: FloatArray
    later: FloatArray
    days: FloatArray


class Ways(NamedTuple):
    """Arcs by part and source, those of part p from `start[p]` to `start[p + 1]`; ends are places within the part.

    `lead` periods; `per` units of the source for one of the target; `cost` money and `capacity` units a period, both of
    the target.
    """

    start: IntArray
    source: IntArray
    target: IntArray
    lead: IntArray
    per: FloatArray
    cost: FloatArray
    capacity: FloatArray


@njit(cache=True, parallel=True)
def gains(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    paths: Paths,
    first: int,
    parts: IntArray,
    places: Places,
    ways: Ways,
    asked: NDArray[np.bool_],
    out: FloatArray,
) -> None:
    """Fill `out` (n,) where `asked` in the `parts`; `paths` (rows, N, T) are those of series `first` and on."""
    for k in prange(len(parts)):
        p = parts[k]
        whole = _cost(paths, first, p, places, ways, -1)
        for i in places.order[places.part_start[p] : places.part_start[p + 1]]:
            if asked[i]:
                out[i] = _cost(paths, first, p, places, ways, i) - whole


@njit(cache=True)
def _cost(paths: Paths, first: int, p: int, places: Places, ways: Ways, without: int) -> float:
    """Mean cost of part `p` with today's orders, but that of series `without` a review later."""
    rows = places.order[places.part_start[p] : places.part_start[p + 1]]
    total, periods = 0.0, places.until[p]
    for j in range(paths.shape[1]):
        stock, coming = places.on_hand[rows], places.receipts[rows]
        for s in range(len(rows)):
            coming[s] += places.later[rows[s]] if rows[s] == without else places.bought[rows[s]]
        on_way = coming.sum(axis=1)
        for t in range(periods):
            if t > 0:
                total += _send(p, t, (rows, places.level), ways, stock, coming, on_way)
            for s in range(len(rows)):
                i, days = rows[s], places.days[t]
                on_way[s] -= coming[s, t]
                left, short = step(stock[s], coming[s, t], float(paths[i - first, j, t]), places.backlog[i])
                stock[s] = left
                waits = days * max(-left, 0.0) if places.backlog[i] else short
                total += places.holding[i] * days * max(left, 0.0) + places.stockout[i] * waits
    return float(total / paths.shape[1])


@njit(cache=True)
def _send(  # noqa: PLR0913, PLR0917 - arrays that are written to
    p: int,
    t: int,
    wanted: tuple[IntArray, FloatArray],
    ways: Ways,
    stock: FloatArray,
    coming: FloatArray,
    on_way: FloatArray,
) -> float:
    """Send what the places of part `p` lack; the money that moving it costs."""
    rows, level = wanted
    money, k = 0.0, ways.start[p]
    while k < ways.start[p + 1]:
        s, last, asked = ways.source[k], k, 0.0
        while last < ways.start[p + 1] and ways.source[last] == s:
            asked += ways.per[last] * _lack(last, rows, level, ways, stock, on_way)
            last += 1
        part = min(max(stock[s], 0.0) / asked, 1.0) if asked > 0.0 else 0.0
        for arc in range(k, last):
            units = part * _lack(arc, rows, level, ways, stock, on_way)
            target, arrival = ways.target[arc], t + ways.lead[arc]
            stock[s] -= ways.per[arc] * units
            on_way[target] += units
            money += ways.cost[arc] * units
            if arrival < coming.shape[1]:
                coming[target, arrival] += units
        k = last
    return money


@njit(cache=True)
def _lack(arc: int, rows: IntArray, level: FloatArray, ways: Ways, stock: FloatArray, on_way: FloatArray) -> float:
    """Units that the target of an arc lacks to its level, as far as the arc carries them."""
    target = ways.target[arc]
    return float(min(max(level[rows[target]] - stock[target] - on_way[target], 0.0), ways.capacity[arc]))
