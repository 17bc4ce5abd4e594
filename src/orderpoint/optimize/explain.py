"""One sentence for each order line: its numbers, why the quantity, and what limited it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.messages import Language, say
from orderpoint.messages.reasons import REASONS
from orderpoint.optimize.foreseen import ForeseenOrders
from orderpoint.optimize.gain import expected_gain
from orderpoint.optimize.order_reasons import order_reasons
from orderpoint.optimize.shared_reasons import shared_reasons
from orderpoint.optimize.spoken import chance, money, one_more, risk_change, said_day, units
from orderpoint.stockflow.spoilage import keeping, spoiling
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

BY_MONEY = "cut_by_budget"
"""The reason of a cut where lines are weighed by money; any other weighs them by service."""

SPOILED = 0.5
"""Units that will have spoilt, from which on a reason tells of them."""

SOLD_ELSEWHERE = 0.05
"""Units expected to be sold where an order arrives, below which it is there to be sent on."""


def reasons(
    snapshot: Snapshot,
    demand: Demand,
    decisions: Decisions,
    worth: tuple[Evaluation, Evaluation],
    language: Language = Language.EN,
) -> list[str]:
    """A sentence for each line with quantity > 0, in row order.

    `worth`: the evaluations of ordering nothing, and of `decisions`.
    """
    before, after = worth
    rows = [int(row) for row in np.flatnonzero(decisions.quantity > 0)]
    then = snapshot.supply.next_arrival_period[decisions.offer].astype(np.int64)
    coming = _until(snapshot.stock.receipts, then)
    spoiled = spoiling(snapshot, demand)
    ahead = ended(stretched(demand, int(then.max(initial=1))), snapshot.catalog)
    wanted = _until(ahead.mean, then)
    now = (before.cost - after.cost)[rows].tolist()
    gains = expected_gain(snapshot, demand, decisions, worth)[rows].tolist()
    days = {
        int(k): said_day(snapshot.timeline.start(int(k)), snapshot.timeline.first, language)
        for k in np.unique(then[rows])
    }
    sentences = []
    usable = keeping(snapshot, demand)
    shared, paid = shared_reasons(snapshot, decisions, money, language), order_reasons(usable, decisions, language)
    figures = _figures(snapshot, decisions, (coming, wanted, spoiled), rows)
    for i, line, saved, gain in zip(rows, figures, now, gains, strict=True):
        risk = float(before.stockout_risk[i]), float(after.stockout_risk[i])
        short = float(before.short[i]), float(after.short[i])
        blanks = {
            "stock": units(line.stock),
            "owed": units(-line.stock),
            "coming": units(line.coming),
            "demand": units(line.wanted),
            "until": days[line.until],
            "quantity": units(line.quantity),
            "risk": risk_change(risk, short, language),
            "saved": money(gain),
            "extra": money(-gain),
            "target": chance(line.target),
            "minimum": units(line.minimum),
            "level": units(line.level),
            "days": units(line.lasts),
            "spoiled": units(line.spoiled),
        }
        key = _why(line, saved, gain)
        if snapshot.network is not None and line.wanted < SOLD_ELSEWHERE:
            key = "order_for_network"
        elif key == "order_for_later" and gain <= 0.0 and decisions.cut_reason != BY_MONEY:
            key = "order_for_most_service"
        bound = shared[i] if i in shared else _limits(usable, decisions, i, line.coming, language)
        gone = say(REASONS, "spoils", language, **blanks) if line.spoiled >= SPOILED else ""
        sentences.append(say(REASONS, key, language, **blanks) + gone + bound + paid.get(i, ""))
    return sentences


class _Line(NamedTuple):
    """The figures of one order line: units, `target` a share, `until` a period, `lasts` days."""

    stock: float
    coming: float
    wanted: float
    spoiled: float
    quantity: float
    level: float
    target: float
    minimum: float
    until: int
    lasts: float


def _figures(
    snapshot: Snapshot, decisions: Decisions, sums: tuple[FloatArray, FloatArray, FloatArray], rows: list[int]
) -> Iterator[_Line]:
    """The figures of each of `rows`; `sums` until the next order arrives: open orders, demand, stock spoiled, (n,)."""
    coming, wanted, spoiled = (values[rows] for values in sums)
    then = snapshot.supply.next_arrival_period[decisions.offer[rows]].astype(np.int64)
    periods, place = np.unique(then, return_inverse=True)
    first = snapshot.timeline.first
    days = np.array([(snapshot.timeline.start(int(k)) - first).days for k in periods], dtype=np.float64)[place]
    stock, quantity = snapshot.stock.on_hand[rows], decisions.quantity[rows]
    held = np.maximum(stock - spoiled, 0.0) + coming + quantity
    lasts = np.where(wanted > 0.0, np.round(held * days / np.where(wanted > 0.0, wanted, 1.0)), 0.0)
    costs, level = snapshot.costs, decisions.order_up_to[rows]
    asked = costs.service_target[rows], costs.min_stock[rows]
    columns = (stock, coming, wanted, spoiled, quantity, level, *asked, then, lasts)
    return (_Line(*values) for values in zip(*(column.tolist() for column in columns), strict=True))


def foreseen_reasons(
    snapshot: Snapshot, orders: ForeseenOrders, feeding: IntArray, language: Language = Language.EN
) -> list[str]:
    """A sentence for each line of `orders`; `feeding`: the series that feed others."""
    sent_on = np.isin(orders.series, feeding)
    today = snapshot.timeline.first
    days = {int(k): said_day(snapshot.timeline.start(int(k)), today, language) for k in np.unique(orders.order_period)}
    return [
        say(
            REASONS,
            "foreseen_to_send_on" if sent_on[k] else "foreseen",
            language,
            day=days[int(orders.order_period[k])],
            stock=units(round(float(orders.stock[k]))),
            coming=units(round(float(orders.coming[k]))),
            demand=units(orders.demand[k]),
        )
        for k in range(len(orders.series))
    ]


def _why(line: _Line, saved: float, gain: float) -> str:
    """The key of the sentence that tells what the order is for.

    `saved`: money until the next order arrives; `gain`: with the fixed costs of later orders that it spares.
    """
    if line.minimum > max(line.stock - line.spoiled + line.coming, 0.0):
        return "order_for_minimum"
    if saved > 0.0:
        return "order_owed" if line.stock < 0.0 else "order"
    return "order_for_service" if line.target > 0.0 and gain <= 0.0 else "order_for_later"


def _limits(snapshot: Snapshot, decisions: Decisions, i: int, coming: float, language: Language) -> str:
    """What bound the quantity, or nothing."""
    supply, o, quantity = snapshot.supply, decisions.offer[i], decisions.quantity[i]
    if decisions.shadow_price[i] > 0.0:
        return say(
            REASONS,
            decisions.cut_reason,
            language,
            one=one_more(snapshot, language),
            shadow=money(decisions.shadow_price[i]),
        )
    pack = max(float(np.ceil(supply.pack[o])), 1.0)
    starts = [supply.moq[o], *(float(step) for step, _ in supply.price_breaks[o].steps)]
    if quantity > 1.0 and any(quantity == np.ceil(start / pack) * pack for start in starts):
        return say(REASONS, "least_lot", language, quantity=units(quantity))
    if quantity + pack > supply.max_quantity[o]:
        return say(REASONS, "most_lot", language, quantity=units(supply.max_quantity[o]))
    if snapshot.stock.on_hand[i] + coming + quantity + pack > snapshot.costs.max_stock[i]:
        return say(REASONS, "full_shelf", language, maximum=units(snapshot.costs.max_stock[i]))
    return ""


def _until(values: FloatArray, period: IntArray) -> FloatArray:
    """Sum of each row of (n, H) before its `period` (n,), shape (n,)."""
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    total: FloatArray = sums[np.arange(len(values)), np.minimum(period, values.shape[1])]
    return total
