"""Whether choices keep all limits: asked of every answer before it is believed, whoever gave it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.problem import Lines, Terms, loads_of, ordered_from

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROUNDING = 1e-7
"""Share of a limit by which sums may pass it."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that is not kept: `kind` is "choice" or a kind of `tables.decisions.Binding`; `of`: its row."""

    kind: str
    of: int
    limit: float
    used: float


def breaches(lines: Lines, terms: Terms, choice: IntArray) -> tuple[Breach, ...]:
    """The limits that the columns `choice` (n,) break; empty where all are kept.

    A choice that is no column of its line is a breach by itself, and nothing else is asked then.
    """
    n, columns = lines.quantity.shape
    if choice.shape != (n,) or not np.issubdtype(choice.dtype, np.integer):
        return (Breach("choice", -1, n, float(choice.size)),)
    strange = np.flatnonzero((choice < 0) | (choice >= columns))
    if len(strange):
        return tuple(Breach("choice", int(i), columns - 1, float(choice[i])) for i in strange)
    loads = loads_of(lines, terms, choice)
    found = [Breach("budget", 0, terms.budget, loads.money[0])] if _over(loads.money[0], terms.budget) else []
    found += [
        Breach("space", place, terms.room[place], used)
        for place, used in enumerate(loads.room.tolist())
        if _over(used, terms.room[place])
    ]
    for s in np.flatnonzero(ordered_from(lines, terms, choice) & terms.of_suppliers):
        if _over(terms.minimum[s], loads.order_money[s]):
            found.append(Breach("supplier_minimum", int(s), terms.minimum[s], loads.order_money[s]))
        if not fills(loads.order_volume[s], terms.container[s], terms.fill):
            found.append(Breach("container", int(s), terms.container[s], loads.order_volume[s]))
    return tuple(found)


def fills(volume: float, container: float, fill: float) -> bool:
    """Whether an order's volume fills whole containers, the last one to the share `fill` at least."""
    if not np.isfinite(container):
        return True
    count = max(np.ceil(volume / container - ROUNDING), 1.0)
    return bool(volume >= (count - 1.0 + fill) * container * (1.0 - ROUNDING))


def _over(used: float, limit: float) -> bool:
    """Whether `used` passes `limit` by more than rounding."""
    return bool(np.isfinite(limit) and used > limit + ROUNDING * (1.0 + abs(limit)))
