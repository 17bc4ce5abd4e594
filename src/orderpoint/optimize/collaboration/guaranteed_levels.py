"""Base stocks of guaranteed service: each item's network of places, with the times and promises that they state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.profile import Profile
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.optimize.network.guaranteed import GuaranteedService
from orderpoint.optimize.network.placement import place
from orderpoint.optimize.network.pooling import pooled_mean, pooled_spread
from orderpoint.tables.families.normal import normal_quantile
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

MOST_RATIO = 0.999
"""The demand that is covered at most: what lies beyond is met some other way."""


def guaranteed_levels(snapshot: Snapshot, structure: Structure, profile: Profile) -> FloatArray:
    """(n,): mean demand and safety stock over each series' net replenishment time, periods of a day.

    A place works `stage_time_days` (where it says nothing: the lead time of the slowest arc to it) and its review; from
    outside goods take the lead time of its offer. Customers are promised `max_service_time_days` (no wait where nothing
    is said).
    """
    network, index = snapshot.network, snapshot.index
    graph, n = structure.graph, len(index)
    count = len(index.locations)
    none = np.full(n, np.nan)
    stated = none if network is None else network.stage_time_days[:count][index.location_of]
    promised = none if network is None else network.max_service_time_days[:count][index.location_of]
    review = profile.cover_days - profile.fed_days
    time = np.where(np.isnan(stated), np.where(structure.fed, profile.fed_days, 0.0), stated) + review
    outside = np.where(structure.orders, snapshot.supply.lead_time_days[snapshot.supply.offsets[:-1]], 0.0)
    ends = ~structure.feeds | (profile.rate > 0.0)
    longest = np.where(ends, np.where(np.isnan(promised), 0.0, np.floor(np.nan_to_num(promised))), 2.0**40)
    ratio = np.minimum(profile.waiting / (profile.waiting + profile.holding), MOST_RATIO)
    z = np.array([max(normal_quantile(r), 0.0) if r > 0.0 else 0.0 for r in ratio])
    mean = pooled_mean(graph, profile.rate)
    spread = pooled_spread(graph, z * np.sqrt(profile.rate * profile.dispersion))
    problem = GuaranteedService(
        graph=graph,
        holding_cost=profile.holding,
        stage_time=np.ceil(time).astype(np.int64),
        spread=spread,
        max_service_time=longest.astype(np.int64),
        inbound_time=np.ceil(outside).astype(np.int64),
    )
    placed = place(problem)
    return mean * placed.net_replenishment_time + placed.safety_stock
