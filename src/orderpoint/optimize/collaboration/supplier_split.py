"""Today's order shared over suppliers of unequal price, speed and reliability: a mixed-integer program over scenarios.

Each scenario is what may be asked for until the next chance to order, and which suppliers deliver in time. A unit that
comes too late is paid for and held, and serves nobody. Legend, for supplier k and scenario w with probability P[w]:

    q[k], z[k]   units ordered, whether anything is ordered; least[k] z[k] <= q[k] <= most[k] z[k]
    r[w, k]      share of the order that arrives in time
    min  sum_k (c[k] q[k] + K[k] z[k]) + sum_w P[w] (h left[w] + p short[w])
         short[w] >= D[w] - stock - sum_k r[w, k] q[k],   left[w] = stock + sum_k q[k] - D[w] + short[w],   left >= 0

The two-stage program with recourse of J. Birge and F. Louveaux, "Introduction to Stochastic Programming" (2nd ed.,
2011), section 1.1, on the supplier choice of a newsvendor with random yield. HiGHS solves it; its answer is costed
again, line by line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]

TOLERANCE = 1e-6
PER_SUPPLIER = ("unit_cost", "order_cost", "least", "most", "most_share")


@dataclass(frozen=True, eq=False)
class SplitProblem:
    """k suppliers, w scenarios, one item.

    Suppliers (k,): `unit_cost` money, `order_cost` money per order, `least`, `most` units of an order, `most_share`
    the largest share of the whole order (1: no bound; it spreads the risk). Scenarios: `chance` (w,) sums to 1,
    `demand` (w,) units, `in_time` (w, k) between 0 and 1. `stock` units at hand; `holding`, `penalty` money per unit
    left and short at the end.
    """

    unit_cost: FloatArray
    order_cost: FloatArray
    least: FloatArray
    most: FloatArray
    most_share: FloatArray
    chance: FloatArray
    demand: FloatArray
    in_time: FloatArray
    stock: float
    holding: float
    penalty: float

    def __post_init__(self) -> None:
        for name in PER_SUPPLIER:
            checks.shape(f"split.{name}", getattr(self, name), self.unit_cost.shape)
            checks.finite(f"split.{name}", getattr(self, name), least=0.0)
        checks.shape("split.demand", self.demand, self.chance.shape)
        checks.shape("split.in_time", self.in_time, (len(self.chance), len(self.unit_cost)))
        if (self.chance < 0.0).any() or abs(self.chance.sum() - 1.0) > 1e-9:
            raise ValueError("split.chance: expected probabilities that sum to 1; divide them by their sum")


def evaluate(problem: SplitProblem, quantity: FloatArray) -> float:
    """Expected cost of ordering `quantity` (k,) units of each supplier."""
    served = problem.stock + problem.in_time @ quantity
    short = np.maximum(problem.demand - served, 0.0)
    left = problem.stock + quantity.sum() - problem.demand + short
    bought = problem.unit_cost @ quantity + problem.order_cost @ (quantity > TOLERANCE)
    return float(bought + problem.chance @ (problem.holding * left + problem.penalty * short))


def best_split(problem: SplitProblem, only: int | None = None) -> tuple[FloatArray, float]:
    """(whole units of each supplier (k,), expected cost) of the best split; of supplier `only` alone where given.

    Raises ArithmeticError where the solver gives up, or its answer breaks a limit.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - slow to import, needed once

    k, w = len(problem.unit_cost), len(problem.chance)
    chosen = np.ones(k, np.bool_) if only is None else np.arange(k) == only
    most = np.where(chosen, np.minimum(problem.most, _enough(problem)), 0.0)
    share = problem.most_share if only is None else np.ones(k)
    bought = problem.unit_cost + problem.holding
    missed = (problem.holding + problem.penalty) * problem.chance
    unit, none, nothing = np.eye(k), np.zeros((k, k)), np.zeros((k, w))
    rows = np.block(
        [
            [unit, -np.diag(problem.least), nothing],
            [-unit, np.diag(most), nothing],
            [share[:, None] - unit, none, nothing],
            [problem.in_time, np.zeros((w, k)), np.eye(w)],
        ]
    )
    lines = LinearConstraint(rows, np.concatenate([np.zeros(3 * k), problem.demand - problem.stock]), np.inf)
    bounds = Bounds(0.0, np.concatenate([most, np.ones(k), np.full(w, np.inf)]))
    whole = np.concatenate([np.ones(2 * k), np.zeros(w)])
    cost = np.concatenate([bought, problem.order_cost, missed])
    result = milp(cost, constraints=lines, bounds=bounds, integrality=whole, options={"mip_rel_gap": 1e-9})
    if result.x is None:
        raise ArithmeticError(f"best_split: the solver gave up ({result.message})")
    quantity = np.round(np.asarray(result.x)[:k])
    _check(problem, quantity, np.where(chosen, share, 0.0))
    return quantity, evaluate(problem, quantity)


def _enough(problem: SplitProblem) -> FloatArray:
    """(k,): an order that no larger one beats: all demand at the worst yield, or the least order."""
    positive = problem.in_time[problem.in_time > 0.0]
    worst = float(positive.min()) if positive.size else 1.0
    most: FloatArray = np.maximum(np.ceil(problem.demand.max(initial=0.0) / worst), problem.least)
    return most


def _check(problem: SplitProblem, quantity: FloatArray, share: FloatArray) -> None:
    """Raises ArithmeticError where a quantity breaks a limit."""
    used = quantity > 0.0
    broken = (quantity < problem.least)[used].any() or (quantity > problem.most + TOLERANCE).any()
    if broken or (quantity > share * quantity.sum() + TOLERANCE)[used].any():
        raise ArithmeticError("best_split: the solver's answer breaks a limit; do not use it")
