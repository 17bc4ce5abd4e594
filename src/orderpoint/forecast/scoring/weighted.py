"""WRMSSE: errors of a shop at every level at which it is looked at, each series weighed by its money."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.pooling import Groups
from orderpoint.forecast.scoring.scored import Held
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.demand import Demand
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RECENT = 28
"""Periods before the origin whose money is a series' weight."""


def levels(index: SeriesIndex, catalog: Catalog) -> list[Ints]:
    """Keys (n,) of the levels, coarse ones first: all, location, department, category, both, item, series."""
    groups = Groups.of_catalog(index, catalog)
    found = [np.zeros(len(index), np.int64)]
    finer = (groups.location[groups.of], groups.department[groups.of], groups.category[groups.of])
    for key in (*finer, groups.of.astype(np.int64), index.item_of.astype(np.int64), np.arange(len(index))):
        ranks = np.unique(key, return_inverse=True)[1].astype(np.int64)
        if not any(_same(ranks, other) for other in found):
            found.append(ranks)
    return found


def wrmsse(demand: Demand, held: Held, catalog: Catalog, price: Floats) -> float:
    """Weighted root mean squared scaled error (M5 guide, eq. 2): the mean over `levels` of the weighted mean RMSSE.

    At each level series are summed (over the periods in which each was seen), and weighed by their money of the last
    RECENT periods before the origin, at `price` (n,). Series whose history never moves are left out. NaN where no
    series is left.
    """
    before, seen = held.before, held.seen
    history = np.where(before.observed(), before.quantity, 0.0).astype(np.float64)
    error = np.where(seen, demand.mean[:, : held.horizon] - held.actual, 0.0)
    money = history[:, -RECENT:].sum(axis=1) * price
    values = [_level(key, history, error, money) for key in levels(held.sales.index, catalog)]
    there = [value for value in values if np.isfinite(value)]
    return float(np.mean(there)) if there else float("nan")


def _level(key: Ints, history: Floats, error: Floats, money: Floats) -> float:
    count = int(key.max()) + 1
    past, miss = (np.zeros((count, a.shape[1])) for a in (history, error))
    np.add.at(past, key, history)
    np.add.at(miss, key, error)
    weight = np.bincount(key, weights=money, minlength=count)
    sold = np.cumsum(past, axis=1) > 0
    step = np.where(sold[:, :-1], np.diff(past, axis=1), 0.0)
    scale = (step**2).sum(axis=1) / np.maximum(sold[:, :-1].sum(axis=1), 1)
    fine = (scale > 0) & (weight > 0)
    if not fine.any():
        return float("nan")
    scaled = np.sqrt((miss[fine] ** 2).mean(axis=1) / scale[fine])
    return float(np.average(scaled, weights=weight[fine]))


def _same(a: Ints, b: Ints) -> bool:
    """Whether two keys part the series alike (ranks in the order of their first use)."""
    pairs = len(np.unique(np.stack((a, b)), axis=1).T)
    return pairs == int(a.max()) + 1 == int(b.max()) + 1
