"""The offer that brings goods soonest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.snapshot import Snapshot

IntArray = NDArray[np.int64]


def faster_offers(snapshot: Snapshot, offer: IntArray) -> IntArray:
    """The offer of each series that arrives first of those that take orders today, (n,).

    The cheapest of equals; `offer` itself where none is faster.
    """
    supply = snapshot.supply
    series = np.repeat(np.arange(len(snapshot.index)), np.diff(supply.offsets))
    order = np.lexsort((supply.unit_cost, supply.arrival_day, ~supply.takes_orders_today, series))
    first = order[supply.offsets[:-1]].astype(np.int64)
    sooner = supply.arrival_day[first] < supply.arrival_day[offer]
    return np.where(supply.takes_orders_today[first] & sooner, first, offer)
