"""Rules that order by a few numbers, for any lead time (legend in `system`).

    capped       min(S - x_0 - .. - x_{L-1}, cap): L. Xin 2021, "Understanding the performance of capped base-stock
                 policies in lost-sales inventory models", Operations Research 69(1), 61-70. Without a cap it is base
                 stock; without S it is the constant order.
    projected    U - E[X], X the stock left just before the order arrives: W. van Jaarsveld and J. Arts 2024,
                 "Projected inventory-level policies for lost sales inventory systems", Operations Research 72(5);
                 to the nearest unit.
    window       the least q with P(D <= X + q) >= p / (p + w h): the newsvendor of the one period that today's order
                 decides, with the exact law of X. w = 1 is the myopic policy (Morton 1971, "The near-myopic nature of
                 the lagged-proportional-cost inventory problem with lost sales", Operations Research 19(7)), which
                 orders too much: what is left over cannot be taken out of orders already on their way, and what is
                 lost while it is waited for needs no replacement. A weight w > 1 on holding takes that back; `patience`
                 is the one that serves well without a search.

The law of X is exact (`arrival`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.lost_sales.arrival import stock_at_arrival
from orderpoint.optimize.lost_sales.system import LostSales

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CAPPED, PROJECTED, WINDOW = range(3)
WORDS = ("capped", "projected", "window")
PATIENCE_LIMIT = 0.57
"""Over sqrt(p / h): what patience beyond 1 comes to with a long lead time (docs/algorithms/lost-sales.md)."""


class Formula(NamedTuple):
    """A rule for compiled loops: its `kind` and two numbers, the demand and its distribution function."""

    kind: int
    first: float
    second: float
    demand: FloatArray
    cdf: FloatArray


@dataclass(frozen=True)
class Rule:
    """A rule for a system of single units; call it with states (n, max(L, 1)) for the orders (n,)."""

    system: LostSales
    kind: int
    first: float
    second: float = math.inf

    def __post_init__(self) -> None:
        if not self.system.is_plain:
            raise ValueError(
                "lost_sales.rules: expected single units without a fixed cost or a MOQ; for lots `optimum` is exact"
            )

    def __str__(self) -> str:
        cap = f", {self.second:g}" if self.kind == CAPPED else ""
        return f"{WORDS[self.kind]}({self.first:g}{cap})"

    @property
    def formula(self) -> Formula:
        """The same for compiled loops."""
        system, first = self.system, self.first
        if self.kind == WINDOW:
            margin = system.stockout_cost - system.unit_cost
            first = margin / (margin + self.first * system.holding_cost)
        return Formula(self.kind, first, self.second, system.demand, np.cumsum(system.demand))

    def __call__(self, states: IntArray) -> IntArray:
        """Units to order in each state."""
        return _orders(self.formula, np.ascontiguousarray(states, np.int64), self.system.lead_time)


def capped(system: LostSales, level: float, cap: float = math.inf) -> Rule:
    """Capped base stock: up to `level`, at most `cap`; one of them may be inf. ValueError where neither binds."""
    if level == cap == math.inf or level < 0 or cap < 0:
        raise ValueError(f"lost_sales.capped: expected a level or a cap, 0 or more units, got {level} and {cap}")
    return Rule(system, CAPPED, level, cap)


def projected(system: LostSales, level: float) -> Rule:
    """Projected inventory level: `level` units expected on sale when the order arrives."""
    return Rule(system, PROJECTED, level)


def window(system: LostSales, weight: float | None = None) -> Rule:
    """The newsvendor of the arrival period; `weight` of holding, None for `patience`."""
    margin = system.stockout_cost - system.unit_cost
    patient = float(patience(system.lead_time, margin / system.holding_cost))
    return Rule(system, WINDOW, patient if weight is None else weight)


def patience(lead_time_reviews: ArrayLike, cost_ratio: ArrayLike = math.inf) -> FloatArray:
    """By how much holding counts more when the window decides alone: at most sqrt(1 + L / 2) and 1 + 0.57 sqrt(p / h).

    `lead_time_reviews`: L, the lead time in reviews. `cost_ratio`: p / h, a unit lost over a unit held for a review.
    The first was read off exact optima of small systems, the second off long runs of others with lead times of up to
    30; where lead times grow the best rule orders nearly the same every time, and its stockouts no longer depend on L.
    """
    by_lead_time = np.sqrt(1.0 + np.asarray(lead_time_reviews, np.float64) / 2.0)
    weight: FloatArray = np.minimum(by_lead_time, 1.0 + PATIENCE_LIMIT * np.sqrt(np.asarray(cost_ratio, np.float64)))
    return weight


@njit(cache=True, parallel=True)
def _orders(formula: Formula, states: IntArray, lead_time: int) -> IntArray:
    """The orders of many states."""
    out = np.empty(len(states), np.int64)
    for s in prange(len(states)):
        out[s] = order_of(formula, states[s], lead_time)
    return out


@njit(cache=True)
def order_of(formula: Formula, state: IntArray, lead_time: int) -> int:
    """The order of one state (x_0, .., x_{L-1})."""
    if formula.kind == CAPPED:
        wanted = min(formula.first - state.sum(), formula.second)
        return int(max(wanted, 0.0))
    law = stock_at_arrival(formula.demand, state, lead_time)
    if formula.kind == PROJECTED:
        expected = 0.0
        for k in range(len(law)):
            expected += k * law[k]
        return int(max(math.floor(formula.first - expected + 0.5), 0.0))
    return _newsvendor(law, formula.cdf, formula.first)


@njit(cache=True)
def _newsvendor(law: FloatArray, cdf: FloatArray, ratio: float) -> int:
    """The least q with P(D <= X + q) >= ratio."""
    low, high = 0, len(cdf) - 1
    while low < high:
        middle = (low + high) // 2
        served = 0.0
        for x in range(len(law)):
            served += law[x] * cdf[min(x + middle, len(cdf) - 1)]
        if served >= ratio - 1e-12:
            high = middle
        else:
            low = middle + 1
    return low
