"""Service to be reached first: which series each target speaks of, and who is still short of it.

A target is named "category:NAME", "class:AX" (two letters of `classes.classes_of`, or one of A, B, C, X, Y, Z), or
"all"; a bare name is a category's, or else a class's. The most specific one holds: an item's own service target, its
category's, that of its class of two letters, of its letter A to C, of X to Z, of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.classes import classes_of
from orderpoint.optimize.service.share import Shared
from orderpoint.tables.decisions import Remark
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ALL = "all"
CATEGORY, CLASS = "category:", "class:"
OWN = "service_target"
"""The name of an item's own target: its column in the file contract."""


@dataclass(frozen=True, eq=False)
class Targets:
    """The service that each of n series has to reach first, `share` (n,), 0 where none; `name`: whose target it is."""

    share: FloatArray
    name: tuple[str, ...]


def targets_of(targets: Mapping[str, float], snapshot: Snapshot, demand: Demand) -> Targets:
    """The target of each series."""
    own = np.nan_to_num(snapshot.costs.service_target)
    names = [OWN if share > 0.0 else "" for share in own.tolist()]
    if not targets:
        return Targets(own, tuple(names))
    category = [snapshot.catalog.category[k] for k in snapshot.index.item_of]
    for row, (kind, pair) in enumerate(zip(category, classes_of(snapshot, demand).tolist(), strict=True)):
        names[row] = names[row] or next((word for word in _words(kind, pair) if word in targets), "")
    by_name = np.array([targets.get(name, 0.0) for name in names])
    return Targets(np.where(own > 0.0, own, by_name), tuple(names))


def _words(category: str | None, pair: str) -> list[str]:
    """The names that a series answers to, the most specific first."""
    mine = [] if not category else [f"{CATEGORY}{category}", category]
    return [*mine, *(word for part in (pair, pair[0], pair[1]) for word in (f"{CLASS}{part}", part)), ALL]


def shortfalls(curves: Shared, choice: IntArray, targets: Targets) -> tuple[Remark, ...]:
    """A remark for each series that the columns `choice` (n,) leave short of its target, and by how much."""
    asked = np.where(curves.asked > 0.0, curves.asked, np.inf)
    served = 1.0 - curves.short[np.arange(len(choice)), choice] / asked
    best = 1.0 - curves.short.min(axis=1) / asked
    remarks = []
    for row in np.flatnonzero(served < targets.share - 1e-9).tolist():
        wanted, reached = float(targets.share[row]), float(served[row])
        code = "target_cut_short" if best[row] > reached + 1e-9 else "target_out_of_reach"
        details = {
            "of": targets.name[row],
            "target": f"{100 * wanted:.4g} %",
            "reached": f"{100 * max(reached, 0.0):.1f} %",
            "points": f"{100 * (wanted - max(reached, 0.0)):.2g}",
        }
        remarks.append(Remark(row, code, details))
    return tuple(remarks)
