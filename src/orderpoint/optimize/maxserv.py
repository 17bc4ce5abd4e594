"""MAXSERV: the most service that today's money can buy (docs/algorithms/maxserv.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.service.curves import LEVEL, ORDER, trace_service
from orderpoint.optimize.service.measures import Measure
from orderpoint.optimize.service.order_limit import CountedBy, OrderLimit
from orderpoint.optimize.service.purchase import most_within
from orderpoint.optimize.service.share import Shared, share
from orderpoint.optimize.service.targets import shortfalls, targets_of
from orderpoint.optimize.service.within import Limits
from orderpoint.optimize.shared_terms import position_by, spent
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

POINTS = 96
"""Quantities of a series that money chooses from."""


@dataclass(frozen=True)
class MaxServ:
    """Most service until the next order arrives, for the budget of the snapshot.

    Without a budget each series buys as long as a unit of money adds as much service as it does at the levels of least
    cost, once their money is shared anew so that it serves most.
    `measure`: what is meant by service. `targets`: service to be reached first, by the names of `service.targets`:
    "category:shoes", "class:AX", "class:A", "all"; an item's own service target wins over its category's, that over a
    class of two letters, that over one of one. Targets give way to limits, and remarks say which fall short. `orders`:
    the most orders placed today, None where it does not matter; `orders_by`: counted by lines, or by suppliers.
    """

    sampling: Sampling = field(default_factory=Sampling)
    measure: Measure = Measure.FILL_RATE
    targets: Mapping[str, float] = field(default_factory=dict)
    orders: int | None = None
    orders_by: CountedBy = CountedBy.LINES
    name: str = "maxserv"

    def __post_init__(self) -> None:
        bad = {word: target for word, target in self.targets.items() if not 0.0 < target < 1.0}
        faults = [f"targets: expected shares between 0 and 1, got {bad}; 0.95 is 95 % served"] if bad else []
        if self.orders is not None and self.orders < 1:
            faults.append(f"orders: expected at least 1, got {self.orders}; None where their number does not matter")
        if faults:
            raise ValueError("; ".join(faults))

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today (see `Policy.decide`), with the frontier of money against service."""
        cheapest = MinCost(self.sampling).decide(replace(snapshot, budget=None, shared=None), demand)
        offer = cheapest.offer
        price = snapshot.supply.unit_cost[offer]
        targets = targets_of(self.targets, snapshot, demand)
        at_level = self._curves(snapshot, demand, (offer, LEVEL), targets.share)
        kept = np.where(cheapest.order_up_to > 0.0, cheapest.reorder_point + 1.0, 0.0)
        held = share(at_level, float((kept * price).sum()))
        levels = _levels(snapshot, held.quantity, cheapest)
        if not snapshot.stock.known:
            none = np.zeros(len(offer))
            return Decisions(none, offer, *levels, none.copy(), frontier=held.frontier)
        curves = self._curves(snapshot, demand, (offer, ORDER), targets.share)
        orders = None if self.orders is None else OrderLimit.of(snapshot, offer, self.orders, self.orders_by)
        limits = Limits(snapshot, offer, position_by(snapshot, demand, offer), orders)
        bought = most_within(limits, curves, held.multiplier)
        return Decisions(
            quantity=bought.quantity,
            offer=offer,
            reorder_point=levels[0],
            order_up_to=levels[1],
            shadow_price=bought.shadow_price,
            gap=bought.gap,
            binding=bought.binding,
            remarks=(*bought.remarks, *shortfalls(curves, bought.choice, targets)),
            frontier=bought.frontier,
            cut_reason=f"cut_for_{self.measure}",
        )

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`)."""
        return self.sampling.evaluate(snapshot, demand, decisions)

    def evaluate_several(self, demand: Demand, cases: Sequence[tuple[Snapshot, Decisions]]) -> list[Evaluation]:
        """The same for several cases (see `EvaluatesSeveral`)."""
        return self.sampling.evaluate_several(demand, cases)

    def targets_of(self, snapshot: Snapshot, demand: Demand) -> FloatArray:
        """The service that each series has to reach first, (n,); 0 where there is no target."""
        return targets_of(self.targets, snapshot, demand).share

    def _curves(self, snapshot: Snapshot, demand: Demand, which: tuple[IntArray, int], target: FloatArray) -> Shared:
        """Quantities of every series with their money and their service."""
        offer, kind = which
        n = len(snapshot.index)
        quantity, short, asked = np.zeros((n, POINTS)), np.zeros((n, POINTS)), np.zeros(n)
        for paths, rows, setting in self.sampling.sampled(snapshot, demand):
            lines, offers, clock = setting
            if self.measure is Measure.RESPONSE_TIME:
                ones = np.ones(len(lines.on_hand))
                lines = lines._replace(backlog=ones > 0.0, stockout=ones)
            chosen = (offer[rows], self.measure.code, kind)
            trace_service(paths, lines, offers, clock, chosen, quantity[rows], short[rows], asked[rows])
        money = np.stack([spent(snapshot, column, offer) for column in quantity.T], axis=1)
        pack = np.maximum(np.ceil(snapshot.supply.pack[offer]), 1.0) if kind == ORDER else np.ones(n)
        fine = np.diff(quantity[:, 1:], axis=1).max(axis=1) <= pack
        kept = _cheapest_onward(money)
        quantity, money, short = (np.take_along_axis(a, kept, 1) for a in (quantity, money, short))
        return Shared(quantity, money, short, asked, target, fine)


def _levels(snapshot: Snapshot, kept: FloatArray, cheapest: Decisions) -> tuple[FloatArray, FloatArray]:
    """(reorder point, order-up-to level) that keep each position at `kept` (n,) or above after every review.

    Lots and fixed costs raise the level above that by as much as they do at least cost.
    """
    costs = snapshot.costs
    most = np.floor(np.maximum(costs.max_stock, 0.0))
    held = np.minimum(np.maximum(kept, np.ceil(costs.min_stock)), most)
    lot = np.maximum(cheapest.order_up_to - cheapest.reorder_point, 1.0)
    wanted = snapshot.orderable & (held > 0.0)
    level = np.where(wanted, np.minimum(held - 1.0 + lot, most), 0.0)
    return np.where(wanted, np.minimum(held - 1.0, level), 0.0), level


def _cheapest_onward(money: FloatArray) -> IntArray:
    """For each column of (n, P) the cheapest from it on, the last of equals: a price break can make more cost less."""
    kept = np.broadcast_to(np.arange(money.shape[1]), money.shape).copy()
    for k in range(money.shape[1] - 2, -1, -1):
        after = kept[:, k + 1]
        cheaper = np.take_along_axis(money, after[:, None], 1)[:, 0] <= money[:, k]
        kept[:, k] = np.where(cheaper, after, k)
    return kept.astype(np.int64)
