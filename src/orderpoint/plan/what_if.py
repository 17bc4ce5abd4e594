"""One change of plans: demand, stock and money before and after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.base import Fitted
from orderpoint.forecast.effects.promotions import told_by_price
from orderpoint.forecast.features.planned import plan_of
from orderpoint.plan.case import PlanCase
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import CalendarEvent, EventKind, Known

Floats = NDArray[np.float64]
SAME = 1e-6
"""Relative difference below which two prices or demands are the same."""
BEYOND = 1.25
"""A price so many times above the greatest, or below the least, is one that the history cannot tell of."""


@dataclass(frozen=True, slots=True)
class Change:
    """What would be done otherwise on the days `first` to `last`, both included.

    `items`: whose price or promotion changes (() for all); `location` None for all. `price` in money per unit,
    `promotion` a depth in (0, 1]; None leaves them. `event`: a calendar event on those days, whose effect is the one
    learned of its name, or `uplift`.
    """

    first: date
    last: date
    items: tuple[str, ...] = ()
    location: str | None = None
    price: float | None = None
    promotion: float | None = None
    event: str | None = None
    uplift: float | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """Demand under one set of plans, today's orders for it, what they are expected to cost, and prices (n, H).

    Prices are NaN where none is known.
    """

    demand: Demand
    decisions: Decisions
    evaluation: Evaluation
    price: Floats

    @property
    def revenue(self) -> Floats:
        """Money that each series takes over the horizon, if all demand is served; (n,)."""
        return np.asarray((self.demand.mean * self.price).sum(axis=1))


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Before and after the change; `rows` (n,): the series that it speaks of.

    `unseen`: the least and the greatest price that they have had, where the new one lies far outside; else None.
    """

    before: Outcome
    after: Outcome
    rows: NDArray[np.bool_]
    unseen: tuple[float, float] | None = None

    @property
    def elasticity(self) -> float | None:
        """By how many per cent demand falls where the price rises by one.

        None where demand does not answer a price, or the price is one that the history cannot tell of.

        The logarithm of demand after over before, over that of the prices, summed over the periods whose price changes
        and weighed by their demand before.
        """
        if self.unseen is not None:
            return None
        old, new = self.before.price, self.after.price
        lower, upper = self.before.demand.mean, self.after.demand.mean
        there = (
            (old > 0) & (new > 0) & (np.abs(new / np.where(old > 0, old, 1.0) - 1.0) > SAME) & (lower > 0) & (upper > 0)
        )
        if not there.any() or np.allclose(lower[there], upper[there], rtol=SAME):
            return None
        answer = np.log(upper[there] / lower[there]) / np.log(new[there] / old[there])
        return float((answer * lower[there]).sum() / lower[there].sum())


def what_if(case: PlanCase, change: Change) -> WhatIf:
    """Forecast and decide twice with one fitted model: as things are planned, and with the change."""
    fitted = case.forecaster.fit(case.sales, case.known)
    changed = with_change(case, change)
    index = case.snapshot.index
    rows = np.ones(len(index), np.bool_)
    if change.items:
        rows &= np.isin(np.array(index.item_names()), change.items)
    if change.location is not None:
        rows &= np.array(index.location_names()) == change.location
    return WhatIf(
        _outcome(case, fitted, case.known), _outcome(case, fitted, changed), rows, _unseen(case, change, rows)
    )


def _unseen(case: PlanCase, change: Change, rows: NDArray[np.bool_]) -> tuple[float, float] | None:
    """`WhatIf.unseen`."""
    plan = plan_of(case.sales, case.known, case.sales.timeline)
    if change.price is None or not plan.price.size:
        return None
    least, most = (np.where(np.isfinite(plan.price[rows]), plan.price[rows], empty) for empty in (np.inf, -np.inf))
    least, most = least.min(axis=1), most.max(axis=1)
    there = np.isfinite(least) & np.isfinite(most)
    far = (change.price < least / BEYOND) | (change.price > most * BEYOND)
    return (float(least[there].min()), float(most[there].max())) if (far & there).any() else None


def _outcome(case: PlanCase, fitted: Fitted, known: Known) -> Outcome:
    demand = fitted.demand(case.snapshot.timeline.count, known)
    decisions = case.policy.decide(case.snapshot, demand)
    evaluation = case.policy.evaluate(case.snapshot, demand, decisions)
    return Outcome(demand, decisions, evaluation, _price(case, known))


def _price(case: PlanCase, known: Known) -> Floats:
    """Price (n, H) of each period ahead: as planned, else as it is, else NaN."""
    history, ahead = case.sales.timeline, case.snapshot.timeline
    usual = case.snapshot.costs.price[:, None]
    whole = Timeline(history.first, history.period, history.count + ahead.count)
    planned = plan_of(case.sales, known, whole)
    if not (planned.ahead and planned.price.size):
        return np.repeat(usual, ahead.count, axis=1)
    price = planned.price[:, history.count :].astype(np.float64)
    return np.where(np.isfinite(price), price, usual)


def with_change(case: PlanCase, change: Change) -> Known:
    """What is known, with the change planned; after its last day the earlier plan holds again."""
    known = case.known
    if change.event is not None:
        days = (change.last - change.first).days + 1
        events = tuple(
            CalendarEvent(
                change.first + timedelta(days=k),
                change.event,
                _kind(known, change.event),
                change.location,
                change.uplift,
            )
            for k in range(days)
        )
        known = replace(known, calendar=(*known.calendar, *events))
    if change.price is None and change.promotion is None:
        return known
    return replace(known, prices=_prices(case, change))


def _kind(known: Known, name: str) -> EventKind:
    """The kind that an event of this name has in the calendar; a promotion where there is none."""
    return next((event.kind for event in known.calendar if event.event == name), "promotion")


def _prices(case: PlanCase, change: Change) -> pl.DataFrame:
    """The table of prices with the change's rows, and rows that end it on the day after, unless that day has its own.

    A promotion alone changes the price, too, where those of the past were nothing but cuts of it.
    """
    table = case.known.prices
    index, usual = case.snapshot.index, case.snapshot.costs.price
    rows, cuts = [], are_cuts(case)
    for row, (item, place) in enumerate(index.pairs()):
        if (change.items and item not in change.items) or change.location not in (None, place):
            continue
        before = _in_force(table, item, place, change.last) or (float(usual[row]), 0.0)
        after_day = change.last + timedelta(days=1)
        price = before[0] if change.price is None else change.price
        if change.price is None and change.promotion is not None and cuts and before[1] < 1 > change.promotion:
            price = before[0] / (1.0 - before[1]) * (1.0 - change.promotion)
        depth = before[1] if change.promotion is None else change.promotion
        rows.append((change.first, item, place, price, depth))
        if not _has_row(table, item, place, after_day):
            rows.append((after_day, item, place, *before))
    names = ("date", "item", "location", "price", "promotion")
    types = (pl.Date, pl.String, pl.String, pl.Float64, pl.Float64)
    added = pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")
    if table is None:
        return added
    kept = table
    if "location" not in kept.columns:
        kept = kept.with_columns(pl.lit(None, pl.String).alias("location"))
    if change.price is not None or change.promotion is not None:
        during = pl.col("date").is_between(change.first, change.last)
        mine = pl.col("item").is_in(change.items) if change.items else pl.lit(value=True)
        here = (
            pl.lit(value=True)
            if change.location is None
            else pl.col("location").fill_null(change.location) == change.location
        )
        kept = kept.filter(~(during & mine & here))
    return pl.concat([kept, added], how="diagonal_relaxed")


def are_cuts(case: PlanCase) -> bool:
    """Whether the promotions of the past are cuts of the price by their depth."""
    plan = plan_of(case.sales, case.known, case.sales.timeline)
    if not (plan.ahead and plan.price.size and plan.promotion.size):
        return False
    return told_by_price(np.log(np.where(plan.price > 0, plan.price, 1.0)).astype(np.float32), plan.promotion)


def _has_row(table: pl.DataFrame | None, item: str, place: str, day: date) -> bool:
    """Whether the table begins something for a series on that very day."""
    return table is not None and not _of_series(table, item, place).filter(pl.col("date") == day).is_empty()


def _of_series(table: pl.DataFrame, item: str, place: str) -> pl.DataFrame:
    mine = table.filter(pl.col("item") == item)
    if "location" not in mine.columns:
        return mine
    return mine.filter(pl.col("location").is_null() | (pl.col("location") == place))


def _in_force(table: pl.DataFrame | None, item: str, place: str, day: date) -> tuple[float, float] | None:
    """Price and promotion that the table has for a series on `day`; None where it says nothing."""
    if table is None:
        return None
    mine = _of_series(table, item, place).filter(pl.col("date") <= day)
    if mine.is_empty():
        return None
    last = mine.sort("date", maintain_order=True).row(-1, named=True)
    price = last.get("price")
    return (float("nan") if price is None else float(price)), float(last.get("promotion") or 0.0)
