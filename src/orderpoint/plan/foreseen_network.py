"""Orders that lie ahead where places feed each other: the whole network played on, on the mean demand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.foreseen import ForeseenOrders
from orderpoint.simulate.by_levels import by_levels, days_of
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Feeds, Upkeep

FloatArray = NDArray[np.float64]


def network_orders(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, kept: Upkeep, feeds: Feeds
) -> ForeseenOrders:
    """What places order from outside at later reviews, as `kept` up and supplied by `feeds`, if demand is its mean.

    The stock has to be known. The demand of a place that feeds others is that of all whom it feeds.
    """
    supply, offer = snapshot.supply, decisions.offer
    horizon = snapshot.timeline.count
    first, then = (periods[offer].astype(np.int64) for periods in (supply.arrival_period, supply.next_arrival_period))
    certain = replace(snapshot, supply=replace(supply, lead_time_sd_days=np.zeros(len(supply.supplier))))
    played = by_levels(certain, decisions, days_of(snapshot, horizon), kept)
    ahead = ended(stretched(demand, horizon + int(then.max(initial=1))), snapshot.catalog)
    stock, coming, bought = played.watch(np.ascontiguousarray(ahead.mean[:, :horizon], np.float32))
    bought[:, :1] = 0.0  # today's are decided, not foreseen
    series, period = np.nonzero(bought > 0.0)
    wanted = np.cumsum(np.pad(feeds.passing(ahead.mean), ((0, 0), (1, 0))), axis=1)
    return ForeseenOrders(
        series=series.astype(np.int64),
        offer=offer[series].astype(np.int64),
        order_period=period.astype(np.int64),
        arrival_period=period + first[series],
        quantity=bought[series, period],
        stock=stock[series, period],
        coming=coming[series, period],
        demand=wanted[series, period + then[series]] - wanted[series, period],
    )
