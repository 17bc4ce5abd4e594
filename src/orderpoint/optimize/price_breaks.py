"""Economic lots where the price falls with the lot: all-units and incremental discounts, exactly.

Source: L. V. Snyder and Z.-J. M. Shen, "Fundamentals of Supply Chain Theory" (2nd ed., 2019), section 3.4, eq.
3.18-3.22. Legend, per unit of the same time: K fixed cost of a lot, i holding cost as a share of the value held, h
further cost of a unit held (space), lambda demand, b_j the quantity from which c_j is the price. A lot of Q costs

    all units      c_j Q for b_j <= Q < b_{j+1}
    incremental    a_j + c_j Q with a_0 = 0, a_j = a_{j-1} + (c_{j-1} - c_j) b_j

and g(Q) = lambda (K + a_j) / Q + lambda c_j + (h + i c_j) Q / 2 + i a_j / 2. In each range g is convex, least at
sqrt(2 lambda (K + a_j) / (h + i c_j)) or at the end of the range nearest to that; the best of the ranges is the best of
all. A lot at the upper end of a range has the price of the next, which is no dearer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DiscountedLot:
    """`quantity` in units, `unit_price` money paid for a unit on average, `cost` money a unit of time; float64 (n,)."""

    quantity: FloatArray
    unit_price: FloatArray
    cost: FloatArray


@dataclass(frozen=True, eq=False)
class PriceBreaks:
    """Price schedules of n items, (n, m) or (m,) for all.

    `from_quantity` float64: quantities from which a price holds, rising from 0 (a row with fewer ranges ends in
    infinity); `unit_price` float64 of the same shape, positive and falling. `incremental`: a price holds for the units
    beyond its quantity alone; else for all units of the lot. Raises ValueError otherwise.
    """

    from_quantity: FloatArray
    unit_price: FloatArray
    incremental: bool = False

    def __post_init__(self) -> None:
        b, c = np.atleast_2d(self.from_quantity), np.atleast_2d(self.unit_price)
        if b.shape != c.shape or not b.size:
            raise ValueError(f"price_breaks: expected quantities and prices of one shape, got {b.shape} and {c.shape}")
        rising = (b[:, 1:] > b[:, :-1]) | np.isinf(b[:, 1:])
        if np.isnan(b).any() or (b[:, 0] != 0.0).any() or not rising.all():
            raise ValueError("price_breaks.from_quantity: expected quantities that rise from 0; sort the schedule")
        checks.finite("price_breaks.unit_price", c, least=float(np.finfo(np.float64).tiny))
        if (c[:, 1:] > c[:, :-1]).any():
            raise ValueError("price_breaks.unit_price: expected prices that do not rise with the quantity")


@dataclass(frozen=True, eq=False)
class DiscountCosts:
    """Costs of n items, one number or (n,): `fixed_cost` money per lot, `holding_rate` share of value per time.

    `demand` positive units per time, `holding_cost` further money per unit held and time. One of the two holding costs
    must be positive.
    """

    fixed_cost: FloatArray | float
    holding_rate: FloatArray | float
    demand: FloatArray | float
    holding_cost: FloatArray | float = 0.0

    def __post_init__(self) -> None:
        for name in ("fixed_cost", "holding_rate", "demand", "holding_cost"):
            checks.finite(f"price_breaks.{name}", np.atleast_1d(getattr(self, name)), least=0.0)
        if not (np.asarray(self.demand) > 0.0).all():
            raise ValueError("price_breaks.demand: expected positive units per time; leave out items without demand")
        if not ((np.asarray(self.holding_rate) + np.asarray(self.holding_cost)) > 0.0).all():
            raise ValueError("price_breaks: expected a positive holding_rate or holding_cost; else no lot is too large")

    def optimal(self, breaks: PriceBreaks) -> DiscountedLot:
        """The best lot of each item."""
        rows, b, c = self._aligned(breaks)
        found = _optima(rows, b, c, breaks.incremental)
        return DiscountedLot(found[:, 0].copy(), found[:, 1].copy(), found[:, 2].copy())

    def evaluate(self, breaks: PriceBreaks, quantity: ArrayLike) -> FloatArray:
        """(n,): cost of given lots, positive units, a unit of time (purchase included)."""
        Q = np.atleast_1d(np.asarray(quantity, np.float64))
        if not (np.isfinite(Q) & (Q > 0.0)).all():
            raise ValueError("price_breaks.evaluate: expected positive quantities; raise them")
        rows, b, c = self._aligned(breaks, len(Q))
        return _costs(rows, b, c, breaks.incremental, np.array(np.broadcast_to(Q, (len(rows),))))

    def _aligned(self, breaks: PriceBreaks, least: int = 1) -> tuple[FloatArray, FloatArray, FloatArray]:
        parts = [
            np.asarray(a, np.float64) for a in (self.fixed_cost, self.holding_rate, self.demand, self.holding_cost)
        ]
        b, c = np.atleast_2d(breaks.from_quantity), np.atleast_2d(breaks.unit_price)
        n = np.broadcast_shapes(*(a.shape for a in parts), (len(b),), (least,))[0]
        rows = np.stack([np.broadcast_to(a, (n,)) for a in parts], axis=1)
        shape = (n, b.shape[1])
        return rows, np.array(np.broadcast_to(b, shape), np.float64), np.array(np.broadcast_to(c, shape), np.float64)


@njit(cache=True, error_model="numpy")
def _cost(row: FloatArray, Q: float, price: float, extra: float) -> float:
    """g(Q) in a range of price c_j and extra a_j."""
    K, i, demand, h = row[0], row[1], row[2], row[3]
    return float(demand * (K + extra) / Q + demand * price + 0.5 * (h + i * price) * Q + 0.5 * i * extra)


@njit(cache=True, parallel=True, error_model="numpy")
def _optima(rows: FloatArray, b: FloatArray, c: FloatArray, incremental: bool) -> FloatArray:  # noqa: FBT001 - kernel
    out = np.empty((len(rows), 3))
    ranges = b.shape[1]
    for k in prange(len(rows)):
        extra, best = 0.0, np.inf
        for j in range(ranges):
            if b[k, j] == np.inf:
                break
            if incremental and j > 0:
                extra += (c[k, j - 1] - c[k, j]) * b[k, j]
            Q = np.sqrt(2.0 * rows[k, 2] * (rows[k, 0] + extra) / (rows[k, 3] + rows[k, 1] * c[k, j]))
            above = b[k, j + 1] if j + 1 < ranges else np.inf
            Q = min(max(Q, b[k, j]), above)
            if Q <= 0.0 or (above == Q and not incremental):  # there the next range is no dearer
                continue
            cost = _cost(rows[k], Q, c[k, j], extra)
            if cost < best:
                best = cost
                out[k, 0], out[k, 1], out[k, 2] = Q, c[k, j] + extra / Q, cost
    return out


@njit(cache=True, parallel=True, error_model="numpy")
def _costs(rows: FloatArray, b: FloatArray, c: FloatArray, incremental: bool, Q: FloatArray) -> FloatArray:  # noqa: FBT001 - kernel
    out = np.empty(len(rows))
    for k in prange(len(rows)):
        j, extra = 0, 0.0
        while j + 1 < b.shape[1] and Q[k] >= b[k, j + 1]:
            j += 1
            if incremental:
                extra += (c[k, j - 1] - c[k, j]) * b[k, j]
        out[k] = _cost(rows[k], Q[k], c[k, j], extra)
    return out
