"""The exact (s, S) policy: order up to S whenever the inventory position at a review is s or less.

Source: Y.-S. Zheng and A. Federgruen, "Finding optimal (s, S) policies is about as simple as evaluating a single
policy", Operations Research 39 (1991), 654-665; algorithm 4.2 and equations 4.71-4.75 in Snyder and Shen, "Fundamentals
of Supply Chain Theory" (2nd ed., 2019). Legend:

    K, h, p   fixed cost of an order; cost of a unit left, and of a unit waiting, for a unit of time
    f         probabilities of the demand between two reviews
    G(y)      expected holding and backlog cost at the position y, h E[(y - X)+] + p E[(X - y)+], X the demand `during`
    m(j)      expected visits to the position j below S in one cycle (`renewal`)
    c(s, S)   (K + sum_{j < S-s} m(j) G(S - j)) / sum_{j < S-s} m(j), the long-run cost

With a review every R periods K becomes K / R; with continuous review of compound Poisson demand f is the law of a
customer's units, and K becomes K lambda: the same algorithm finds (R, s, S) and continuous (s, S).
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
from orderpoint.optimize.reorder.renewal import IDLE, extended
from orderpoint.optimize.reorder.tables import DURING, REVIEW, ExposureTables, law_of
from orderpoint.optimize.reorder.whole import refuse_crossing, whole_rows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ReorderLevels:
    """`reorder_point` s and `order_up_to` S, whole units as float64 (n,), and `cost`, long-run money a unit of time."""

    reorder_point: FloatArray
    order_up_to: FloatArray
    cost: FloatArray


def optimal(costs: ReorderCosts, exposure: Exposure) -> ReorderLevels:
    """The best (s, S) of each series, for backlogged demand.

    The work grows with (S - s)^2: count in packs or pallets where lots are many thousands of units.
    Raises ValueError where orders may cross: then no exact policy is known.
    """
    refuse_crossing(exposure, "(s, S)")
    found = _optima(exposure.tables, exposure.reviews, costs.rows(len(exposure)))
    return ReorderLevels(found[:, 0].copy(), found[:, 1].copy(), found[:, 2].copy())


def evaluate(costs: ReorderCosts, levels: tuple[ArrayLike, ArrayLike], exposure: Exposure) -> StockFigures:
    """Long-run figures of given `levels` (s, S), each one whole number or (n,).

    Raises ValueError unless s < S, and where orders may cross.
    """
    refuse_crossing(exposure, "(s, S)")
    n = len(exposure)
    s, S = (whole_rows(a, n, name) for a, name in zip(levels, ("reorder_point", "order_up_to"), strict=True))
    if (s >= S).any():
        raise ValueError("reorder.evaluate: expected order_up_to above reorder_point; raise it by at least one unit")
    law_at = np.zeros(n + 1, np.int64)
    np.cumsum(S - s, out=law_at[1:])
    law = _laws(exposure.tables, law_at)
    return figures(costs, exposure, law, law_at, s + 1)


@njit(cache=True, parallel=True, error_model="numpy")
def _laws(tables: ExposureTables, law_at: IntArray) -> FloatArray:
    """Shares of reviews after which the position is s + 1, .., S: m(S - y) over their sum."""
    law = np.zeros(law_at[-1])
    for i in prange(len(law_at) - 1):
        f = law_of(tables, REVIEW, i)
        w = law[law_at[i] : law_at[i + 1]]
        if 1.0 - f[0] <= IDLE:  # no demand: the position stays at S
            w[-1] = 1.0
            continue
        visits = extended(np.empty(len(w)), 0, len(w), f)
        w[:] = visits[: len(w)][::-1] / visits[: len(w)].sum()
    return law


@njit(cache=True, error_model="numpy")
def _average(visits: FloatArray, loss: Loss, levels: tuple[int, int], costs: FloatArray) -> float:
    """The long-run cost c(s, S)."""
    s, S = levels
    total, periods = costs[0], 0.0
    for j in range(S - s):
        total += visits[j] * cost_at(loss, S - j, costs[1], costs[2])
        periods += visits[j]
    return float(total / periods)


@njit(cache=True, error_model="numpy")
def _optimum(f: FloatArray, loss: Loss, costs: FloatArray) -> tuple[float, float, float]:
    """(s, S, cost) of one series by the algorithm of the source."""
    h, p = costs[1], costs[2]
    S = cheapest(loss, h, p)
    if 1.0 - f[0] <= IDLE:  # no demand: hold what is best, never order again
        return S - 1.0, float(S), cost_at(loss, S, h, p)
    visits = np.empty(64)
    s = S
    total, periods = costs[0], 0.0
    while True:  # lower s from S until ordering at s is no dearer than waiting
        s -= 1
        j = S - s - 1
        visits = extended(visits, j, j + 1, f)
        total += visits[j] * cost_at(loss, s + 1, h, p)
        periods += visits[j]
        if total / periods <= cost_at(loss, s, h, p):
            break
    known = S - s
    best_s, best_S, best = s, S, total / periods
    S += 1
    while cost_at(loss, S, h, p) <= best:
        visits = extended(visits, known, S - best_s, f)
        known = max(known, S - best_s)
        if _average(visits, loss, (best_s, S), costs) < best:
            best_S = S
            while _average(visits, loss, (best_s, S), costs) <= cost_at(loss, best_s + 1, h, p):
                best_s += 1
            best = _average(visits, loss, (best_s, S), costs)
        S += 1
    return float(best_s), float(best_S), best


@njit(cache=True, parallel=True, error_model="numpy")
def _optima(tables: ExposureTables, reviews: FloatArray, costs: FloatArray) -> FloatArray:
    out = np.empty((len(costs), 3))
    for i in prange(len(costs)):
        own = np.array([costs[i, 0] * reviews[i], costs[i, 1], costs[i, 2]])
        s, S, cost = _optimum(law_of(tables, REVIEW, i), loss_of(law_of(tables, DURING, i)), own)
        out[i, 0] = s
        out[i, 1] = S
        out[i, 2] = cost
    return out
