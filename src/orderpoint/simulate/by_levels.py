"""Decisions played on: today's orders as decided, and at each later review up to the levels behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.simulate.fed import from_outside, in_order_of_flow, moving_cost, with_feeds
from orderpoint.simulate.sums import Money
from orderpoint.stockflow.general import Story, play_general, watch_general
from orderpoint.stockflow.group import WATCHED
from orderpoint.stockflow.lead_times import lead_time_table
from orderpoint.stockflow.placed import fixed_costs, moved
from orderpoint.stockflow.places import Links, Places, Supplied, links, places
from orderpoint.stockflow.tally import BOUGHT, COLUMNS
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Feeds, Upkeep

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAD_TIMES = 64
"""Equally likely lead times that stand for a random one."""


@dataclass(frozen=True, eq=False)
class Played:
    """n series as places, and the ways on which they are supplied, over T periods.

    `receipts`, `price` (n, T); `levels` (2, n, T): reorder points and order-up-to levels; `days` (T,). The first n of
    `links` are those from outside, one for each series; `feeds`: those between them. `moved_in` (n,): units that
    transfers of today bring within the T periods; they come as receipts do, but are not bought.
    """

    places: Places
    links: Links
    receipts: FloatArray
    price: FloatArray
    levels: FloatArray
    days: FloatArray
    money: Money
    moved_in: FloatArray
    feeds: Feeds | None = None

    def play(self, demand: NDArray[np.float32], first: int, seed: int, warm_up: int = 0) -> FloatArray:
        """(rows, paths, tally.COLUMNS) for the series from `first` on, whose demand is (rows, paths, T).

        Series that feed each other are all among them or none.
        """
        rows = np.arange(first, first + len(demand))
        if self.feeds is None:
            world, back = Supplied.alone(self.places.take(rows), self.links.take(rows)), rows - first
        else:
            world, back = self._fed(self.feeds, rows)
        table = np.empty((len(rows), demand.shape[1], COLUMNS))
        table[back] = play_general(world, self._story(demand[back], rows[back], warm_up), seed)
        table[..., BOUGHT] -= self.moved_in[rows, None]
        return table

    def watch(self, demand: NDArray[np.float32]) -> FloatArray:
        """(WATCHED, n, T): all series on one path of demand (n, T), period by period (`general.watch_general`)."""
        rows = np.arange(len(demand))
        if self.feeds is None:
            world, back = Supplied.alone(self.places, self.links), rows
        else:
            world, back = self._fed(self.feeds, rows)
        seen = np.empty((WATCHED, *demand.shape))
        seen[:, back] = watch_general(world, self._story(demand[back, None], back, 0), 0)
        return seen

    def _fed(self, feeds: Feeds, rows: IntArray) -> tuple[Supplied, IntArray]:
        """The world of the series `rows` in the order of flow, and where among them each place of it stands."""
        flow = in_order_of_flow(feeds, rows)
        lines = self.links._replace(source=flow.source, target=flow.target)
        world = Supplied(self.places.take(flow.rows), lines.take(flow.links), flow.place_start, flow.link_start)
        return world, flow.rows - rows[0]

    def _story(self, demand: NDArray[np.float32], rows: IntArray, warm_up: int) -> Story:
        return Story(demand, self.receipts[rows], self.price[rows], self.days, warm_up, self.levels[:, rows])


def by_levels(snapshot: Snapshot, decisions: Decisions, days: FloatArray, kept: Upkeep) -> Played:
    """What `decisions` set in motion, and how they are `kept` up, over periods of `days` (T,) days from today.

    Reviews come every `next_arrival_period - arrival_period` periods of the offer chosen today, whatever the supplier's
    order days; orders keep its MOQ, pack and maximum, and never cross. Units on hand are as new, and live for the
    item's shelf life. Goods are bought at the offer's price without breaks. Where the lead time is certain, today's
    order arrives in the period that the supply table names. Places that feed others send what they owe as soon as they
    have it.
    """
    supply, offer, costs = snapshot.supply, decisions.offer, snapshot.costs
    n, period = len(offer), snapshot.timeline.period.mean_days
    review = (supply.next_arrival_period - supply.arrival_period)[offer].astype(np.int64)
    sd = supply.lead_time_sd_days[offer]
    stock = moved(snapshot, decisions).stock
    made = places(
        n,
        opening=stock.on_hand,
        backlog=costs.backlog,
        review=review,
        first_review=review,
        first_order=decisions.quantity,
        first_lead=np.where(sd > 0, -1, supply.arrival_period[offer]),
        shelf_life=shelf_lives(snapshot, period),
    )
    outside = links(
        n,
        target=np.arange(n),
        share=from_outside(n, kept.feeds),
        moq=supply.moq[offer],
        pack=np.maximum(supply.pack[offer], 1.0),
        most=supply.max_quantity[offer],
        leads=lead_time_table(supply.lead_time_days[offer], sd, period, LEAD_TIMES if sd.any() else 1),
    )
    point = np.where(snapshot.orderable[:, None], kept.reorder_point, -np.inf)
    return Played(
        made,
        outside if kept.feeds is None else with_feeds(outside, kept.feeds),
        _receipts(stock.receipts, len(days)),
        _prices(snapshot, len(days)),
        np.stack([point, kept.order_up_to]),
        days,
        money_of(snapshot, decisions, kept),
        _moved_in(n, decisions, len(days)),
        kept.feeds,
    )


def _moved_in(n: int, decisions: Decisions, periods: int) -> FloatArray:
    """(n,): units of today's transfers that arrive within `periods` periods."""
    moves = decisions.transfers
    if moves is None:
        return np.zeros(n)
    seen = moves.arrival_period < periods
    return np.bincount(moves.target[seen], moves.quantity[seen], n).astype(np.float64)


def money_of(snapshot: Snapshot, decisions: Decisions, kept: Upkeep | None = None) -> Money:
    """What the units, orders and moves of each series cost with the offers that were chosen."""
    supply, offer, costs = snapshot.supply, decisions.offer, snapshot.costs
    order_cost = supply.order_cost[offer]
    further = fixed_costs(snapshot, decisions) - np.where(decisions.quantity > 0, order_cost, 0.0)
    return Money(
        holding=costs.holding_cost_per_unit_day,
        stockout=costs.stockout_cost_per_unit,
        backlog=costs.backlog,
        order_cost=order_cost,
        unit_cost=supply.unit_cost[offer],
        fixed=further if kept is None or kept.moving is None else further + kept.moving,
        moving=moving_cost(len(offer), None if kept is None else kept.feeds),
    )


def days_of(snapshot: Snapshot, periods: int) -> FloatArray:
    """Length in days of each of `periods` periods from today, (periods,)."""
    line = replace(snapshot.timeline, count=periods)
    return np.array([line.days(k) for k in range(periods)], dtype=np.float64)


def _receipts(known: FloatArray, periods: int) -> FloatArray:
    """(n, periods): open orders by period; beyond the horizon nothing is due."""
    receipts = np.zeros((len(known), periods))
    shared = min(periods, known.shape[1])
    receipts[:, :shared] = known[:, :shared]
    return receipts


def _prices(snapshot: Snapshot, periods: int) -> FloatArray:
    """(n, periods): money per unit sold; unit cost where no price is known, so that nothing is earned."""
    price = np.where(np.isnan(snapshot.costs.price), snapshot.costs.unit_cost, snapshot.costs.price)
    return np.repeat(price[:, None], periods, axis=1)


def shelf_lives(snapshot: Snapshot, period_days: float) -> NDArray[np.int64]:
    """Whole periods that goods of each series can be sold, (n,); 0 where they keep."""
    by_item = [0 if life is None else max(int(life // period_days), 1) for life in snapshot.catalog.shelf_life_days]
    return np.array(by_item, np.int64)[snapshot.index.item_of]
