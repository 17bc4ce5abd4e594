"""Orders that lie ahead where places feed each other: the whole network played on, on the mean demand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.foreseen import ForeseenOrders
from orderpoint.simulate.by_levels import Played, by_levels, days_of
from orderpoint.simulate.fed import from_outside
from orderpoint.stockflow import tally
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

    The demand of a place that feeds others is that of all whom it feeds. None where the stock is not known.
    """
    supply, offer, n = snapshot.supply, decisions.offer, len(snapshot.index)
    horizon = snapshot.timeline.count if snapshot.stock.known else 0
    first, then = (periods[offer].astype(np.int64) for periods in (supply.arrival_period, supply.next_arrival_period))
    certain = replace(snapshot, supply=replace(supply, lead_time_sd_days=np.zeros(len(supply.supplier))))
    played = by_levels(certain, decisions, days_of(snapshot, horizon), kept)
    ahead = ended(stretched(demand, horizon + int(then.max(initial=1))), snapshot)
    ordered, stock = _by_period(played, ahead.mean[:, :horizon])
    bought = np.round(ordered * from_outside(n, feeds)[:, None])
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
        coming=_coming(played.receipts, ordered, first)[series, period],
        demand=wanted[series, period + then[series]] - wanted[series, period],
    )


def _by_period(played: Played, mean: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n, T) each: units ordered in every period, and units on hand as it begins.

    The simulator counts from a period on; what it counts from one period on and not from the next is that period's.
    """
    n, periods = mean.shape
    path = np.ascontiguousarray(mean[:, None, :], np.float32)
    since, stock = np.zeros((n, periods + 1)), np.zeros((n, periods))
    for t in range(periods):
        table = played.play(path, 0, 0, warm_up=t)[:, 0]
        since[:, t], stock[:, t] = table[:, tally.ORDERED], table[:, tally.OPENED]
    return since[:, :-1] - since[:, 1:], stock


def _coming(receipts: FloatArray, ordered: FloatArray, lead: NDArray[np.int64]) -> FloatArray:
    """(n, T): units on their way as each period begins; an order comes `lead` (n,) periods later."""
    n, periods = ordered.shape
    arriving = np.zeros((n, 2 * periods + int(lead.max(initial=0)) + 1))
    arriving[:, :periods] = receipts
    rows, period = np.nonzero(ordered)
    np.add.at(arriving, (rows, period + lead[rows]), ordered[rows, period])
    placed = np.cumsum(ordered, axis=1) - ordered
    gone = np.cumsum(arriving, axis=1)[:, :periods] - arriving[:, :periods]
    return np.asarray(receipts.sum(axis=1, keepdims=True) + placed - gone)
