"""How far orders and transfers of a whole network use the limits that they share, and what one more unit would save."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.space import coming, free, leaving, ordered
from orderpoint.optimize.collaboration.transfers_in_space import Moves
from orderpoint.optimize.shared_terms import spent
from orderpoint.tables.decisions import Binding, Decisions
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


def settled(snapshot: Snapshot, decisions: Decisions, moves: tuple[Moves, ...]) -> Decisions:
    """The decisions with the use of their limits, the larger gap of orders and transfers, and remarks on both."""
    gap = max([decisions.gap, *(move.gap for move in moves)])
    remarks = tuple(remark for move in moves for remark in move.remarks)
    shared = snapshot.shared
    if shared is None and snapshot.budget is None:
        return replace(decisions, gap=gap, remarks=(*decisions.remarks, *remarks))
    room = np.maximum(free(snapshot) + leaving(snapshot, decisions.transfers), 0.0)
    used = ordered(snapshot, decisions) + coming(snapshot, decisions.transfers)
    place = {name: k for k, name in enumerate(snapshot.index.locations)}
    supplier, money, volume = _by_supplier(snapshot, decisions)

    def now(limit: Binding) -> Binding:
        if limit.kind == "space":
            k = place[limit.of]
            price = max([limit.shadow_price, *(float(move.price[k]) for move in moves)])
            return replace(limit, limit=float(room[k]), used=float(used[k]), shadow_price=price)
        if limit.kind == "budget":
            return replace(limit, used=float(money.sum()))
        mine = supplier == limit.of
        return replace(limit, used=float((money if limit.kind == "supplier_minimum" else volume)[mine].sum()))

    binding = tuple(now(limit) for limit in decisions.binding)
    return replace(decisions, gap=gap, binding=binding, remarks=(*decisions.remarks, *remarks))


def _by_supplier(snapshot: Snapshot, decisions: Decisions) -> tuple[NDArray[np.object_], FloatArray, FloatArray]:
    """(supplier, money, volume) of every order line, those of second offers at the end."""
    shared, further, n = snapshot.shared, decisions.further, len(decisions.quantity)
    series, offer, quantity = np.arange(n), decisions.offer, decisions.quantity
    if further is not None:
        series = np.concatenate([series, further.series])
        offer, quantity = np.concatenate([offer, further.offer]), np.concatenate([quantity, further.quantity])
    names = np.array(snapshot.supply.supplier, dtype=object)[offer]
    volume = np.zeros(len(series)) if shared is None else quantity * shared.unit_volume[series]
    return names, spent(snapshot, quantity, offer), volume
