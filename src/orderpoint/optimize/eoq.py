"""Economic lots for steady demand: EOQ, with planned backorders, with a finite rate of production, and both together.

Source: L. V. Snyder and Z.-J. M. Shen, "Fundamentals of Supply Chain Theory" (2nd ed., 2019), sections 3.2 (EOQ, eq.
3.3-3.5), 3.5 (backorders, eq. 3.27-3.29), 3.6 (EPQ, eq. 3.33-3.36). Legend, all per unit of the same time:

    K, h, p   fixed cost of a lot; cost of a unit held, and of a unit waiting (infinite: nobody waits)
    lambda    demand; mu production (infinite: a lot arrives at once); rho = 1 - lambda / mu
    Q, x      lot; share of demand that waits (stock falls to -x rho Q)
    g(Q, x)   K lambda / Q + rho Q (h (1 - x)^2 + p x^2) / 2

g is least at x = h / (h + p) and Q = sqrt(2 K lambda (h + p) / (rho h p)); there it is
sqrt(2 K lambda rho h p / (h + p)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EconomicLot:
    """`quantity` in units, `waiting` share of demand that is backordered, `cost` money a unit of time; float64 (n,)."""

    quantity: FloatArray
    waiting: FloatArray
    cost: FloatArray

    def maximum_stock(self, demand: ArrayLike, production: ArrayLike = np.inf) -> FloatArray:
        """(n,): highest stock of a cycle, in units."""
        rho = 1.0 - np.asarray(demand, np.float64) / np.asarray(production, np.float64)
        return np.asarray(rho * (1.0 - self.waiting) * self.quantity)


@dataclass(frozen=True, eq=False)
class LotCosts:
    """Steady demand of n items and what their lots cost, one number or (n,), all for the same unit of time.

    `fixed_cost` money per lot; `holding_cost`, `backorder_cost` money per unit and time, positive (the latter infinite
    where nobody may wait); `demand` positive units per time; `production` units per time, above demand (infinite where
    a lot arrives at once). Raises ValueError otherwise.
    """

    fixed_cost: FloatArray | float
    holding_cost: FloatArray | float
    demand: FloatArray | float
    backorder_cost: FloatArray | float = np.inf
    production: FloatArray | float = np.inf

    def __post_init__(self) -> None:
        tiny = float(np.finfo(np.float64).tiny)
        for name, least in (("fixed_cost", 0.0), ("holding_cost", tiny), ("demand", tiny)):
            checks.finite(f"eoq.{name}", np.atleast_1d(getattr(self, name)), least=least)
        if not (np.asarray(self.backorder_cost) > 0.0).all():
            raise ValueError("eoq.backorder_cost: expected positive money, or infinity where nobody may wait")
        if not (np.asarray(self.production) > np.asarray(self.demand)).all():
            raise ValueError("eoq.production: expected a rate above demand; demand that cannot be met has no best lot")

    def optimal(self) -> EconomicLot:
        """The best lot of each item."""
        K, h, demand, p, rho = self._rows()
        waiting = np.where(np.isinf(p), 0.0, h / (h + p))
        held = rho * h * (1.0 - waiting)  # h p / (h + p) without a product of infinities
        quantity = np.sqrt(2.0 * K * demand / held)
        return EconomicLot(quantity, waiting, np.sqrt(2.0 * K * demand * held))

    def evaluate(self, quantity: ArrayLike, waiting: ArrayLike = 0.0) -> FloatArray:
        """(n,): cost of given lots (positive units) and shares of demand that wait, in [0, 1], a unit of time.

        Raises ValueError for lots of nothing, and where demand waits whose waiting has no price.
        """
        K, h, demand, p, rho = self._rows()
        Q, x = np.asarray(quantity, np.float64), np.asarray(waiting, np.float64)
        if not (Q > 0.0).all():
            raise ValueError("eoq.evaluate: expected positive quantities; an item that is never ordered has no cycle")
        if not ((x >= 0.0) & (x <= 1.0)).all() or (np.isinf(p) & (x > 0.0)).any():
            raise ValueError(
                "eoq.evaluate: expected shares that wait in [0, 1], and 0 where backorder_cost is infinite"
            )
        late = np.where(x > 0.0, np.where(np.isinf(p), 0.0, p) * x * x, 0.0)
        return np.asarray(K * demand / Q + 0.5 * rho * Q * (h * (1.0 - x) ** 2 + late))

    def _rows(self) -> list[FloatArray]:
        given = (self.fixed_cost, self.holding_cost, self.demand, self.backorder_cost, self.production)
        K, h, demand, p, production = np.broadcast_arrays(*(np.atleast_1d(np.asarray(a, np.float64)) for a in given))
        return [K, h, demand, p, 1.0 - demand / production]
