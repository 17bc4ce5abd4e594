"""The orders that lie ahead: the same levels at every later review, on the mean demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.order_quantity import lots_of
from orderpoint.optimize.protection import Clock, Lines, Offers, Setting, setting_of
from orderpoint.optimize.upkeep import following_demand
from orderpoint.stockflow.equation import step
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Upkeep

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

QUANTITY, STOCK, COMING, WANTED = range(4)


@dataclass(frozen=True, eq=False)
class ForeseenOrders:
    """Orders of later reviews within the horizon, m lines sorted by series, then period; each array (m,).

    `series` and `offer` are rows; `order_period` and `arrival_period` count from today. `quantity` units. What they
    are foreseen from: `stock` on hand and `coming` open orders at that review, and `demand` until the order after
    arrives, all in units.
    """

    series: IntArray
    offer: IntArray
    order_period: IntArray
    arrival_period: IntArray
    quantity: FloatArray
    stock: FloatArray
    coming: FloatArray
    demand: FloatArray


def foreseen_orders(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, kept: Upkeep | None = None
) -> ForeseenOrders:
    """What the levels of `decisions` will order at later reviews if demand is what is expected.

    `kept`: how they are kept up over the horizon (None: levels follow the demand). None where the stock is not known.
    """
    supply, horizon = snapshot.supply, snapshot.timeline.count
    first, then = supply.arrival_period[decisions.offer], supply.next_arrival_period[decisions.offer]
    periods = int(horizon + then.max(initial=1))
    ahead = ended(stretched(demand, periods), snapshot.catalog)
    lines, offers, clock = setting_of(snapshot, demand, periods, 1)
    reviews = (then - first).astype(np.int64)
    columns = max(int((horizon - 1) // max(reviews.min(initial=1), 1)), 0) if snapshot.stock.known else 0
    table = np.zeros((len(snapshot.index), columns, 4))
    if columns:
        kept = kept or following_demand(snapshot, demand, decisions, horizon)
        planned = decisions.order_up_to > 0.0
        orders = (decisions.quantity, decisions.offer, kept.reorder_point, kept.order_up_to, planned, horizon)
        _roll(np.ascontiguousarray(ahead.mean), lines, offers, clock, orders, table)
    series, number = np.nonzero(table[:, :, QUANTITY] > 0)
    period = (number + 1) * reviews[series]
    found = table[series, number]
    return ForeseenOrders(
        series=series.astype(np.int64),
        offer=decisions.offer[series].astype(np.int64),
        order_period=period,
        arrival_period=period + first[series],
        quantity=found[:, QUANTITY],
        stock=found[:, STOCK],
        coming=found[:, COMING],
        demand=found[:, WANTED],
    )


@njit(cache=True, parallel=True)
def _roll(
    mean: FloatArray,
    lines: Lines,
    offers: Offers,
    clock: Clock,
    orders: tuple[FloatArray, IntArray, FloatArray, FloatArray, NDArray[np.bool_], int],
    table: FloatArray,
) -> None:
    quantity, offer, points, levels, planned, horizon = orders
    for i in prange(len(mean)):
        if lines.orderable[i] and planned[i]:
            setting, o = Setting(lines, offers, clock), offer[i]
            found = table[i, : _reviews(offers, o, horizon)]
            _roll_one(mean[i], setting, i, o, (quantity[i], points[i], levels[i]), found)


@njit(cache=True)
def _reviews(offers: Offers, o: int, horizon: int) -> int:
    """Later reviews that fall into the horizon."""
    return int((horizon - 1) // (offers.next_arrival[o] - offers.arrival[o]))


@njit(cache=True)
def _roll_one(
    mean: FloatArray,
    setting: Setting,
    i: int,
    o: int,
    kept: tuple[float, FloatArray, FloatArray],
    table: FloatArray,
) -> None:
    """One series: `kept` holds today's quantity, and the reorder point and order-up-to level of each period."""
    lines, offers = setting.lines, setting.offers
    today, points, levels = kept
    lead, span = offers.arrival[o], offers.next_arrival[o]
    due = lines.receipts[i].copy()
    due[lead] += today
    stock, t = lines.on_hand[i], 0
    for k in range(len(table)):
        review = (k + 1) * (span - lead)
        while t < review:
            stock = step(stock, due[t], mean[t], lines.backlog[i])[0]
            t += 1
        coming, wanted = due[review : review + span].sum(), mean[review : review + span].sum()
        level = levels[review]
        if stock + coming > points[review]:
            continue
        lots = lots_of(setting, i, o, stock + coming)
        packs = np.round((level - stock - coming) / lots.pack)
        quantity = min(max(packs * lots.pack, lots.least), lots.most)
        if lots.most < lots.least:
            continue
        due[review + lead] += quantity
        table[k, 0], table[k, 1], table[k, 2], table[k, 3] = quantity, stock, coming, wanted
