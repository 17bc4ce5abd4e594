"""What a series that orders for others sees: the stock and the demand of all that it feeds, as one series.

The echelon of A. Clark and H. Scarf, "Optimal policies for a multi-echelon inventory problem", Management Science 6
(1960), 475-490: a stage's stock and all that has passed it and is not yet sold. An order of today reaches the customers
later by the way down, so its window begins and ends that much later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.lanes import periods_of
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Family
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Echelons:
    """`rows` (r,): the roots, such as series that order from outside; pairs of a root (0..r-1), a series, its `weight`.

    `days` (pairs,): how long goods are on their way from the root to the series. `units` (pairs,): units of the root
    that one of the series takes.
    """

    rows: IntArray
    root: IntArray
    series: IntArray
    weight: FloatArray
    days: FloatArray
    units: FloatArray

    def total(self, values: FloatArray) -> FloatArray:
        """(r,) or (r, H): the weighted sum of units, (n,) or (n, H), over each root's echelon, in its units."""
        return self._summed(values, self.weight * self.units)

    def money(self, values: FloatArray) -> FloatArray:
        """(r,) or (r, H): the weighted sum of `values` that are no units."""
        return self._summed(values, self.weight)

    def _summed(self, values: FloatArray, weight: FloatArray) -> FloatArray:
        out = np.zeros((len(self.rows), *values.shape[1:]))
        np.add.at(out, self.root, weight.reshape(-1, *[1] * (values.ndim - 1)) * values[self.series])
        return out

    def longest(self) -> FloatArray:
        """(r,): days from each root to the last series that it feeds."""
        out = np.zeros(len(self.rows))
        np.maximum.at(out, self.root, self.days)
        return out


def echelons_of(structure: Structure) -> Echelons:
    """The echelons of all series that order from outside."""
    return _echelons(structure, structure.reached())


def echelons_below(structure: Structure) -> Echelons:
    """The echelons of all series that feed others, whoever feeds them."""
    return _echelons(structure, structure.below())


def _echelons(structure: Structure, ways: tuple[IntArray, IntArray, FloatArray, FloatArray]) -> Echelons:
    root, series, weight, days = ways
    rows = np.unique(root)
    size = structure.units.size
    return Echelons(rows, np.searchsorted(rows, root).astype(np.int64), series, weight, days, size[series] / size[root])


def pooled(snapshot: Snapshot, demand: Demand, echelons: Echelons) -> tuple[Snapshot, Demand]:
    """The snapshot and the demand of the roots, each as one series for its whole echelon.

    Demands of different series are independent; holding and stockout cost are means weighted by demand. The most that
    a root may hold is a bound on its own stock, so what stands elsewhere is added to it.
    """
    own = snapshot.take(echelons.rows)
    mean = demand.mean.sum(axis=1)
    sold = echelons.total(mean)
    costs = own.costs
    weighed = {
        name: np.where(sold > 0.0, echelons.money(mean * getattr(snapshot.costs, name)) / np.maximum(sold, 1e-300), was)
        for name, was in (
            ("holding_cost_per_unit_day", costs.holding_cost_per_unit_day),
            ("stockout_cost_per_unit", costs.stockout_cost_per_unit),
        )
    }
    waits = echelons.total(mean * snapshot.costs.backlog) > 0.5 * sold
    stock = replace(
        own.stock,
        on_hand=echelons.total(snapshot.stock.on_hand),
        receipts=echelons.total(snapshot.stock.receipts),
        receipts_beyond=echelons.total(snapshot.stock.receipts_beyond),
        expiring=None if snapshot.stock.expiring is None else echelons.total(snapshot.stock.expiring),
    )
    position = snapshot.stock.on_hand + snapshot.stock.receipts.sum(axis=1)
    elsewhere = np.maximum(echelons.total(position) - position[echelons.rows], 0.0)
    most = own.costs.max_stock + elsewhere
    costs = replace(costs, **weighed, backlog=waits, service_target=np.full(len(waits), np.nan), max_stock=most)
    view = replace(own, stock=stock, costs=costs, supply=later(own, echelons.longest()).supply)
    return view, _demand(demand, echelons, view)


def later(snapshot: Snapshot, days: FloatArray) -> Snapshot:
    """The snapshot with every arrival at a series `days` (n,) later."""
    supply = snapshot.supply
    per_offer = np.repeat(days, np.diff(supply.offsets))
    arrival = np.maximum(periods_of(snapshot, supply.arrival_day + per_offer), supply.arrival_period).astype(np.int32)
    gap = supply.next_arrival_period - supply.arrival_period
    moved = per_offer > 0.0
    arrival = np.where(moved, arrival, supply.arrival_period)
    changed = replace(
        supply,
        arrival_period=arrival,
        next_arrival_period=arrival + gap,
        arrival_day=np.where(moved, np.ceil(supply.arrival_day + per_offer), supply.arrival_day).astype(np.int32),
        lead_time_days=supply.lead_time_days + per_offer,
    )
    return replace(snapshot, supply=changed)


def _demand(demand: Demand, echelons: Echelons, view: Snapshot) -> Demand:
    """The demand of each root's echelon: a count where all are counts, else gamma; its moments are exact.

    A root that serves only itself keeps its own distribution.
    """
    whole = demand.sum_over(0, demand.timeline.count - 1)
    total = demand.mean.sum(axis=1)
    level = demand.level_cv2 * total**2
    ratio = np.where(total > 0.0, (whole.variances() - level) / np.maximum(total, 1e-300), 1.0)
    mean = echelons.total(demand.mean)
    sums = mean.sum(axis=1)
    square = replace(echelons, weight=echelons.weight**2, units=echelons.units**2)
    spread = np.where(sums > 0.0, square.total(ratio * total) / np.maximum(sums, 1e-300), 1.0)
    cv2 = np.where(sums > 0.0, square.total(level) / np.maximum(sums, 1e-300) ** 2, 0.0)
    counts = echelons.total((demand.family > Family.ZERO_INFLATED).astype(np.float64)) == 0.0
    alone = np.bincount(echelons.root, minlength=len(sums)) == 1
    rows = echelons.rows
    return Demand(
        index=view.index,
        timeline=demand.timeline,
        mean=np.where(alone[:, None], demand.mean[rows], mean),
        family=np.where(alone, demand.family[rows], np.where(counts, Family.COUNT, Family.GAMMA)).astype(np.uint8),
        ratio=np.where(alone, demand.ratio[rows], np.where(counts, np.maximum(spread, 1.0), np.maximum(spread, 0.0))),
        level_cv2=np.where(alone, demand.level_cv2[rows], np.maximum(cv2, 0.0)),
        zero=np.where(alone, demand.zero[rows], 0.0),
        knots=demand.knots[rows],
    )
