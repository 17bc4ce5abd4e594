"""MINCOST: the orders of least expected holding, ordering and stockout cost (docs/algorithms/mincost.md)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize import choose, lost_sales
from orderpoint.optimize.limits.budget import allocate
from orderpoint.optimize.limits.curves import Curves
from orderpoint.optimize.sampling import Sampling
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

CURVE_POINTS = 64
"""Quantities of a line that a budget chooses from."""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class MinCost:
    """Least expected cost over the window that today's order decides, on common paths of demand.

    `patient`: whether lost sales are weighed beyond the window, by a factor on the holding cost (`patience`).
    """

    sampling: Sampling = field(default_factory=Sampling)
    patient: bool = True
    name: str = "mincost"

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today (see `Policy.decide`)."""
        n = len(snapshot.index)
        table = np.zeros((n, choose.COLUMNS))
        for paths, rows, setting in self.sampling.sampled(self._weighed(snapshot), demand):
            choose.choose(paths, *setting, table[rows])
        if not snapshot.stock.known:
            table[:, choose.QUANTITY] = 0.0
        offer = table[:, choose.OFFER].astype(np.int64)
        money = spent(snapshot, table[:, choose.QUANTITY], offer)
        shadow_price, gap = np.zeros(n), 0.0
        if snapshot.budget is not None and money.sum() > snapshot.budget:
            shadow_price, gap = self._cut(snapshot, demand, table)
        levels = table[:, choose.REORDER_POINT], table[:, choose.ORDER_UP_TO]
        return Decisions(table[:, choose.QUANTITY], offer, *levels, shadow_price, gap)

    def _cut(self, snapshot: Snapshot, demand: Demand, table: FloatArray) -> tuple[FloatArray, float]:
        """Cut the orders of `table` to the budget; (shadow price of each line, certified gap)."""
        quantity, saving = np.zeros((len(table), CURVE_POINTS)), np.zeros((len(table), CURVE_POINTS))
        for paths, rows, setting in self.sampling.sampled(self._weighed(snapshot), demand):
            choose.trace(paths, *setting, table[rows], quantity[rows], saving[rows])
        offer = table[:, choose.OFFER].astype(np.int64)
        money = np.stack([spent(snapshot, column, offer) for column in quantity.T], axis=1)
        packs = table[:, choose.QUANTITY] / np.maximum(np.ceil(snapshot.supply.pack[offer]), 1.0)
        rising = np.maximum.accumulate(money, axis=1)
        curves = Curves(rising, np.where(rising > money, -np.inf, saving), packs < CURVE_POINTS)
        shared = allocate(curves, float(snapshot.budget or 0.0))
        before = table[:, choose.QUANTITY].copy()
        table[:, choose.QUANTITY] = np.take_along_axis(quantity, shared.choice[:, None], 1)[:, 0]
        cut = table[:, choose.QUANTITY] < before
        return np.where(cut, shared.shadow_price, 0.0), shared.gap

    def _weighed(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with the holding cost that an order is chosen by; what is reported knows the real one only."""
        if not self.patient:
            return snapshot
        costs = snapshot.costs
        holding = costs.holding_cost_per_unit_day * patience(snapshot)
        return replace(snapshot, costs=replace(costs, holding_cost_per_unit_day=holding))

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`)."""
        return self.sampling.evaluate(snapshot, demand, decisions)


def patience(snapshot: Snapshot) -> FloatArray:
    """By how much holding counts more when an order is chosen, (n,): `lost_sales.patience` of the lead time in reviews.

    Where sales are lost, stock that is sold out while an order is on its way needs no replacement, so the window alone
    orders too much (Morton 1971: the myopic level bounds the best one from above). It is 1 where demand waits, and
    where a fixed cost makes orders last many reviews.
    """
    supply = snapshot.supply
    first = supply.offsets[:-1]
    reviews = supply.lead_time_days[first] / np.maximum(supply.review_days[first], 1.0)
    fixed = np.maximum.reduceat(supply.order_cost, first) > 0 if len(first) else np.zeros(0, np.bool_)
    return np.where(snapshot.costs.backlog | fixed, 1.0, lost_sales.patience(reviews))


def spent(snapshot: Snapshot, quantity: FloatArray, offer: NDArray[np.int64]) -> FloatArray:
    """Money that buying `quantity` (n,) from `offer` (n,) costs, price breaks included, shape (n,)."""
    supply = snapshot.supply
    price = supply.unit_cost[offer].astype(np.float64)
    for row in np.flatnonzero(quantity > 0):
        breaks = supply.price_breaks[offer[row]]
        if breaks.steps:
            price[row] = breaks.unit_price(float(quantity[row]), float(price[row]))
    total: FloatArray = quantity * price
    return total
