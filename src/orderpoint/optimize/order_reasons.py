"""What an order line has to do with the fixed cost of its supplier's order, in a sentence."""

from __future__ import annotations

import numpy as np

from orderpoint.messages import Language, say
from orderpoint.messages.reasons import REASONS
from orderpoint.optimize.shared_terms import coming_by
from orderpoint.optimize.spoken import money
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.snapshot import Snapshot


def order_reasons(snapshot: Snapshot, decisions: Decisions, language: Language) -> dict[int, str]:
    """Row -> sentence, for the lines of orders that cost something whatever their lines (`SharedLimits.order_cost`).

    A line above its reorder point joins an order that other lines need.
    """
    shared = snapshot.shared
    if shared is None or shared.order_cost is None or not shared.charges_orders:
        return {}
    supplier = shared.supplier_of(snapshot.supply)
    of = supplier[decisions.offer]
    cost = np.append(shared.order_cost, 0.0)
    lines = np.bincount(of[(decisions.quantity > 0) & (of >= 0)], minlength=len(shared.suppliers))
    if decisions.further is not None:
        beside = supplier[decisions.further.offer]
        lines = lines + np.bincount(beside[beside >= 0], minlength=len(lines))
    due = snapshot.stock.on_hand + coming_by(snapshot, decisions.offer) <= decisions.reorder_point
    needed = np.bincount(of[(decisions.quantity > 0) & (of >= 0) & due], minlength=len(lines)) > 0
    told = {}
    for i in np.flatnonzero((decisions.quantity > 0) & (cost[of] > 0.0)).tolist():
        s = int(of[i])
        key = "pays_order" if lines[s] == 1 else "shares_order" if due[i] or not needed[s] else "joins_order"
        blanks = {"of": shared.suppliers[s], "cost": money(float(cost[s])), "lines": f"{int(lines[s]):,}"}
        told[i] = say(REASONS, key, language, **blanks)
    return told
