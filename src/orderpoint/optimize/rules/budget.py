"""Keeps the budget where rules ask for more than it holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.coordination import spent
from orderpoint.optimize.rules.effects import Effect
from orderpoint.optimize.rules.lots import allowed
from orderpoint.optimize.rules.scene import Scene
from orderpoint.tables.decisions import Binding, Decisions
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

ROUNDING = 1e-12
"""Share of the budget by which a sum in another order may differ."""


def within_budget(
    snapshot: Snapshot, decided: Decisions, claims: tuple[BoolArray, Scene], effects: list[Effect]
) -> Decisions:
    """The decisions, cut where they cost more than the budget; `effects` gets what was cut.

    `claims`: (where a rule set or raised the order, bool (n,); the scene that the rules were heard on). Money goes to
    what rules asked for first, within that to the highest risk of running out first; what does not fit whole is cut to
    the largest quantity that does.
    """
    further = 0.0 if decided.further is None else _further_money(snapshot, decided)
    money = spent(snapshot, decided.quantity, decided.offer)
    if snapshot.budget is None:
        return decided
    if money.sum() + further <= snapshot.budget * (1.0 + ROUNDING):
        return _with_use(decided, snapshot.budget, float(money.sum() + further))
    if further:  # second offers are given up before first ones
        decided, further = replace(decided, further=None), 0.0
    asked, scene = claims
    quantity = _paid(snapshot, decided, np.lexsort((-scene.stockout_risk, ~asked)))
    rows = np.flatnonzero(quantity < decided.quantity)
    blanks = {"before": decided.quantity[rows], "after": quantity[rows]}
    effects.append(Effect("", "budget", "rule_budget", rows, blanks))
    used = float(spent(snapshot, quantity, decided.offer).sum())
    return _with_use(replace(decided, quantity=quantity), snapshot.budget, used)


def _paid(snapshot: Snapshot, decided: Decisions, order: NDArray[np.intp]) -> FloatArray:
    """The quantities that the budget pays for, (n,), series served in `order`."""
    supply, lots = snapshot.supply, allowed(snapshot, decided.offer)
    money = spent(snapshot, decided.quantity, decided.offer)
    dearest = np.array(
        [max([supply.unit_cost[k], *(price for _, price in supply.price_breaks[k].steps)]) for k in decided.offer]
    )
    quantity, left = np.zeros(len(money)), float(snapshot.budget or 0.0)
    for row in order[decided.quantity[order] > 0.0]:
        units, cost = decided.quantity[row], money[row]
        if cost > left:
            units = min(np.floor(left / dearest[row] / lots.pack[row]) * lots.pack[row], units)
            units = units if units >= lots.least[row] else 0.0
            cost = units * dearest[row]
        quantity[row] = units
        left -= cost
    return quantity


def _further_money(snapshot: Snapshot, decided: Decisions) -> float:
    """Money of the orders from second offers."""
    lines, supply = decided.further, snapshot.supply
    if lines is None:
        return 0.0
    prices = [
        supply.price_breaks[k].unit_price(float(q), float(supply.unit_cost[k]))
        for k, q in zip(lines.offer, lines.quantity, strict=True)
    ]
    return float((lines.quantity * np.array(prices)).sum())


def _with_use(decided: Decisions, budget: float, used: float) -> Decisions:
    """The decisions with what is now spent of the budget; rules put no price on it where the algorithm put none."""
    shown = next((b for b in decided.binding if b.kind == "budget"), Binding("budget", "", budget, used, 0.0))
    others = tuple(b for b in decided.binding if b.kind != "budget")
    return replace(decided, binding=(replace(shown, used=used), *others))
