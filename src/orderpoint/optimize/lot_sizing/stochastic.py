"""Lot sizing against random demand: the best levels (s, S) of every period, by dynamic programming over the stock.

Sources: H. Scarf (1960), "The optimality of (S, s) policies in the dynamic inventory problem"; section 4.5 of L. Snyder
& Z.-J. Shen, Fundamentals of Supply Chain Theory (2nd ed., 2019). Demand differs from period to period and periods are
independent; an order is there at once. Legend, for one item:

    K, c, h, p   setup, unit, holding and shortage cost of a period; v: what a unit left at the end is worth
    V(t, x)      least expected cost from period t on with stock x before ordering, V(T, x) = -v x  (x >= 0)
    J(t, y)      c y + E[ h (y - D)+ + p (D - y)+ + V(t + 1, y - D) ], with (y - D)+ in V where sales are lost
    V(t, x)      min( J(t, x), K + min over x < y <= min(x + most, room) of J(t, y) ) - c x

Waiting demand is bought at the last period's unit cost at the end. Without a bound on an order S is where J is least
and s the highest stock from which ordering there pays; K-convexity makes (s, S) the best of all policies where K never
grows over time. With a bound `cost` is still that of the best orders, but levels may say them only nearly: `evaluate`
gives the cost of the levels themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks
from orderpoint.tables.demand import Demand

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_STATES = 20_000
NEVER = np.iinfo(np.int64).min
"""The reorder point of a period in which no stock that can occur asks for an order."""


@dataclass(frozen=True, eq=False)
class StochasticLotSizing:
    """n items, T periods; `probabilities` (n, T, m): of demand 0..m-1 in each period, rows that sum to 1.

    Costs as in `problem.LotSizing`, each broadcasting to (n, T); `shortage_cost` is money per unit short at a period's
    end (`lost`: then gone, else waiting). `most` units per order, `room` units after an order, `initial_stock` units,
    `salvage` money for a unit left at the end: one number or (n,). Stock is counted in whole units.
    """

    probabilities: FloatArray
    setup_cost: ArrayLike
    holding_cost: ArrayLike
    shortage_cost: ArrayLike
    unit_cost: ArrayLike = 0.0
    lost: bool = False
    most: ArrayLike = np.inf
    room: ArrayLike = np.inf
    initial_stock: ArrayLike = 0
    salvage: ArrayLike = 0.0

    def __post_init__(self) -> None:
        if self.probabilities.ndim != 3 or (self.probabilities < 0.0).any():
            raise ValueError(
                "stochastic.probabilities: expected (items, periods, m) of at least 0; add the missing axis"
            )
        if self.probabilities.size and np.abs(self.probabilities.sum(axis=2) - 1.0).max() > 1e-9:
            raise ValueError("stochastic.probabilities: expected rows that sum to 1; divide each by its sum")
        for name in ("setup_cost", "holding_cost", "shortage_cost", "unit_cost"):
            checks.finite(f"stochastic.{name}", np.atleast_1d(np.asarray(getattr(self, name), np.float64)), least=0.0)
        if (self.bounds()[:, 3] > self.costs()[:, :, 1].min(axis=1)).any():
            raise ValueError("stochastic.salvage: expected at most the least unit cost; else one buys to give back")
        if self.span() > MOST_STATES:
            raise ValueError(f"stochastic: expected at most {MOST_STATES} stock levels; count in packs or pallets")

    @property
    def shape(self) -> tuple[int, int]:
        """(items, periods)."""
        return self.probabilities.shape[0], self.probabilities.shape[1]

    def span(self) -> int:
        """Stock levels that can matter, at most."""
        total = self.shape[1] * (self.probabilities.shape[2] - 1)
        start = np.abs(np.asarray(self.initial_stock)).max(initial=0)
        return int((1 if self.lost else 2) * total + start + 1)

    def costs(self) -> FloatArray:
        """(n, T, 4): setup, unit, holding and shortage cost."""
        parts = (self.setup_cost, self.unit_cost, self.holding_cost, self.shortage_cost)
        return np.stack([np.broadcast_to(np.asarray(a, np.float64), self.shape) for a in parts], axis=2)

    def bounds(self) -> FloatArray:
        """(n, 4): most, room, initial stock, salvage."""
        parts = (self.most, self.room, self.initial_stock, self.salvage)
        return np.stack([np.broadcast_to(np.asarray(a, np.float64), (self.shape[0],)) for a in parts], axis=1)


@dataclass(frozen=True, eq=False)
class StochasticLevels:
    """`reorder_point`, `order_up_to` int64 (n, T): order at or below the first, up to the second; `cost` (n,), money.

    `reorder_point` is NEVER where no stock that can occur asks for an order.
    """

    reorder_point: IntArray
    order_up_to: IntArray
    cost: FloatArray


def period_probabilities(demand: Demand) -> FloatArray:
    """(n, H, m): P(demand = k) of each period of a `Demand`; m covers all but 1e-14 of each."""
    tables = [demand.period(t).masses() for t in range(demand.timeline.count)]
    longest = max(int(np.diff(table.offsets).max(initial=1)) for table in tables)
    out = np.zeros((len(demand.index), len(tables), longest))
    for t, table in enumerate(tables):
        for i in range(len(demand.index)):
            row = table.values[table.offsets[i] : table.offsets[i + 1]]
            out[i, t, : len(row)] = row
    return out


def optimal(problem: StochasticLotSizing) -> StochasticLevels:
    """The best levels of every item and period, and their expected cost."""
    point, up_to, cost = (
        np.empty(problem.shape, np.int64),
        np.empty(problem.shape, np.int64),
        np.empty(problem.shape[0]),
    )
    _all(problem.probabilities, problem.costs(), problem.bounds(), (problem.lost, True), point, up_to, cost)
    return StochasticLevels(point, up_to, cost)


def evaluate(problem: StochasticLotSizing, reorder_point: ArrayLike, order_up_to: ArrayLike) -> FloatArray:
    """(n,): expected cost of any levels (n, T), orders cut to `most` and `room`. Raises ValueError unless s < S."""
    point, up_to = (
        np.array(np.broadcast_to(np.asarray(a, np.int64), problem.shape)) for a in (reorder_point, order_up_to)
    )
    if (point >= up_to).any():
        raise ValueError("stochastic.evaluate: expected order_up_to above reorder_point; NEVER orders nothing")
    cost = np.empty(problem.shape[0])
    _all(problem.probabilities, problem.costs(), problem.bounds(), (problem.lost, False), point, up_to, cost)
    return cost


@njit(cache=True, parallel=True)
def _all(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    chance: FloatArray,
    costs: FloatArray,
    bounds: FloatArray,
    how: tuple[bool, bool],
    point: IntArray,
    up_to: IntArray,
    cost: FloatArray,
) -> None:
    for i in prange(len(cost)):
        cost[i] = _one(chance[i], costs[i], bounds[i], how, point[i], up_to[i])


@njit(cache=True)
def _one(
    chance: FloatArray, costs: FloatArray, bounds: FloatArray, how: tuple[bool, bool], point: IntArray, up_to: IntArray
) -> float:
    """One item: find the levels (`how[1]`) or follow them; its expected cost."""
    lost, free = how
    periods, width = chance.shape
    total, start = periods * (width - 1), int(bounds[2])
    low = 0 if lost else min(start, 0) - total
    high = max(start, 0) + total
    value = np.empty(high - low + 1)
    for m in range(len(value)):
        x = low + m
        value[m] = -bounds[3] * x if x >= 0 else -costs[periods - 1, 1] * x
    for t in range(periods - 1, -1, -1):
        ordered = _ordered(chance[t], costs[t], value, low, lost)
        _step(ordered, value, (low, costs[t, 0], costs[t, 1]), (bounds[0], bounds[1], free), (t, point, up_to))
    return float(value[max(start, low) - low])


@njit(cache=True)
def _ordered(chance: FloatArray, costs: FloatArray, value: FloatArray, low: int, lost: bool) -> FloatArray:  # noqa: FBT001
    """J of one period. Below the lowest stock that can occur V goes on as a straight line."""
    ordered = np.empty(len(value))
    slope = value[1] - value[0] if len(value) > 1 else 0.0
    for m in range(len(value)):
        y, total = low + m, costs[1] * (low + m)
        for d in range(len(chance)):
            if chance[d] == 0.0:
                continue
            left, to = y - d, m - d
            if lost:
                to = max(to, 0)
            after = value[to] if to >= 0 else value[0] + slope * to
            total += chance[d] * (after + (costs[2] * left if left > 0 else -costs[3] * left))
        ordered[m] = total
    return ordered


@njit(cache=True)
def _step(
    ordered: FloatArray,
    value: FloatArray,
    money: tuple[int, float, float],
    limits: tuple[float, float, bool],
    where: tuple[int, IntArray, IntArray],
) -> None:
    """V of one period into `value`, and its levels where they are free."""
    low, setup, unit = money
    most, room, free = limits
    t, point, up_to = where
    count = len(value)
    cap = int(min(room - low, count - 1.0)) if room >= low else -1
    reach = int(min(most, float(count)))
    if free:
        best = low + int(np.argmin(ordered[: cap + 1])) if cap >= 0 else low
        point[t], up_to[t] = NEVER, best
    for m in range(count):
        value[m] = ordered[m] - unit * (low + m)
        if free:
            to = _lowest(ordered, m + 1, min(m + reach, cap), up_to[t] - low)
            if to > m and setup + ordered[to] < ordered[m]:
                value[m] = setup + ordered[to] - unit * (low + m)
                point[t] = low + m
        elif low + m <= point[t]:
            to = min(up_to[t] - low, m + reach, cap)
            if to > m:
                value[m] = setup + ordered[to] - unit * (low + m)
    if free and point[t] >= up_to[t]:
        up_to[t] = point[t] + 1


@njit(cache=True)
def _lowest(ordered: FloatArray, first: int, last: int, best: int) -> int:
    """Where J is least among first..last; `best` is where it is least of all."""
    if first <= best <= last:
        return best
    found = first if first <= last else -1
    for to in range(first + 1, last + 1):
        if ordered[to] < ordered[found]:
            found = to
    return found
