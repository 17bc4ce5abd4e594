"""The best rule of a lost-sales system: exactly where its states can be counted, else on one long run of demand.

Every search takes what a rule costs as a function: `exactly` asks the chain of states, `on_run` plays the stock
equation. On a run all rules meet the same demand (common random numbers), so a choice between two is far better than
the noise of their costs. `best` looks at the capped base stocks and at windows with weights around `patience`; so on
its run nothing it returns costs more than the best capped base stock.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from orderpoint.optimize.lost_sales.exact_cost import evaluate
from orderpoint.optimize.lost_sales.rules import Rule, capped, projected, window
from orderpoint.optimize.lost_sales.simulation import Run, simulated
from orderpoint.optimize.lost_sales.system import LostSales

Cost = Callable[[Rule], float]

WEIGHTS = (0.7, 0.85, 1.0, 1.2)
"""Weights of holding that are tried, as multiples of `patience`."""
UNSTABLE = 1e-6
"""An order nearer than that to the mean demand lets the stock grow without end."""
PARTS = 4
"""Projected levels are tried in quarters of a unit, where demand is whole."""


@dataclass(frozen=True, eq=False)
class Found:
    """A rule and its long-run cost of a period, money."""

    rule: Rule
    cost: float


def exactly(rule: Rule) -> float:
    """The exact cost of a rule, for systems whose states can be counted (`exact_cost.evaluate`)."""
    return evaluate(rule.system, rule).cost


def on_run(system: LostSales, run: Run | None = None) -> Cost:
    """The cost of rules for `system` on one run, the same for all of them."""
    demand = (run or Run()).demand(system)
    return lambda rule: simulated(rule, demand)[0]


def best(system: LostSales, cost: Cost | None = None) -> Found:
    """The cheapest of all capped base stocks and some windows; `cost` is by default that on a run."""
    cost = cost or on_run(system)
    patient = window(system).first
    windows = (window(system, share * patient) for share in WEIGHTS)
    found = [best_capped(system, cost), *(_found(rule, cost) for rule in windows)]
    return min(found, key=lambda one: one.cost)


def best_capped(system: LostSales, cost: Cost | None = None) -> Found:
    """The best (S, cap): the best S for each cap from the highest down; base stock is among them.

    A cap below the mean demand loses at least the rest of it. The search ends where that alone costs too much.
    """
    cost = cost or on_run(system)
    found = best_base_stock(system, cost)
    for cap in range(system.newsvendor(1), 0, -1):
        lost = max(system.mean - cap, 0.0)
        if system.stockout_cost * lost + system.unit_cost * (system.mean - lost) > found.cost:
            break
        found = min(found, _best_level(system, cap, cost), key=lambda one: one.cost)
    return found


def best_base_stock(system: LostSales, cost: Cost | None = None) -> Found:
    """The best S without a cap."""
    return _best_level(system, math.inf, cost or on_run(system))


def best_constant(system: LostSales, cost: Cost | None = None) -> Found:
    """The best order of the same whole number of units in every period, below the mean demand.

    Its stock has no bound, so `cost` is one on a run.
    """
    cost = cost or on_run(system)
    below = range(math.ceil(system.mean - UNSTABLE))
    return min((_found(capped(system, math.inf, q), cost) for q in below), key=lambda one: one.cost)


def best_projected(system: LostSales, cost: Cost | None = None) -> Found:
    """The best projected inventory level: to the unit, then in quarters of a unit around it."""
    cost = cost or on_run(system)
    whole = _descended(lambda level: _found(projected(system, level), cost), system.newsvendor(1) + 1)
    nearby = range(-PARTS + 1, PARTS)
    found = [_found(projected(system, whole.rule.first + part / PARTS), cost) for part in nearby]
    return min(found, key=lambda one: one.cost)


def _best_level(system: LostSales, cap: float, cost: Cost) -> Found:
    return _descended(lambda level: _found(capped(system, level, cap), cost), system.newsvendor(system.lead_time + 1))


def _found(rule: Rule, cost: Cost) -> Found:
    return Found(rule, cost(rule))


def _descended(at: Callable[[int], Found], top: int) -> Found:
    """The best of at(0), .., at(top), where the cost falls and then rises: by bisection on its step."""
    low, high = 0, top
    while low < high:
        middle = (low + high) // 2
        if at(middle + 1).cost < at(middle).cost:
            low = middle + 1
        else:
            high = middle
    return at(low)
