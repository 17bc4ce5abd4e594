"""The best choice under shared limits that was found so far, and how near it is to the best possible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.feasibility import breaches
from orderpoint.optimize.limits.modes import UNBOUNDED
from orderpoint.optimize.limits.problem import Lines, Terms, bounds_of, loads_of, net_saving
from orderpoint.optimize.limits.relaxation import Market, priced
from orderpoint.optimize.limits.repair import repair
from orderpoint.optimize.limits.response import Prices

IntArray = NDArray[np.int64]

SMALL_GAP = 1e-5
"""Relative gap at which the search ends."""


@dataclass(eq=False)
class Search:
    """The best that was found so far."""

    lines: Lines
    terms: Terms
    market: Market
    choice: IntArray
    saving: float = 0.0
    bound: float = np.inf

    def small(self) -> bool:
        """Whether the gap is small enough."""
        return self.bound - self.saving <= SMALL_GAP * max(self.bound, 1e-12)

    def settle(self, containers: IntArray, prices: Prices | None) -> Prices:
        """Price and repair one way for all suppliers, and keep it where it saves more."""
        bounds = bounds_of(self.terms, containers)
        prices, _ = priced(self.market, bounds, prices)
        choice = self.market.choice.copy()
        repair(self.lines, bounds, prices, choice, loads_of(self.lines, self.terms, choice))
        self.offer(choice)
        return prices

    def offer(self, choice: IntArray) -> None:
        """Keep `choice` where it saves more and keeps all limits."""
        saving = net_saving(self.lines, self.terms, choice)
        if saving > self.saving and not breaches(self.lines, self.terms, choice):
            self.choice, self.saving = choice, saving


def ways_of(search: Search) -> IntArray:
    """The containers of each supplier in the best choice so far."""
    loads = loads_of(search.lines, search.terms, search.choice)
    boxed = np.isfinite(search.terms.container)
    size = np.where(boxed, search.terms.container, 1.0)
    count = np.maximum(np.ceil(loads.order_volume / size - 1e-7), 1.0)
    ordered = (loads.order_money > 0.0) | ~search.terms.all_or_nothing
    return np.where(ordered, np.where(boxed, count, UNBOUNDED), 0).astype(np.int64)
