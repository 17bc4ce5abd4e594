"""Today's purchase of most service, whichever limits are set, with its shadow prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.service.share import Shared, bought_at, share
from orderpoint.optimize.service.within import Limits, within
from orderpoint.optimize.shared_curves import Wanted
from orderpoint.optimize.shared_terms import CONTAINER_FILL, spent, terms_of
from orderpoint.optimize.told_limits import remarks
from orderpoint.tables.decisions import Binding, Frontier, Remark

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Purchase:
    """Columns and quantities chosen (n,), and as in `tables.decisions` their shadow prices, gap, limits and frontier.

    Shadow prices are in the measure's own unit: units, chances of a stockout, unit-days of waiting. `remarks`: lines
    of which nothing is bought because of a limit.
    """

    choice: IntArray
    quantity: FloatArray
    shadow_price: FloatArray
    gap: float
    binding: tuple[Binding, ...]
    frontier: Frontier
    remarks: tuple[Remark, ...] = ()


def most_within(limits: Limits, curves: Shared, multiplier: float) -> Purchase:
    """The purchase within all limits; `multiplier`: service a unit of money has to add where there is no budget."""
    snapshot, total = limits.snapshot, max(float(curves.asked.sum()), 1e-300)
    budget = snapshot.budget
    price = 0.0 if budget is not None else multiplier
    if terms_of(snapshot, CONTAINER_FILL) is not None:
        kept = within(limits, curves, price * total)
        frontier = share(curves, np.inf, multiplier, limits.orders).frontier
        found = kept.found
        prices = found.shadow_price, found.gap, found.binding
        return Purchase(kept.choice, found.quantity, *prices, frontier, found.remarks)
    wanted = bought_at(curves, multiplier)
    bought = wanted
    if budget is not None or limits.orders is not None:
        bought = share(curves, np.inf if budget is None else budget, price, limits.orders)
    binding = []
    if budget is not None:
        used = float(spent(snapshot, bought.quantity, limits.offer).sum())
        binding.append(Binding("budget", "", budget, used, bought.multiplier * total))
    if limits.orders is not None:
        most = float(limits.orders.most)
        binding.append(Binding("orders", "", most, float(bought.orders), bought.order_price * total))
    shadow = np.where(bought.quantity < wanted.quantity, bought.shadow_price, 0.0)
    asked = Wanted(wanted.quantity, limits.offer, curves.quantity, curves.gain(), limits.position)
    told = remarks(snapshot, asked, (bought.quantity, np.zeros_like(shadow)), CONTAINER_FILL)
    return Purchase(bought.choice, bought.quantity, shadow, bought.gap, tuple(binding), bought.frontier, told)
