"""Whether a placement keeps its promises: demand within the bounds is played through the network, period by period.

Each stage orders each period what it must deliver for that period's demand. A stage j that is served in time receives
the order of period t in period t + SI_j + T_j, and owes it to its customers in period t + S_j. If no stage is short
while its receipts come in time, then all receipts do come in time, from the first supplier to the last customer. Stock
moves by `stockflow.equation.step`. What lies beyond the bound is not played but stated, as expected units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import special

from orderpoint.optimize.network.guaranteed import GuaranteedService, Placement
from orderpoint.optimize.network.links import Links
from orderpoint.optimize.network.pooling import pooled_mean, pooled_spread
from orderpoint.stockflow.equation import step
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SURGE = 10.0
"""Standard deviations above the mean that customers ask for in a surge, before the bounds cut it."""


@dataclass(frozen=True, eq=False)
class Customers:
    """What customers draw from each stage directly: `mean` and `sd` (n,), units per period; 0 where none are."""

    mean: FloatArray
    sd: FloatArray


@dataclass(frozen=True, eq=False)
class Kept:
    """What `play_bounded` saw.

    `short` (n,): units not delivered in time; `lowest` (n,): the lowest stock left, as a share of the base stock (0:
    the bound was met exactly; 1 where there is no stock); `periods` played.
    """

    short: FloatArray
    lowest: FloatArray
    periods: int

    @property
    def promised(self) -> NDArray[np.bool_]:
        """(n,): whether each stage delivered all in time."""
        return np.asarray(self.short <= 0.0)


def play_bounded(
    problem: GuaranteedService, placement: Placement, customers: Customers, periods: int, seed: int = 0
) -> Kept:
    """Play `periods` of demand that keeps the bound of every stage over every window up to its net replenishment time.

    Customers ask for normal amounts, and at times for far more for many periods on end; what exceeds the bound of any
    stage that serves them is cut, so the bounds are met exactly again and again.
    """
    graph = problem.graph
    for name in ("mean", "sd"):
        checks.shape(f"promise.{name}", getattr(customers, name), (graph.stages,))
    links = Links.of(graph.order, graph.source, graph.target)
    tau, costs = placement.net_replenishment_time, problem.costs
    shape = np.ascontiguousarray(costs.shape[:, : int(tau.max(initial=0)) + 1])
    bounds = Bounds(pooled_mean(graph, customers.mean), problem.spread, costs.row, shape, tau)
    demand = _demand(links, graph.quantity_per, bounds, _asked(customers, periods, seed))
    receipt_after, due_after = placement.inbound_time + costs.time, placement.service_time
    base = bounds.mean * tau + problem.spread * costs.shape[costs.row, tau]
    short, lowest = _stocks(demand, base, receipt_after, due_after)
    return Kept(short, lowest, periods)


def beyond_bound(problem: GuaranteedService, placement: Placement, customers: Customers) -> FloatArray:
    """(n,): expected units by which demand over the net replenishment time exceeds what the stock covers.

    Demand is taken as normal. Those units need what the model calls extraordinary measures: haste, overtime, a wait.
    """
    deviation = pooled_spread(problem.graph, customers.sd) * np.sqrt(placement.net_replenishment_time)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(deviation > 0.0, placement.safety_stock / deviation, 0.0)
    loss = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) - z * special.ndtr(-z)
    return np.asarray(deviation * loss)


def _asked(customers: Customers, periods: int, seed: int) -> FloatArray:
    """(periods, n): normal amounts, and surges that begin by chance and last for 1 to 40 periods."""
    rng = np.random.default_rng(seed)
    asked = customers.mean + customers.sd * rng.standard_normal((periods, len(customers.mean)))
    t = 0
    while t < periods:
        t += int(rng.integers(1, 60))
        until = t + int(rng.integers(1, 40))
        asked[t:until] += SURGE * customers.sd * rng.random(len(customers.mean))
        t = until
    return np.asarray(np.maximum(asked, 0.0))


class Bounds(NamedTuple):
    """The bound of each stage over x periods: mean x + spread * shape[row, x], for x up to `reach`; all (n,)."""

    mean: FloatArray
    spread: FloatArray
    row: IntArray
    shape: FloatArray
    reach: IntArray


@njit(cache=True)
def _demand(links: Links, quantity: FloatArray, bounds: Bounds, asked: FloatArray) -> FloatArray:
    """(periods, n): the demand on each stage after what exceeds a bound is cut.

    A stage whose bound is exceeded cuts the demand of all customers it serves by the same share, so each customer is
    cut by the hardest of the stages behind him, and every bound holds.
    """
    periods, n = asked.shape
    demand, total = np.zeros((periods, n)), np.zeros((periods + 1, n))
    for t in range(periods):
        demand[t] = asked[t]
        _upstream(links, quantity, demand[t])
        share = np.ones(n)
        for k in links.order:
            allowed = np.inf
            for x in range(1, min(bounds.reach[k], t + 1) + 1):
                bound = bounds.mean[k] * x + bounds.spread[k] * bounds.shape[bounds.row[k], x]
                allowed = min(allowed, bound - (total[t, k] - total[t + 1 - x, k]))
            if demand[t, k] > allowed:
                share[k] = max(allowed, 0.0) / demand[t, k]
            for q in range(links.in_first[k], links.in_first[k + 1]):
                share[k] = min(share[k], share[links.source[links.in_arc[q]]])
        demand[t] = asked[t] * share
        _upstream(links, quantity, demand[t])
        total[t + 1] = total[t] + demand[t]
    return demand


@njit(cache=True)
def _upstream(links: Links, quantity: FloatArray, demand: FloatArray) -> None:
    """Add to each stage what the stages it feeds order."""
    for k in links.order[::-1]:
        for q in range(links.out_first[k], links.out_first[k + 1]):
            demand[k] += quantity[links.out_arc[q]] * demand[links.target[links.out_arc[q]]]


@njit(cache=True)
def _stocks(
    demand: FloatArray, base: FloatArray, receipt_after: IntArray, due_after: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Units short, and the lowest stock as a share of the base stock, of each stage."""
    periods, n = demand.shape
    short, lowest = np.zeros(n), np.ones(n)
    for k in range(n):
        left, rounding = base[k], 1e-9 * max(base[k], demand[:, k].max() * (1.0 + receipt_after[k]))
        for t in range(periods):
            receipt = demand[t - receipt_after[k], k] if t >= receipt_after[k] else 0.0
            due = demand[t - due_after[k], k] if t >= due_after[k] else 0.0
            left, late = step(left, receipt, due, True)  # noqa: FBT003 - demand waits
            short[k] += late if late > rounding else 0.0
            if base[k] > 0.0:
                lowest[k] = min(lowest[k], left / base[k])
    return short, lowest
