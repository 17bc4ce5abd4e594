"""Slow twin of exact lost sales: states as tuples, all orders up to a generous bound, plain value iteration."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.lost_sales import LostSales

FloatArray = NDArray[np.float64]
State = tuple[int, ...]


def plain_optimum(system: LostSales, most: int, top: int, sweeps: int = 4000) -> float:
    """Least long-run cost, with orders of up to `most` units and a position after ordering of up to `top`."""
    lead = system.lead_time
    lots = [0] + [q for q in range(1, most + 1) if q % system.pack == 0 and q >= system.least]
    pipelines = product(lots, repeat=max(lead - 1, 0))
    states: list[State] = [(x, *due) for due in pipelines for x in range(top + 1) if x + sum(due) <= top]
    place = {state: k for k, state in enumerate(states)}
    rows, costs, chances = [], [], []
    for state in states:
        for q in lots:
            if sum(state) + q <= top:
                money, law = one_period(system, state, q)
                rows.append(place[state])
                costs.append(money)
                chance = np.zeros(len(states))
                for after, part in law.items():
                    chance[place[after]] += part
                chances.append(chance)
    step, money, row = np.array(chances), np.array(costs), np.array(rows)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    value = np.zeros(len(states))
    for _ in range(sweeps):
        change = np.minimum.reduceat(money + step @ value, first) - value
        if change.max() - change.min() < 1e-9:
            break
        value += 0.9 * (change - change[0])
    return float(change.mean())


def one_period(system: LostSales, state: State, q: int) -> tuple[float, dict[State, float]]:
    """Expected cost of a period, and the law of the state after it."""
    money = (system.order_cost if q else 0.0) + system.unit_cost * q
    law: dict[State, float] = {}
    for units, chance in enumerate(system.demand):
        on_sale = state[0] + (q if system.lead_time == 0 else 0)
        left, lost = max(on_sale - units, 0), max(units - on_sale, 0)
        money += chance * (system.holding_cost * left + system.stockout_cost * lost)
        if system.lead_time == 0:
            after: State = (left,)
        elif system.lead_time == 1:
            after = (left + q,)
        else:
            after = (left + state[1], *state[2:], q)
        law[after] = law.get(after, 0.0) + chance
    return money, law


def plain_law(demand: FloatArray, state: State, lead_time: int) -> FloatArray:
    """The law of the stock just before today's order arrives, by going through every run of demands."""
    law = np.zeros(sum(state) + 1)
    for units in product(range(len(demand)), repeat=lead_time):
        stock = state[0]
        for t, d in enumerate(units):
            stock = max(stock - d, 0) + (state[t + 1] if t + 1 < lead_time else 0)
        law[stock] += np.prod(demand[list(units)])
    return law
