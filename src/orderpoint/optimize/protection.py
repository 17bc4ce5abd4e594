"""What a compiled loop over series needs of a snapshot: money, offers and days, as plain arrays.

Today's order through an offer is on sale from period a (arrival); the next order, one review later, from period b.
Today's order decides the cost of periods a..b-1, the *window*; periods 0..b-1 are the *protection interval*.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.order_shares import order_shares
from orderpoint.optimize.prospects import prospects
from orderpoint.stockflow.lead_times import LATEST_SD, delay, period_from
from orderpoint.stockflow.spoilage import keeping
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.supply import Supply

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Lines(NamedTuple):
    """Per series, shape (n,) unless said: stock, money and limits.

    `receipts` (n, B). The offers of series i are `first_offer[i]` to `first_offer[i + 1]` (n + 1,). `least_price`:
    the lowest unit cost among its offers.
    """

    on_hand: FloatArray
    receipts: FloatArray
    holding: FloatArray
    stockout: FloatArray
    backlog: NDArray[np.bool_]
    unit_cost: FloatArray
    service_target: FloatArray
    min_stock: FloatArray
    max_stock: FloatArray
    orderable: NDArray[np.bool_]
    first_offer: IntArray
    least_price: FloatArray


class Offers(NamedTuple):
    """Per offer, shape (k,): see `tables.supply`.

    `joint_share`: the part of its supplier's order cost that an offer bears in the long run (`order_shares`).
    `next_day`: the day, from today, on which the next order arrives. The price breaks of offer o are `first_break[o]`
    to `first_break[o + 1]` (k + 1,) of `break_quantity` and `break_price`. `fade`: mean demand of the window after
    the next as a share of this one's where demand falls, else 1. `sellable`: units that can still be sold after the
    next review, inf without an end of life.
    """

    arrival: IntArray
    next_arrival: IntArray
    arrival_day: FloatArray
    next_day: FloatArray
    lead_days: FloatArray
    sd_days: FloatArray
    unit_cost: FloatArray
    order_cost: FloatArray
    joint_share: FloatArray
    moq: FloatArray
    pack: FloatArray
    max_quantity: FloatArray
    open_today: NDArray[np.bool_]
    first_break: IntArray
    break_quantity: FloatArray
    break_price: FloatArray
    fade: FloatArray
    sellable: FloatArray


class Clock(NamedTuple):
    """The periods, and the luck of lead times.

    `days` (B,): length of each period; `starts` (B + 1,): first day of each, from today. `early`, `late` (paths,):
    standard normal scores of the lead times of today's and of the next order on each path.
    """

    days: FloatArray
    starts: FloatArray
    early: FloatArray
    late: FloatArray


class Setting(NamedTuple):
    """All that a loop over series reads beside the demand."""

    lines: Lines
    offers: Offers
    clock: Clock


def rows_of(lines: Lines, first: int, last: int) -> Lines:
    """The series first..last-1; the arrays end one row later, where the offers of the last series do."""
    rows = slice(first, last + 1)
    return Lines._make(array[rows] for array in lines)


def setting_of(snapshot: Snapshot, demand: Demand, periods: int, paths: int) -> Setting:
    """The setting of a snapshot for `paths` paths of `periods` periods; `demand` is that of the horizon."""
    clock = _clock(snapshot, periods, paths)
    return Setting(_lines(snapshot, demand, periods), _offers(snapshot, demand, clock), clock)


def _lines(snapshot: Snapshot, demand: Demand, periods: int) -> Lines:
    """The series of a snapshot over `periods` periods; beyond the horizon nothing is due.

    What of the stock will spoil before the order after today's arrives is not there.
    """
    costs, stock = snapshot.costs, snapshot.stock
    receipts = np.zeros((len(snapshot.index), periods))
    shared = min(periods, snapshot.timeline.count)
    receipts[:, :shared] = stock.receipts[:, :shared]
    return Lines(
        on_hand=keeping(snapshot, demand).stock.on_hand,
        receipts=receipts,
        holding=costs.holding_cost_per_unit_day,
        stockout=costs.stockout_cost_per_unit,
        backlog=costs.backlog,
        unit_cost=costs.unit_cost,
        service_target=costs.service_target,
        min_stock=costs.min_stock,
        max_stock=costs.max_stock,
        orderable=snapshot.orderable & (costs.min_stock <= costs.max_stock),
        first_offer=snapshot.supply.offsets.astype(np.int64),
        least_price=np.minimum.reduceat(snapshot.supply.unit_cost, snapshot.supply.offsets[:-1]),
    )


def _offers(snapshot: Snapshot, demand: Demand, clock: Clock) -> Offers:
    """The offers of a snapshot."""
    supply = snapshot.supply
    next_arrival = supply.next_arrival_period.astype(np.int64)
    breaks = [step for offer in supply.price_breaks for step in offer.steps]
    counts = [len(offer.steps) for offer in supply.price_breaks]
    fade, sellable = prospects(snapshot, demand)
    return Offers(
        arrival=supply.arrival_period.astype(np.int64),
        next_arrival=next_arrival,
        arrival_day=supply.arrival_day.astype(np.float64),
        next_day=_next_days(supply, clock),
        lead_days=supply.lead_time_days,
        sd_days=supply.lead_time_sd_days,
        unit_cost=supply.unit_cost,
        order_cost=supply.order_cost,
        joint_share=order_shares(snapshot, demand),
        moq=supply.moq,
        pack=supply.pack,
        max_quantity=supply.max_quantity,
        open_today=supply.takes_orders_today,
        first_break=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        break_quantity=np.array([quantity for quantity, _ in breaks], dtype=np.float64),
        break_price=np.array([price for _, price in breaks], dtype=np.float64),
        fade=fade,
        sellable=sellable,
    )


def _next_days(supply: Supply, clock: Clock) -> FloatArray:
    """Days from today until the next order arrives: a review after today's, within the period that `Supply` names."""
    period = np.minimum(supply.next_arrival_period.astype(np.int64), len(clock.days))
    after = supply.arrival_day + supply.review_days
    days: FloatArray = np.clip(after, clock.starts[period - 1] + 1.0, clock.starts[period])
    return days


def _clock(snapshot: Snapshot, periods: int, paths: int) -> Clock:
    """Days of the first `periods` periods, and lead-time scores that are spread evenly over the paths."""
    timeline = replace(snapshot.timeline, count=periods)
    days = np.array([timeline.days(k) for k in range(periods)], dtype=np.float64)
    starts = np.concatenate([[0.0], np.cumsum(days)])
    return Clock(days, starts, _scores(paths, (5**0.5 - 1) / 2), _scores(paths, 2**0.5 - 1))


def _scores(paths: int, ratio: float) -> FloatArray:
    """Normal quantiles at a Kronecker sequence: even over any run of paths, so unrelated to their levels."""
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import, needed once

    scores: FloatArray = ndtri((0.5 + ratio * np.arange(paths)) % 1.0)
    return scores


def periods_needed(snapshot: Snapshot) -> int:
    """Periods until the next order has surely arrived, for every offer."""
    supply = snapshot.supply
    late = np.ceil(LATEST_SD * supply.lead_time_sd_days / snapshot.timeline.period.mean_days)
    return int((supply.next_arrival_period + late).max(initial=1))


@njit(cache=True)
def arrivals(setting: Setting, o: int, j: int) -> tuple[int, int]:
    """Periods from which today's and the next order through offer `o` are on sale on path `j`; orders never cross.

    A random lead time follows the law of `stockflow.lead_times`.
    """
    offers, clock = setting.offers, setting.clock
    last = len(clock.days)
    if offers.sd_days[o] <= 0.0:
        return min(offers.arrival[o], last), min(offers.next_arrival[o], last)
    day = offers.arrival_day[o] + delay(offers.lead_days[o], offers.sd_days[o], clock.early[j])
    first = period_from(clock.starts, day)
    then = period_from(clock.starts, offers.next_day[o] + delay(offers.lead_days[o], offers.sd_days[o], clock.late[j]))
    return first, max(first, then)
