"""Who sends how much where in each period: the least-cost flow through a network in time, as a linear program.

With a forecast taken as certain, or one path of it: stock left and units moved are paid for, and so is demand that is
late (backlog), lost, or not allowed to be short at all. Legend, for stage s, arc k and period t = 0..H-1:

    x[k, t]   units that leave over arc k in t; on sale at its target from t + lead[k] on
    I[s, t]   stock at the end of t                 B[s, t]   units that wait at the end of t (lost sales: lost in t)
    y[s, t]   units bought or made outside and put into s in t
    v[s, t]   units that customers get

    I[s, t] = I[s, t-1] + receipts[s, t] + y[s, t] + sum of x[k, t - lead[k]] into s - sum of per[k] x[k, t] out of s
              - v[s, t],                            B[s, t] = demand[s, t] - v[s, t]  (+ B[s, t-1] where demand waits)
    x <= capacity of the arc, y <= supply of the stage, I <= space of the stage

A time-expanded network: R. Ahuja, T. Magnanti and J.
Orlin, "Network Flows" (1993), section 1.3 and chapter 19. HiGHS solves it; the answer is checked against every line
before it is believed. Where none exists, `conflict` names an irreducible set of limits: without any one of them, there
would be an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.errors import InfeasibleError
from orderpoint.optimize.collaboration.flow_problem import FlowProblem
from orderpoint.optimize.collaboration.flow_program import FlowProgram, program_of, solved, violation
from orderpoint.optimize.irreducible import irreducible

FloatArray = NDArray[np.float64]

TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Flow:
    """`shipped` (a, H), `bought`, `stock`, `short` (s, H) in units; `cost` money.

    `price` (s, H): what one unit more of demand there would cost (the dual of its line; NaN where not known).
    """

    shipped: FloatArray
    bought: FloatArray
    stock: FloatArray
    short: FloatArray
    cost: float
    price: FloatArray = field(repr=False)


def least_cost_flow(problem: FlowProblem) -> Flow:
    """The flow of least cost. Raises InfeasibleError with an irreducible set of limits where there is none.

    Raises ArithmeticError where the solver's answer breaks a line of the program.
    """
    program = program_of(problem)
    answer = solved(program)
    if answer is None:
        raise InfeasibleError(conflict(problem))
    worst = violation(program, answer.x)
    if worst > TOLERANCE * max(1.0, float(np.abs(answer.x).max(initial=0.0))):
        raise ArithmeticError(f"least_cost_flow: the solver's answer breaks a limit by {worst:g} units; do not use it")
    return _flow(program, answer.x, answer.duals)


def conflict(problem: FlowProblem) -> tuple[str, ...]:
    """Limits that cannot be kept together, each of which is needed for that; empty where there is a flow.

    Limits are "demand of S", "capacity of S -> T", "supply of S" and "space of S", over all periods.
    """
    program = program_of(problem)
    return irreducible(program.limits, lambda kept: solved(program.keeping(kept)) is not None)


def evaluate(problem: FlowProblem, shipped: FloatArray, bought: FloatArray) -> Flow:
    """What a given flow costs, with stock and shortage by its balance; no limit is checked but stock of at least 0.

    Customers are served as far as stock reaches, after what leaves for other stages. (The program may also turn one
    away, to have his unit elsewhere later; then it costs less.)

    Raises ValueError where more leaves a stage than is there.
    """
    stages, periods = problem.demand.shape
    stock, short = np.zeros((stages, periods)), np.zeros((stages, periods))
    now, owed = problem.on_hand.copy(), np.zeros(stages)
    for t in range(periods):
        now += problem.receipts[:, t] + bought[:, t]
        sent = problem.lead <= t
        rows = np.flatnonzero(sent)
        np.add.at(now, problem.target[rows], shipped[rows, t - problem.lead[rows]])
        np.subtract.at(now, problem.source, problem.per * shipped[:, t])
        if (now < -TOLERANCE * (1.0 + np.abs(now))).any():
            stage = problem.names[int(now.argmin())]
            raise ValueError(f"flow: expected no more to leave {stage} in period {t} than is there; ship less")
        asked = problem.demand[:, t] + owed
        served = np.minimum(np.maximum(now, 0.0), asked)
        now -= served
        short[:, t] = asked - served
        owed = np.where(problem.backlog, short[:, t], 0.0)
        stock[:, t] = now
    penalty = np.where(np.isfinite(problem.shortage), problem.shortage, 0.0)
    if (short.sum(axis=1)[~np.isfinite(problem.shortage)] > TOLERANCE).any():
        raise ValueError("flow: expected all demand to be met where shortage costs inf; ship more")
    cost = (problem.cost @ shipped).sum() + (problem.supply_cost @ bought).sum()
    cost += (problem.holding @ stock).sum() + (penalty @ short).sum()
    return Flow(shipped, bought, stock, short, float(cost), np.full((stages, periods), np.nan))


def _flow(program: FlowProgram, x: FloatArray, duals: FloatArray) -> Flow:
    shipped, bought, stock, short = (program.part(x, name) for name in ("shipped", "bought", "stock", "short"))
    return Flow(shipped, bought, stock, short, float(program.cost @ x), duals[stock.size :].reshape(stock.shape))
