"""Playing ways of ordering on the last part of a history, each seeing only what it could have known then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.simulate.kpis import Kpis, Observed, kpis_of
from orderpoint.stockflow.flow import play as flow_of
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.sales import Sales
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.stock import Stock

FloatArray = NDArray[np.float64]

Forecast = Callable[[Sales, int], Demand]
"""A history and a number of periods in, the demand of those periods out."""


class Decider(Protocol):
    """The part of a policy that a backtest needs."""

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of the day."""
        ...


@dataclass(frozen=True)
class Contestant:
    """A way of ordering: how it forecasts and how it decides."""

    name: str
    forecast: Forecast
    policy: Decider


@dataclass(frozen=True)
class Stretch:
    """The part of the history that is played.

    `periods` periods from `first` on, a decision at the start of every `step`-th.
    """

    first: int
    periods: int
    step: int


@dataclass(frozen=True, eq=False)
class Played:
    """What happened, float64 (n, periods) in units.

    `ordered` by the period of the decision, `left` at period ends (below zero: waiting), `short`.
    """

    ordered: FloatArray
    left: FloatArray
    short: FloatArray
    demand: FloatArray


MOST_DECISIONS = 13
"""Decisions that are played after the first order could arrive: a quarter of a year of weekly ones."""

SHORTEST_STEP_DAYS = 7
"""Decisions are played at most weekly: who orders more often is played as if weekly."""


def choose_stretch(sales: Sales, snapshot: Snapshot) -> Stretch | None:
    """The last part of the history that can be played, or None where the history is too short for any.

    It has room for the usual lead time and 13 reviews of the usual length, at least 2; the first half is never played.
    """
    history = sales.timeline.count
    offers = snapshot.supply.offsets[:-1]
    arrival = snapshot.supply.arrival_period[offers]
    cycle = snapshot.supply.next_arrival_period[offers] - arrival
    week = round(SHORTEST_STEP_DAYS / sales.timeline.period.mean_days)
    step = max(1, week, int(np.median(cycle)))
    usual = int(np.median(arrival))
    reviews = min(MOST_DECISIONS, (history // 2 - usual) // step)
    if reviews < 2:
        return None
    periods = usual + reviews * step
    return Stretch(history - periods, periods, step)


def play(
    sales: Sales, hidden_demand: FloatArray, snapshot: Snapshot, contestant: Contestant, stretch: Stretch
) -> Played:
    """Play one contestant over the stretch.

    `hidden_demand` float64 (n, stretch.periods) is what customers wanted; the contestant never sees it, only the real
    history before each decision. Every series opens with the mean demand of one lead time and review on hand and
    nothing on its way. Lead times are as expected; sales are lost or wait as `costs.backlog` says.
    """
    n, horizon = len(snapshot.index), snapshot.timeline.count
    snapshot = _reviewed_every(stretch.step, snapshot)
    arriving = np.zeros((n, stretch.periods + horizon + 1))
    on_hand = _opening(sales, snapshot, stretch)
    ordered, left, short = (np.zeros((n, stretch.periods)) for _ in range(3))
    every = _reviews_per_order(snapshot, stretch)
    for number, t in enumerate(range(0, stretch.periods, stretch.step)):
        now = stretch.first + t
        seen = _state_at(snapshot, sales.timeline.start(now), on_hand, arriving[:, t : t + horizon])
        decisions = contestant.policy.decide(seen, contestant.forecast(sales_before(sales, now), horizon))
        ordered[:, t] = np.where(number % every == 0, decisions.quantity, 0.0)
        lead = np.minimum(snapshot.supply.arrival_period[decisions.offer], horizon)
        np.add.at(arriving, (np.arange(n), t + lead), ordered[:, t])
        until = slice(t, min(t + stretch.step, stretch.periods))
        flow = flow_of(on_hand, arriving[:, until], hidden_demand[:, until], snapshot.costs.backlog)
        left[:, until], short[:, until] = flow.left, flow.short
        on_hand = flow.left[:, -1]
    return Played(ordered, left, short, hidden_demand)


def _reviewed_every(step: int, snapshot: Snapshot) -> Snapshot:
    """The state with no review cycle shorter than `step` periods.

    And every supplier taking orders on the days played.
    """
    supply = snapshot.supply
    following = np.maximum(supply.next_arrival_period, supply.arrival_period + step).astype(np.int32)
    always = np.ones(len(supply.supplier), dtype=np.bool_)
    return replace(snapshot, supply=replace(supply, next_arrival_period=following, takes_orders_today=always))


def _reviews_per_order(snapshot: Snapshot, stretch: Stretch) -> NDArray[np.int64]:
    """How many of the stretch's decisions make one review cycle of each series, at least 1."""
    offers = snapshot.supply.offsets[:-1]
    cycle = snapshot.supply.next_arrival_period[offers] - snapshot.supply.arrival_period[offers]
    return np.maximum(1, np.round(cycle / stretch.step)).astype(np.int64)


def _opening(sales: Sales, snapshot: Snapshot, stretch: Stretch) -> FloatArray:
    before = sales_before(sales, stretch.first)
    recent = slice(max(0, stretch.first - max(1, round(91 / sales.timeline.period.mean_days))), stretch.first)
    seen = before.observed()[:, recent]
    total = np.where(seen, before.quantity[:, recent], 0.0).sum(axis=1, dtype=np.float64)
    rate = total / np.maximum(seen.sum(axis=1), 1)
    result: FloatArray = np.ceil(rate * snapshot.supply.next_arrival_period[snapshot.supply.offsets[:-1]])
    return result


def _state_at(snapshot: Snapshot, today: date, on_hand: FloatArray, receipts: FloatArray) -> Snapshot:
    """What the shop would have seen on the morning of `today`.

    Nothing of today's real state is kept but supply and costs; limits over many lines are not (a sample is played).
    """
    n, horizon = receipts.shape
    timeline = Timeline(today, snapshot.timeline.period, horizon)
    stock = Stock(on_hand, receipts.copy(), np.zeros(n), known=True)
    everything = np.ones(n, dtype=np.bool_)
    return replace(snapshot, timeline=timeline, stock=stock, orderable=everything, budget=None, shared=None)


def costs_by_period(played: Played, snapshot: Snapshot, days: FloatArray) -> FloatArray:
    """Holding, ordering and stockout cost of all series in each period, (periods,), over the cells that `judge` scores.

    `days` (periods,): the length of each.
    """
    costs, first = snapshot.costs, snapshot.supply.offsets[:-1]
    scored = _scored(snapshot, len(days))
    holding = costs.holding_cost_per_unit_day[:, None] * np.maximum(played.left, 0.0) * days
    missed = np.where(costs.backlog[:, None], np.maximum(-played.left, 0.0) * days, played.short)
    ordering = snapshot.supply.order_cost[first][:, None] * (played.ordered > 0)
    total = holding + ordering + costs.stockout_cost_per_unit[:, None] * missed
    result: FloatArray = np.where(scored, total, 0.0).sum(axis=0)
    return result


def _scored(snapshot: Snapshot, periods: int) -> NDArray[np.bool_]:
    """(n, periods): the cells from the first that an order of the stretch's first day could reach."""
    arrival = snapshot.supply.arrival_period[snapshot.supply.offsets[:-1]].astype(np.int64)
    result: NDArray[np.bool_] = np.arange(periods)[None, :] >= arrival[:, None]
    return result


def judge(name: str, played: Played, snapshot: Snapshot, timeline: Timeline) -> Kpis:
    """The figures of one contestant, from the first period that its first order could reach in each series.

    `timeline` holds the periods that were played.
    """
    first = snapshot.supply.offsets[:-1]
    scored = _scored(snapshot, timeline.count)
    days = np.array([timeline.days(k) for k in range(timeline.count)], dtype=np.float64)
    lines = ((played.ordered > 0) & scored).sum(axis=1)
    seen = Observed(
        scored=scored,
        days=days,
        demand=played.demand,
        short=played.short,
        out=played.short > 0,
        stock_days=np.where(scored, np.maximum(played.left, 0.0), 0.0) @ days,
        waiting_days=np.where(scored, np.maximum(-played.left, 0.0), 0.0) @ days,
        orders=(int(lines.sum()), float((lines * snapshot.supply.order_cost[first]).sum())),
    )
    return kpis_of(name, seen, snapshot.costs)
