"""Orders from second suppliers within what the main orders leave of the limits that all lines share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.space import free, ordered
from orderpoint.optimize.limits.feasibility import fills
from orderpoint.optimize.shared_terms import CONTAINER_FILL, spent, terms_of
from orderpoint.tables.decisions import Decisions, OrderLines
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

ROUNDING = 1e-9
"""Money or volume by which a sum may pass its limit."""


def kept_lines(snapshot: Snapshot, decisions: Decisions, lines: OrderLines, saved: FloatArray) -> OrderLines | None:
    """The lines that budget and space still take, those of the highest return first, where their suppliers do too.

    `saved` (m,): money that each line saves. A supplier whose minimum or containers would not be kept gets no second
    lines; its main orders stay as they are.
    """
    costs = _money(snapshot, lines)
    kept = lines.quantity > 0.0
    money = np.inf if snapshot.budget is None else snapshot.budget - _main_money(snapshot, decisions).sum()
    room = free(snapshot) - ordered(snapshot, decisions)
    volume, place = _volume(snapshot, lines), snapshot.index.location_of[lines.series]
    for k in np.argsort(-saved / np.maximum(costs, 1e-300), kind="stable"):
        fits = costs[k] <= money + ROUNDING and (volume[k] <= room[place[k]] + ROUNDING or volume[k] <= 0.0)
        kept[k] &= fits
        money -= costs[k] if kept[k] else 0.0
        room[place[k]] -= volume[k] if kept[k] else 0.0
    kept &= _taken(snapshot, decisions, lines, kept)
    return OrderLines(lines.series[kept], lines.offer[kept], lines.quantity[kept]) if kept.any() else None


def _money(snapshot: Snapshot, lines: OrderLines) -> FloatArray:
    """(m,): what the lines cost, price breaks included."""
    supply = snapshot.supply
    rows = zip(lines.offer.tolist(), lines.quantity.tolist(), strict=True)
    return np.array(
        [q * supply.price_breaks[o].unit_price(q, float(supply.unit_cost[o])) if q else 0.0 for o, q in rows]
    )


def _main_money(snapshot: Snapshot, decisions: Decisions) -> FloatArray:
    return spent(snapshot, decisions.quantity, decisions.offer)


def _volume(snapshot: Snapshot, lines: OrderLines) -> FloatArray:
    """(m,): the volume of the lines."""
    shared = snapshot.shared
    return np.zeros(len(lines.series)) if shared is None else lines.quantity * shared.unit_volume[lines.series]


def _taken(snapshot: Snapshot, decisions: Decisions, lines: OrderLines, kept: BoolArray) -> BoolArray:
    """(m,): whether the supplier of each line gets its minimum order and full containers, main orders counted."""
    shared, terms = snapshot.shared, terms_of(snapshot, CONTAINER_FILL)
    if shared is None or terms is None:
        return np.ones(len(kept), np.bool_)
    supplier, count = shared.supplier_of(snapshot.supply), len(shared.suppliers)
    money, volume = np.zeros(count + 1), np.zeros(count + 1)  # the last is of suppliers that nothing is known of
    for offer, values in (
        (decisions.offer, _main_money(snapshot, decisions)),
        (lines.offer, _money(snapshot, lines) * kept),
    ):
        np.add.at(money, supplier[offer], values)
    np.add.at(volume, supplier[decisions.offer], decisions.quantity * shared.unit_volume)
    np.add.at(volume, supplier[lines.offer], _volume(snapshot, lines) * kept)
    content = [
        money[s] >= terms.minimum[s] - ROUNDING and fills(float(volume[s]), terms.container[s], terms.fill)
        for s in range(count)
    ]
    return np.array([*content, True], np.bool_)[supplier[lines.offer]]
