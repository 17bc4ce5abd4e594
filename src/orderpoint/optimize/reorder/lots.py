"""The exact (r, Q) policy: whenever the position at a review is r or less, order as few lots of Q as lift it above r.

Source: A. Federgruen and Y.-S. Zheng, "An efficient algorithm for computing an optimal (r, Q) policy in continuous
review stochastic inventory systems", Operations Research 40 (1992), 808-813; eq. 5.48 in Snyder and Shen, "Fundamentals
of Supply Chain Theory" (2nd ed., 2019). G. Hadley and T. M. Whitin (1963) for the uniform position. Legend:

    K, h, p   fixed cost of an order, whatever its lots; cost of a unit left, and waiting, for a unit of time
    G(y)      h E[(y - X)+] + p E[(X - y)+], X the demand `during`
    A(Q)      orders for each review, E[min(D, Q)] / Q, as the position is uniform on r + 1..r + Q
    c(r, Q)   (K E[min(D, Q)] + sum_{y = r+1..r+Q} G(y)) / Q, the long-run cost

For one Q the best r takes the Q least values of G, which lie side by side as G is convex. With continuous review of
single units E[min(D, Q)] is 1 and this is the algorithm of the source. Else the numerator still grows by at least the
next value of G with each Q, so the search may end as soon as that value is no less than the best cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.reorder.costs import ReorderCosts
from orderpoint.optimize.reorder.exposure import Exposure
from orderpoint.optimize.reorder.figures import StockFigures, figures
from orderpoint.optimize.reorder.loss import Loss, cheapest, cost_at, loss_of
from orderpoint.optimize.reorder.tables import DURING, REVIEW, ExposureTables, law_of
from orderpoint.optimize.reorder.whole import refuse_crossing, whole_rows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ReorderLots:
    """`reorder_point` r and `quantity` Q, whole units as float64 (n,), and `cost`, long-run money a unit of time."""

    reorder_point: FloatArray
    quantity: FloatArray
    cost: FloatArray


def optimal(costs: ReorderCosts, exposure: Exposure, quantity: ArrayLike | None = None) -> ReorderLots:
    """The best (r, Q) of each series, for backlogged demand; the best r alone where `quantity` is given.

    Raises ValueError where orders may cross, and where demand comes in multiples only.
    """
    n = len(exposure)
    _check(exposure)
    given = np.zeros(n, np.int64) if quantity is None else _quantities(quantity, n)
    found = _optima(exposure.tables, exposure.reviews, costs.rows(n), given)
    return ReorderLots(found[:, 0].copy(), found[:, 1].copy(), found[:, 2].copy())


def evaluate(costs: ReorderCosts, lots: tuple[ArrayLike, ArrayLike], exposure: Exposure) -> StockFigures:
    """Long-run figures of given `lots` (r, Q), each one whole number or (n,), Q positive.

    Raises ValueError as `optimal` does.
    """
    n = len(exposure)
    _check(exposure)
    r, Q = whole_rows(lots[0], n, "reorder_point"), _quantities(lots[1], n)
    law_at = np.zeros(n + 1, np.int64)
    np.cumsum(Q, out=law_at[1:])
    return figures(costs, exposure, np.repeat(1.0 / Q, Q), law_at, r + 1)


def _quantities(value: ArrayLike, n: int) -> IntArray:
    Q = whole_rows(value, n, "quantity")
    if (Q < 1).any():
        raise ValueError(f"reorder.quantity: expected at least 1 unit, got {Q.min()}")
    return Q


def _check(exposure: Exposure) -> None:
    refuse_crossing(exposure, "(r, Q)")
    steps = _steps(exposure.tables)
    if (steps > 1).any():
        i = int(np.argmax(steps > 1))
        raise ValueError(
            f"reorder: demand of row {i} comes in multiples of {steps[i]}, so the position is not uniform; count in "
            f"packs of {steps[i]}"
        )


@njit(cache=True, error_model="numpy")
def _steps(tables: ExposureTables) -> IntArray:
    """Greatest common divisor of the demands that occur between reviews; 0 without demand."""
    out = np.zeros(tables.offsets.shape[1] - 1, np.int64)
    for i in range(len(out)):
        f = law_of(tables, REVIEW, i)
        for d in range(1, len(f)):
            if f[d] > 0.0:
                out[i] = np.gcd(out[i], d)
            if out[i] == 1:
                break
    return out


@njit(cache=True, error_model="numpy")
def _optimum(f: FloatArray, loss: Loss, costs: FloatArray, given: int) -> tuple[float, float, float]:
    """(r, Q, cost) of one series: the window of positions grows to the side where G is less."""
    K, h, p = costs[0], costs[1], costs[2]
    low = cheapest(loss, h, p)
    high = low
    exceeds = 1.0 - f[0]  # P(D >= Q)
    fixed, total = K * exceeds, cost_at(loss, low, h, p)
    best_r, best_Q, best = low - 1, 1, fixed + total
    Q = 1
    while True:
        down, up = cost_at(loss, low - 1, h, p), cost_at(loss, high + 1, h, p)
        if given == Q or (given == 0 and min(down, up) >= best):
            break
        if down < up:
            low -= 1
        else:
            high += 1
        exceeds = max(0.0, exceeds - f[Q]) if len(f) > Q else 0.0
        Q += 1
        fixed += K * exceeds
        total += min(down, up)
        if given > 0 or (fixed + total) / Q < best:
            best_r, best_Q, best = low - 1, Q, (fixed + total) / Q
    return float(best_r), float(best_Q), best


@njit(cache=True, parallel=True, error_model="numpy")
def _optima(tables: ExposureTables, reviews: FloatArray, costs: FloatArray, given: IntArray) -> FloatArray:
    out = np.empty((len(costs), 3))
    for i in prange(len(costs)):
        own = np.array([costs[i, 0] * reviews[i], costs[i, 1], costs[i, 2]])
        r, Q, cost = _optimum(law_of(tables, REVIEW, i), loss_of(law_of(tables, DURING, i)), own, int(given[i]))
        out[i, 0] = r
        out[i, 1] = Q
        out[i, 2] = cost
    return out
