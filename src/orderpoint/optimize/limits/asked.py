"""What a minimum stock asks of today's orders: the least units and money of each line, limits aside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Asked:
    """n lines, float64 (n,): `units`, the least that reaches the level (0: nothing is asked), and what that costs.

    `lot`, `pack`, `most`, `most_held`: units of the smallest order, of a step, and the most an order may have by
    itself and under the maximum stock. `low`, `high`: money per unit, between which every offer and price step lies.
    `whole` (n,): one offer without price steps, so that all figures are exact; elsewhere they are bounds. `offers`:
    rows (line, offer) of all offers that take orders today.
    """

    units: FloatArray
    money: FloatArray
    lot: FloatArray
    pack: FloatArray
    most: FloatArray
    most_held: FloatArray
    low: FloatArray
    high: FloatArray
    whole: NDArray[np.bool_]
    offers: IntArray


def asked(snapshot: Snapshot, level: FloatArray) -> Asked:
    """What reaching a stock of `level` (n,) asks of today's orders, as `choose` orders for it.

    Stock and open orders count until the next order arrives, stock that will spoil among them: no demand is known
    here. A line's own lots and maxima come first, and lines that nothing may be ordered for are asked for nothing.
    """
    supply, costs, stock, n = snapshot.supply, snapshot.costs, snapshot.stock, len(snapshot.index)
    row = np.repeat(np.arange(n), np.diff(supply.offsets))
    before = np.arange(stock.receipts.shape[1])[None, :] < supply.next_arrival_period[:, None]
    position = stock.on_hand[row] + np.where(before, stock.receipts[row], 0.0).sum(axis=1)
    pack = np.maximum(np.ceil(supply.pack), 1.0)
    lot = np.maximum(np.ceil(supply.moq / pack), 1.0) * pack
    most = np.floor(supply.max_quantity / pack) * pack
    held = np.minimum(most, np.floor(np.maximum(costs.max_stock[row] - position, 0.0) / pack) * pack)
    missing = np.where(snapshot.orderable & ~costs.crossed, level, 0.0)[row] - position
    wanted = (missing > 0.0) & (level[row] > 0.0) & (lot <= held)
    units = np.where(wanted, np.minimum(np.maximum(np.ceil(missing / pack) * pack, lot), held), 0.0)
    steps = _steps(snapshot)
    money, low, high = units * supply.unit_cost, supply.unit_cost.copy(), supply.unit_cost.copy()
    for start, offer, price in steps:
        more = max(units[offer], np.ceil(start / pack[offer]) * pack[offer])
        if units[offer] > 0.0 and more <= most[offer]:
            money[offer] = more * price if start <= units[offer] else min(money[offer], more * price)
        low[offer], high[offer] = min(low[offer], price), max(high[offer], price)
    open_ = supply.takes_orders_today & snapshot.orderable[row]
    count = np.bincount(row[open_], minlength=n)
    stepped = np.bincount(row, np.isin(np.arange(len(row)), [offer for _, offer, _ in steps]), n) > 0

    def of_lines(values: FloatArray, pick: np.ufunc, closed: float) -> FloatArray:
        chosen: FloatArray = pick.reduceat(np.where(open_, values, closed), supply.offsets[:-1])
        return np.where(count > 0, chosen, 0.0)

    whole = (count == 1) & ~stepped
    return Asked(
        units=of_lines(units, np.minimum, np.inf),
        money=of_lines(money, np.minimum, np.inf),
        lot=of_lines(lot, np.minimum, np.inf),
        pack=np.where(whole, of_lines(pack, np.minimum, np.inf), 1.0),
        most=of_lines(most, np.maximum, 0.0),
        most_held=of_lines(held, np.maximum, 0.0),
        low=of_lines(low, np.minimum, np.inf),
        high=of_lines(high, np.maximum, 0.0),
        whole=whole,
        offers=np.stack([row[open_], np.flatnonzero(open_)], axis=1),
    )


def _steps(snapshot: Snapshot) -> list[tuple[float, int, float]]:
    """(least units, offer, unit price) of every price step, in the order of offers and quantities."""
    return [
        (float(start), offer, float(price))
        for offer, breaks in enumerate(snapshot.supply.price_breaks)
        for start, price in breaks.steps
    ]
