"""Order times fixed now, quantities when their time comes: lot sizing under static-dynamic uncertainty.

Source: J. Bookbinder & J.-Y. Tan (1988), "Strategies for the probabilistic lot-sizing problem with service-level
constraints", Management Science 34(9), 1096-1108; with shortage costs in place of their service level, S. A. Tarim &
B. Kingsman (2006), European Journal of Operational Research 174(1), 554-569. An order in i that is to last until the
next in j raises the stock to S(i, j): the level of least expected holding and shortage cost of i..j-1, or with a
service level the least level at which the stock is not below zero before j with that probability. The times are a
shortest path over cycles (i, j). As there, a stock above S(i, j) counts as if it could be lowered to it, so `bound` is
a lower bound on such policies' cost (of the given levels, with a service level); `evaluate` gives the exact cost.
Demand waits; unit costs are paid on what is ordered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.lot_sizing.stochastic import StochasticLotSizing

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NO_ORDER = -1


@dataclass(frozen=True, eq=False)
class OrderTimes:
    """`order_up_to` int64 (n, T): the level of an order of that period, NO_ORDER where none is placed; `bound` (n,)."""

    order_up_to: IntArray
    bound: FloatArray


def optimal(problem: StochasticLotSizing, service_level: float | None = None) -> OrderTimes:
    """Order times and levels of each item; the first order is in the first period.

    Raises ValueError where sales are lost, an order or the room is bounded, stock is at hand (serve demand from it
    first), or `service_level` is not between 0 and 1.
    """
    if problem.lost or np.isfinite(problem.bounds()[:, :2]).any() or (problem.bounds()[:, 2] != 0.0).any():
        raise ValueError("static_dynamic: expected demand that waits, no bounds, no initial stock; use `stochastic`")
    if service_level is not None and not 0.0 < service_level < 1.0:
        raise ValueError(f"service_level: expected a share between 0 and 1, got {service_level}; 0.95 is usual")
    n, periods = problem.shape
    result = OrderTimes(np.full((n, periods), NO_ORDER, np.int64), np.empty(n))
    for i in range(n):
        cost, level = _cycles(
            problem.probabilities[i], problem.costs()[i], service_level, float(problem.bounds()[i, 3])
        )
        least, begun = np.full(periods + 1, np.inf), np.zeros(periods + 1, np.int64)
        least[0] = 0.0
        for j in range(1, periods + 1):
            total = least[:j] + cost[:j, j]
            begun[j] = int(np.argmin(total))
            least[j] = total[begun[j]]
        j = periods
        while j > 0:
            k = int(begun[j])
            result.order_up_to[i, k] = level[k, j]
            j = k
        result.bound[i] = least[-1]
    return result


def _cycles(
    chance: FloatArray, costs: FloatArray, service_level: float | None, salvage: float
) -> tuple[FloatArray, IntArray]:
    """(cost, level) of every cycle from order i to j - 1, (T, T + 1); what is left then is worth the next unit cost."""
    periods, width = chance.shape
    setup, unit, holding, shortage = costs.T
    cost, level = np.full((periods, periods + 1), np.inf), np.zeros((periods, periods + 1), np.int64)
    for i in range(periods):
        y = np.arange((periods - i) * (width - 1) + 1)
        loss, total = np.zeros(len(y)), np.ones(1)
        mean = 0.0
        for j in range(i + 1, periods + 1):
            total = np.convolve(total, chance[j - 1])
            mean += float(chance[j - 1] @ np.arange(width))
            below = np.cumsum(np.pad(total, (0, len(y)))[: len(y)])
            left = np.concatenate([[0.0], np.cumsum(below)[:-1]])
            loss += holding[j - 1] * left + shortage[j - 1] * (left - y + mean)
            worth = unit[j] if j < periods else salvage
            price = loss + (unit[i] - worth) * y
            if j == periods:  # what is owed at the end is bought at the last unit cost
                price = price + (unit[-1] - salvage) * (left - y + mean)
            most = (j - i) * (width - 1) + 1  # no level is above all that the cycle may ask for
            reached = below[:most] >= (service_level or 0.0) - 1e-12
            best = int(np.argmin(price[:most]) if service_level is None else np.argmax(reached))
            cost[i, j], level[i, j] = setup[i] + price[best] + worth * mean, best
    return cost, level


def evaluate(problem: StochasticLotSizing, order_up_to: IntArray) -> FloatArray:
    """(n,): exact expected cost of order times with levels (n, T), NO_ORDER where none is placed; nothing is sent back.

    A planned order is paid its setup cost whether or not the stock is below its level.
    """
    n, periods = problem.shape
    width = problem.probabilities.shape[2]
    result = np.empty(n)
    for i in range(n):
        setup, unit, holding, shortage = problem.costs()[i].T
        low = periods * (width - 1)  # the place of stock 0
        high = int(max(order_up_to[i].max(initial=0), 0))
        chance, total = np.zeros(low + high + 1), 0.0
        stock = np.arange(-low, high + 1)
        chance[low] = 1.0
        for t in range(periods):
            if order_up_to[i, t] != NO_ORDER:
                to = low + int(order_up_to[i, t])
                total += setup[t] + unit[t] * float(chance[:to] @ (stock[to] - stock[:to]))
                chance[to] += chance[:to].sum()
                chance[:to] = 0.0
            chance = np.convolve(chance, problem.probabilities[i, t, ::-1])[width - 1 :]
            total += float(chance @ (holding[t] * np.maximum(stock, 0) + shortage[t] * np.maximum(-stock, 0)))
        ends = unit[-1] * np.maximum(-stock, 0) - problem.bounds()[i, 3] * np.maximum(stock, 0)
        result[i] = total + float(chance @ ends)
    return result
