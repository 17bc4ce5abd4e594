"""What the kernels read of the past: demand, what was seen of it, the level that scales a series, sums of its like."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast import censored, priors
from orderpoint.forecast.features.layout import POOLS, Windows
from orderpoint.forecast.panel import Cells, FloatArray, totals
from orderpoint.forecast.pooling import Groups
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

LEAST_LEVEL = 1e-6
"""Units per period below which a series is taken to sell nothing."""
CLOSED_SHARE, CLOSED_UNITS, CLOSED_MEMBERS = 0.03, 50.0, 10
"""A place was closed where its series, so many and so large together, sold less than this share of their level."""


class Past(NamedTuple):
    """n series over T periods.

    `demand` float32 (n, T), `seen` bool (n, T): demand that sold out is replaced by what was expected of it. `level`
    float32 (n, T + 1): level[i, t] knows the periods before t alone. `pool` int32 (n, P): the row of a series in `sums`
    for each of P poolings, -1 where it would be alone. `sums` float64 (3, G, T + 1): units, levels and number of the
    seen members of each of G pools, added up over the periods before t. `codes` int32 (n, 3): location, department
    and category as numbers.
    """

    demand: FloatArray
    seen: NDArray[np.bool_]
    level: FloatArray
    pool: Ints
    sums: Floats
    codes: Ints


def learn(sales: Sales, known: Known, windows: Windows) -> Past:
    """The past of a history. Cells that are neither observed nor a lower bound say nothing."""
    groups = Groups.of_catalog(sales.index, known.catalog)
    cells = Cells(
        np.ascontiguousarray(sales.quantity, np.float32),
        np.ascontiguousarray(sales.observed()),
        np.ones((groups.count, sales.timeline.count), np.float32),
        groups.of,
    )
    prior = priors.learn(totals(cells), groups.of, groups.count)
    cells = censored.fill(cells, sales.state, (prior.level, prior.weight), sales.in_stock_share)
    cells = cells._replace(seen=_without_first_sale(cells, sales.state))
    keep = 1.0 - 1.0 / windows.memory
    level = levels(cells.demand, cells.seen, (prior.level, prior.weight), keep)
    pool, starts, members = _pools(groups, sales.index.item_of)
    sums = pool_sums(cells.demand, cells.seen, level, (starts, members))
    shut = closed(pool, sums)
    if shut.any():  # a day on which a shop was closed is no day of low demand
        cells = cells._replace(seen=cells.seen & ~shut)
        level = levels(cells.demand, cells.seen, (prior.level, prior.weight), keep)
        sums = pool_sums(cells.demand, cells.seen, level, (starts, members))
    codes = np.stack((groups.location, groups.department, groups.category), axis=1)[groups.of].astype(np.int32)
    return Past(cells.demand, cells.seen, level, pool, sums, codes)


def _without_first_sale(cells: Cells, state: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """`seen` without the sale that began a series: what is on sale because it sold says too much of its demand."""
    seen = cells.seen.copy()
    rows = np.flatnonzero(state[:, 0] == State.OFF)
    first = np.argmax(state[rows] != State.OFF, axis=1)
    sold = cells.demand[rows, first] > 0
    seen[rows[sold], first[sold]] = False
    return seen


def closed(pool: Ints, sums: Floats) -> NDArray[np.bool_]:
    """(n, T): periods in which a place as a whole sold next to nothing, though many series with much demand were on."""
    units, level, members = np.diff(sums, axis=2)
    shut = (units < CLOSED_SHARE * level) & (level > CLOSED_UNITS) & (members >= CLOSED_MEMBERS)
    place = np.where(pool[:, 1] >= 0, pool[:, 1], pool[:, 0])
    if not shut.any():
        return np.zeros((len(pool), 1), np.bool_)
    return np.asarray((place >= 0)[:, None] & shut[place])


def _pools(groups: Groups, item_of: Ints) -> tuple[Ints, NDArray[np.int64], NDArray[np.int64]]:
    """Row of each series in each pooling (n, P), and the members of all pools: where each begins, and who they are."""
    n = groups.members
    _, department = np.unique(np.stack((groups.department, groups.category)), axis=1, return_inverse=True)
    keys = {
        "all": np.zeros(n, np.int64),
        "location": groups.location[groups.of],
        "department": department.ravel()[groups.of],
        "group": groups.of.astype(np.int64),
        "item": item_of.astype(np.int64),
    }
    pool = np.full((n, len(POOLS)), -1, np.int32)
    starts, members, rows = [0], [], 0
    for column, name in enumerate(POOLS):
        distinct, of, size = np.unique(keys[name], return_inverse=True, return_counts=True)
        if len(distinct) == n:  # each would be alone
            continue
        pool[:, column] = rows + of.ravel()
        starts += (starts[-1] + np.cumsum(size)).tolist()
        members.append(np.argsort(of.ravel(), kind="stable"))
        rows += len(distinct)
    everyone = np.concatenate(members) if members else np.zeros(0, np.int64)
    return pool, np.array(starts, np.int64), everyone.astype(np.int64)


@njit(cache=True, parallel=True)
def levels(
    demand: FloatArray, seen: NDArray[np.bool_], prior: tuple[FloatArray, FloatArray], keep: float
) -> FloatArray:
    """Level (n, T + 1) before each period: discounted units over discounted seen periods, drawn to the prior."""
    n, periods = demand.shape
    out = np.empty((n, periods + 1), np.float32)
    for i in prange(n):
        believed = np.float64(prior[1][i])
        units, weight = believed * prior[0][i], believed
        for t in range(periods + 1):
            out[i, t] = max(units / weight if weight > 0.0 else prior[0][i], LEAST_LEVEL)
            if t < periods and seen[i, t]:
                units = keep * units + demand[i, t]
                weight = keep * weight + 1.0
    return out


@njit(cache=True, parallel=True)
def pool_sums(
    demand: FloatArray,
    seen: NDArray[np.bool_],
    level: FloatArray,
    pools: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Floats:
    """`Past.sums` of pools given by where each begins (G + 1,) in the list of members; always in one order."""
    starts, members = pools
    periods, count = demand.shape[1], len(starts) - 1
    out = np.zeros((3, count, periods + 1))
    for g in prange(count):
        for k in range(starts[g], starts[g + 1]):
            i = members[k]
            for t in range(periods):
                if seen[i, t]:
                    out[0, g, t + 1] += demand[i, t]
                    out[1, g, t + 1] += level[i, t]
                    out[2, g, t + 1] += 1.0
        for t in range(periods):
            for c in range(3):
                out[c, g, t + 1] += out[c, g, t]
    return out


def add_period(past: Past, t: int) -> None:
    """Write into `past.sums` what period t brought. The level of a series stays: it is a scale, not a forecast."""
    for column in range(past.pool.shape[1]):
        of = past.pool[:, column]
        mine = (of >= 0) & past.seen[:, t]
        rows = np.unique(of[of >= 0])
        for c, value in enumerate((past.demand[:, t], past.level[:, t], np.ones(len(of), np.float32))):
            total = np.bincount(of[mine], value[mine], past.sums.shape[1])
            past.sums[c, rows, t + 1] = past.sums[c, rows, t] + total[rows]
