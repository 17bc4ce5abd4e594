"""Minimum stocks of a place that take more than its space, whatever is held today."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.errors import InfeasibleError, Limit
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

MOST_NAMED = 20
"""Items whose minimum stock is named."""
ROUNDING = 1e-9
"""Share of a space by which sums may pass it."""


def require_space(snapshot: Snapshot, min_stock: float | None) -> None:
    """Raises InfeasibleError where the minimum stocks of a place take more than its space.

    `min_stock`: that of a whole run, None where not set; it is named where it alone takes too much, else the fewest
    items that do.
    """
    shared, costs = snapshot.shared, snapshot.costs
    if shared is None:
        return
    live = snapshot.orderable & ~costs.crossed
    of_run = np.where(live, min_stock or 0.0, 0.0) * shared.unit_volume
    of_each = np.where(live, costs.min_stock, 0.0) * shared.unit_volume
    for volume, told in ((of_run, _run_told), (of_each, _items_told)):
        taken = np.bincount(shared.location_of, volume, len(shared.capacity_volume))
        full = np.flatnonzero(taken > shared.capacity_volume * (1.0 + ROUNDING))
        if not len(full):
            continue
        place = int(full[0])
        rows = np.flatnonzero((shared.location_of == place) & (volume > 0.0))
        largest = rows[np.argsort(-volume[rows], kind="stable")]
        capacity = float(shared.capacity_volume[place])
        count = int(np.searchsorted(np.cumsum(volume[largest]), capacity * (1.0 + ROUNDING), side="right")) + 1
        limits = told(snapshot, min_stock or 0.0, volume, rows if told is _run_told else largest[:count])
        of = snapshot.index.locations[place]
        name = f"capacity_volume {figure(capacity)} ({of})"
        space = Limit(name, "full_space", {"limit": name, "of": of, "need": figure(float(taken[place]))})
        raise InfeasibleError(tuple(limit.name for limit in (*limits, space)), (*limits, space))


def _run_told(_: Snapshot, min_stock: float, volume: FloatArray, rows: NDArray[np.intp]) -> list[Limit]:
    """The minimum stock of the run."""
    name = f"--min-stock {min_stock:g}"
    details = {"limit": name, "count": str(len(rows)), "volume": figure(float(volume[rows].sum()))}
    return [Limit(name, "full_min_stock_of_run", details)]


def _items_told(snapshot: Snapshot, _: float, volume: FloatArray, rows: NDArray[np.intp]) -> list[Limit]:
    """The minimum stock of each of some items, the largest first; those beyond MOST_NAMED as one."""
    index, limits = snapshot.index, []
    for row in rows[:MOST_NAMED].tolist():
        level, item, place = snapshot.costs.min_stock[row], index.items[index.item_of[row]], index.location_of[row]
        name = f"min_stock {figure(float(level))} ({item}, {index.locations[place]})"
        limits.append(Limit(name, "full_min_stock", {"limit": name, "volume": figure(float(volume[row]))}))
    if len(rows) > MOST_NAMED:
        name = f"min_stock ... ({len(rows) - MOST_NAMED})"
        rest = figure(float(volume[rows[MOST_NAMED:]].sum()))
        limits.append(Limit(name, "full_min_stock", {"limit": name, "volume": rest}))
    return limits


def figure(value: float) -> str:
    """A number as it stands in a table: at most two decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if np.isfinite(value) else "-"
