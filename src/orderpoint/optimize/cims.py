"""CIMS: the best stock of each cycle, built up before a peak and run down after it (docs/algorithms/cims.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.build_up import first_order, outlook
from orderpoint.optimize.build_up.first_order import Kind
from orderpoint.optimize.build_up.goods import in_lumps, least_lots, received
from orderpoint.optimize.build_up.plan import CyclePlan
from orderpoint.optimize.build_up.season import MOST_REVIEWS
from orderpoint.optimize.coordination import Coordinated, coordinate
from orderpoint.optimize.mincost import patience
from orderpoint.optimize.protection import periods_needed
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.shared_curves import CURVE_POINTS, Wanted, furthest, shares_limits
from orderpoint.optimize.shared_orders import Need, coordinate_orders, shares_orders
from orderpoint.optimize.shared_terms import CONTAINER_FILL, position_by, spent
from orderpoint.optimize.upkeep import following_demand
from orderpoint.stockflow.spoilage import life_in_periods
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Upkeep

FloatArray = NDArray[np.float64]

LEAST_IN_STRATUM, MOST_STRATA = 32, 4

OUTLOOK_PATHS = 512
"""Paths that a season is shown on at most."""


@dataclass(frozen=True)
class Cims:
    """The first order of a plan over all reviews of the season that the forecast sees.

    `reviews`: how many reviews the plan covers at least; where the horizon is shorter, its last week (or period)
    repeats. Lots, capacity of an order (`max_quantity`), `max_stock`, fixed costs and shelf lives are kept at each.
    """

    sampling: Sampling = field(default_factory=Sampling)
    reviews: int = 8
    name: str = "cims"

    def __post_init__(self) -> None:
        if self.reviews < 1:
            raise ValueError(f"reviews: expected at least 1, got {self.reviews}; 1 looks at today's order alone")

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today (see `Policy.decide`)."""
        n = len(snapshot.index)
        table = np.zeros((n, first_order.COLUMNS))
        kind = self._kind(snapshot, demand, self.sampling)
        for paths, rows, setting in self.sampling.sampled(self._weighed(snapshot), demand, self._reach(snapshot)):
            first_order.choose(paths, *setting, kind.rows(rows), table[rows])
        if not snapshot.stock.known:
            table[:, first_order.QUANTITY] = 0.0
        offer = table[:, first_order.OFFER].astype(np.int64)
        point, level = table[:, first_order.REORDER_POINT], table[:, first_order.ORDER_UP_TO]
        if not (shares_limits(snapshot) or shares_orders(snapshot)):
            return Decisions(table[:, first_order.QUANTITY], offer, point, level, np.zeros(n))
        found = self._coordinated(snapshot, demand, table)
        decided = Decisions(found.quantity, offer, point, level, found.shadow_price, found.gap, found.binding)
        return replace(decided, remarks=found.remarks)

    def cycle_plan(self, snapshot: Snapshot, demand: Demand, decisions: Decisions | None = None) -> CyclePlan:
        """Levels, expected orders and expected stock of every review of the season.

        The first order is that of `decisions` (rules may have changed it; None: today's own decision). What follows is
        played on OUTLOOK_PATHS paths at most: it is shown, not decided.
        """
        decisions = decisions or self.decide(snapshot, demand)
        paths = min(self.sampling.paths_for(len(snapshot.index), periods_needed(snapshot)), OUTLOOK_PATHS)
        return self._foreseen(snapshot, demand, decisions, replace(self.sampling, paths=paths))

    def _foreseen(self, snapshot: Snapshot, demand: Demand, decisions: Decisions, sampling: Sampling) -> CyclePlan:
        """What follows `decisions` on the paths of `sampling`."""
        supply, n = snapshot.supply, len(snapshot.index)
        offer, table = decisions.offer.astype(np.int64), np.zeros((n, first_order.COLUMNS))
        table[:, first_order.QUANTITY], table[:, first_order.OFFER] = decisions.quantity, offer
        table[:, first_order.LEAST] = least_lots(supply, decisions)
        first = supply.arrival_period[offer].astype(np.int64)
        review = supply.next_arrival_period[offer].astype(np.int64) - first
        reach = self._reach(snapshot)
        count = min(int(((reach - first - review) // np.maximum(review, 1)).max(initial=0)) + 1, MOST_REVIEWS)
        out = np.full((n, 1 + count, outlook.FIGURES), np.nan)
        kind = self._kind(snapshot, demand, sampling)
        for paths, rows, setting in sampling.sampled(self._weighed(snapshot), demand, reach):
            outlook.foresee(paths, *setting, kind.rows(rows), table[rows], out[rows])
        point, level, order, arrived, left, asked, short = np.moveaxis(out[:, 1:], 2, 0)
        seen, before = np.isfinite(point), out[:, outlook.WAITING]
        ordered = np.where(seen, np.arange(count) * review[:, None], -1)
        arriving = np.where(seen, ordered + first[:, None], -1)
        early = received(snapshot, np.zeros((n, 1), np.int64), first[:, None])
        return CyclePlan(
            timeline=snapshot.timeline,
            order_period=ordered,
            arrival_period=arriving,
            reorder_point=point,
            order_up_to=level,
            order=order,
            stock_on_arrival=arrived,
            stock_at_end=left,
            demand=asked,
            short=short,
            receipts=np.where(seen, received(snapshot, arriving, review[:, None]), np.nan),
            opening=before[:, outlook.LEFT],
            waiting=np.concatenate([before[:, [outlook.DEMAND, outlook.SHORT]], early], axis=1),
        )

    def upkeep(self, snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> Upkeep:
        """The levels of the season, review by review; beyond it they follow the demand."""
        kept = following_demand(snapshot, demand, decisions, periods)
        if not snapshot.stock.known:
            return kept
        plan = self.cycle_plan(snapshot, demand, decisions)
        series, review = np.nonzero((plan.order_period > 0) & (plan.order_period < periods))
        at = plan.order_period[series, review]
        point, level = kept.reorder_point.copy(), kept.order_up_to.copy()
        point[series, at], level[series, at] = plan.reorder_point[series, review], plan.order_up_to[series, review]
        return Upkeep(point, level)

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`)."""
        return self.sampling.evaluate(snapshot, demand, decisions)

    def evaluate_several(self, demand: Demand, cases: Sequence[tuple[Snapshot, Decisions]]) -> list[Evaluation]:
        """The same for several cases (see `EvaluatesSeveral`)."""
        return self.sampling.evaluate_several(demand, cases)

    def _coordinated(self, snapshot: Snapshot, demand: Demand, table: FloatArray) -> Coordinated:
        """The orders of `table` within the limits that lines share."""
        quantity, saving = np.zeros((len(table), CURVE_POINTS)), np.zeros((len(table), CURVE_POINTS))
        offer = table[:, first_order.OFFER].astype(np.int64)
        position = position_by(snapshot, demand, offer)
        wanted = Wanted(table[:, first_order.QUANTITY].copy(), offer, quantity, saving, position)
        if snapshot.shared is None and spent(snapshot, wanted.quantity, offer).sum() <= (snapshot.budget or 0.0):
            return coordinate(snapshot, wanted, CONTAINER_FILL)
        level, top = table[:, first_order.ORDER_UP_TO], table.copy()
        top[:, first_order.QUANTITY] = furthest(snapshot, demand, wanted.quantity, offer, level)
        kind = self._kind(snapshot, demand, self.sampling)
        for paths, rows, setting in self.sampling.sampled(self._weighed(snapshot), demand, self._reach(snapshot)):
            of_rows = kind.rows(rows)
            first_order.trace(paths, *setting, of_rows, top[rows], quantity[rows], saving[rows])
        need = Need(table[:, first_order.DEMANDED], table[:, first_order.REORDER_POINT])
        return coordinate_orders(snapshot, wanted, need, CONTAINER_FILL)

    def _reach(self, snapshot: Snapshot) -> int:
        """Periods of demand that the plan looks at."""
        supply = snapshot.supply
        longest = int((supply.next_arrival_period - supply.arrival_period).max(initial=1))
        return max(periods_needed(snapshot) + (self.reviews - 1) * longest, snapshot.timeline.count)

    @staticmethod
    def _kind(snapshot: Snapshot, demand: Demand, sampling: Sampling) -> Kind:
        """Shelf lives in periods, and strata of the level: one where it is known."""
        paths = sampling.paths_for(len(snapshot.index), periods_needed(snapshot))
        strata = min(max(paths // LEAST_IN_STRATUM, 1), MOST_STRATA)
        while paths % strata:
            strata -= 1
        return Kind(life_in_periods(snapshot), np.where(demand.level_cv2 > 0.0, strata, 1).astype(np.int64))

    @staticmethod
    def _weighed(snapshot: Snapshot) -> Snapshot:
        """The snapshot that an order is chosen by, with the holding cost that lost sales ask for (`patience`)."""
        costs = snapshot.costs
        holding = costs.holding_cost_per_unit_day * np.where(in_lumps(snapshot), 1.0, patience(snapshot))
        return replace(snapshot, costs=replace(costs, holding_cost_per_unit_day=holding))
