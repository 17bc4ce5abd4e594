"""Limits over many series at once: suppliers' terms and the space of locations, as `tables.shared_limits`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.ingest.links import per_place
from orderpoint.ingest.masters import number_per_series
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.shared_limits import SharedLimits

FloatArray = NDArray[np.float64]


def shared_limits_of(tables: Mapping[str, pl.DataFrame], index: SeriesIndex) -> SharedLimits | None:
    """What the suppliers, locations and items tables say; None where no limit is given. A container of 0 is none."""
    suppliers = tables.get("suppliers")
    names = tuple(sorted(suppliers["supplier"].to_list())) if suppliers is not None else ()
    container = _per_supplier(suppliers, names, "container_volume")
    space = per_place(tables.get("locations"), index.locations, "capacity_volume")
    if not names and np.isnan(space).all():
        return None
    return SharedLimits(
        suppliers=names,
        min_order_value=np.nan_to_num(_per_supplier(suppliers, names, "min_order_value")),
        container_volume=np.where(container > 0.0, container, np.inf),
        on_time_share=_per_supplier(suppliers, names, "on_time_share"),
        capacity_volume=np.nan_to_num(space, nan=np.inf, posinf=np.inf),
        location_of=index.location_of,
        unit_volume=np.nan_to_num(number_per_series(tables.get("items"), index, "volume")),
        order_cost=np.nan_to_num(_per_supplier(suppliers, names, "order_cost")),
    )


def _per_supplier(suppliers: pl.DataFrame | None, names: tuple[str, ...], column: str) -> FloatArray:
    """A number of the suppliers table for each of `names`, NaN where unknown."""
    if suppliers is None or column not in suppliers.columns:
        return np.full(len(names), np.nan)
    known: Mapping[str, float | None] = dict(zip(suppliers["supplier"], suppliers[column], strict=True))
    return np.array([np.nan if known[n] is None else known[n] for n in names], dtype=np.float64)
