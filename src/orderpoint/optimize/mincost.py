"""MINCOST: the orders of least expected holding, ordering and stockout cost (docs/algorithms/mincost.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize import choose, lost_sales
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.shared_curves import CURVE_POINTS, Wanted, furthest, shares_limits
from orderpoint.optimize.shared_orders import Need, coordinate_orders, shares_orders
from orderpoint.optimize.shared_terms import position_by
from orderpoint.optimize.weighing import AS_IT_IS, Weighing
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class MinCost:
    """Least expected cost over the window that today's order decides, on common paths of demand.

    `patient`: whether lost sales are weighed beyond the window, by a factor on the holding cost (`patience`).
    `container_fill`: share to which the last container of an order has to be filled. `weighing`: what the shop's past
    says of holding and level (docs/algorithms/calibration.md); lines with a fixed order cost do without it, and those
    with a service target keep the whole level.
    """

    sampling: Sampling = field(default_factory=Sampling)
    patient: bool = True
    container_fill: float = 0.8
    weighing: Weighing = AS_IT_IS
    name: str = "mincost"

    def __post_init__(self) -> None:
        if not 0.0 < self.container_fill <= 1.0:
            raise ValueError(
                f"container_fill: expected a share above 0 and at most 1, got {self.container_fill}; 0.8 is 80 %"
            )

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today (see `Policy.decide`)."""
        n = len(snapshot.index)
        table = np.zeros((n, choose.COLUMNS))
        shared = (shares_limits(snapshot) or shares_orders(snapshot)) and snapshot.stock.known
        units, saving = (np.zeros((n if shared else 0, CURVE_POINTS)) for _ in range(2))
        for paths, rows, setting in self.sampling.sampled(self._weighed(snapshot), self._level(snapshot, demand)):
            choose.choose(paths, *setting, table[rows])
            if shared:
                top = table[rows].copy()
                chosen = table[:, choose.OFFER].astype(np.int64)
                most = furthest(snapshot, demand, table[:, choose.QUANTITY], chosen, table[:, choose.ORDER_UP_TO])
                top[:, choose.QUANTITY] = most[rows]
                choose.trace(paths, *setting, top, units[rows], saving[rows])
        if not snapshot.stock.known:
            table[:, choose.QUANTITY] = 0.0
        offer = table[:, choose.OFFER].astype(np.int64)
        levels = table[:, choose.REORDER_POINT], table[:, choose.ORDER_UP_TO]
        if not shared:
            return Decisions(table[:, choose.QUANTITY], offer, *levels, np.zeros(n))
        wanted = Wanted(table[:, choose.QUANTITY], offer, units, saving, position_by(snapshot, demand, offer))
        need = Need(table[:, choose.DEMANDED], levels[0])
        found = coordinate_orders(snapshot, wanted, need, self.container_fill)
        decided = Decisions(found.quantity, offer, *levels, found.shadow_price, found.gap, found.binding)
        return replace(decided, remarks=found.remarks)

    def _weighed(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with the holding cost that an order is chosen by; what is reported knows the real one only."""
        if not self.patient and self.weighing == AS_IT_IS:
            return snapshot
        costs = snapshot.costs
        factor = patience(snapshot) if self.patient else np.ones(len(snapshot.index))
        factor = factor * np.where(fixed_order_costs(snapshot), 1.0, self.weighing.holding)
        return replace(
            snapshot, costs=replace(costs, holding_cost_per_unit_day=costs.holding_cost_per_unit_day * factor)
        )

    def _level(self, snapshot: Snapshot, demand: Demand) -> Demand:
        """The demand that an order is chosen by: with as much of the level's variance as the weighing says."""
        if self.weighing.level == 1.0:
            return demand
        kept = fixed_order_costs(snapshot) | (np.nan_to_num(snapshot.costs.service_target) > 0.0)
        return replace(demand, level_cv2=demand.level_cv2 * np.where(kept, 1.0, self.weighing.level))

    def weighed_by(self, weighing: Weighing) -> MinCost:
        """The same under another weighing (see `Weighs`)."""
        return replace(self, weighing=weighing)

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`)."""
        return self.sampling.evaluate(snapshot, demand, decisions)

    def evaluate_several(self, demand: Demand, cases: Sequence[tuple[Snapshot, Decisions]]) -> list[Evaluation]:
        """The same for several cases (see `EvaluatesSeveral`)."""
        return self.sampling.evaluate_several(demand, cases)


def fixed_order_costs(snapshot: Snapshot) -> NDArray[np.bool_]:
    """(n,): whether a line, or an order, of some offer of a series costs something whatever its quantity."""
    supply, shared = snapshot.supply, snapshot.shared
    cost = supply.order_cost
    if shared is not None and shared.order_cost is not None:
        cost = cost + np.append(shared.order_cost, 0.0)[shared.supplier_of(supply)]
    return np.maximum.reduceat(cost, supply.offsets[:-1]) > 0 if len(snapshot.index) else np.zeros(0, np.bool_)


def patience(snapshot: Snapshot) -> FloatArray:
    """By how much holding counts more when an order is chosen, (n,): `lost_sales.patience` of lead time and costs.

    Where sales are lost, stock that is sold out while an order is on its way needs no replacement, so the window alone
    orders too much (Morton 1971: the myopic level bounds the best one from above). It is 1 where demand waits, and
    where a fixed cost makes orders last many reviews.
    """
    supply, costs = snapshot.supply, snapshot.costs
    first = supply.offsets[:-1]
    review_days = np.maximum(supply.review_days[first], 1.0)
    reviews = supply.lead_time_days[first] / review_days
    holding = costs.holding_cost_per_unit_day * review_days
    ratio = np.divide(costs.stockout_cost_per_unit, holding, out=np.full(len(first), np.inf), where=holding > 0.0)
    fixed = fixed_order_costs(snapshot)
    return np.where(costs.backlog | fixed, 1.0, lost_sales.patience(reviews, ratio))
