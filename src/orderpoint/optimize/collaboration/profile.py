"""What the methods of a network ask of each series: its pace, its spread, its money, and the days it must cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.optimize.lost_sales import patience
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

LEAST_HOLDING = 1e-9
"""Money per unit and day below which holding is taken for this: a stock that costs nothing has no best level."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Of n series, float64 (n,), in the smallest unit of each series' network (`unit_sizes`).

    `rate` units of own customers a day, `dispersion` variance over mean of that demand while stock must cover it;
    `holding` money per unit and day, patience included; `waiting` money per unit that waits and day. `cover_days`: days
    that its stock must cover, `fed_days`: the lead time from the slowest source that feeds it, or from outside, and
    `review_days`.
    """

    rate: FloatArray
    dispersion: FloatArray
    holding: FloatArray
    waiting: FloatArray
    cover_days: FloatArray
    fed_days: FloatArray
    review_days: FloatArray


def profile_of(snapshot: Snapshot, demand: Demand, structure: Structure) -> Profile:
    """The profile of every series, where `snapshot` is seen from within: a place that is fed waits for what feeds it.

    Days are those until the period in which an arrival is on sale. A place that customers come to covers its lead time
    and a review. One that feeds others covers its lead time, the period of arrival (what comes in today leaves with the
    next decision), and as much of its review as is longer than theirs. Demand is what is expected while the network
    refills: over the cover of a series and of all that feed it; a random lead time widens it. A sale lost is a wait of
    one review: that gives the newsvendor's ratio p / (p + h review). What is sold out while goods are on their way
    needs no replacement, so where sales are lost holding counts more: `lost_sales.patience` of the way from outside in
    reviews, and of what a unit lost costs over one held for a review.
    """
    supply, costs, days = snapshot.supply, snapshot.costs, snapshot.period_days()
    first = supply.offsets[:-1]
    lead = _start_of(days, supply.arrival_period[first])
    review = _start_of(days, supply.next_arrival_period[first]) - lead
    shortest = np.full(len(first), np.inf)
    np.minimum.at(shortest, structure.source, review[structure.target])
    cover = lead + np.where(structure.feeds, days[0] + np.maximum(review - shortest, 0.0), review)
    through = cover.copy()
    for s, t in _forward(structure):
        through[t] = max(through[t], cover[t] + through[s])
    rate, dispersion = _pace(snapshot, demand, through, cover)
    dispersion += rate * supply.lead_time_sd_days[first] ** 2 / np.maximum(cover, 1.0)
    size = structure.units.size
    rate, dispersion = rate * size, dispersion * size
    unweighed = np.maximum(costs.holding_cost_per_unit_day, LEAST_HOLDING)
    alone = patience(np.maximum(through - review, 0.0) / review, costs.stockout_cost_per_unit / (unweighed * review))
    holding = unweighed * _patience(structure, np.where(costs.backlog, 0.0, rate), rate, alone) / size
    waiting = np.where(costs.backlog, costs.stockout_cost_per_unit, costs.stockout_cost_per_unit / review) / size
    return Profile(rate, dispersion, holding, waiting, cover, lead, review)


def _patience(structure: Structure, lost: FloatArray, rate: FloatArray, alone: FloatArray) -> FloatArray:
    """(n,): by how much holding counts more: `alone` where sales are lost, its mean over all that a place feeds."""
    weight, total = lost * alone + (rate - lost), rate.copy()
    for s, t in reversed(_forward(structure)):
        weight[s] += weight[t]
        total[s] += total[t]
    return np.where(total > 0.0, weight / np.maximum(total, 1e-300), 1.0)


def _start_of(days: FloatArray, period: NDArray[np.int32]) -> FloatArray:
    """Days from today to the start of each of `period`, which may lie beyond the horizon."""
    starts = np.concatenate([[0.0], np.cumsum(days)])
    known = np.minimum(period, len(days))
    return np.asarray(starts[known] + (period - known) * days.mean())


def _pace(snapshot: Snapshot, demand: Demand, through: FloatArray, cover: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(units a day over `through` days, variance over mean of the demand of `cover` days)."""
    days = snapshot.period_days()
    ends = np.cumsum(days)
    last = np.minimum(np.searchsorted(ends, through - 1e-9), len(days) - 1)
    sums = np.cumsum(demand.mean, axis=1)[np.arange(len(last)), last]
    rate = sums / ends[last]
    whole = demand.sum_over(0, demand.timeline.count - 1)
    total = demand.mean.sum(axis=1)
    level = demand.level_cv2 * total**2
    ratio = np.where(total > 0.0, (whole.variances() - level) / np.maximum(total, 1e-300), 1.0)
    return rate, np.maximum(ratio + demand.level_cv2 * rate * cover, 1.0)


def _forward(structure: Structure) -> list[tuple[int, int]]:
    """The arcs, every source's own suppliers first."""
    rows = np.argsort(structure.graph.place[structure.source], kind="stable")
    return list(zip(structure.source[rows].tolist(), structure.target[rows].tolist(), strict=True))
