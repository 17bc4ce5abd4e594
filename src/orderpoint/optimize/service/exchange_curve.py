"""The exchange curve: how many orders a year go with how much stock, over all items together.

Lots of Q units of an item of annual demand D and unit cost v make D / Q orders a year and Q v / 2 of cycle stock. Over
all ways to share N orders among the items the stock is least where every item has orders in proportion to sqrt(D v):

    n_i = N sqrt(D_i v_i) / S,    stock = S^2 / (2 N),    S = sum of sqrt(D_j v_j)

so that orders x stock is the same all along the curve (M. Starr & D. Miller 1962, Inventory Control: Theory and
Practice; Silver, Pyke & Peterson, Inventory Management and Production Planning and Scheduling, 3rd ed., chapter 5, on
choosing A / r). It is the curve of EOQ lots for all ratios of fixed cost to carrying charge: A / r = (S / N)^2 / 2.

Where items can be ordered only so often a year (their suppliers' order days), or at least so often (shelf life, the
largest lot), those at their bound keep it and the others share the rest in the same proportion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

HALVINGS = 200


@dataclass(frozen=True, eq=False)
class YearlyItems:
    """n items: `demand` units a year, `unit_cost` money, `fewest` and `most` orders a year of each, all (n,)."""

    demand: FloatArray
    unit_cost: FloatArray
    fewest: FloatArray
    most: FloatArray

    @classmethod
    def free(cls, demand: FloatArray, unit_cost: FloatArray) -> YearlyItems:
        """Items that may be ordered as seldom or as often as one likes."""
        return cls(demand, unit_cost, np.zeros(len(demand)), np.full(len(demand), np.inf))

    def __post_init__(self) -> None:
        faults = [
            f"{name}: expected {len(self.demand)} numbers of at least 0, got {values}"
            for name, values in vars(self).items()
            if values.shape != self.demand.shape or not (values >= 0.0).all()
        ]
        if not faults and (self.fewest > self.most).any():
            faults.append("fewest: expected no more orders a year than `most`; correct the bounds")
        if faults:
            raise ValueError("yearly items: " + "; ".join(faults))


@dataclass(frozen=True, eq=False)
class ExchangeCurve:
    """`orders` a year, ascending, the least average `cycle_stock` (money) that goes with each, (m,), and its price.

    `stock_per_order` (m,): cycle stock that one more order a year would save. `orders_of` (m, n): orders a year of each
    item; lots are demand / orders.
    """

    orders: FloatArray
    cycle_stock: FloatArray
    stock_per_order: FloatArray
    orders_of: FloatArray


def exchange_curve(items: YearlyItems, orders: FloatArray) -> ExchangeCurve:
    """The curve at the numbers of `orders` a year (m,), above 0, kept between the sums of the items' bounds."""
    if not (orders > 0.0).all() or (np.diff(orders) <= 0.0).any():
        raise ValueError("exchange curve: expected ascending numbers of orders above 0; sort them")
    moving = (items.demand > 0.0) & (items.unit_cost > 0.0)
    weight = np.where(moving, np.sqrt(items.demand * items.unit_cost), 0.0)
    placed = np.array([_shared(items, weight, float(number)) for number in orders])
    value = items.demand * items.unit_cost
    stock = np.divide(value, 2.0 * placed, out=np.zeros_like(placed), where=placed > 0.0)
    stock = np.where((placed <= 0.0) & moving, np.inf, stock)
    free = (placed > items.fewest) & (placed < items.most) & moving
    price = np.where(free, np.divide(stock, placed, out=np.zeros_like(stock), where=placed > 0.0), 0.0).max(axis=1)
    return ExchangeCurve(placed.sum(axis=1), stock.sum(axis=1), price, placed)


def _shared(items: YearlyItems, weight: FloatArray, orders: float) -> FloatArray:
    """Orders a year of each item, (n,): `weight` times a common factor, within the bounds, `orders` in all."""
    if weight.sum() <= 0.0:
        return items.fewest.copy()
    low, high = 0.0, float(max((items.fewest / np.where(weight > 0.0, weight, np.inf)).max(), orders / weight.sum()))
    while _within(items, weight, high).sum() < min(orders, _within(items, weight, np.inf).sum()) * (1.0 - 1e-12):
        high *= 2.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        low, high = (middle, high) if _within(items, weight, middle).sum() < orders else (low, middle)
    return _within(items, weight, high)


def _within(items: YearlyItems, weight: FloatArray, factor: float) -> FloatArray:
    """`weight` x `factor` kept between the bounds of each item."""
    wanted = np.where(weight > 0.0, weight * factor if np.isfinite(factor) else np.inf, 0.0)
    return np.clip(wanted, items.fewest, items.most)
