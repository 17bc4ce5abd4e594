"""What is said of shared limits: how far each is used and what more of it would save, and what they kept out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.problem import Lines, Terms, loads_of
from orderpoint.optimize.limits.response import Prices
from orderpoint.optimize.limits.unreached import Outcome, unreached
from orderpoint.optimize.shared_curves import Wanted, all_limits
from orderpoint.tables.decisions import Binding, Remark
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def remarks(
    snapshot: Snapshot, wanted: Wanted, bought: tuple[FloatArray, FloatArray], fill: float
) -> tuple[Remark, ...]:
    """What was wanted and is not bought, and minimum stocks that gave way; `bought`: units, and the floors, (n,)."""
    quantity, floor = bought
    gave_way = np.flatnonzero(quantity < floor).tolist()
    if not gave_way and not ((wanted.quantity > 0.0) & (quantity <= 0.0)).any():
        return ()
    level = snapshot.costs.min_stock
    remarks = [
        Remark(
            i, "min_stock_gave_way", {"level": f"{level[i]:g}", "need": f"{floor[i]:g}", "units": f"{quantity[i]:g}"}
        )
        for i in gave_way
    ]
    suppliers = snapshot.shared.suppliers if snapshot.shared is not None else ()
    lines, terms = all_limits(snapshot, wanted, fill)
    outcome = Outcome(lines, terms, wanted.quantity, quantity, snapshot.index.locations, suppliers)
    return tuple(sorted((*unreached(outcome), *remarks), key=lambda remark: remark.series))


def bindings(
    snapshot: Snapshot, terms: Terms, lines: Lines, choice: IntArray, prices: Prices | None
) -> tuple[Binding, ...]:
    """All limits that are set, how far they are used, and what one more unit of each would save."""
    suppliers = snapshot.shared.suppliers if snapshot.shared is not None else ()
    loads = loads_of(lines, terms, choice)
    rows: list[Binding] = []
    if np.isfinite(terms.budget):
        rows.append(
            Binding("budget", "", terms.budget, float(loads.money[0]), float(prices.money[0]) if prices else 0.0)
        )
    for place in np.flatnonzero(np.isfinite(terms.room)).tolist():
        price = float(prices.room[place]) if prices else 0.0
        rows.append(Binding("space", snapshot.index.locations[place], terms.room[place], loads.room[place], price))
    for s in np.flatnonzero(terms.minimum > 0.0).tolist():
        price = float(prices.minimum[s]) if prices else 0.0
        rows.append(Binding("supplier_minimum", suppliers[s], terms.minimum[s], loads.order_money[s], price))
    for s in np.flatnonzero(np.isfinite(terms.container)).tolist():
        price = float(prices.volume[s]) if prices else 0.0
        rows.append(Binding("container", suppliers[s], terms.container[s], loads.order_volume[s], abs(price)))
    return tuple(rows)
