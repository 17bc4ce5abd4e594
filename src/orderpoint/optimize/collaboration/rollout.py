"""A network of base stocks played forward on given paths of demand: what it costs, for many sets of levels at once.

A compact special form: an acyclic network, one base stock at each stage, whole lots, demand lost or waiting where
customers stand, orders that wait inside. In each period, with stages in an order in which goods flow forward:

1. receipts come in;
2. from the customers' end upwards every stage orders what its position (on hand, on order, less what customers of its
   own wait for and less what it owes downstream) lacks to its level, in whole packs, nothing where that is below the
   minimum order; an order is split over its sources by `share`;
3. from the sources downwards every stage ships what is owed, as much as an arc's capacity allows, shared by what each
   asks for where stock is short; what has no lead time arrives at once;
4. customers' demand is served by `stockflow.equation.step`; holding and shortage are charged.

A stage outside (`outside`) has no end of goods. Costs of the first `warm_up` periods do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.stages import Arcs, BaseStockNetwork, Stages
from orderpoint.stockflow.equation import step
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Paths = NDArray[np.float32]

RESULTS = 5
HOLDING, SHORTAGE, MOVING, ORDERING, SHORT = range(RESULTS)


@dataclass(frozen=True, eq=False)
class Play:
    """What to play: `demand` float32 (paths, periods, s) units, the state at the start, and the periods not counted.

    `on_hand` (s,): units at the start (None: each stage starts at its level, with nothing on its way).
    """

    demand: Paths
    warm_up: int = 0
    on_hand: FloatArray | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.warm_up < self.demand.shape[1]:
            raise ValueError(f"play.warm_up: expected below {self.demand.shape[1]} periods, got {self.warm_up}")


def costs_of(network: BaseStockNetwork, levels: FloatArray, play: Play) -> FloatArray:
    """(c, 5): mean holding, shortage, moving and ordering cost and units short of a period, for each set of (c, s)."""
    stages, arcs, order = network.compiled()
    checks.shape("levels", levels, (len(levels), len(order)))
    sets = np.ascontiguousarray(levels[:, order], np.float64)
    demand = np.ascontiguousarray(play.demand[:, :, order])
    start = np.full(len(order), np.nan) if play.on_hand is None else play.on_hand[order].astype(np.float64)
    out = np.zeros((len(sets), RESULTS))
    _all(sets, demand, stages, arcs, start, play.warm_up, out)
    return out


@njit(cache=True, parallel=True)
def _all(  # noqa: PLR0913, PLR0917 - a parallel loop takes no tuple of tuples
    sets: FloatArray, demand: Paths, stages: Stages, arcs: Arcs, start: FloatArray, warm_up: int, out: FloatArray
) -> None:
    for c in prange(len(sets)):
        row = np.zeros(RESULTS)
        for j in range(demand.shape[0]):
            _one_path(sets[c], demand[j], (stages, arcs), start, warm_up, row)
        out[c] = row / (demand.shape[0] * (demand.shape[1] - warm_up))


class State(NamedTuple):
    """`on_hand` (s,) units; `owed`, `on_way` (a,): ordered and not shipped, shipped and not received; `coming` (L, a).

    `coming[t % L]` comes in at period t; `sums` (5,) are the results of this period.
    """

    on_hand: FloatArray
    owed: FloatArray
    on_way: FloatArray
    coming: FloatArray
    sums: FloatArray


@njit(cache=True)
def _one_path(
    levels: FloatArray, demand: Paths, network: tuple[Stages, Arcs], start: FloatArray, warm_up: int, row: FloatArray
) -> None:
    """Add one path to the sums of `row`."""
    stages, arcs = network
    count, ways = len(levels), len(arcs.source)
    on_hand = np.where(np.isnan(start), levels, start)
    on_hand[stages.outside] = 0.0
    longest = int(arcs.lead.max()) + 1 if ways else 1
    state = State(on_hand, np.zeros(ways), np.zeros(ways), np.zeros((longest, ways)), np.zeros(RESULTS))
    for t in range(demand.shape[0]):
        state.sums[:] = 0.0
        for k in range(ways):
            on_hand[arcs.target[k]] += state.coming[t % longest, k]
            state.on_way[k] -= state.coming[t % longest, k]
            state.coming[t % longest, k] = 0.0
        _order(levels, state, stages, arcs)
        _ship(t, state, stages, arcs)
        for s in range(count):
            if stages.outside[s]:
                continue
            left, short = step(on_hand[s], 0.0, float(demand[t, s]), stages.backlog[s])
            on_hand[s] = left
            state.sums[HOLDING] += stages.holding[s] * max(left, 0.0)
            state.sums[SHORTAGE] += stages.penalty[s] * (max(-left, 0.0) if stages.backlog[s] else short)
            state.sums[SHORT] += short
        if t >= warm_up:
            row += state.sums


@njit(cache=True)
def _order(levels: FloatArray, state: State, stages: Stages, arcs: Arcs) -> None:
    """Every stage orders, from the customers' end upwards."""
    for s in range(len(levels) - 1, -1, -1):
        if stages.outside[s]:
            continue
        position = state.on_hand[s]
        for k in range(len(arcs.source)):
            if arcs.target[k] == s:
                position += state.owed[k] + state.on_way[k]
            elif arcs.source[k] == s:
                position -= state.owed[k]
        wanted = np.floor((levels[s] - position) / stages.pack[s] + 1e-9) * stages.pack[s]
        if wanted < max(stages.moq[s], 1e-9):
            continue
        state.sums[ORDERING] += stages.order_cost[s]
        part, given = 0.0, 0.0
        for k in range(len(arcs.source)):
            if arcs.target[k] == s:
                part += arcs.share[k]
                upto = np.floor(part * wanted + 0.5)
                state.owed[k] += upto - given
                given = upto


@njit(cache=True)
def _ship(t: int, state: State, stages: Stages, arcs: Arcs) -> None:
    """Every stage ships what it owes, from the sources downwards.

    A short stock is shared by what is owed, in whole units; those that are left go round, from another arc each period.
    """
    k = 0
    while k < len(arcs.source):
        s, last, asked = arcs.source[k], k, 0.0
        while last < len(arcs.source) and arcs.source[last] == s:
            asked += min(state.owed[last], arcs.capacity[last])
            last += 1
        stock = asked if stages.outside[s] else max(state.on_hand[s], 0.0)
        left = min(stock, asked)
        part = left / asked if asked > 0.0 else 0.0
        for arc in range(k, last):
            wanted = min(state.owed[arc], arcs.capacity[arc])
            left -= _move(arc, wanted if part >= 1.0 else np.floor(part * wanted), t, state, arcs)
        for turn in range(last - k):
            arc = k + (t + turn) % (last - k)
            one = min(1.0, state.owed[arc], left) if part < 1.0 else 0.0
            left -= _move(arc, one, t, state, arcs)
        if stages.outside[s]:
            state.on_hand[s] = 0.0
        k = last


@njit(cache=True)
def _move(arc: int, units: float, t: int, state: State, arcs: Arcs) -> float:
    """Ship `units` over an arc in period `t`; returns them."""
    if units <= 0.0:
        return 0.0
    state.owed[arc] -= units
    state.on_hand[arcs.source[arc]] -= units
    state.sums[MOVING] += arcs.cost[arc] * units
    if arcs.lead[arc] == 0:
        state.on_hand[arcs.target[arc]] += units
    else:
        state.on_way[arc] += units
        state.coming[(t + arcs.lead[arc]) % len(state.coming), arc] += units
    return units
