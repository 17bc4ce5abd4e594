"""The rules of thumb that Wagner-Whitin is compared with: Silver-Meal, part-period balancing, least unit cost.

Source: E. Silver, D. Pyke & D. Thomas, Inventory and Production Management in Supply Chains, 4th ed. (2017), sections
5.5 and 5.6. Each looks at the setup cost K and the holding cost of an order only, and lets it cover one period more as
long as its measure says so:

    Silver-Meal           (K + holding) / periods covered, until it first grows
    least unit cost       (K + holding) / units, until it first grows
    part-period           the number of periods whose holding cost is nearest to K (fewer where two are as near)

Periods without demand before an order are passed over. Unit and backlog costs play no part in the choice (the plan is
charged for the first all the same), and no demand waits.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.lot_sizing.problem import LotPlan, LotSizing, Tables, evaluate, value

FloatArray = NDArray[np.float64]


class Rule(StrEnum):
    """A rule of thumb."""

    SILVER_MEAL = "silver_meal"
    LEAST_UNIT_COST = "least_unit_cost"
    PART_PERIOD = "part_period"


CODES = {Rule.SILVER_MEAL: 0, Rule.LEAST_UNIT_COST: 1, Rule.PART_PERIOD: 2}


def by_rule(problem: LotSizing, rule: Rule) -> LotPlan:
    """The plan of a rule of thumb for each item."""
    quantity = np.zeros(problem.shape)
    _by_rule(problem.tables(), CODES[rule], quantity)
    return LotPlan(quantity, evaluate(problem, quantity).total)


@njit(cache=True, parallel=True)
def _by_rule(tables: Tables, rule: int, quantity: FloatArray) -> None:
    for i in prange(len(quantity)):
        _one(tables, i, rule, quantity[i])


@njit(cache=True)
def _one(tables: Tables, i: int, rule: int, quantity: FloatArray) -> None:
    """The plan of one item."""
    periods = len(quantity)
    net = np.empty(periods)
    left = tables.initial_stock[i, 0]
    for t in range(periods):
        left -= tables.demand[i, t]
        net[t] = max(-left, 0.0)
        left = max(left, 0.0)
    t = 0
    while t < periods:
        if net[t] <= 0.0:
            t += 1
            continue
        then = _end(tables, i, rule, net, t)
        quantity[t] = net[t:then].sum()
        t = then


@njit(cache=True)
def _end(tables: Tables, i: int, rule: int, net: FloatArray, t: int) -> int:
    """The first period that an order in `t` does not cover."""
    setup = value(tables.setup, i, t)
    unit, carried, units = 0.0, 0.0, net[t]
    measure = np.inf
    for then in range(t + 1, len(net) + 1):
        if rule == 2:
            gap = abs(setup - carried)
            if gap >= measure and net[then - 1] > 0.0:
                return then - 1
            measure = min(measure, gap)
        else:
            now = (setup + carried) / (units if rule == 1 else then - t)
            if now > measure:
                return then - 1
            measure = now
        if then < len(net):
            unit += value(tables.holding, i, then - 1)
            carried += unit * net[then]
            units += net[then]
    return len(net)
