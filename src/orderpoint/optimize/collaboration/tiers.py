"""What it is worth that the places of a network tell each other what customers buy (`bullwhip`), on the demand ahead.

An item's network is looked at as a chain: the places from which the longest way down to customers is as long are one
stage, with the mean lead time, holding and shortage cost of their goods. Both chains get the same paths of what
customers will ask for in all; the level of demand is taken as known, so that what varies is what comes from day to day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from orderpoint.domain.calendar import Period
from orderpoint.optimize.collaboration.bullwhip import Chain, SideBySide, side_by_side
from orderpoint.optimize.scenarios import scenarios
from orderpoint.tables.ahead import stretched
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Feeds

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PATHS = 32
COUNTED = 64
"""Periods that are counted after the chain has run in."""
WINDOW = {Period.DAY: 28, Period.WEEK: 8, Period.MONTH: 6}
"""Periods of the moving average from which every stage forecasts."""


@dataclass(frozen=True, eq=False)
class Tiers:
    """One item's network as a chain: `places` (k,), the series of each stage, customers' first; and both plays of it.

    `window`: periods of the moving average, `counted`: those of the play. Money is of a period.
    """

    places: tuple[tuple[int, ...], ...]
    window: int
    counted: int
    played: SideBySide


def tiers_of(
    snapshot: Snapshot, demand: Demand, fed: tuple[Feeds, FloatArray], rows: IntArray, seed: int
) -> Tiers | None:
    """The network of the series `rows`, seen from within; None where nobody asks for anything.

    `fed`: who feeds whom, and the mean demand that passes each series, (n,).
    """
    feeds, passing = fed
    mean = demand.mean.mean(axis=1)
    tier = _tier(feeds, rows, len(mean))
    if mean[rows].sum() <= 0.0:
        return None
    supply, days = snapshot.supply, snapshot.timeline.period.mean_days
    lead = supply.arrival_period[supply.offsets[:-1]].astype(np.float64)
    stages = [rows[tier == k] for k in range(int(tier.max()) + 1)]
    weights = [np.where(passing[stage].sum() > 0.0, passing[stage], 1.0) for stage in stages]
    leads = np.array([np.average(lead[s], weights=w) for s, w in zip(stages, weights, strict=True)])
    held = snapshot.costs.holding_cost_per_unit_day * days
    holding = np.array([np.average(held[s], weights=w) for s, w in zip(stages, weights, strict=True)])
    costs = snapshot.costs
    review = (supply.next_arrival_period - supply.arrival_period)[supply.offsets[:-1]]
    waiting = np.where(costs.backlog, costs.stockout_cost_per_unit * days, costs.stockout_cost_per_unit / review)
    penalty = float(np.average(waiting[rows], weights=mean[rows]))
    window = WINDOW[snapshot.timeline.period]
    least = float(holding[0])
    chance = penalty / (penalty + least) if penalty + least > 0.0 else 0.5
    safety = float(np.clip(ndtri(chance), 0.0, 4.0))
    chain = Chain(np.rint(leads).astype(np.int64), holding, penalty, window, safety)
    return Tiers(
        tuple(tuple(stage.tolist()) for stage in stages),
        window,
        COUNTED,
        side_by_side(chain, _asked(demand, rows, chain, seed), _warm_up(chain)),
    )


def _tier(feeds: Feeds, rows: IntArray, count: int) -> IntArray:
    """(r,): the most arcs from each of `rows` down to a place that feeds nobody."""
    height = np.zeros(count, np.int64)
    mine = np.flatnonzero(np.isin(feeds.source, rows))
    for k in mine[np.argsort(-feeds.place[feeds.source[mine]], kind="stable")].tolist():
        height[feeds.source[k]] = max(height[feeds.source[k]], height[feeds.target[k]] + 1)
    return height[rows]


def _warm_up(chain: Chain) -> int:
    """Periods until the start no longer tells: those of the average, and of all lead times twice."""
    return chain.window + 2 * int(chain.lead.sum() + len(chain.lead))


def _asked(demand: Demand, rows: IntArray, chain: Chain, seed: int) -> FloatArray:
    """(PATHS, periods): what customers of all places ask for, the forecast's last week repeated where it ends."""
    periods = _warm_up(chain) + COUNTED
    steady = stretched(replace(demand, level_cv2=np.zeros_like(demand.level_cv2)), periods)
    first, last = int(rows.min()), int(rows.max())  # the places of an item stand together
    paths = scenarios(steady, PATHS, seed, slice(first, last + 1))
    return np.asarray(paths[rows - first].sum(axis=0, dtype=np.float64))
