"""Limits of a lot-sizing problem, and by how much a plan breaks them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.lot_sizing.problem import LotSizing, evaluate

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Limits:
    """Limits of n items over T periods; each broadcasts to its shape, inf: none.

    `capacity` (T,): what all items together may take of a shared resource in each period. `unit_use`, `setup_use` (n,):
    what a unit and a setup take of it. `most` (n, T): units of an item per order. `room` (n, T): units that an item may
    have left at a period's end.
    """

    capacity: ArrayLike = np.inf
    unit_use: ArrayLike = 1.0
    setup_use: ArrayLike = 0.0
    most: ArrayLike = np.inf
    room: ArrayLike = np.inf

    def __post_init__(self) -> None:
        for name in ("capacity", "unit_use", "setup_use", "most", "room"):
            values = np.asarray(getattr(self, name), np.float64)
            if np.isnan(values).any() or (values < 0.0).any():
                raise ValueError(f"limits.{name}: expected at least 0; say inf where there is no limit")

    def full(self, n: int, periods: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
        """(capacity (T,), unit_use (n,), setup_use (n,), most (n, T), room (n, T))."""
        shapes = ((periods,), (n,), (n,), (n, periods), (n, periods))
        values = (self.capacity, self.unit_use, self.setup_use, self.most, self.room)
        one, two, three, four, five = (
            np.array(np.broadcast_to(np.asarray(v, np.float64), s)) for v, s in zip(values, shapes, strict=True)
        )
        return one, two, three, four, five


def excess(problem: LotSizing, limits: Limits, quantity: FloatArray) -> float:
    """By what share a plan `quantity` (n, T) breaks a limit at most; 0 where it keeps all. Unserved demand: inf."""
    capacity, unit_use, setup_use, most, room = limits.full(*problem.shape)
    tables = problem.tables()
    used = unit_use @ quantity + setup_use @ (quantity > 0.0)
    served = np.cumsum(tables.demand, axis=1)
    idle = np.maximum(tables.initial_stock - served, 0.0)  # what no order has to do with may be more than the room
    left = np.maximum(tables.initial_stock + np.cumsum(quantity, axis=1) - served, 0.0)
    worst = 0.0
    for got, limit in ((used, capacity), (quantity, most), (left, np.maximum(room, idle))):
        bounded = np.isfinite(limit)
        over = (got - limit)[bounded] / np.maximum(limit[bounded], 1.0)
        worst = max(worst, float(over.max(initial=0.0)))
    return np.inf if (evaluate(problem, quantity).missing > 0.0).any() else worst
