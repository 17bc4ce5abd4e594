"""How decisions are kept up at later reviews: the levels follow the demand, unless the policy says otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.prospects import ended, stretched
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import KeepsUp, Upkeep

FloatArray = NDArray[np.float64]

LEAST_DEMAND = 1e-9
"""Units in a protection interval; a level is not followed from less."""


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
    least, most = snapshot.costs.min_stock[:, None], snapshot.costs.max_stock[:, None]
    level = np.minimum(np.maximum(decisions.order_up_to[:, None] * change, least), most)
    point = np.maximum(decisions.reorder_point[:, None] * change, least - 1.0)
    return Upkeep(np.minimum(point, level - 1.0), level)


def change_of_demand(snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> FloatArray:
    """(n, periods): mean demand from each period until the order after it arrives, over the same from today."""
    span = snapshot.supply.next_arrival_period[decisions.offer].astype(np.int64)
    ahead = ended(stretched(demand, periods + int(span.max(initial=1))), snapshot)
    sums = np.concatenate([np.zeros((len(span), 1)), np.cumsum(ahead.mean, axis=1)], axis=1)
    until = np.arange(periods) + span[:, None]
    wanted = np.take_along_axis(sums, until, axis=1) - sums[:, :periods]
    return np.asarray(wanted / np.maximum(wanted[:, :1], LEAST_DEMAND))
