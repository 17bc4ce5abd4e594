"""How decisions are kept up at later reviews: the levels follow the demand, unless the policy says otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import KeepsUp, Upkeep

FloatArray = NDArray[np.float64]

LEAST_SHARE = 0.1
"""A level that covers today's demand more than ten times is there for something else: it rises with later demand as if
it covered ten times."""


def upkeep_of(policy: object, snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> Upkeep:
    """How `policy` keeps `decisions` up over `periods` periods from today."""
    if isinstance(policy, KeepsUp):
        return policy.upkeep(snapshot, demand, decisions, periods)
    return following_demand(snapshot, demand, decisions, periods)


def following_demand(snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> Upkeep:
    """Today's levels times the mean demand of the protection interval of a review over that of today's.

    Within the least and the most stock of each series.
    """
    change = change_of_demand(snapshot, demand, decisions, periods)
    return within_stock_limits(
        snapshot, decisions.reorder_point[:, None] * change, decisions.order_up_to[:, None] * change
    )


def within_stock_limits(snapshot: Snapshot, point: FloatArray, level: FloatArray) -> Upkeep:
    """Levels (n, T) within the least and the most stock of each series, the reorder point below the level."""
    least, most = snapshot.costs.min_stock[:, None], snapshot.costs.max_stock[:, None]
    level = np.minimum(np.maximum(level, least), most)
    return Upkeep(np.minimum(np.maximum(point, least - 1.0), level - 1.0), level)


def change_of_demand(snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> FloatArray:
    """(n, periods): mean demand from each period until the order after it arrives, over the same from today."""
    span = snapshot.supply.next_arrival_period[decisions.offer].astype(np.int64)
    ahead = ended(stretched(demand, periods + int(span.max(initial=1))), snapshot.catalog)
    sums = np.concatenate([np.zeros((len(span), 1)), np.cumsum(ahead.mean, axis=1)], axis=1)
    until = np.arange(periods) + span[:, None]
    wanted = np.take_along_axis(sums, until, axis=1) - sums[:, :periods]
    today = np.maximum(wanted[:, :1], LEAST_SHARE * np.maximum(decisions.order_up_to[:, None], 1.0))
    return np.asarray(wanted / today)
