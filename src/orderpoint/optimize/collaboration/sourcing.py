"""Items that several suppliers offer: how today's order is split among them, and what would be best for good.

For good means period after period like the coming ones, with demand that waits: a steady order from the cheapest offer
and surges from the quickest (`two_suppliers`), beside each of the two alone. A place that feeds others is looked at
with all that it feeds (`pooled`); its lead times are those to the customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.pooled import Echelons, pooled
from orderpoint.optimize.collaboration.two_suppliers import Sourcing, TwoSuppliers, best_sourcing
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_ITEMS = 12
"""Series that are shown."""
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


@dataclass(frozen=True, eq=False)
class Sourcings:
    """The first few series that several suppliers offer, and how many there are."""

    shown: tuple[Sourced, ...]
    count: int


def sourced(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, echelons: Echelons, late_share: float = 0.5
) -> Sourcings:
    """The MOST_ITEMS series that order from outside, with several offers, in whose `echelons` most is asked for.

    `late_share`: by which share of its lead time a late order is late.
    """
    supply = snapshot.supply
    view, ahead = pooled(snapshot, demand, echelons)
    rows = echelons.rows
    several = np.flatnonzero((np.diff(view.supply.offsets) > 1) & view.orderable)
    worth = ahead.mean.sum(axis=1) * view.costs.unit_cost
    chosen = several[np.argsort(-worth[several], kind="stable")][:MOST_ITEMS]
    found = []
    for k in chosen.tolist():
        i = int(rows[k])
        offers = np.arange(supply.offsets[i], supply.offsets[i + 1])
        slow = int(np.lexsort((supply.arrival_period[offers], supply.unit_cost[offers]))[0])
        quick = int(np.lexsort((supply.unit_cost[offers], supply.arrival_period[offers]))[0])
        on_time = _on_time(snapshot, offers)
        late = _delays(float(on_time[slow]), late_share * float(supply.arrival_period[offers[slow]]))
        lasting = _lasting(view, ahead, k, (slow, quick), late)
        today = _today(decisions, i, offers)
        found.append(Sourced(i, offers, today, on_time, lasting, int(offers[slow]), int(offers[quick])))
    return Sourcings(tuple(found), len(several))


def _today(decisions: Decisions, i: int, offers: IntArray) -> FloatArray:
    """Units ordered today from each of the offers of a series."""
    today = np.where(offers == decisions.offer[i], decisions.quantity[i], 0.0)
    more = decisions.further
    if more is not None:
        for offer, quantity in zip(more.offer[more.series == i], more.quantity[more.series == i], strict=True):
            today += np.where(offers == offer, quantity, 0.0)
    return today


def _on_time(snapshot: Snapshot, offers: IntArray) -> FloatArray:
    """The share of orders that come in time through each offer; NaN where unknown."""
    shared = snapshot.shared
    if shared is None:
        return np.full(len(offers), np.nan)
    return np.asarray(np.append(shared.on_time_share, np.nan)[shared.supplier_of(snapshot.supply)[offers]])


def _delays(on_time: float, periods: float) -> FloatArray:
    """Probabilities of 0, 1, .. periods of delay; none where the share of orders in time is unknown."""
    masses = np.zeros(max(int(np.ceil(periods)), 1) + 1)
    masses[0] = 1.0 if np.isnan(on_time) or periods <= 0.0 else on_time
    masses[-1] = 1.0 - masses[0]
    return masses


def _lasting(view: Snapshot, ahead: Demand, k: int, pair: tuple[int, int], late: FloatArray) -> tuple[Sourcing, ...]:
    """What two offers of an echelon cost alone and together for good; `pair`: slow and quick, of its own.

    `late`: probabilities of 0, 1, .. periods of delay of the slow one.
    """
    supply, costs, days = view.supply, view.costs, view.timeline.period.mean_days
    slow, quick = (int(supply.offsets[k]) + o for o in pair)
    mean = float(ahead.mean[k].mean())
    long, soon = int(supply.arrival_period[slow]), int(supply.arrival_period[quick])
    holding, stockout = float(costs.holding_cost_per_unit_day[k] * days), float(costs.stockout_cost_per_unit[k])
    if soon >= long or long > LONGEST_LEAD or holding <= 0.0 or not 0.0 < mean <= MOST_UNITS:
        return ()
    terms = TwoSuppliers(
        quick_cost=float(supply.unit_cost[quick]),
        slow_cost=float(supply.unit_cost[slow]),
        quick_lead=soon,
        slow_lead=long,
        holding=holding,
        penalty=stockout * days if costs.backlog[k] else stockout,
    )
    return best_sourcing(terms, _masses(ahead, k), late)


def _masses(demand: Demand, i: int) -> FloatArray:
    """P(D = 0), P(D = 1), .. of a period of the mean demand ahead, as far as it is likely."""
    period = int(np.abs(demand.mean[i] - demand.mean[i].mean()).argmin())
    law = demand.sum_over(period, period).take(np.array([i]))
    most = int(np.ceil(float(law.quantile(1.0 - UNLIKELY)[0]))) + 1
    reached = np.array([float(law.cdf(np.array([k + 0.5]))[0]) for k in range(most + 1)])
    masses = np.maximum(np.diff(reached, prepend=0.0), 0.0)
    return np.asarray(masses / masses.sum())
