"""What rules ask of today's orders where limits that many lines share do not leave it all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.rules.lots import allowed
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.set_orders import at_their_word, traced
from orderpoint.optimize.shared_curves import Wanted, furthest
from orderpoint.stockflow.spoilage import keeping
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

FIRST = 1e-3
"""Of its unit cost: by how much more a unit that a rule asks for counts than the best that nobody asked for."""


@dataclass(frozen=True, eq=False)
class Claims:
    """Of n series: `rule`, the name of the rule that set or raised the order, "" where none did; `most` units (inf)."""

    rule: tuple[str, ...]
    most: FloatArray

    @property
    def asked(self) -> NDArray[np.bool_]:
        """(n,): whether a rule asks for the order."""
        return np.array([bool(name) for name in self.rule], np.bool_)


@dataclass(frozen=True, eq=False)
class Curves:
    """Curves of the same quantities: `weighed`, where claims of rules come first, and `worth`, in money."""

    weighed: Wanted
    worth: Wanted


def curves_of(snapshot: Snapshot, demand: Demand, orders: Decisions, claims: Claims, sampling: Sampling) -> Curves:
    """What fewer units of each order save, and more where a supplier's terms may need them, within what rules allow.

    Every order is taken at its word (`set_orders`): whoever set it, its own quantity is the best. A unit that a rule
    asks for counts more, per money and per volume, than any that nobody asked for; among claims money decides.
    """
    quantity, offer = orders.quantity, orders.offer
    unit_cost = snapshot.supply.unit_cost[offer].astype(np.float64)
    top = furthest(snapshot, demand, quantity, offer, orders.order_up_to)
    top = np.maximum(allowed(keeping(snapshot, demand), offer).at_most(top, claims.most), quantity)
    own = _sent_on(traced(snapshot, demand, orders, top, sampling), orders)
    worth = at_their_word(own, unit_cost, np.zeros(len(top)))
    asked = claims.asked & (quantity > 0.0)
    first = np.where(asked, _above_all(snapshot, worth, unit_cost, asked) + FIRST * unit_cost, 0.0)
    return Curves(at_their_word(own, unit_cost, first), worth)


def _sent_on(curves: Wanted, orders: Decisions) -> Wanted:
    """The curves where an order that is sent on to other places saves what it saves there, in equal parts."""
    gain = orders.network_gain
    if gain is None:
        return curves
    known = np.isfinite(gain) & (orders.quantity > 0.0)
    rate = np.where(known, np.maximum(np.nan_to_num(gain), 0.0) / np.maximum(orders.quantity, 1.0), 0.0)
    there = rate[:, None] * np.minimum(curves.units, orders.quantity[:, None])
    return replace(curves, saving=np.where(known[:, None], there, curves.saving))


def _above_all(snapshot: Snapshot, curves: Wanted, unit_cost: FloatArray, asked: NDArray[np.bool_]) -> FloatArray:
    """(n,): what a unit of each line must save to beat all that nobody asked for, by money and by volume."""
    more = np.diff(curves.units, axis=1)
    slope = np.diff(curves.saving, axis=1) / np.where(more > 0.0, more, 1.0)
    steep = np.where((more > 0.0) & ~asked[:, None], slope, 0.0).max(axis=1, initial=0.0)
    volume = np.zeros(len(steep)) if snapshot.shared is None else snapshot.shared.unit_volume
    by_money, by_volume = (
        float(np.divide(steep, taken, out=np.zeros_like(steep), where=taken > 0.0).max(initial=0.0))
        for taken in (unit_cost, volume)
    )
    return np.maximum(by_money * unit_cost, by_volume * volume)
