"""Demand beyond the forecast, up to an item's end of life or while goods keep: what stock left over can be sold to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.stockflow.spoilage import life_in_periods
from orderpoint.tables.ahead import ended, ends_of_life, stretched
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

FADING = 0.9
"""A fall of demand to less than this share of today's is taken for an end; less is taken for weather, and so is one
after which demand comes back within the forecast: a week that is closed ends nothing."""


def prospects(snapshot: Snapshot, demand: Demand) -> tuple[FloatArray, FloatArray]:
    """(fade, sellable) of each offer, shape (k,): see `protection.Offers`."""
    supply = snapshot.supply
    rows = np.repeat(np.arange(len(snapshot.index)), np.diff(supply.offsets))
    first, then = supply.arrival_period.astype(np.int64), supply.next_arrival_period.astype(np.int64)
    review = then - first
    ahead = ended(stretched(demand, max(int((then + review).max(initial=1)), demand.timeline.count)), snapshot.catalog)
    sums = np.concatenate([np.zeros((len(ahead.mean), 1)), np.cumsum(ahead.mean, axis=1)], axis=1)
    window = sums[rows, then] - sums[rows, first]
    coming = sums[rows, then + review] - sums[rows, then]
    last = ahead.timeline.count
    later = (sums[rows, last] - sums[rows, then]) / np.maximum(last - then, 1) * review
    share = np.divide(np.maximum(coming, later), window, out=np.ones_like(window), where=window > 0)
    ends = ends_of_life(snapshot.index, snapshot.timeline, snapshot.catalog)[rows]
    pace = np.divide(window, review)
    known = sums[rows, np.minimum(ends, ahead.timeline.count).astype(np.int64)] - sums[rows, review]
    ending = np.isfinite(ends)
    beyond = np.maximum(np.where(ending, ends, 0.0) - ahead.timeline.count, 0.0) * pace
    sellable = np.where(ending, np.maximum(known + beyond, 0.0), np.inf)
    keeps = np.maximum(life_in_periods(snapshot)[rows] - review, 0.0)
    spoils = np.isfinite(keeps)
    sellable = np.where(spoils, np.minimum(sellable, np.where(spoils, keeps, 0.0) * pace), sellable)
    return np.where(share < FADING, share, 1.0), sellable
