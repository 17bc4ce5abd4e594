"""What may run out and what will not sell, before it happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.messages import say
from orderpoint.messages.risks import RISKS
from orderpoint.optimize.spoken import units
from orderpoint.plan.case import PlanCase
from orderpoint.plan.risk_views import RiskView, risk_views
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

LIKELY = 0.25
"""Probability of running out from which a series is listed."""

STRONG_DEMAND = 0.95
"""Overstock is what even this quantile of the horizon's demand leaves over."""

STOCKOUT = {
    True: {False: "stockout_before_arrival", True: "stockout_close"},
    False: {False: "stockout_later", True: "stockout_by_chance"},
}
"""Key of the sentence, by whether stock may run out before today's order arrives, and is enough on average."""

SCHEMA = dict(OUTPUTS["risks"])


def risks_table(case: PlanCase, demand: Demand, decisions: Decisions, after: Evaluation) -> pl.DataFrame:
    """The contract's risks.csv, sorted by kind, then by money at stake; empty where the stock is not known.

    stockout: with today's orders placed, the chance of running out before they arrive or until the next ones do;
    `units` are expected to be short, `by` is the day on which the expected demand has used up the stock, at the latest
    that on which the order arrives. overstock: units beyond a strong demand (95 %) over the horizon at their cost;
    end_of_life: units beyond a strong demand until the item ends; expiry: units of dated lots that are expected to
    outlive their date. Stock is counted once today's transfers and further orders are on their way; places that feed
    others are judged by all that they feed, together.
    """
    if not case.snapshot.stock.known:
        return pl.DataFrame(schema=SCHEMA)
    views = risk_views(case, demand, decisions, after)
    rows = [row for view in views for part in (_stockouts, _surplus, _expiries) for row in part(view)]
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return table.sort(["kind", "value", "item", "location"], descending=[True, True, False, False])


def _stockouts(view: RiskView) -> Iterator[tuple[object, ...]]:
    snapshot, demand, decisions, after = view.snapshot, view.demand, view.decisions, view.evaluation
    count = demand.timeline.count
    supply, stock = snapshot.supply, snapshot.stock
    arrival = np.minimum(supply.arrival_period[decisions.offer].astype(np.int64), count)
    held = np.maximum(stock.on_hand, 0.0) + _received(stock.receipts, arrival)
    early = np.where(arrival > 0, 1.0 - demand.sum_over(0, arrival - 1).cdf(held), 0.0)
    probability = np.maximum(early, after.stockout_risk)
    ends = np.where(early >= LIKELY, arrival, np.minimum(supply.next_arrival_period[decisions.offer], count))
    coming = _received(stock.receipts, ends)
    out_of = _run_out_period(stock.on_hand, stock.receipts, decisions.quantity, arrival, demand.mean)
    likely = (probability >= LIKELY) & (demand.mean.sum(axis=1) > 0) & snapshot.orderable
    names, places = snapshot.index.item_names(), snapshot.index.location_names()
    for i in np.flatnonzero(likely & view.told):
        soon, until, enough = bool(early[i] >= LIKELY), int(ends[i]), bool(out_of[i] >= ends[i])
        day = demand.timeline.start(min(int(out_of[i]), until))
        arrives = demand.timeline.start(until)
        if soon:
            arrives = snapshot.timeline.first + timedelta(days=int(supply.arrival_day[decisions.offer[i]]))
        reason = say(
            RISKS,
            STOCKOUT[soon][enough] + view.of,
            view.language,
            stock=units(stock.on_hand[i]),
            coming=units(coming[i]),
            quantity=units(decisions.quantity[i]),
            mean=units(demand.mean[i, :until].sum()),
            arrives=arrives.isoformat(),
            by=day.isoformat(),
            probability=f"{early[i] if soon else probability[i]:.0%}",
        )
        at_stake = _rounded(after.short[i]), _rounded(float(after.stockout_cost[i]))
        yield names[i], places[i], "stockout", _rounded(probability[i]), *at_stake, day, reason


def _surplus(view: RiskView) -> Iterator[tuple[object, ...]]:
    """Overstock over the horizon, and stock left at an end of life."""
    snapshot, demand, last = view.snapshot, view.demand, view.demand.timeline.count - 1
    held = view.owned
    names, places = snapshot.index.item_names(), snapshot.index.location_names()
    ends = [snapshot.catalog.end_of_life[k] for k in snapshot.index.item_of]
    final = np.array([last if end is None else _last_period(snapshot, end, last) for end in ends], dtype=np.int64)
    total = demand.sum_over(0, final)
    means, strong, chance = total.means(), total.quantile(STRONG_DEMAND), total.cdf(held - 1.0)
    level = np.maximum(strong, snapshot.costs.min_stock)
    excess = np.floor(np.minimum(held - level, view.here))
    for i in np.flatnonzero((excess >= 1.0) & view.told):
        end = ends[i]
        kind = "end_of_life" if end is not None and end <= demand.timeline.end else "overstock"
        by = end if kind == "end_of_life" and end is not None else demand.timeline.end
        over = final[i] < 0
        reason = say(
            RISKS,
            "ended" if over else kind + view.of,
            view.language,
            held=f"{(view.here if over else held)[i]:,.0f}",
            mean=units(means[i]),
            strong=f"{strong[i]:,.0f}",
            by=by.isoformat(),
            excess=f"{excess[i]:,.0f}",
        )
        money = float(excess[i] * snapshot.costs.unit_cost[i])
        yield names[i], places[i], kind, _rounded(chance[i]), float(excess[i]), _rounded(money), by, reason


def _expiries(view: RiskView) -> Iterator[tuple[object, ...]]:
    """Dated lots that are not expected to sell in time, first expired first out: a series' worst date, if any."""
    snapshot, demand = view.snapshot, view.demand
    expiring, here = snapshot.stock.expiring, view.dated_here
    if expiring is None or here is None or not expiring.any():
        return
    dated = np.cumsum(expiring, axis=1)
    lost, chance, at = (np.zeros(len(dated)) for _ in range(3))
    for period in np.flatnonzero(expiring.any(axis=0)):
        until = demand.sum_over(0, int(period) - 1)
        left = np.minimum(until.expected_left(dated[:, period]), here[:, period])
        wasted = np.where(expiring[:, period] > 0, left, 0.0)
        worse = wasted > lost
        at, chance = np.where(worse, period, at), np.where(worse, until.cdf(dated[:, period] - 1.0), chance)
        lost = np.maximum(lost, wasted)
    names, places = snapshot.index.item_names(), snapshot.index.location_names()
    for i in np.flatnonzero((lost >= 1.0) & view.told):
        day = demand.timeline.start(int(at[i]))
        held, excess = f"{here[i, int(at[i])]:,.0f}", f"{lost[i]:,.0f}"
        reason = say(RISKS, "expiry" + view.of, view.language, held=held, by=day.isoformat(), excess=excess)
        worth = _rounded(lost[i] * snapshot.costs.unit_cost[i])
        yield names[i], places[i], "expiry", _rounded(chance[i]), _rounded(lost[i]), worth, day, reason


def _last_period(snapshot: Snapshot, end: date, last: int) -> int:
    """Index of the last period in which an item that ends on `end` sells; -1 where it has ended."""
    return min(last, snapshot.timeline.index_of(end)) if end >= snapshot.timeline.first else -1


def _received(receipts: FloatArray, until: NDArray[np.int64]) -> FloatArray:
    """Units received in the periods before `until` (n,), shape (n,)."""
    cumulative = np.concatenate([np.zeros((len(receipts), 1)), np.cumsum(receipts, axis=1)], axis=1)
    return cumulative[np.arange(len(receipts)), np.minimum(until, receipts.shape[1])]


def _run_out_period(
    on_hand: FloatArray, receipts: FloatArray, quantity: FloatArray, arrival: NDArray[np.int64], mean: FloatArray
) -> NDArray[np.int64]:
    """The first period whose expected demand the stock cannot meet; the horizon's length where it can meet all."""
    supplied = on_hand[:, None] + np.cumsum(receipts, axis=1)
    supplied += np.where(np.arange(mean.shape[1])[None, :] >= arrival[:, None], quantity[:, None], 0.0)
    lacking = np.cumsum(mean, axis=1) > supplied
    first: NDArray[np.int64] = np.where(lacking.any(axis=1), lacking.argmax(axis=1), mean.shape[1])
    return first


def _rounded(value: float) -> float:
    return round(float(value), 4)
