"""What it is worth to tell each other what customers buy: the bullwhip and the money, with and without it.

A chain of stages, the shop first, each ordering up to a level from the next one up, which orders from outside in the
end. The level of a stage follows a moving average of the last p periods: of the orders it received (each for himself),
or of what customers bought (shared, on the stock of all stages from it down). F. Chen, Z. Drezner, J. Ryan and D.
Simchi-Levi, "Quantifying the bullwhip effect in a simple supply chain: the impact of forecasting, lead times, and
information", Management Science 46 (2000), 436-443. Legend:

    L_k    periods that the level of stage k protects: its lead time and the period of review
    m, sd  mean and standard deviation of the last p numbers
    level  L m + z sd sqrt(L); shared: the same with L_1 + .. + L_k, for the stock of stages 1..k

For independent demand, z = 0 and orders that may be negative, the variance of orders over that of demand is at stage k

    shared        1 + 2 A / p + 2 A^2 / p^2, A = L_1 + .. + L_k          (their bound, reached)
    each alone    the product over j <= k of 1 + 2 L_j / p + 2 L_j^2 / p^2  or more: `order_variance` has the exact sum
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.collaboration.chain_play import HOLDING, ORDERS, RESULTS, SHORTAGE, SQUARES, play
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Chain:
    """k stages, the shop first: `lead` whole periods (k,), `holding` money per unit and period (k,).

    `penalty`: money per unit and period that customers wait. `window`: periods of the moving average. `safety`: z.
    """

    lead: IntArray
    holding: FloatArray
    penalty: float
    window: int
    safety: float

    def __post_init__(self) -> None:
        checks.shape("chain.holding", self.holding, self.lead.shape)
        checks.finite("chain.holding", self.holding, least=0.0)
        if self.window < 2 or (self.lead < 0).any():
            raise ValueError(f"chain: expected leads of at least 0 and a window of at least 2, got {self.window}")


@dataclass(frozen=True, eq=False)
class Played:
    """Of each stage (k,): variance of orders over that of demand, holding cost of a period; and its shortage cost."""

    variance_ratio: FloatArray
    holding: FloatArray
    shortage: float

    @property
    def cost(self) -> float:
        """Money per period of the whole chain."""
        return float(self.holding.sum() + self.shortage)


@dataclass(frozen=True, eq=False)
class SideBySide:
    """The same demand, each stage for himself and with shared information."""

    alone: Played
    shared: Played

    @property
    def saved(self) -> float:
        """Share of the cost that sharing saves (negative where it costs)."""
        return 1.0 - self.shared.cost / self.alone.cost if self.alone.cost > 0.0 else 0.0


def variance_bound(protection: ArrayLike, window: int, *, shared: bool) -> FloatArray:
    """(k,): Chen et al.'s lower bound of the variance of orders over that of demand; `protection` (k,) are the L_k."""
    L = np.asarray(protection, np.float64)
    if shared:
        a = np.cumsum(L) / window
        return np.asarray(1.0 + 2.0 * a + 2.0 * a**2)
    a = L / window
    return np.asarray(np.cumprod(1.0 + 2.0 * a + 2.0 * a**2))


def order_variance(protection: ArrayLike, window: int, *, shared: bool) -> FloatArray:
    """(k,): the exact ratio for independent demand, z = 0 and orders of either sign.

    Alone, orders are demand passed through the filters (1 + a) - a B^p of all stages below, B one period back; the
    ratio is the sum of the squared coefficients of their product.
    """
    if shared:
        return variance_bound(protection, window, shared=True)
    taps, ratios = np.ones(1), []
    for L in np.asarray(protection, np.float64):
        taps = np.convolve(taps, np.array([1.0 + L / window, -L / window]))
        ratios.append(float(taps @ taps))
    return np.array(ratios)


def side_by_side(chain: Chain, demand: NDArray[np.float64], warm_up: int | None = None) -> SideBySide:
    """Play `demand` (paths, periods) twice; the first `warm_up` periods (None: a third of them) do not count.

    Orders are never negative here, and goods that are not there come later.
    """
    skip = demand.shape[1] // 3 if warm_up is None else warm_up
    counted = demand.shape[1] - skip
    if counted < 2:
        raise ValueError(f"side_by_side: expected at least 2 periods after the warm-up, got {counted}; play more")
    spread = float(demand[:, skip:].var())
    results = []
    for shared in (False, True):
        table = np.zeros((len(demand), len(chain.lead), RESULTS))
        play(demand, chain.lead, (chain.window, skip), (chain.safety, float(shared)), table)
        mean = table.mean(axis=0) / counted
        variance = mean[:, SQUARES] - mean[:, ORDERS] ** 2
        ratio = variance / spread if spread > 0.0 else np.zeros(len(variance))
        results.append(Played(ratio, mean[:, HOLDING] * chain.holding, float(mean[0, SHORTAGE] * chain.penalty)))
    return SideBySide(*results)
