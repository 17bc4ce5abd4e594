"""Demand beyond the forecast's end, and up to an item's end of life."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.demand import Demand
from orderpoint.tables.series import SeriesIndex

FloatArray = NDArray[np.float64]


def stretched(demand: Demand, periods: int) -> Demand:
    """The demand of `periods` periods; beyond its end the last week of days (else the last period) repeats."""
    known = demand.timeline.count
    timeline = replace(demand.timeline, count=periods)
    if periods <= known:
        return replace(demand, timeline=timeline, mean=demand.mean[:, :periods])
    cycle = min(known, 7) if demand.timeline.period is Period.DAY else 1
    again = known - cycle + np.arange(periods - known) % cycle
    return replace(demand, timeline=timeline, mean=np.concatenate([demand.mean, demand.mean[:, again]], axis=1))


def ended(demand: Demand, catalog: Catalog) -> Demand:
    """The demand without what would fall after an item's end of life."""
    ends = ends_of_life(demand.index, demand.timeline, catalog)
    if not (ends < demand.timeline.count).any():
        return demand
    after = np.arange(demand.timeline.count)[None, :] >= ends[:, None]
    return replace(demand, mean=np.where(after, 0.0, demand.mean))


def ends_of_life(index: SeriesIndex, timeline: Timeline, catalog: Catalog) -> FloatArray:
    """(n,): the first period after the one in which each series' item ends its life; inf where it does not."""
    days = [None if row is None else catalog.end_of_life[row] for row in catalog.rows_of(index.items)]
    by_item = np.array(
        [np.inf if day is None else max(timeline.index_of(day) + 1, 0) for day in days], dtype=np.float64
    )
    last: FloatArray = by_item[index.item_of]
    return last
