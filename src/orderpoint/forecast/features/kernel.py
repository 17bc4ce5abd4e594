"""The features of any rows, in one compiled pass over the series; columns as in `layout.Layout`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.features.layout import Layout, Windows
from orderpoint.forecast.features.past import Past
from orderpoint.forecast.features.planned import Planned
from orderpoint.forecast.features.rows import Rows
from orderpoint.forecast.panel import FloatArray

Floats = NDArray[np.float64]
At = tuple[int, int, int]
"""A series, an origin, and the period asked for."""
LIKE_PERIODS = 4.0
"""Ratios of a pool are drawn to 1 by so many periods of the series' own level."""
UPLIFT_PERIODS = 3.0
"""The uplift of promotions is drawn to 1 by so many promoted periods."""


class Around(NamedTuple):
    """What is known of periods beside prices.

    `table` float32 (R, S, K) and `region` int32 (n,): calendar and events (`when.When`). `like` float32 (C,): mean log
    price of each category. `drivers` float32 (D, R, S) and `driver_row` int32 (D, n): values of D drivers, and whose
    they are. `horizon`: steps are told apart up to it.
    """

    table: FloatArray
    region: NDArray[np.int32]
    like: FloatArray
    drivers: FloatArray
    driver_row: NDArray[np.int32]
    horizon: int


class Inputs(NamedTuple):
    """What the kernel reads."""

    past: Past
    planned: Planned
    around: Around


class _Grid(NamedTuple):
    """`Windows` as numbers."""

    recent: NDArray[np.int64]
    long: int
    phase: int
    few: int
    many: int
    year: int
    around: int
    short: int


class _Sums(NamedTuple):
    """Of one series, over the periods before t, each (T + 1,).

    Units, seen periods, squares, periods without sales, and the last period with sales.
    """

    units: Floats
    seen: Floats
    squares: Floats
    zeros: Floats
    sold: NDArray[np.int64]


def features(inputs: Inputs, rows: Rows, layout: Layout) -> FloatArray:
    """float32 (R, K): NaN where a feature has nothing to say. Amounts are over the series' level at the origin."""
    out = np.full((len(rows.origin), len(layout.names)), np.nan, np.float32)
    _fill(inputs.past, inputs.planned, inputs.around, rows, _grid(layout.windows), out)
    return out


def _grid(windows: Windows) -> _Grid:
    few, many = windows.repeats
    return _Grid(
        np.array(windows.recent, np.int64),
        windows.long,
        windows.phase,
        few,
        many,
        windows.year,
        windows.around,
        min(windows.recent[1], windows.long),
    )


@njit(cache=True, parallel=True)
def _fill(past: Past, planned: Planned, around: Around, rows: Rows, grid: _Grid, out: FloatArray) -> None:
    for b in prange(len(rows.series)):
        i = rows.series[b]
        if rows.first[b] == rows.first[b + 1]:
            continue
        sums = _sums(past.demand[i], past.seen[i])
        for r in range(rows.first[b], rows.first[b + 1]):
            row, at = out[r], (i, rows.origin[r], rows.target[r])
            row[0] = min(at[2] - at[1] + 1, around.horizon)
            k = _own(row, 1, at, past, (sums, grid))
            k = _season(row, k, at, past, (sums, grid))
            k = _pooled(row, k, at, past, grid)
            for c in range(3):
                row[k + c] = past.codes[i, c]
            k += 3
            if planned.price.shape[1] > 0:
                k = _priced(row, k, at, (past, planned, around.like), grid)
            if planned.promotion.shape[1] > 0:
                k = _promoted(row, k, at, (past, planned), grid)
            table = around.table[around.region[i], at[2]]
            for c in range(len(table)):
                row[k + c] = table[c]
            k += len(table)
            for d in range(len(around.driver_row)):
                row[k + d] = around.drivers[d, around.driver_row[d, i], at[2]]


@njit(cache=True)
def _sums(demand: FloatArray, seen: NDArray[np.bool_]) -> _Sums:
    periods = len(demand)
    units, had, squares, zeros = (
        np.zeros(periods + 1),
        np.zeros(periods + 1),
        np.zeros(periods + 1),
        np.zeros(periods + 1),
    )
    sold = np.full(periods + 1, -1, np.int64)
    for t in range(periods):
        y = np.float64(demand[t]) if seen[t] else 0.0
        units[t + 1] = units[t] + y
        squares[t + 1] = squares[t] + y * y
        had[t + 1] = had[t] + seen[t]
        zeros[t + 1] = zeros[t] + (seen[t] and y == 0.0)
        sold[t + 1] = t if y > 0.0 else sold[t]
    return _Sums(units, had, squares, zeros, sold)


@njit(cache=True)
def _mean(units: Floats, seen: Floats, first: int, last: int) -> float:
    """Mean over the seen periods first..last - 1; NaN where there are none."""
    had = seen[last] - seen[first]
    return (units[last] - units[first]) / had if had > 0.0 else np.nan


@njit(cache=True)
def _own(row: FloatArray, k: int, at: At, past: Past, of: tuple[_Sums, _Grid]) -> int:
    """Recent means and the shape of the series."""
    i, t = at[0], at[1]
    sums, grid = of
    level = np.float64(past.level[i, t])
    for w in grid.recent:
        row[k] = _mean(sums.units, sums.seen, max(t - w, 0), t) / level
        k += 1
    begin = max(t - grid.long, 0)
    had = sums.seen[t] - sums.seen[begin]
    if had > 0.0:
        mean = (sums.units[t] - sums.units[begin]) / had
        row[k] = np.sqrt(max((sums.squares[t] - sums.squares[begin]) / had - mean * mean, 0.0)) / level
        row[k + 1] = (sums.zeros[t] - sums.zeros[begin]) / had
    last = sums.sold[t]
    if last >= 0:
        row[k + 2] = sums.seen[t] - sums.seen[last + 1]
    row[k + 3] = sums.seen[t]
    row[k + 4] = had / max(t - begin, 1)
    largest = -1.0
    for j in range(t - 1, begin - 1, -1):
        if past.seen[i, j]:
            if largest < 0.0:
                row[k + 5] = past.demand[i, j] / level
            largest = max(largest, past.demand[i, j])
    row[k + 6] = np.log(level)
    if largest >= 0.0:
        row[k + 7] = largest / level
    return k + 8


@njit(cache=True)
def _before(t: int, s: int, step: int, reach: int) -> int:
    """The last period a whole number of `step` before s that lies, with `reach` periods after it, before t."""
    return s - step * ((s + reach - t) // step + 1)


@njit(cache=True)
def _season(row: FloatArray, k: int, at: At, past: Past, of: tuple[_Sums, _Grid]) -> int:
    """Means over the same phase of earlier seasons, and the days around that of a year before."""
    i, t, s = at
    sums, grid = of
    level = np.float64(past.level[i, t])
    units, had, j = 0.0, 0.0, _before(t, s, grid.phase, 0)
    for turn in range(grid.many):
        if j < 0:
            break
        if past.seen[i, j]:
            if had == 0.0:
                row[k + 2] = past.demand[i, j] / level
            units += past.demand[i, j]
            had += 1.0
        if turn < grid.few and had > 0.0:
            row[k] = units / had / level
        j -= grid.phase
    if had > 0.0:
        row[k + 1] = units / had / level
    j = _before(t, s, grid.year, grid.around)
    if j - grid.around >= 0:
        then = _mean(sums.units, sums.seen, j - grid.around, j + grid.around + 1)
        row[k + 3] = then / level
        row[k + 4] = then / past.level[i, j - grid.around]
    return k + 5


@njit(cache=True)
def _ratio(sums: Floats, g: int, first: int, last: int) -> tuple[float, float]:
    """Units and levels of pool g over the periods first..last - 1."""
    return sums[0, g, last] - sums[0, g, first], sums[1, g, last] - sums[1, g, first]


@njit(cache=True)
def _pooled(row: FloatArray, k: int, at: At, past: Past, grid: _Grid) -> int:
    """How the like of a series sells beside its level: lately, at this phase, a year ago; and what it sells."""
    i, t, s = at
    sums = past.sums
    for p in range(past.pool.shape[1]):
        g = past.pool[i, p]
        if g >= 0:
            drawn = LIKE_PERIODS * past.level[i, t]
            units, level = _ratio(sums, g, max(t - grid.short, 0), t)
            row[k] = (units + drawn) / (level + drawn)
            begin = max(t - grid.long, 0)
            units, level = _ratio(sums, g, begin, t)
            row[k + 1] = (units + drawn) / (level + drawn)
            members = sums[2, g, t] - sums[2, g, begin]
            if members > 0.0:
                row[k + 4] = np.log(max(level / members, 1e-6) / past.level[i, t])
            units, level, j = drawn, drawn, _before(t, s, grid.phase, 0)
            for _ in range(grid.many):
                if j < 0:
                    break
                more, below = _ratio(sums, g, j, j + 1)
                units += more
                level += below
                j -= grid.phase
            row[k + 2] = units / level
            j = _before(t, s, grid.year, grid.around)
            if j - grid.around >= 0:
                units, level = _ratio(sums, g, j - grid.around, j + grid.around + 1)
                row[k + 3] = (units + drawn) / (level + drawn)
        k += 5
    return k


@njit(cache=True)
def _priced(row: FloatArray, k: int, at: At, of: tuple[Past, Planned, FloatArray], grid: _Grid) -> int:
    """The price of the period asked for (of the origin where it is not planned) beside other prices."""
    i, t, s = at
    past, planned, like = of
    price = planned.price[i]
    now = price[t - 1]
    then = price[s] if planned.ahead else now
    if np.isnan(then) or then <= 0.0:
        return k + 5
    total, had, highest = 0.0, 0, np.float64(then)
    for j in range(max(t - grid.year, 0), t):
        if price[j] > 0.0:
            total += price[j]
            had += 1
            highest = max(highest, price[j])
    if had > 0:
        row[k] = np.log(then / (total / had))
    if now > 0.0:
        row[k + 1] = np.log(then / now)
    row[k + 2] = np.log(then) - like[past.codes[i, 2]]
    row[k + 3] = np.log(then / highest)
    before = price[max(t - grid.long, 0)]
    if now > 0.0 and before > 0.0:
        row[k + 4] = np.log(now / before)
    return k + 5


@njit(cache=True)
def _promoted(row: FloatArray, k: int, at: At, of: tuple[Past, Planned], grid: _Grid) -> int:
    """The depth of the promotion asked for, and what promotions did to this series before."""
    i, t, s = at
    past, planned = of
    depth, ahead = planned.promotion[i], planned.ahead
    if ahead:
        row[k] = depth[s]
    total, units, level = 0.0, 0.0, 0.0
    begin = max(t - grid.year, 0)
    for j in range(begin, t):
        total += depth[j] > 0.0
        if depth[j] > 0.0 and past.seen[i, j]:
            units += past.demand[i, j]
            level += past.level[i, j]
    row[k + 1] = total / max(t - begin, 1)
    drawn = UPLIFT_PERIODS * past.level[i, t]
    row[k + 2] = (units + drawn) / (level + drawn)
    if not ahead:
        return k + 5
    units, had, j = 0.0, 0, _before(t, s, grid.phase, 0)
    while j >= 0 and had < grid.few:
        if past.seen[i, j] and (depth[j] > 0.0) == (depth[s] > 0.0):
            units += past.demand[i, j]
            had += 1
        j -= grid.phase
    if had > 0:
        row[k + 3] = units / had / past.level[i, t]
    near = 0.0
    for j in range(max(s - grid.short // 2, 0), min(s + grid.short // 2 + 1, len(depth))):
        near += depth[j] > 0.0
    row[k + 4] = near
    return k + 5
