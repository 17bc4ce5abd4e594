"""Quantities that may be ordered: whole packs from the MOQ on, within every maximum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.rules.scene import due_before_next
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Allowed:
    """What each of n series may order through its offer, units (n,): 0, or whole packs from `least` to `most`.

    `position`: stock on hand and coming before the next order could.
    """

    pack: FloatArray
    least: FloatArray
    most: FloatArray
    position: FloatArray

    def nearest_up(self, wanted: FloatArray) -> FloatArray:
        """The least quantity that may be ordered and reaches `wanted`, else the most; 0 where nothing is wanted."""
        packs = np.ceil(wanted / self.pack - 1e-9) * self.pack
        reached = np.minimum(np.maximum(packs, self.least), self.most)
        return np.where((wanted > 0.0) & (self.most >= self.least), reached, 0.0)

    def at_most(self, quantity: FloatArray, cap: FloatArray) -> FloatArray:
        """The largest quantity that may be ordered and passes neither `quantity` nor `cap`."""
        packs = np.minimum(np.minimum(quantity, cap), self.most)
        down = np.floor(packs / self.pack + 1e-9) * self.pack
        return np.where(down >= self.least, down, 0.0)


def allowed(snapshot: Snapshot, offer: IntArray) -> Allowed:
    """What may be ordered today through one offer of each series."""
    supply = snapshot.supply
    pack = np.maximum(np.ceil(supply.pack[offer]), 1.0)
    least = np.maximum(np.ceil(supply.moq[offer] / pack), 1.0) * pack
    position = snapshot.stock.on_hand + due_before_next(snapshot, offer)
    most = np.minimum(supply.max_quantity[offer], np.maximum(snapshot.costs.max_stock - position, 0.0))
    agreed = snapshot.costs.min_stock <= snapshot.costs.max_stock
    open_today = snapshot.orderable & agreed & supply.takes_orders_today[offer] & snapshot.stock.known
    packs = np.full(len(most), np.inf)
    np.floor(most / pack, out=packs, where=np.isfinite(most))
    return Allowed(pack, least, np.where(open_today, packs * pack, 0.0), position)
