"""MAXSERV: the most service that today's money can buy (docs/algorithms/maxserv.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.classes import classes_of
from orderpoint.optimize.coordination import CONTAINER_FILL, Wanted, coordinate, spent, terms_of
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.service.curves import LEVEL, ORDER, trace_service
from orderpoint.optimize.service.measures import Measure
from orderpoint.optimize.service.share import Shared, bought_at, share
from orderpoint.tables.decisions import Binding, Decisions, Evaluation
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
    `measure`: what is meant by service. `targets`: service to be reached first, by category or by class of
    `classes.classes_of` ("A", "AX"); an item's own service target wins over its category's, that over a class of two
    letters, that over one of one. Targets give way to money.
    """

    sampling: Sampling = field(default_factory=Sampling)
    measure: Measure = Measure.FILL_RATE
    targets: Mapping[str, float] = field(default_factory=dict)
    name: str = "maxserv"

    def __post_init__(self) -> None:
        bad = {word: target for word, target in self.targets.items() if not 0.0 < target < 1.0}
        if bad:
            raise ValueError(f"targets: expected shares between 0 and 1, got {bad}; 0.95 is 95 % served")

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today (see `Policy.decide`), with the frontier of money against service."""
        cheapest = MinCost(self.sampling).decide(replace(snapshot, budget=None, shared=None), demand)
        offer = cheapest.offer
        price = snapshot.supply.unit_cost[offer]
        target = self.targets_of(snapshot, demand)
        at_level = self._curves(snapshot, demand, (offer, LEVEL), target)
        kept = np.where(cheapest.order_up_to > 0.0, cheapest.reorder_point + 1.0, 0.0)
        held = share(at_level, float((kept * price).sum()))
        reorder_point, level = _levels(snapshot, held.quantity, cheapest)
        if not snapshot.stock.known:
            none = np.zeros(len(level))
            return Decisions(none, offer, reorder_point, level, none.copy(), frontier=held.frontier)
        curves = self._curves(snapshot, demand, (offer, ORDER), target)
        bought = bought_at(curves, held.multiplier)
        binding: tuple[Binding, ...] = ()
        wanted = bought.quantity
        if terms_of(snapshot, CONTAINER_FILL) is not None:
            return self._within_terms(snapshot, offer, (curves, held.multiplier), (reorder_point, level))
        if snapshot.budget is not None:
            bought = share(curves, snapshot.budget)
            used = float(spent(snapshot, bought.quantity, offer).sum())
            binding = (Binding("budget", "", snapshot.budget, used, bought.multiplier),)
        return Decisions(
            quantity=bought.quantity,
            offer=offer,
            reorder_point=reorder_point,
            order_up_to=level,
            shadow_price=np.where(bought.quantity < wanted, bought.shadow_price, 0.0),
            gap=bought.gap,
            binding=binding,
            frontier=bought.frontier,
            cut_reason=f"cut_for_{self.measure}",
        )

    def _within_terms(
        self,
        snapshot: Snapshot,
        offer: IntArray,
        priced: tuple[Shared, float],
        levels: tuple[FloatArray, FloatArray],
    ) -> Decisions:
        """Orders that serve most within space, suppliers' terms and budget together; targets are not looked at.

        `priced`: the curves, and the service that a unit of money has to add where there is no budget.
        """
        curves, price = priced
        total = max(float(curves.asked.sum()), 1e-300)
        cost = 0.0 if snapshot.budget is not None else price * total
        saving = curves.short[:, :1] - curves.short - cost * curves.money
        best = np.take_along_axis(curves.quantity, saving.argmax(axis=1)[:, None], 1)[:, 0]
        found = coordinate(snapshot, Wanted(best, offer, curves.quantity, saving), CONTAINER_FILL)
        frontier = bought_at(curves, price).frontier
        return Decisions(
            quantity=found.quantity,
            offer=offer,
            reorder_point=levels[0],
            order_up_to=levels[1],
            shadow_price=found.shadow_price,
            gap=found.gap,
            binding=found.binding,
            frontier=frontier,
            cut_reason=f"cut_for_{self.measure}",
        )

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`)."""
        return self.sampling.evaluate(snapshot, demand, decisions)

    def targets_of(self, snapshot: Snapshot, demand: Demand) -> FloatArray:
        """The service that each series has to reach first, (n,); 0 where there is no target."""
        own = np.nan_to_num(snapshot.costs.service_target)
        if not self.targets:
            return own
        category = [snapshot.catalog.category[k] or "" for k in snapshot.index.item_of]
        letters = classes_of(snapshot, demand)
        by_word = [
            next((self.targets[w] for w in (kind, pair, pair[0]) if w in self.targets), 0.0)
            for kind, pair in zip(category, letters.tolist(), strict=True)
        ]
        return np.where(own > 0.0, own, by_word)

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
