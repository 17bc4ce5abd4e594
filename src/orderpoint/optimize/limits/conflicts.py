"""Limits of one line that contradict each other; `firm` looks at those that lines share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orderpoint.tables.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Conflict:
    """Limits of series `series` (a row) that no order can keep together; nothing is ordered there."""

    series: int
    limits: tuple[str, ...]


def conflicts(snapshot: Snapshot) -> tuple[Conflict, ...]:
    """The series whose own limits contradict each other, in row order; the rest of the plan goes on."""
    costs, supply = snapshot.costs, snapshot.supply
    pack = np.maximum(np.ceil(supply.pack), 1.0)
    least = np.maximum(np.ceil(supply.moq / pack), 1.0) * pack
    starts = supply.offsets[:-1]
    too_small = np.logical_and.reduceat(least > supply.max_quantity, starts)
    too_full = np.minimum.reduceat(least, starts) > costs.max_stock
    crossed = costs.crossed
    found = []
    for row in np.flatnonzero((too_small | too_full | crossed) & snapshot.orderable):
        if crossed[row]:
            found.append(Conflict(int(row), ("min_stock", "max_stock")))
        elif too_small[row]:
            found.append(Conflict(int(row), ("moq", "max_quantity")))
        else:
            found.append(Conflict(int(row), ("moq", "max_stock")))
    return tuple(found)
