"""The exact (s, S) policy: order up to S whenever the inventory position at a review is s or less.

Source: Y.-S. Zheng and A. Federgruen, "Finding optimal (s, S) policies is about as simple as evaluating a single
policy", Operations Research 39 (1991), 654-665; algorithm 4.2 and equations 4.71-4.75 in Snyder and Shen, "Fundamentals
of Supply Chain Theory" (2nd ed., 2019). Legend:

    K, h, p   fixed cost of an order; cost of a unit left, and of a unit waiting, at the end of a review period
    f         probabilities of the demand between two reviews
    G(y)      expected holding and shortage cost of a period, h E[(y - X)+] + p E[(X - y)+], X the demand over the lead
              time and one review period
    m(j)      expected visits to the position j below S in one cycle: m(0) = 1 / (1 - f(0)),
              m(j) = sum_{l=1..j} f(l) m(j - l) / (1 - f(0))
    c(s, S)   (K + sum_{j < S-s} m(j) G(S - j)) / sum_{j < S-s} m(j), the long-run cost of a period
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks
from orderpoint.tables.distribution import Distribution
from orderpoint.tables.families.masses import Masses

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ReorderCosts:
    """Costs of n series, one number or (n,).

    `fixed_cost` money per order; `holding_cost`, `stockout_cost` money per unit left, or waiting, at the end of a
    review period, both positive.
    """

    fixed_cost: FloatArray | float
    holding_cost: FloatArray | float
    stockout_cost: FloatArray | float

    def __post_init__(self) -> None:
        tiny = float(np.finfo(np.float64).tiny)
        for name, least in (("fixed_cost", 0.0), ("holding_cost", tiny), ("stockout_cost", tiny)):
            checks.finite(f"reorder.{name}", np.atleast_1d(getattr(self, name)), least=least)

    def rows(self, n: int) -> FloatArray:
        """(n, 3): K, h, p of each series."""
        columns = (self.fixed_cost, self.holding_cost, self.stockout_cost)
        return np.stack([np.broadcast_to(np.asarray(a, np.float64), (n,)) for a in columns], axis=1)


@dataclass(frozen=True, eq=False)
class ReorderLevels:
    """`reorder_point` s and `order_up_to` S, whole units as float64 (n,), and `cost`, the long-run cost of a period."""

    reorder_point: FloatArray
    order_up_to: FloatArray
    cost: FloatArray


def optimal(
    costs: ReorderCosts, review: Distribution | Masses, protection: Distribution | Masses | None = None
) -> ReorderLevels:
    """The best (s, S) of each series.

    `review` is the demand between two reviews, `protection` the demand over the lead time and one review period (None:
    no lead time, the same as `review`); continuous families are rounded to whole units. The work grows with (S - s)^2:
    count in packs or pallets where lots are many thousands of units.
    """
    f, x = _tables(review, protection)
    found = _optima(f, x, costs.rows(len(f.offsets) - 1))
    return ReorderLevels(found[:, 0].copy(), found[:, 1].copy(), found[:, 2].copy())


def evaluate(
    costs: ReorderCosts,
    levels: tuple[ArrayLike, ArrayLike],
    review: Distribution | Masses,
    protection: Distribution | Masses | None = None,
) -> FloatArray:
    """(n,): long-run cost of a review period under given `levels` (s, S), each one number or (n,).

    Raises ValueError unless s < S.
    """
    f, x = _tables(review, protection)
    n = len(f.offsets) - 1
    s, S = (np.array(np.broadcast_to(np.asarray(a, np.int64), (n,))) for a in levels)
    if (s >= S).any():
        raise ValueError("reorder.evaluate: expected order_up_to above reorder_point; raise it by at least one unit")
    return _evaluated(f, x, costs.rows(n), s, S)


def masses_of(rows: list[ArrayLike]) -> Masses:
    """Probability tables P(D = 0), P(D = 1), .. of any lengths as one argument for `optimal` and `evaluate`.

    Raises ValueError where a table is empty, has a negative entry or does not sum to 1.
    """
    arrays = [np.asarray(row, np.float64) for row in rows]
    for k, array in enumerate(arrays):
        if array.ndim != 1 or not array.size or (array < 0.0).any() or abs(array.sum() - 1.0) > 1e-9:
            raise ValueError(f"reorder.masses_of: expected probabilities that sum to 1 in row {k}")
    offsets = np.zeros(len(arrays) + 1, np.int64)
    np.cumsum([len(a) for a in arrays], out=offsets[1:])
    return Masses(offsets, np.concatenate(arrays) if arrays else np.empty(0))


def _tables(review: Distribution | Masses, protection: Distribution | Masses | None) -> tuple[Masses, Masses]:
    f = review.masses() if isinstance(review, Distribution) else review
    if protection is None:
        return f, f
    x = protection.masses() if isinstance(protection, Distribution) else protection
    if len(x.offsets) != len(f.offsets):
        raise ValueError("reorder: expected as many protection demands as review demands")
    return f, x


@njit(cache=True, error_model="numpy")
def _period_costs(x: FloatArray, h: float, p: float) -> FloatArray:
    """G(y) for y = 0..len(x), from G(y + 1) - G(y) = (h + p) F(y) - p; it is a straight line on either side."""
    table = np.empty(len(x) + 1)
    mean = 0.0
    for k in range(len(x)):
        mean += k * x[k]
    table[0] = p * mean
    below = 0.0
    for y in range(len(x)):
        below += x[y]
        table[y + 1] = table[y] + (h + p) * min(1.0, below) - p
    return table


@njit(cache=True, error_model="numpy")
def _cost_at(table: FloatArray, y: int, h: float, p: float) -> float:
    if y < 0:
        return float(table[0] - p * y)
    if y >= len(table):
        return float(table[-1] + h * (y - len(table) + 1))
    return float(table[y])


@njit(cache=True, error_model="numpy")
def _extended(visits: FloatArray, known: int, needed: int, f: FloatArray) -> FloatArray:
    """The renewal function m(0..needed - 1), of which `known` values are there; in a longer array where necessary."""
    if needed > len(visits):
        longer = np.empty(max(needed, 2 * len(visits)))
        longer[:known] = visits[:known]
        visits = longer
    stay = 1.0 - f[0]
    for j in range(known, needed):
        if j == 0:
            visits[0] = 1.0 / stay
            continue
        total = 0.0
        for k in range(1, min(j, len(f) - 1) + 1):
            total += f[k] * visits[j - k]
        visits[j] = total / stay
    return visits


@njit(cache=True, error_model="numpy")
def _average(visits: FloatArray, table: FloatArray, levels: tuple[int, int], costs: FloatArray) -> float:
    """The long-run cost c(s, S)."""
    s, S = levels
    total, periods = costs[0], 0.0
    for j in range(S - s):
        total += visits[j] * _cost_at(table, S - j, costs[1], costs[2])
        periods += visits[j]
    return float(total / periods)


@njit(cache=True, error_model="numpy")
def _optimum(f: FloatArray, x: FloatArray, costs: FloatArray) -> tuple[float, float, float]:
    """(s, S, cost) of one series by the algorithm of the source."""
    h, p = costs[1], costs[2]
    table = _period_costs(x, h, p)
    S = int(np.argmin(table))
    if 1.0 - f[0] <= 1e-12:  # no demand: hold what is best, never order again
        return S - 1.0, float(S), table[S]
    visits = np.empty(64)
    s = S
    total, periods = costs[0], 0.0
    while True:  # lower s from S until ordering at s is no dearer than waiting
        s -= 1
        j = S - s - 1
        visits = _extended(visits, j, j + 1, f)
        total += visits[j] * _cost_at(table, s + 1, h, p)
        periods += visits[j]
        if total / periods <= _cost_at(table, s, h, p):
            break
    known = S - s
    best_s, best_S, best = s, S, total / periods
    S += 1
    while _cost_at(table, S, h, p) <= best:
        visits = _extended(visits, known, S - best_s, f)
        known = max(known, S - best_s)
        if _average(visits, table, (best_s, S), costs) < best:
            best_S = S
            while _average(visits, table, (best_s, S), costs) <= _cost_at(table, best_s + 1, h, p):
                best_s += 1
            best = _average(visits, table, (best_s, S), costs)
        S += 1
    return float(best_s), float(best_S), best


@njit(cache=True, parallel=True, error_model="numpy")
def _optima(review: Masses, protection: Masses, costs: FloatArray) -> FloatArray:
    out = np.empty((len(costs), 3))
    for row in prange(len(costs)):
        f = review.values[review.offsets[row] : review.offsets[row + 1]]
        x = protection.values[protection.offsets[row] : protection.offsets[row + 1]]
        s, S, cost = _optimum(f, x, costs[row])
        out[row, 0] = s
        out[row, 1] = S
        out[row, 2] = cost
    return out


@njit(cache=True, parallel=True, error_model="numpy")
def _evaluated(review: Masses, protection: Masses, costs: FloatArray, s: IntArray, S: IntArray) -> FloatArray:
    out = np.empty(len(costs))
    for row in prange(len(costs)):
        f = review.values[review.offsets[row] : review.offsets[row + 1]]
        x = protection.values[protection.offsets[row] : protection.offsets[row + 1]]
        table = _period_costs(x, costs[row, 1], costs[row, 2])
        if 1.0 - f[0] <= 1e-12:
            out[row] = _cost_at(table, S[row], costs[row, 1], costs[row, 2])
            continue
        visits = _extended(np.empty(S[row] - s[row]), 0, S[row] - s[row], f)
        out[row] = _average(visits, table, (s[row], S[row]), costs[row])
    return out
