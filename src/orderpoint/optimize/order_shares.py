"""What each line bears of the fixed cost of its supplier's orders, so that levels know that it is shared.

An order of supplier s costs K_s once, whatever its lines. Its lines share K_s as joint replenishment does
(`joint_replenishment`, shares): the lines that sell and cost most to hold bear most of it, and what a line bears is
what makes it want, alone, the cycle that the order has. Lots and reorder points of a line are those of its own fixed
cost and its share; today's order itself pays K_s once (`shared_orders`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.joint_replenishment import JointReplenishment
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


def order_shares(snapshot: Snapshot, demand: Demand) -> FloatArray:
    """Money (k,) of each offer; 0 where its supplier charges nothing, and for what is not bought, sold or dear to hold.

    A series with offers of several suppliers counts with each of them, and once with each. Where no line of a supplier
    costs anything to hold, they share alike.
    """
    shared, supply = snapshot.shared, snapshot.supply
    share = np.zeros(len(supply.order_cost))
    if shared is None or not shared.charges_orders or shared.order_cost is None:
        return share
    supplier = shared.supplier_of(supply)
    series = np.repeat(np.arange(len(snapshot.index)), np.diff(supply.offsets))
    pace = demand.mean.mean(axis=1)[series] / snapshot.timeline.period.mean_days
    cost = np.append(shared.order_cost, 0.0)[supplier]
    members = np.flatnonzero((cost > 0.0) & snapshot.orderable[series] & (pace > 0.0))
    if not len(members):
        return share
    _, first, member_of = np.unique(
        np.stack([supplier[members], series[members]]), axis=1, return_index=True, return_inverse=True
    )
    once = members[first]
    holding = snapshot.costs.holding_cost_per_unit_day[series[once]]
    held = _shared_alike(supplier[once], cost[once])
    dear = np.flatnonzero(holding > 0.0)
    if len(dear):
        rows = once[dear]
        names, start = np.unique(supplier[rows], return_index=True)
        joint = JointReplenishment(
            np.asarray(shared.order_cost[names], np.float64),
            np.append(start, len(rows)).astype(np.int64),
            supply.order_cost[rows].astype(np.float64),
            holding[dear],
            pace[rows],
        )
        held[np.isin(supplier[once], names)] = 0.0
        held[dear] = joint.shares()
    share[members] = held[member_of.ravel()]
    return share


def _shared_alike(supplier: NDArray[np.int64], cost: FloatArray) -> FloatArray:
    """Each supplier's cost over its members, in equal parts."""
    alike: FloatArray = cost / np.bincount(supplier)[supplier]
    return alike
