"""Items that several suppliers offer: how today's order is split among them, and what would be best for good.

For good means period after period like the coming ones, with demand that waits: a steady order from the cheapest offer
and surges from the quickest (`two_suppliers`), beside each of the two alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.two_suppliers import Sourcing, TwoSuppliers, best_sourcing
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_ITEMS = 12
MOST_UNITS = 60
"""Mean demand of a period up to which the lasting split is found: its work grows with the cube of it."""
LONGEST_LEAD = 40
"""Periods of lead time up to which it is found."""
UNLIKELY = 1e-9


@dataclass(frozen=True, eq=False)
class Sourced:
    """A series with several offers: `offers` (k,) rows, `today` (k,) units ordered from each.

    `on_time` (k,): share of orders in time, NaN where unknown. `lasting`: the cheapest offer alone, the quickest alone
    and both for good, the one that costs least first (`cost` money a period); () where they are the same offer or the
    work would be too much. `slow`, `quick`: rows of those two offers.
    """

    series: int
    offers: IntArray
    today: FloatArray
    on_time: FloatArray
    lasting: tuple[Sourcing, ...]
    slow: int
    quick: int


def sourced(snapshot: Snapshot, demand: Demand, decisions: Decisions) -> tuple[tuple[Sourced, ...], int]:
    """(the MOST_ITEMS series with several offers in which most money is ordered or asked for, how many there are)."""
    supply = snapshot.supply
    several = np.flatnonzero((np.diff(supply.offsets) > 1) & snapshot.orderable)
    worth = (decisions.quantity + demand.mean.sum(axis=1)) * snapshot.costs.unit_cost
    chosen = several[np.argsort(-worth[several], kind="stable")][:MOST_ITEMS]
    return tuple(_one(snapshot, demand, decisions, int(i)) for i in chosen), len(several)


def _one(snapshot: Snapshot, demand: Demand, decisions: Decisions, i: int) -> Sourced:
    supply, shared, further = snapshot.supply, snapshot.shared, decisions.further
    offers = np.arange(supply.offsets[i], supply.offsets[i + 1])
    today = np.where(offers == decisions.offer[i], decisions.quantity[i], 0.0)
    if further is not None:
        for series, offer, quantity in zip(further.series, further.offer, further.quantity, strict=True):
            today += np.where((series == i) & (offers == offer), quantity, 0.0)
    on_time = np.full(len(offers), np.nan)
    if shared is not None:
        on_time = np.append(shared.on_time_share, np.nan)[shared.supplier_of(supply)[offers]]
    slow = int(offers[np.lexsort((supply.arrival_period[offers], supply.unit_cost[offers]))[0]])
    quick = int(offers[np.lexsort((supply.unit_cost[offers], supply.arrival_period[offers]))[0]])
    return Sourced(i, offers, today, on_time, _lasting(snapshot, demand, i, (slow, quick)), slow, quick)


def _lasting(snapshot: Snapshot, demand: Demand, i: int, pair: tuple[int, int]) -> tuple[Sourcing, ...]:
    """What the two offers cost alone and together, period after period."""
    slow, quick = pair
    supply, costs, days = snapshot.supply, snapshot.costs, snapshot.timeline.period.mean_days
    mean = float(demand.mean[i].mean())
    leads = [int(supply.arrival_period[o]) for o in pair]
    holding = float(costs.holding_cost_per_unit_day[i] * days)
    if slow == quick or leads[1] >= leads[0] or not 0.0 < mean <= MOST_UNITS:
        return ()
    if holding <= 0.0 or leads[0] > LONGEST_LEAD:
        return ()
    stockout = float(costs.stockout_cost_per_unit[i])
    terms = TwoSuppliers(
        quick_cost=float(supply.unit_cost[quick]),
        slow_cost=float(supply.unit_cost[slow]),
        quick_lead=leads[1],
        slow_lead=leads[0],
        holding=holding,
        penalty=stockout * days if costs.backlog[i] else stockout,
    )
    return best_sourcing(terms, _masses(demand, i))


def _masses(demand: Demand, i: int) -> FloatArray:
    """P(D = 0), P(D = 1), .. of a period of the mean demand ahead, as far as it is likely."""
    period = int(np.abs(demand.mean[i] - demand.mean[i].mean()).argmin())
    law = demand.sum_over(period, period).take(np.array([i]))
    most = int(np.ceil(float(law.quantile(1.0 - UNLIKELY)[0]))) + 1
    reached = np.array([float(law.cdf(np.array([k + 0.5]))[0]) for k in range(most + 1)])
    masses = np.maximum(np.diff(reached, prepend=0.0), 0.0)
    return np.asarray(masses / masses.sum())
