"""A rule played by the stock equation on one long run of demand: for lead times whose states cannot be counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.lost_sales.rules import Formula, Rule, order_of
from orderpoint.optimize.lost_sales.system import LostSales
from orderpoint.stockflow.equation import step

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

BATCHES = 32
WARM_UP_LEAD_TIMES = 20
"""The start is forgotten after some times the stock runs out, which it does within a few lead times."""


@dataclass(frozen=True)
class Run:
    """`periods` that count, drawn from `seed`; the run starts earlier, by 20 lead times."""

    periods: int = 50_000
    seed: int = 1

    def __post_init__(self) -> None:
        if self.periods < 2 * BATCHES:
            raise ValueError(f"lost_sales.Run.periods: expected at least {2 * BATCHES}, got {self.periods}")

    def demand(self, system: LostSales) -> IntArray:
        """Units demanded in each period, those before the first that counts among them."""
        periods = self.periods + warm_up(system)
        units = np.random.default_rng(self.seed).choice(len(system.demand), periods, p=system.demand)
        return units.astype(np.int64)


def warm_up(system: LostSales) -> int:
    """Periods before the first that counts."""
    return WARM_UP_LEAD_TIMES * (system.lead_time + 1)


def simulated(rule: Rule, demand: IntArray) -> tuple[float, float]:
    """(mean cost of a period, its standard error by 32 batches) of a rule on the demand of a run."""
    costs = period_costs(rule, demand)
    return float(costs.mean()), standard_error(costs)


def period_costs(rule: Rule, demand: IntArray) -> FloatArray:
    """Cost of each period that counts, of a rule on the demand of a run."""
    system = rule.system
    money = (system.holding_cost, system.stockout_cost - system.unit_cost)
    costs = _played(rule.formula, demand, system.lead_time, money)[warm_up(system) :]
    return costs + system.unit_cost * system.mean


def standard_error(costs: FloatArray) -> float:
    """Standard error of the mean of a run's costs, or of differences between two runs on the same demand."""
    batches = costs[: len(costs) // BATCHES * BATCHES].reshape(BATCHES, -1).mean(axis=1)
    return float(batches.std(ddof=1) / np.sqrt(BATCHES))


@njit(cache=True)
def _played(formula: Formula, demand: IntArray, lead_time: int, money: tuple[float, float]) -> FloatArray:
    """Cost of each period; the run starts with a mean demand on hand and in each order on its way."""
    mean = int(np.round(demand.mean()))
    state = np.full(max(lead_time, 1), mean, np.int64)
    costs = np.empty(len(demand))
    for t in range(len(demand)):
        order = order_of(formula, state, lead_time)
        on_sale = state[0] + (order if lead_time == 0 else 0)
        left, lost = step(float(on_sale), 0.0, float(demand[t]), False)  # noqa: FBT003 - sales are lost
        costs[t] = money[0] * left + money[1] * lost
        for k in range(lead_time - 1):
            state[k] = state[k + 1]
        if lead_time > 1:
            state[lead_time - 1] = order
            state[0] += int(left)
        else:
            state[0] = int(left) + (order if lead_time == 1 else 0)
    return costs
