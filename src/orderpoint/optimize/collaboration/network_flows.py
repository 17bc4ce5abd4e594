"""Who is to send how much where in each period after today: the flow of least cost of every item's network (`flows`).

Demand is taken at its mean. Every place keeps the part of its level that guards against chance, and what it lacks of
that is asked for in the first period in which goods can come. Today's orders and transfers are on their way; from the
next period on places ship anew and buy from any of their offers. What goods cost comes back when they are sold, so only
dearer suppliers, moving, holding and shortage are weighed. Goods that may wait anywhere at the same cost wait as far up
as they can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.flow_problem import FlowProblem
from orderpoint.optimize.collaboration.flows import Flow, least_cost_flow
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.stockflow.placed import moved
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.network import EVERY_ITEM
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Feeds

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_UNITS = 1e-6
WAITS_UP = 1e-4
"""By which part holding counts more for each place further down, so that goods do not leave before they are needed."""
COLUMNS = ("source", "target", "offer", "start", "arrival", "units", "price")


@dataclass(frozen=True, eq=False)
class NetworkFlows:
    """m flows: `source` row of the series that sends (-1: a supplier, by `offer`), `target` row of the one that gets.

    `start`, `arrival` periods from today; `units` of the target; `price`: money that one more unit of demand at the
    target in the period of arrival would cost, NaN beyond what was planned. `offer` -1 where a series sends.
    """

    source: IntArray
    target: IntArray
    offer: IntArray
    start: IntArray
    arrival: IntArray
    units: FloatArray
    price: FloatArray


@dataclass(frozen=True, eq=False)
class FlowCase:
    """What the flows of all networks are found from, over T periods from today.

    `mean` (n, T), `receipts` (n, T): demand and goods on their way, today's too; `guard` (n,): units that each series
    keeps against chance; `outside` (k,): units a period that come by each offer at most.
    """

    snapshot: Snapshot
    decisions: Decisions
    structure: Structure
    feeds: Feeds
    mean: FloatArray
    receipts: FloatArray
    guard: FloatArray
    outside: FloatArray

    @property
    def listed(self) -> int:
        """Periods whose flows are listed: those of the horizon."""
        return self.snapshot.timeline.count


def flow_case(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, structure: Structure, kept: tuple[FloatArray, Feeds]
) -> FlowCase:
    """The case of a snapshot seen from within; `kept`: each place's own level today (n,), and who feeds whom.

    It reaches so far beyond the horizon that what leaves at its end has arrived and is asked for.
    """
    level, feeds = kept
    supply, n = snapshot.supply, len(snapshot.index)
    then = supply.next_arrival_period[decisions.offer].astype(np.int64)
    periods = snapshot.timeline.count + int(then.max(initial=1)) + int(feeds.lead_periods.max(initial=0))
    mean = ended(stretched(demand, periods), snapshot.catalog).mean
    wanted = np.cumsum(np.pad(feeds.passing(mean), ((0, 0), (1, 0))), axis=1)[np.arange(n), then]
    stock = moved(snapshot, decisions).stock
    receipts = np.zeros((n, periods))
    receipts[:, : stock.receipts.shape[1]] = stock.receipts
    first = supply.arrival_period[decisions.offer].astype(np.int64)
    np.add.at(receipts, (np.arange(n), first), decisions.quantity)
    guard = np.where(snapshot.orderable, np.maximum(level - wanted, 0.0), 0.0)
    changed = replace(snapshot, stock=replace(snapshot.stock, on_hand=stock.on_hand))
    return FlowCase(changed, decisions, structure, feeds, mean, receipts, guard, _from_outside(snapshot))


def _from_outside(snapshot: Snapshot) -> FloatArray:
    """(k,): units a period that the arcs from outside carry of each offer; inf without a bound.

    An arc speaks for the offers of the supplier that it is named after, or for all of its place where none is.
    """
    network, index, supply = snapshot.network, snapshot.index, snapshot.supply
    most = np.full(len(supply.supplier), np.inf)
    if network is None:
        return most
    series = np.repeat(np.arange(len(index)), np.diff(supply.offsets))
    names = np.array(supply.supplier, dtype=object)
    for k in np.flatnonzero((network.source >= len(index.locations)) & np.isfinite(network.capacity_per_day)).tolist():
        mine = index.location_of[series] == network.target[k]
        if network.item[k] != EVERY_ITEM:
            mine &= index.item_of[series] == network.item[k]
        named = mine & (names == network.stages[network.source[k]])
        most[named if named.any() else mine] = network.capacity_per_day[k] * snapshot.timeline.period.mean_days
    return most


def part_flows(case: FlowCase, part: int) -> NetworkFlows:
    """The flows of one network (`StageGraph.part`): those decided today, and those of least cost after it."""
    lanes = _lanes(case, part)
    found = least_cost_flow(_problem(case, lanes))
    price = np.full(case.mean.shape, np.nan)
    price[lanes.rows, 1:] = found.price[: len(lanes.rows)]
    return _priced(_joined([_today(case, part), _later(case, lanes, found)]), price)


@dataclass(frozen=True, eq=False)
class _Lanes:
    """The stages of one flow program: the series `rows`, then their `offers`; and its arcs (a,) in rows of these.

    `lead` periods, `capacity` units a period, `cost` money a unit, `per` as in `FlowProblem`.
    """

    rows: IntArray
    offers: IntArray
    source: IntArray
    target: IntArray
    lead: IntArray
    capacity: FloatArray
    cost: FloatArray
    per: FloatArray


def _lanes(case: FlowCase, part: int) -> _Lanes:
    """The ways between the places of a network, and those from the suppliers to the places that order."""
    feeds, supply = case.feeds, case.snapshot.supply
    rows = np.flatnonzero(feeds.part == part)
    place = np.full(len(case.snapshot.index), -1)
    place[rows] = np.arange(len(rows))
    arcs = np.flatnonzero(feeds.part[feeds.source] == part)
    buyers = rows[(case.structure.orders & case.snapshot.orderable)[rows]]
    owned = [np.arange(supply.offsets[i], supply.offsets[i + 1]) for i in buyers]
    offers = np.concatenate([np.zeros(0, np.int64), *owned]).astype(np.int64)
    buyer = np.repeat(buyers, [len(mine) for mine in owned])
    cheapest = supply.unit_cost[offers].min(initial=np.inf)
    return _Lanes(
        rows,
        offers,
        np.concatenate([place[feeds.source[arcs]], len(rows) + np.arange(len(offers))]),
        np.concatenate([place[feeds.target[arcs]], place[buyer]]),
        np.concatenate([feeds.lead_periods[arcs], supply.arrival_period[offers].astype(np.int64)]),
        np.concatenate([feeds.capacity[arcs], case.outside[offers]]),
        np.concatenate([feeds.cost[arcs], supply.unit_cost[offers] - cheapest]),
        np.concatenate([feeds.per[arcs], np.ones(len(offers))]),
    )


def _problem(case: FlowCase, lanes: _Lanes) -> FlowProblem:
    """The flow problem of a network from the next period on; suppliers sell all that is asked for and keep nothing."""
    snapshot, rows, sellers = case.snapshot, lanes.rows, len(lanes.offers)
    days, periods = snapshot.timeline.period.mean_days, case.mean.shape[1] - 1
    stock = snapshot.stock.on_hand[rows] + case.receipts[rows, 0] - case.mean[rows, 0]
    backlog, guard = snapshot.costs.backlog[rows], case.guard[rows]
    demand = case.mean[rows, 1:].copy()
    demand[:, 0] += np.where(backlog, np.maximum(-stock, 0.0), 0.0)
    left = np.maximum(stock, 0.0)
    first = np.full(len(rows), periods)
    np.minimum.at(first, lanes.target, lanes.lead)
    soon = np.flatnonzero(first < periods)
    demand[soon, first[soon]] += np.maximum(guard - left, 0.0)[soon]
    stockout = snapshot.costs.stockout_cost_per_unit[rows]
    holding = snapshot.costs.holding_cost_per_unit_day[rows] * days * (1.0 + WAITS_UP * _depth(case, rows))
    outside = np.full((sellers, periods), np.inf)
    nothing, none = np.zeros((sellers, periods)), np.zeros(sellers)
    return FlowProblem(
        names=tuple(str(row) for row in range(len(rows) + sellers)),
        demand=np.concatenate([demand, nothing]),
        receipts=np.concatenate([case.receipts[rows, 1:], nothing]),
        supply=np.concatenate([np.zeros_like(demand), outside]),
        on_hand=np.concatenate([np.maximum(left - guard, 0.0), none]),
        space=np.concatenate([np.full(len(rows), np.inf), none]),
        supply_cost=np.zeros(len(rows) + sellers),
        holding=np.concatenate([holding, none]),
        shortage=np.concatenate([np.where(backlog, stockout * days, stockout), none]),
        backlog=np.concatenate([backlog, np.zeros(sellers, np.bool_)]),
        source=lanes.source,
        target=lanes.target,
        lead=lanes.lead,
        capacity=lanes.capacity,
        cost=lanes.cost,
        per=lanes.per,
    )


def _depth(case: FlowCase, rows: IntArray) -> FloatArray:
    """(r,): the most arcs that lead to each of `rows`, from the places that nobody feeds."""
    depth = np.zeros(len(case.snapshot.index))
    mine = np.flatnonzero(np.isin(case.feeds.source, rows))
    for k in mine[np.argsort(case.feeds.place[case.feeds.source[mine]], kind="stable")].tolist():
        source, target = case.feeds.source[k], case.feeds.target[k]
        depth[target] = max(depth[target], depth[source] + 1.0)
    return depth[rows]


def _today(case: FlowCase, part: int) -> NetworkFlows:
    """What is ordered and sent today."""
    decisions, mine = case.decisions, case.feeds.part == part
    arrival = case.snapshot.supply.arrival_period.astype(np.int64)
    rows = np.flatnonzero(mine & (decisions.quantity > 0.0))
    offer, moves, more = decisions.offer[rows], decisions.transfers, decisions.further
    found = [_flows(-1, rows, (offer, 0, arrival[offer]), decisions.quantity[rows])]
    if more is not None:
        k = np.flatnonzero(mine[more.series])
        found.append(_flows(-1, more.series[k], (more.offer[k], 0, arrival[more.offer[k]]), more.quantity[k]))
    if moves is not None:
        k = np.flatnonzero(mine[moves.target])
        found.append(_flows(moves.source[k], moves.target[k], (-1, 0, moves.arrival_period[k]), moves.quantity[k]))
    return _joined(found)


def _later(case: FlowCase, lanes: _Lanes, found: Flow) -> NetworkFlows:
    """What suppliers and places send after today, within the horizon."""
    arc, t = np.nonzero(found.shipped[:, : case.listed - 1] > LEAST_UNITS)
    sender = np.concatenate([lanes.rows, np.full(len(lanes.offers), -1)])
    offer = np.concatenate([np.full(len(lanes.rows), -1), lanes.offers])
    source, target = lanes.source[arc], lanes.rows[lanes.target[arc]]
    return _flows(sender[source], target, (offer[source], t + 1, t + 1 + lanes.lead[arc]), found.shipped[arc, t])


def _flows(
    source: IntArray | int, target: IntArray, when: tuple[IntArray | int, IntArray | int, IntArray], units: FloatArray
) -> NetworkFlows:
    """Flows without prices; `when`: offer, start and arrival."""
    sender, offer, start, arrival = (np.broadcast_to(np.asarray(v, np.int64), target.shape) for v in (source, *when))
    return NetworkFlows(sender, target, offer, start, arrival, units, np.full(len(target), np.nan))


def _priced(flows: NetworkFlows, price: FloatArray) -> NetworkFlows:
    seen = np.minimum(flows.arrival, price.shape[1] - 1)
    known = flows.arrival < price.shape[1]
    return replace(flows, price=np.where(known, price[flows.target, seen], np.nan))


def _joined(flows: list[NetworkFlows]) -> NetworkFlows:
    return NetworkFlows(*(np.concatenate([getattr(f, name) for f in flows]) for name in COLUMNS))


def joined(flows: list[NetworkFlows]) -> NetworkFlows:
    """The flows of all networks, by target and start."""
    none = np.zeros(0, np.int64)
    empty = NetworkFlows(none, none, none, none, none, np.zeros(0), np.zeros(0))
    every = _joined([empty, *flows])
    order = np.lexsort((every.source, every.start, every.target))
    return NetworkFlows(*(getattr(every, name)[order] for name in COLUMNS))
