"""One item whose unmet demand is lost, ordered every period and delivered a lead time later: the problem, checked.

Legend of the package:

    L          lead time in periods; an order of period t is on sale in period t + L, before its demand
    D, f       demand of a period, and its probabilities f(0), f(1), ..; periods are independent and alike
    h, p       cost of a unit left at a period's end, and of a unit of demand lost
    K, c       fixed cost of an order, and cost of a unit bought
    x_0        units on hand with today's receipt; x_1, .., x_{L-1} units due in 1, .., L - 1 periods
    q          today's order

In the long run what is bought is what is sold, so buying costs c E[D] - c E[lost] a period: c is a constant and a
smaller p (P. Zipkin 2008, "On the structure of lost-sales inventory models", Operations Research 56(4), 937-943).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LostSales:
    """A lost-sales system; costs in money, of a unit and period where they are not of an order.

    `demand`: probabilities of 0, 1, 2, .. units a period (a row of `Distribution.masses()`). `lead_time`: periods, 0
    or more. Orders are `least` units (MOQ) or more, in multiples of `pack`.
    Raises ValueError where a figure makes no sense, or where a unit lost costs no more than a unit bought.
    """

    demand: FloatArray
    lead_time: int
    holding_cost: float
    stockout_cost: float
    order_cost: float = 0.0
    unit_cost: float = 0.0
    pack: int = 1
    least: int = 1

    def __post_init__(self) -> None:
        f = np.asarray(self.demand, np.float64)
        if f.ndim != 1 or not np.isfinite(f).all() or (f < 0.0).any() or abs(f.sum() - 1.0) > 1e-9:
            raise ValueError("lost_sales.demand: expected probabilities that sum to 1; divide them by their sum")
        if f[0] >= 1.0:
            raise ValueError("lost_sales.demand: expected a positive mean, got no demand at all; leave the item out")
        if self.lead_time < 0:
            raise ValueError(f"lost_sales.lead_time: expected 0 or more periods, got {self.lead_time}")
        for name, least in (("holding_cost", 1e-300), ("order_cost", 0.0), ("unit_cost", 0.0)):
            if not least <= getattr(self, name) < np.inf:
                word = "a positive number" if least else "0 or more"
                raise ValueError(f"lost_sales.{name}: expected {word}, got {getattr(self, name)}")
        if not self.unit_cost < self.stockout_cost < np.inf:
            raise ValueError(
                f"lost_sales.stockout_cost: expected more than the unit cost ({self.unit_cost}), got "
                f"{self.stockout_cost}; an item that earns nothing is best left out"
            )
        if self.pack < 1 or self.least < 1:
            raise ValueError(f"lost_sales.pack, least: expected 1 or more, got {self.pack}, {self.least}")
        object.__setattr__(self, "demand", f)

    @property
    def mean(self) -> float:
        """Expected demand of a period, units."""
        return float(self.demand @ np.arange(len(self.demand)))

    @property
    def critical_ratio(self) -> float:
        """(p - c) / (p - c + h): the chance of serving a period at which one more unit on sale ceases to pay."""
        margin = self.stockout_cost - self.unit_cost
        return margin / (margin + self.holding_cost)

    @property
    def digits(self) -> int:
        """Numbers that a state has: x_0, .., x_{L-1}."""
        return max(self.lead_time, 1)

    @property
    def is_plain(self) -> bool:
        """Whether any number of units may be ordered at no fixed cost."""
        return self.order_cost == 0.0 and self.pack == 1 and self.least == 1

    @property
    def first_lot(self) -> int:
        """The smallest order, units: whole packs, at least the MOQ."""
        return -(-self.least // self.pack) * self.pack

    def period_costs(self, most: int) -> FloatArray:
        """Expected cost of a period, without the fixed cost, that begins with 0, .., `most` units on sale."""
        tail = self.tail
        step = np.zeros(most + 1)
        served = np.concatenate([1.0 - tail[1:], np.ones(max(most - len(self.demand), 0))])
        step[1:] = self.holding_cost * served[:most]
        margin = self.stockout_cost - self.unit_cost
        lost = np.concatenate([tail[1:], np.zeros(max(most - len(self.demand), 0))])[:most]
        step[1:] -= margin * lost
        costs: FloatArray = margin * self.mean + self.unit_cost * self.mean + np.cumsum(step)
        return costs

    @property
    def tail(self) -> FloatArray:
        """P(D >= k), k = 0, 1, .., len(demand), shape (len(demand) + 1,)."""
        above = np.concatenate([np.cumsum(self.demand[::-1])[::-1], [0.0]])
        above[0] = 1.0
        return above

    def newsvendor(self, periods: int) -> int:
        """The least number of units that serves the demand of `periods` periods with the critical ratio."""
        f = np.ones(1)
        for _ in range(periods):
            f = np.convolve(f, self.demand)
        return int(np.searchsorted(np.cumsum(f), self.critical_ratio - 1e-12))
