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
from orderpoint.tables.families.component import COUNT
from orderpoint.tables.families.count import count_at_quantile, excess_of
from orderpoint.tables.families.mixture import Mixtures, mixture_quantile, mixture_shortage
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
        h, p = (np.array(np.broadcast_to(np.asarray(a, np.float64), (len(demand),))) for a in self._costs())
        quantity, cost = _optima(demand.arrays(), h, p)
        return NewsvendorOrder(quantity, cost)

    def evaluate(self, demand: Distribution, quantity: ArrayLike) -> FloatArray:
        """(n,): expected cost of given quantities, one number or (n,)."""
        left = demand.expected_left(quantity)
        short = demand.expected_shortage(quantity)
        return self.holding_cost * left + self.stockout_cost * short

    def optimal_normal(self, mean: ArrayLike, sd: ArrayLike) -> NewsvendorOrder:
        """Best quantities for normal demand by the closed form; mean and standard deviation are one number or (n,)."""
        means, sds, h, p = self._aligned(mean, sd)
        quantity, cost = _normal_optima(means, sds, h, p)
        return NewsvendorOrder(quantity, cost)

    def optimal_count(self, mean: ArrayLike, variance: ArrayLike | None = None) -> NewsvendorOrder:
        """Best whole quantities for Poisson demand, or negative binomial of the given `variance`; one number or (n,).

        The same as `optimal` of a `Distribution` of Family.COUNT, without building one.
        """
        means, variances, h, p = self._aligned(mean, mean if variance is None else variance)
        checks.finite("newsvendor.mean", means, least=0.0)
        checks.finite("newsvendor.variance", variances, least=0.0)
        quantity, cost = _count_optima(means, variances, h, p)
        return NewsvendorOrder(quantity, cost)

    def evaluate_normal(self, quantity: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> FloatArray:
        """(n,): expected cost of given quantities under normal demand."""
        means, sds, h, p, quantities = self._aligned(mean, sd, quantity)
        return _normal_costs(quantities, means, sds, h, p)

    def _costs(self) -> tuple[FloatArray | float, FloatArray | float]:
        return self.holding_cost, self.stockout_cost

    def _aligned(self, mean: ArrayLike, spread: ArrayLike, *more: ArrayLike) -> list[FloatArray]:
        parts = [np.atleast_1d(np.asarray(a, np.float64)) for a in (mean, spread, *self._costs(), *more)]
        if len({a.shape for a in parts}) == 1:
            return [np.ascontiguousarray(a) for a in parts]
        return [np.array(a) for a in np.broadcast_arrays(*parts)]


@njit(cache=True, parallel=True, error_model="numpy")
def _optima(demand: Mixtures, h: FloatArray, p: FloatArray) -> tuple[FloatArray, FloatArray]:
    quantity = np.empty(len(h))
    cost = np.empty(len(h))
    plain = demand.mean.shape[1] == 1
    for i in prange(len(h)):
        ratio = p[i] / (h[i] + p[i])
        if plain and demand.family[i] == COUNT:
            quantity[i], short, left = _count_optimum(ratio, demand.mean[i, 0], demand.variance[i, 0])
        else:
            quantity[i] = mixture_quantile(demand, i, ratio)
            short, left = mixture_shortage(demand, i, quantity[i])
        cost[i] = h[i] * left + p[i] * short
    return quantity, cost


@njit(cache=True, error_model="numpy")
def _count_optimum(ratio: float, mean: float, variance: float) -> tuple[float, float, float]:
    """(quantity, E short, E left) at the critical ratio: nothing at 0, all there may be where it rounds to 1."""
    if ratio <= 0.0:
        return 0.0, mean, 0.0
    if ratio >= 1.0 and mean > 0.0:
        return np.inf, 0.0, np.inf
    return count_at_quantile(ratio, mean, excess_of(mean, variance))


@njit(cache=True, parallel=True, error_model="numpy")
def _count_optima(
    mean: FloatArray, variance: FloatArray, h: FloatArray, p: FloatArray
) -> tuple[FloatArray, FloatArray]:
    quantity = np.empty(len(mean))
    cost = np.empty(len(mean))
    for i in prange(len(mean)):
        quantity[i], short, left = _count_optimum(p[i] / (h[i] + p[i]), mean[i], variance[i])
        cost[i] = h[i] * left + p[i] * short
    return quantity, cost


# one thread: the loop is shorter than it takes to wake a second one
@njit(cache=True, error_model="numpy")
def _normal_optima(mean: FloatArray, sd: FloatArray, h: FloatArray, p: FloatArray) -> tuple[FloatArray, FloatArray]:
    quantity = np.empty(len(mean))
    cost = np.empty(len(mean))
    for i in range(len(mean)):
        z = normal_quantile(p[i] / (h[i] + p[i]))
        quantity[i] = mean[i] + z * sd[i] if sd[i] > 0.0 else mean[i]
        cost[i] = (h[i] + p[i]) * sd[i] * normal_density(z)
    return quantity, cost


@njit(cache=True, error_model="numpy")
def _normal_costs(quantity: FloatArray, mean: FloatArray, sd: FloatArray, h: FloatArray, p: FloatArray) -> FloatArray:
    cost = np.empty(len(mean))
    for i in range(len(mean)):
        over = quantity[i] - mean[i]
        if sd[i] > 0.0:
            z = over / sd[i]
            left = sd[i] * (z * normal_cdf(z) + normal_density(z))
            cost[i] = h[i] * left + p[i] * (left - over)
        else:
            cost[i] = max(h[i] * over, -p[i] * over)
    return cost
