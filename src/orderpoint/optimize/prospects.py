"""Demand beyond the forecast and up to an item's end of life: what stock left over can still be sold to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

FADING = 0.9
"""A fall of demand to less than this share of today's is taken for an end; less is taken for weather."""


def stretched(demand: Demand, periods: int) -> Demand:
    """The demand of `periods` periods; beyond its end the last week of days (else the last period) repeats."""
    known = demand.timeline.count
    timeline = replace(demand.timeline, count=periods)
    if periods <= known:
        return replace(demand, timeline=timeline, mean=demand.mean[:, :periods])
    cycle = min(known, 7) if demand.timeline.period is Period.DAY else 1
    again = known - cycle + np.arange(periods - known) % cycle
    return replace(demand, timeline=timeline, mean=np.concatenate([demand.mean, demand.mean[:, again]], axis=1))


def ended(demand: Demand, snapshot: Snapshot) -> Demand:
    """The demand without what would fall after an item's end of life."""
    ends = _ends(snapshot)
    if not np.isfinite(ends).any():
        return demand
    after = np.arange(demand.timeline.count)[None, :] >= ends[:, None]
    return replace(demand, mean=np.where(after, 0.0, demand.mean))


def prospects(snapshot: Snapshot, demand: Demand) -> tuple[FloatArray, FloatArray]:
    """(fade, sellable) of each offer, shape (k,): see `protection.Offers`."""
    supply = snapshot.supply
    rows = np.repeat(np.arange(len(snapshot.index)), np.diff(supply.offsets))
    first, then = supply.arrival_period.astype(np.int64), supply.next_arrival_period.astype(np.int64)
    review = then - first
    ahead = ended(stretched(demand, int((then + review).max(initial=1))), snapshot)
    sums = np.concatenate([np.zeros((len(ahead.mean), 1)), np.cumsum(ahead.mean, axis=1)], axis=1)
    window = sums[rows, then] - sums[rows, first]
    coming = sums[rows, then + review] - sums[rows, then]
    share = np.divide(coming, window, out=np.ones_like(window), where=window > 0)
    ends = _ends(snapshot)[rows]
    pace = np.divide(window, review)
    known = sums[rows, np.minimum(ends, ahead.timeline.count).astype(np.int64)] - sums[rows, review]
    ending = np.isfinite(ends)
    beyond = np.maximum(np.where(ending, ends, 0.0) - ahead.timeline.count, 0.0) * pace
    sellable = np.where(ending, np.maximum(known + beyond, 0.0), np.inf)
    return np.where(share < FADING, share, 1.0), sellable


def _ends(snapshot: Snapshot) -> FloatArray:
    """(n,): the first period after the one in which each series' item ends its life; inf where it does not."""
    timeline, ends = snapshot.timeline, snapshot.catalog.end_of_life
    by_item = np.array(
        [np.inf if day is None else max(timeline.index_of(day) + 1, 0) for day in ends], dtype=np.float64
    )
    last: FloatArray = by_item[snapshot.index.item_of]
    return last
