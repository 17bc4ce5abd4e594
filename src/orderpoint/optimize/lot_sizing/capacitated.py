"""Lot sizing with limits: several items that share capacity, with setup costs and times, by mixed-integer programming.

The program of `facility` is solved by HiGHS; its answer is believed once the plan read off it was evaluated and kept
every limit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import milp

from orderpoint.domain.errors import InfeasibleError
from orderpoint.optimize.lot_sizing.facility import INFEASIBLE, FacilityModel
from orderpoint.optimize.lot_sizing.limits import Limits, excess
from orderpoint.optimize.lot_sizing.problem import LotSizing, evaluate

FloatArray = NDArray[np.float64]

TOLERANCE = 1e-6
"""Share of a limit by which a solver's answer may miss it."""


@dataclass(frozen=True, eq=False)
class LimitedPlan:
    """Orders `quantity` (n, T) of the items together, their `cost`, money, and a certified `bound` no plan is below."""

    quantity: FloatArray
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """Share of the cost that may still be saved at most."""
        return max(self.cost - self.bound, 0.0) / self.cost if self.cost > 0.0 else 0.0


def optimal(problem: LotSizing, limits: Limits, gap: float = 1e-6, seconds: float = 60.0) -> LimitedPlan:
    """The plan of least cost of all items together, found to a relative `gap` or in `seconds`, whichever is first.

    Raises InfeasibleError with a set of demands and limits that conflict, none of which can be left out: "demand[i,t]",
    "capacity[t]", "most[i,t]", "room[i,t]" (rows and columns, from 0). Raises TimeoutError where no plan was found in
    time, and ArithmeticError where the solver's answer breaks a limit.
    """
    model = FacilityModel(problem, limits)
    options = {"mip_rel_gap": gap, "time_limit": seconds}
    rows, whole, bounds = model.constraints(), model.whole, model.bounds
    result = milp(model.costs, constraints=rows, integrality=whole, bounds=bounds, options=options)
    if result.status == INFEASIBLE:
        raise InfeasibleError(model.conflict())
    if result.x is None:
        raise TimeoutError(f"lot_sizing: no plan in {seconds:g} s; allow more seconds or a larger gap")
    quantity = model.quantity(result.x)
    cost = float(evaluate(problem, quantity).total.sum())
    broken = excess(problem, limits, quantity)
    if broken > TOLERANCE or not np.isfinite(cost):
        raise ArithmeticError(f"lot_sizing: the solver's plan misses a limit by a share of {broken:.2g}")
    return LimitedPlan(quantity, cost, min(float(result.mip_dual_bound) + model.fixed, cost))
