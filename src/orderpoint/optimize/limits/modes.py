"""Whom to order from and in how many containers: the best way for each supplier at common prices, and the bound of it.

At given prices of money and room the suppliers do not touch each other. Each either gets no order, which is worth 0,
or one that reaches its minimum, fills its containers and pays for itself. What an order of volume V is worth is concave
in V once each line's choices are replaced by their envelope, so only two numbers of containers can be best: the one
below and the one above the volume that would be ordered without the container. The sum of the best ways bounds every
choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.problem import Bounds, Loads, Terms, bounds_of
from orderpoint.optimize.limits.relaxation import Market, charge, supplier_prices
from orderpoint.optimize.limits.response import Prices, worth_by_supplier

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

UNBOUNDED = -1
"""Containers of an order whose volume is not bounded."""
ROUNDS = 3
"""Rounds between the prices of minimum and container of a supplier that has both."""


@dataclass(frozen=True, eq=False)
class Modes:
    """The best way for each supplier: `containers` (S,) as in `bounds_of`, and the `bound` over all ways, money.

    `worth` (S,): of the best order, against 0 for none. `over` (1 + L,): by how much money and room would be passed
    if every line answered the prices, a subgradient of the bound with its sign changed.
    """

    containers: IntArray
    bound: float
    worth: FloatArray
    over: FloatArray


def best_modes(market: Market, terms: Terms, prices: Prices) -> Modes:
    """The best ways at the prices of money and room in `prices`."""
    suppliers = len(terms.minimum)
    prices = prices._replace(minimum=np.zeros(suppliers), volume=np.zeros(suppliers))
    boxed = np.isfinite(terms.container)
    containers = np.full(suppliers, UNBOUNDED, np.int64)
    worth, rest, volume = _worth(market, bounds_of(terms, containers), prices)
    if boxed.any():
        above = np.where(boxed, np.maximum(np.ceil(volume / terms.container - 1e-9), 1.0), UNBOUNDED).astype(np.int64)
        below = np.where(boxed, np.maximum(above - 1, 1), UNBOUNDED)
        of_above, of_below = (_worth(market, bounds_of(terms, c), prices)[0] for c in (above, below))
        containers = np.where(of_below > of_above, below, above)
        worth = np.where(boxed, np.maximum(of_above, of_below), worth)
    worth = worth - terms.charge
    containers = np.where(terms.all_or_nothing & (worth <= 0.0), 0, containers)
    settled = bounds_of(terms, containers)
    market.value(settled, supplier_prices(market, settled, prices))
    over = np.concatenate([market.loads.money - terms.budget, market.loads.room - terms.room])
    common = charge(settled, prices, Loads(np.zeros(1), np.zeros(len(terms.room)), *(np.zeros(suppliers),) * 2))
    bound = rest + common + float(np.where(terms.all_or_nothing, np.maximum(worth, 0.0), worth).sum())
    return Modes(containers, bound, worth, over)


def _worth(market: Market, bounds: Bounds, prices: Prices) -> tuple[FloatArray, float, FloatArray]:
    """(worth of each supplier's order at the best prices of its own limits, of the lines without one, its volume)."""
    both = ((bounds.least_money > 0.0) & ((bounds.least_volume > 0.0) | np.isfinite(bounds.most_volume))).any()
    for _ in range(ROUNDS if both else 1):
        prices = supplier_prices(market, bounds, prices)
    market.value(bounds, prices)
    worth = np.zeros(len(bounds.closed))
    rest = worth_by_supplier(market.lines, prices, market.choice, worth)
    worth -= prices.minimum * bounds.least_money
    worth += np.maximum(prices.volume, 0.0) * np.where(prices.volume > 0.0, bounds.most_volume, 0.0)
    worth -= np.maximum(-prices.volume, 0.0) * bounds.least_volume
    return worth, rest, market.loads.order_volume.copy()
