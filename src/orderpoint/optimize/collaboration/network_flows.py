"""Who is to send how much where in each period after today: the flow of least cost of every item's network (`flows`).

Demand is taken at its mean. Every place keeps the part of its level that guards against chance, and what it lacks of
that is asked for in the first period in which goods can come. Today's orders and transfers are on their way; from the
next period on places buy and ship anew. What goods cost comes back when they are sold, so only dearer suppliers,
moving, holding and shortage are weighed. Goods that may wait anywhere at the same cost wait as far up as they can.
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
    keeps against chance; `outside` (n,): units a period that its suppliers can send it.
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
    mean = ended(stretched(demand, periods), snapshot).mean
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
    """(n,): units a period that the arcs from outside carry to each series; inf without a bound."""
    network, index = snapshot.network, snapshot.index
    most = np.full(len(index), np.inf)
    if network is None:
        return most
    for k in np.flatnonzero((network.source >= len(index.locations)) & np.isfinite(network.capacity_per_day)).tolist():
        mine = index.location_of == network.target[k]
        if network.item[k] != EVERY_ITEM:
            mine &= index.item_of == network.item[k]
        most[mine] = network.capacity_per_day[k] * snapshot.timeline.period.mean_days
    return most


def part_flows(case: FlowCase, part: int) -> NetworkFlows:
    """The flows of one network (`StageGraph.part`): those decided today, and those of least cost after it."""
    arcs = np.flatnonzero(case.feeds.part[case.feeds.source] == part)
    rows = np.flatnonzero(case.feeds.part == part)
    found = least_cost_flow(_problem(case, rows, arcs))
    price = np.full(case.mean.shape, np.nan)
    price[rows, 1:] = found.price
    return _joined([_today(case, part, price), _shipped(case, arcs, found, price), _bought(case, rows, found, price)])


def _problem(case: FlowCase, rows: IntArray, arcs: IntArray) -> FlowProblem:
    """The flow problem of the series `rows` from the next period on."""
    snapshot, feeds, supply = case.snapshot, case.feeds, case.snapshot.supply
    place = np.full(len(snapshot.index), -1)
    place[rows] = np.arange(len(rows))
    days, periods = snapshot.timeline.period.mean_days, case.mean.shape[1] - 1
    offer = case.decisions.offer[rows]
    orders = (case.structure.orders & snapshot.orderable)[rows]
    lead = supply.arrival_period[offer].astype(np.int64)
    comes = np.arange(periods)[None, :] >= lead[:, None]
    stock = snapshot.stock.on_hand[rows] + case.receipts[rows, 0] - case.mean[rows, 0]
    backlog, guard = snapshot.costs.backlog[rows], case.guard[rows]
    demand = case.mean[rows, 1:].copy()
    demand[:, 0] += np.where(backlog, np.maximum(-stock, 0.0), 0.0)
    left = np.maximum(stock, 0.0)
    first = np.where(orders, lead, periods)
    np.minimum.at(first, place[feeds.target[arcs]], feeds.lead_periods[arcs])
    soon = np.flatnonzero(first < periods)
    demand[soon, first[soon]] += np.maximum(guard - left, 0.0)[soon]
    cost = supply.unit_cost[offer]
    cheapest = cost[orders].min(initial=np.inf)
    stockout = snapshot.costs.stockout_cost_per_unit[rows]
    down = 1.0 + WAITS_UP * _depth(case, rows)
    return FlowProblem(
        names=tuple(str(row) for row in rows.tolist()),
        demand=demand,
        receipts=case.receipts[rows, 1:],
        supply=np.where(orders[:, None] & comes, case.outside[rows, None], 0.0),
        on_hand=np.maximum(left - guard, 0.0),
        space=np.full(len(rows), np.inf),
        supply_cost=np.where(orders, cost - cheapest, 0.0),
        holding=snapshot.costs.holding_cost_per_unit_day[rows] * days * down,
        shortage=np.where(backlog, stockout * days, stockout),
        backlog=backlog,
        source=place[feeds.source[arcs]],
        target=place[feeds.target[arcs]],
        lead=feeds.lead_periods[arcs],
        capacity=feeds.capacity[arcs],
        cost=feeds.cost[arcs],
        per=feeds.per[arcs],
    )


def _depth(case: FlowCase, rows: IntArray) -> FloatArray:
    """(r,): the most arcs that lead to each of `rows`, from the places that nobody feeds."""
    depth = np.zeros(len(case.snapshot.index))
    place = np.empty(len(depth), np.int64)
    place[case.feeds.order] = np.arange(len(depth))
    mine = np.flatnonzero(np.isin(case.feeds.source, rows))
    for k in mine[np.argsort(place[case.feeds.source[mine]], kind="stable")].tolist():
        source, target = case.feeds.source[k], case.feeds.target[k]
        depth[target] = max(depth[target], depth[source] + 1.0)
    return depth[rows]


def _today(case: FlowCase, part: int, price: FloatArray) -> NetworkFlows:
    """What is ordered and sent today."""
    decisions, mine = case.decisions, case.feeds.part == part
    arrival = case.snapshot.supply.arrival_period.astype(np.int64)
    found = []
    lines = [(np.flatnonzero(mine & (decisions.quantity > 0.0)), decisions.offer, decisions.quantity)]
    found += [
        _flows(-1, rows, (offer[rows], 0, arrival[offer[rows]]), quantity[rows]) for rows, offer, quantity in lines
    ]
    if decisions.further is not None:
        more = decisions.further
        rows = np.flatnonzero(mine[more.series])
        found.append(
            _flows(-1, more.series[rows], (more.offer[rows], 0, arrival[more.offer[rows]]), more.quantity[rows])
        )
    if decisions.transfers is not None:
        moves = decisions.transfers
        rows = np.flatnonzero(mine[moves.target])
        found.append(
            _flows(moves.source[rows], moves.target[rows], (-1, 0, moves.arrival_period[rows]), moves.quantity[rows])
        )
    return _priced(_joined(found), price)


def _shipped(case: FlowCase, arcs: IntArray, found: Flow, price: FloatArray) -> NetworkFlows:
    """What places send each other after today, within the horizon."""
    arc, t = np.nonzero(found.shipped > LEAST_UNITS)
    arc, t, units = arc[t + 1 < case.listed], t[t + 1 < case.listed], found.shipped[arc, t][t + 1 < case.listed]
    k = arcs[arc]
    ends = case.feeds.source[k], case.feeds.target[k]
    return _priced(_flows(*ends, (-1, t + 1, t + 1 + case.feeds.lead_periods[k]), units), price)


def _bought(case: FlowCase, rows: IntArray, found: Flow, price: FloatArray) -> NetworkFlows:
    """What suppliers send after today, by the period in which it is ordered."""
    row, t = np.nonzero(found.bought > LEAST_UNITS)
    offer = case.decisions.offer[rows[row]]
    start = t + 1 - case.snapshot.supply.arrival_period[offer].astype(np.int64)
    seen = start < case.listed
    flows = _flows(-1, rows[row], (offer, start, t + 1), found.bought[row, t])
    return _priced(_taken(flows, seen), price)


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


def _taken(flows: NetworkFlows, rows: NDArray[np.bool_]) -> NetworkFlows:
    return NetworkFlows(*(getattr(flows, name)[rows] for name in COLUMNS))


def _joined(flows: list[NetworkFlows]) -> NetworkFlows:
    return NetworkFlows(*(np.concatenate([getattr(f, name) for f in flows]) for name in COLUMNS))


def joined(flows: list[NetworkFlows]) -> NetworkFlows:
    """The flows of all networks, by target and start."""
    none = np.zeros(0, np.int64)
    empty = NetworkFlows(none, none, none, none, none, np.zeros(0), np.zeros(0))
    every = _joined([empty, *flows])
    order = np.lexsort((every.source, every.start, every.target))
    return NetworkFlows(*(getattr(every, name)[order] for name in COLUMNS))
