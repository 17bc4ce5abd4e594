"""Prices of shared limits by Lagrangian relaxation, and the bound that they certify.

    D(prices) = sum over limits of price x limit + sum over lines of max_k [saving_k - what k takes at the prices]

bounds what any choice that keeps the limits can save, whatever the prices (A. Geoffrion 1974, "Lagrangean relaxation
for integer programming", Mathematical Programming Study 2, 82-114). D is convex and each limit's use falls as its price
rises, so D is lowered one kind of limit at a time: given the other prices, places do not touch each other, nor do
suppliers, and the best price of every one of them is found at once by bisection on its use.

Here it is settled who is ordered from, and in how many containers (`Bounds`); `modes` bounds all ways to settle it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.bisection import BUDGET, MINIMUM, ROOM, TOO_LITTLE, TOO_MUCH, least_prices
from orderpoint.optimize.limits.problem import Bounds, Lines, Loads, Terms
from orderpoint.optimize.limits.response import Hulls, Prices, hulls_of, no_prices, respond, steepest, weigh

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SWEEPS = 12
"""Rounds over the kinds of limits at most."""
SETTLED = 1e-7
"""Relative fall of the bound in a round, below which prices are settled."""


@dataclass(frozen=True, eq=False)
class Market:
    """The lines with their envelopes, ready to answer prices.

    `dear`, `dear_volume`: prices of a unit of money and of volume that outweigh every step of every envelope.
    """

    lines: Lines
    hulls: Hulls
    dear: float
    dear_volume: float
    choice: IntArray
    loads: Loads

    @classmethod
    def of(cls, lines: Lines, terms: Terms) -> Market:
        """The market of `lines` under `terms`."""
        hulls = hulls_of(lines.quantity, lines.money, lines.saving)
        n, places, suppliers = len(lines.quantity), len(terms.room), len(terms.minimum)
        loads = Loads(np.zeros(1), np.zeros(places), np.zeros(suppliers), np.zeros(suppliers))
        dear, dear_volume = steepest(lines)
        return cls(lines, hulls, 2.0 * dear + 1.0, 2.0 * dear_volume + 1.0, np.zeros(n, np.int64), loads)

    def value(self, bounds: Bounds, prices: Prices) -> float:
        """D(prices), money; leaves the answer in `choice` and what it takes in `loads`."""
        respond(self.lines, self.hulls, bounds.closed, prices, self.choice)
        saved = weigh(self.lines, self.choice, self.loads)
        return saved + charge(bounds, prices, self.loads)

    def least(self, bounds: Bounds, prices: Prices, kind: int) -> FloatArray:
        """The least price of each limit of `kind` at which it is kept, the others given (see `bisection`)."""
        high = self.dear if kind in {BUDGET, MINIMUM} else self.dear_volume
        return least_prices(self.lines, self.hulls, bounds, prices, (kind, high), self.choice, self.loads)


def charge(bounds: Bounds, prices: Prices, loads: Loads) -> float:
    """Sum of price x (limit - use) over all limits."""
    used = (
        (prices.money, bounds.budget - loads.money),
        (prices.room, bounds.room - loads.room),
        (prices.minimum, loads.order_money - bounds.least_money),
        (np.maximum(prices.volume, 0.0), bounds.most_volume - loads.order_volume),
        (np.maximum(-prices.volume, 0.0), loads.order_volume - bounds.least_volume),
    )
    return float(sum((price[price > 0.0] * left[price > 0.0]).sum() for price, left in used))


def priced(market: Market, bounds: Bounds, start: Prices | None = None) -> tuple[Prices, float]:
    """(prices, bound) for suppliers settled as in `bounds`, from the prices `start`."""
    prices = start or no_prices(bounds)
    before = market.value(bounds, prices)
    for _ in range(SWEEPS):
        prices = supplier_prices(market, bounds, _common_prices(market, bounds, prices))
        after = market.value(bounds, prices)
        if before - after <= SETTLED * max(abs(after), 1e-12):
            return prices, min(after, before)
        before = after
    return prices, before


def _common_prices(market: Market, bounds: Bounds, prices: Prices) -> Prices:
    """Best prices of the budget and of room, one after the other, the others given."""
    if np.isfinite(bounds.budget[0]):
        prices = prices._replace(money=market.least(bounds, prices, BUDGET))
    if np.isfinite(bounds.room).any():
        prices = prices._replace(room=market.least(bounds, prices, ROOM))
    return prices


def supplier_prices(market: Market, bounds: Bounds, prices: Prices) -> Prices:
    """Best prices of suppliers' minimums and containers, the others given."""
    asks = ~bounds.closed & (bounds.least_money > 0.0)
    if asks.any():
        prices = prices._replace(minimum=np.where(asks, market.least(bounds, prices, MINIMUM), 0.0))
    bounded = ~bounds.closed & ((bounds.least_volume > 0.0) | np.isfinite(bounds.most_volume))
    if bounded.any():
        free = prices._replace(volume=np.zeros(len(bounds.closed)))
        market.value(bounds, free)
        short = bounded & (market.loads.order_volume < bounds.least_volume)
        over = bounded & (market.loads.order_volume > bounds.most_volume)
        volume = np.zeros(len(bounds.closed))
        if over.any():
            volume = np.where(over, market.least(bounds, free, TOO_MUCH), volume)
        if short.any():
            volume = np.where(short, -market.least(bounds, free, TOO_LITTLE), volume)
        prices = free._replace(volume=volume)
    return prices
