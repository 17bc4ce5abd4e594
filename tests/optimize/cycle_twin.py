"""What an order of one line is worth, slowly: its window on paths of demand, and the long-run value of what is left.

For shops without a lead time that review every period: a position is the stock that one period sells from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

TOP = 90
"""Positions looked at."""


@dataclass(frozen=True)
class Line:
    """One line: demand of a period on equally likely paths (paths,), whole units; money; and how it is bought."""

    demand: FloatArray
    holding: float
    stockout: float
    order_cost: float
    share: float
    least: int
    pack: int

    def window(self, position: float) -> float:
        """Mean cost of a period that begins with `position` units."""
        left = position - self.demand
        return float((self.holding * np.maximum(left, 0.0) + self.stockout * np.maximum(-left, 0.0)).mean())

    def lots(self, most: int) -> list[int]:
        """Quantities up to `most` that can be ordered, none among them."""
        first = -(-self.least // self.pack) * self.pack
        return [0, *range(first, most + 1, self.pack)]


def best_cycle(line: Line) -> tuple[int, int, float]:
    """(s, S, cost of a review) by every pair, each by the visits between two orders."""
    f = np.bincount(line.demand.astype(int), minlength=TOP + 1)[: TOP + 1] / len(line.demand)
    costs = np.array([line.window(y) for y in range(TOP + 1)])
    visits = np.zeros(TOP + 1)
    for j in range(TOP + 1):
        visits[j] = (float(j == 0) + f[1 : j + 1] @ visits[:j][::-1]) / (1.0 - f[0])
    apart = max(line.least, line.pack, 1)
    best = (0, 0, np.inf)
    for high in range(apart, TOP + 1):
        total = line.order_cost + line.share + np.cumsum(visits[:high] * costs[high:0:-1])
        rate = (total / np.cumsum(visits[:high]))[apart - 1 :]
        if rate.min() < best[2]:
            best = (high - apart - int(rate.argmin()), high, float(rate.min()))
    return best


def values_of(line: Line) -> FloatArray | None:
    """The value of each position 0..TOP before a review; None where the line is better never stocked."""
    low, _, cost = best_cycle(line)
    if line.stockout * float(line.demand.mean()) <= cost:
        return None
    f = np.bincount(line.demand.astype(int), minlength=TOP + 1)[: TOP + 1] / len(line.demand)
    values = np.zeros(TOP + 1)
    for y in range(low + 1, TOP + 1):
        ahead = f[1 : y - low] @ values[low + 1 : y][::-1]
        values[y] = (line.window(y) - cost + ahead) / (1.0 - f[0])
    return values


def worth(line: Line, values: FloatArray, stock: int, quantity: int) -> float:
    """Cost of the window and of what is left after it, with the fixed cost of the line."""
    left = np.maximum(stock + quantity - line.demand, 0.0).astype(int)
    return line.window(stock + quantity) + float(values[left].mean()) + (line.order_cost if quantity else 0.0)


def shares_of(cost: float, item_cost: FloatArray, slope: FloatArray) -> FloatArray:
    """What each line bears of an order's cost: max(H T^2 - k, 0), T found by halving so that they add up."""
    low, high = 0.0, 1e9
    for _ in range(300):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if np.maximum(slope * middle - item_cost, 0.0).sum() < cost else (low, middle)
    return np.maximum(slope * high - item_cost, 0.0)
