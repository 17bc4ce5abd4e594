"""Decisions played on: today's orders as decided, and at each later review up to the levels behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.simulate.sums import Money
from orderpoint.stockflow.general import Story, play_general
from orderpoint.stockflow.lead_times import lead_time_table
from orderpoint.stockflow.placed import fixed_costs, moved
from orderpoint.stockflow.places import Links, Places, Supplied, links, places
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

LEAD_TIMES = 64
"""Equally likely lead times that stand for a random one."""


@dataclass(frozen=True, eq=False)
class Played:
    """n series as places with one link each, over T periods: `receipts`, `price` (n, T), `days` (T,)."""

    places: Places
    links: Links
    receipts: FloatArray
    price: FloatArray
    days: FloatArray
    money: Money

    def play(self, demand: NDArray[np.float32], first: int, seed: int, warm_up: int = 0) -> FloatArray:
        """(rows, paths, tally.COLUMNS) for the series from `first` on, whose demand is (rows, paths, T)."""
        rows = slice(first, first + len(demand))
        made = Places._make(column[rows] for column in self.places)
        lines = Links._make(column[rows] for column in self.links)
        some = Supplied.alone(made, lines, offset=first)
        return play_general(some, Story(demand, self.receipts[rows], self.price[rows], self.days, warm_up), seed)


def by_levels(snapshot: Snapshot, decisions: Decisions, days: FloatArray) -> Played:
    """What `decisions` set in motion, over periods of `days` (T,) days from today.

    Reviews come every `next_arrival_period - arrival_period` periods of the offer chosen today, whatever the supplier's
    order days; orders keep its MOQ, pack and maximum, and never cross. Units on hand are as new, and live for the
    item's shelf life. Goods are bought at the offer's price without breaks. Where the lead time is certain, today's
    order arrives in the period that the supply table names.
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
        reorder_point=np.where(snapshot.orderable, decisions.reorder_point, -np.inf),
        order_up_to=decisions.order_up_to,
        review=review,
        first_review=review,
        first_order=decisions.quantity,
        first_lead=np.where(sd > 0, -1, supply.arrival_period[offer]),
        shelf_life=shelf_lives(snapshot, period),
    )
    lines = links(
        n,
        target=np.arange(n),
        moq=supply.moq[offer],
        pack=np.maximum(supply.pack[offer], 1.0),
        most=supply.max_quantity[offer],
        leads=lead_time_table(supply.lead_time_days[offer], sd, period, LEAD_TIMES if sd.any() else 1),
    )
    return Played(
        made,
        lines,
        _receipts(stock.receipts, len(days)),
        _prices(snapshot, len(days)),
        days,
        money_of(snapshot, decisions),
    )


def money_of(snapshot: Snapshot, decisions: Decisions) -> Money:
    """What the units and orders of each series cost with the offers that were chosen."""
    supply, offer, costs = snapshot.supply, decisions.offer, snapshot.costs
    order_cost = supply.order_cost[offer]
    further = fixed_costs(snapshot, decisions) - np.where(decisions.quantity > 0, order_cost, 0.0)
    return Money(
        holding=costs.holding_cost_per_unit_day,
        stockout=costs.stockout_cost_per_unit,
        backlog=costs.backlog,
        order_cost=order_cost,
        unit_cost=supply.unit_cost[offer],
        fixed=further,
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
