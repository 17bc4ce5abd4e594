"""The newsvendor: how many units for one period, when each unit left costs h and each unit short costs p.

Source: L. V. Snyder and Z.-J. M. Shen, "Fundamentals of Supply Chain Theory" (2nd ed., 2019), section 4.3. The cost of
S is g(S) = h E[(S - D)+] + p E[(D - S)+]; it is least at the quantile S = F^-1(p / (h + p)) (eq. 4.27), where demand is
discrete at the least whole number with F(S) >= p / (h + p). For normal demand S = mu + z sigma and g(S) =
(h + p) sigma phi(z) (eq. 4.30).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks
from orderpoint.tables.distribution import Distribution
from orderpoint.tables.families.normal import normal_cdf, normal_density, normal_quantile

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NewsvendorOrder:
    """Quantities float64 (n,) in units, and their expected cost (n,) in money over the period."""

    quantity: FloatArray
    cost: FloatArray


@dataclass(frozen=True, eq=False)
class Newsvendor:
    """Costs of n newsvendors, one number or (n,): money per unit left (positive) and per unit short (not negative)."""

    holding_cost: FloatArray | float
    stockout_cost: FloatArray | float

    def __post_init__(self) -> None:
        least_positive = float(np.finfo(np.float64).tiny)
        checks.finite("newsvendor.holding_cost", np.atleast_1d(self.holding_cost), least=least_positive)
        checks.finite("newsvendor.stockout_cost", np.atleast_1d(self.stockout_cost), least=0.0)

    def critical_ratio(self) -> FloatArray:
        """The best probability of no stockout, p / (h + p); broadcast of the two costs."""
        h, p = np.asarray(self.holding_cost, np.float64), np.asarray(self.stockout_cost, np.float64)
        return np.asarray(p / (h + p))

    def optimal(self, demand: Distribution) -> NewsvendorOrder:
        """Best quantities for any demand: whole ones where demand is a count."""
        quantity = demand.quantile(self.critical_ratio())
        return NewsvendorOrder(quantity, self.evaluate(demand, quantity))

    def evaluate(self, demand: Distribution, quantity: ArrayLike) -> FloatArray:
        """(n,): expected cost of given quantities, one number or (n,)."""
        short = demand.expected_shortage(quantity)
        left = short + np.asarray(quantity, np.float64) - demand.means()
        return self.holding_cost * np.maximum(left, 0.0) + self.stockout_cost * short

    def optimal_normal(self, mean: ArrayLike, sd: ArrayLike) -> NewsvendorOrder:
        """Best quantities for normal demand by the closed form; mean and standard deviation are one number or (n,)."""
        means, sds, h, p = self._aligned(mean, sd)
        quantity, cost = _normal_optima(means, sds, h, p)
        return NewsvendorOrder(quantity, cost)

    def evaluate_normal(self, quantity: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> FloatArray:
        """(n,): expected cost of given quantities under normal demand."""
        means, sds, h, p, quantities = self._aligned(mean, sd, quantity)
        return _normal_costs(quantities, means, sds, h, p)

    def _aligned(self, mean: ArrayLike, sd: ArrayLike, *more: ArrayLike) -> list[FloatArray]:
        parts = [np.asarray(a, np.float64) for a in (mean, sd, self.holding_cost, self.stockout_cost, *more)]
        return [np.array(np.atleast_1d(a)) for a in np.broadcast_arrays(*parts)]


@njit(cache=True, parallel=True, error_model="numpy")
def _normal_optima(mean: FloatArray, sd: FloatArray, h: FloatArray, p: FloatArray) -> tuple[FloatArray, FloatArray]:
    quantity = np.empty(len(mean))
    cost = np.empty(len(mean))
    for i in prange(len(mean)):
        z = normal_quantile(p[i] / (h[i] + p[i]))
        quantity[i] = mean[i] + z * sd[i] if sd[i] > 0.0 else mean[i]
        cost[i] = (h[i] + p[i]) * sd[i] * normal_density(z)
    return quantity, cost


@njit(cache=True, parallel=True, error_model="numpy")
def _normal_costs(quantity: FloatArray, mean: FloatArray, sd: FloatArray, h: FloatArray, p: FloatArray) -> FloatArray:
    cost = np.empty(len(mean))
    for i in prange(len(mean)):
        over = quantity[i] - mean[i]
        if sd[i] > 0.0:
            z = over / sd[i]
            left = sd[i] * (z * normal_cdf(z) + normal_density(z))
            cost[i] = h[i] * left + p[i] * (left - over)
        else:
            cost[i] = max(h[i] * over, -p[i] * over)
    return cost
