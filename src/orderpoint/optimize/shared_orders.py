"""Orders that cost something whatever their lines: placed only where the lines save more together than the order costs.

Every line's curve says what it saves by being ordered today rather than waiting for the next review; the values of
what is left over know its share of the order's cost (`order_shares`), the curve itself does not. So

    order from supplier s today   where   sum over its lines of max_q saving_i(q)  >  K_s

and then each line takes its best quantity, whether it was due or not: it joins an order that goes anyway. With every
line at or below its reorder point this is the marginal rule: order once one more review without an order costs more
than a review costs on average. Under limits that bind, K_s is part of the choice (`limits.problem.Terms.order_cost`).
Minimum stocks and service targets ask for their orders in any case; what such an order costs is paid already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.coordination import Coordinated, coordinate
from orderpoint.optimize.limits.floors import at_floors
from orderpoint.optimize.limits.held_floors import figure
from orderpoint.optimize.shared_curves import Wanted
from orderpoint.tables.decisions import Remark
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Need:
    """How much each of n lines needs its order: `demanded` units in any case, and its `reorder_point`, both (n,)."""

    demanded: FloatArray
    reorder_point: FloatArray


def shares_orders(snapshot: Snapshot) -> bool:
    """Whether an order of some supplier costs something whatever its lines."""
    return snapshot.shared is not None and snapshot.shared.charges_orders


def coordinate_orders(snapshot: Snapshot, wanted: Wanted, need: Need, fill: float) -> Coordinated:
    """The orders that save most in all, less what they cost, within the shared limits (`coordination.coordinate`)."""
    shared = snapshot.shared
    if shared is None or shared.order_cost is None or not shares_orders(snapshot):
        return coordinate(snapshot, wanted, fill)
    units, saving = at_floors(wanted.units, wanted.saving, wanted.quantity)
    wanted = replace(wanted, units=units, saving=saving)
    supplier = shared.supplier_of(snapshot.supply)[wanted.offer]
    forced = (need.demanded > 0.0) & (wanted.quantity > 0.0)
    paid = _of(supplier, forced, len(shared.suppliers))
    while True:
        asked = _earning(replace(wanted, order_cost=np.where(paid, 0.0, shared.order_cost)), supplier, forced)
        found = coordinate(snapshot, asked, fill)
        bought = _of(supplier, found.quantity > 0.0, len(paid))
        idle = paid & bought & ~_of(supplier, forced & (found.quantity > 0.0), len(paid))
        if not idle.any():
            break
        paid &= ~idle  # what was asked for in any case is not bought: limits cut it, so the order has to earn its cost
    waiting = _waiting(snapshot, wanted, need, ~bought)
    return replace(found, remarks=tuple(sorted((*found.remarks, *waiting), key=lambda remark: remark.series)))


def _of(supplier: IntArray, lines: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """(count,): the suppliers of any of `lines` (n,)."""
    found = np.zeros(count, np.bool_)
    found[supplier[lines & (supplier >= 0)]] = True
    return found


def _best(wanted: Wanted) -> FloatArray:
    """What each line saves by the quantity that it wants, money (n,)."""
    at = (wanted.units < wanted.quantity[:, None]).sum(axis=1).clip(max=wanted.units.shape[1] - 1)
    saving = np.take_along_axis(wanted.saving, at[:, None], 1)[:, 0]
    best: FloatArray = np.where(wanted.quantity > 0.0, np.maximum(saving, 0.0), 0.0)
    return best


def _earning(wanted: Wanted, supplier: IntArray, forced: NDArray[np.bool_]) -> Wanted:
    """Without the lines whose supplier's order cannot earn its cost, even at the best quantity of each line.

    No limit can make such an order pay. Lines that are `forced` (n,) stay wanted, so that a remark can say why not.
    """
    if wanted.order_cost is None:
        return wanted
    known = supplier >= 0
    total = np.bincount(supplier[known], _best(wanted)[known], len(wanted.order_cost))
    closed = np.append((wanted.order_cost > 0.0) & (total <= wanted.order_cost), False)[supplier]
    return replace(wanted, quantity=np.where(closed & ~forced, 0.0, wanted.quantity))


def _waiting(snapshot: Snapshot, wanted: Wanted, need: Need, closed: NDArray[np.bool_]) -> list[Remark]:
    """A remark for each line that is due but waits, since its supplier's order would not earn its cost today."""
    shared = snapshot.shared
    if shared is None or shared.order_cost is None:
        return []
    supplier = shared.supplier_of(snapshot.supply)[wanted.offer]
    unpaid = np.append(closed & (shared.order_cost > 0.0), False)[supplier]
    rows = np.flatnonzero(unpaid & (wanted.quantity > 0.0) & (wanted.position <= need.reorder_point))
    known = supplier >= 0
    total = np.bincount(supplier[known], _best(wanted)[known], len(shared.suppliers))
    days = snapshot.supply.review_days[wanted.offer]
    return [
        Remark(
            i,
            "order_waits" if total[supplier[i]] <= shared.order_cost[supplier[i]] else "order_waits_by_limits",
            {
                "of": shared.suppliers[supplier[i]],
                "cost": figure(float(shared.order_cost[supplier[i]])),
                "saved": figure(float(total[supplier[i]])),
                "days": figure(float(days[i])),
            },
        )
        for i in rows.tolist()
    ]
