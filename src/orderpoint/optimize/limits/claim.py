"""What a minimum stock asks of many lines, beside the limits that they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.asked import Asked
from orderpoint.optimize.limits.problem import Terms

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FLOOR, BUDGET, SPACE, MINIMUM, CONTAINER, MAXIMUM = (
    "min_stock",
    "budget",
    "space",
    "supplier_minimum",
    "container",
    "max_stock",
)
Key = tuple[str, int]
"""A limit: its kind, and its place or supplier (0 where there is one of the kind)."""


@dataclass(frozen=True, eq=False)
class Claim:
    """What is asked of n lines, the limits that they share, and where each belongs.

    `unit_volume` (n,); `place` (n,) row of `terms.room`; `sellers` (m, 2): lines and rows of `terms.minimum` that they
    may be bought from.
    """

    asked: Asked
    terms: Terms
    unit_volume: FloatArray
    place: IntArray
    sellers: IntArray

    def limits(self) -> list[Key]:
        """All limits that there are, what is asked first."""
        terms, found = self.terms, [(FLOOR, 0)]
        found += [(BUDGET, 0)] if np.isfinite(terms.budget) else []
        found += [(SPACE, int(k)) for k in np.flatnonzero(np.isfinite(terms.room))]
        found += [(MINIMUM, int(s)) for s in np.flatnonzero(terms.minimum > 0.0)]
        found += [(CONTAINER, int(s)) for s in np.flatnonzero(np.isfinite(terms.container))]
        return [*found, (MAXIMUM, 0)]

    def size(self, key: Key) -> float:
        """The budget, or the room of a place; nothing bounds the others by itself."""
        kind, of = key
        if kind == BUDGET:
            return self.terms.budget
        return float(self.terms.room[of]) if kind == SPACE else np.inf
