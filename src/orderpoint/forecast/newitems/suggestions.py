"""What might stand in for an item: suggestions by likeness, never applied by themselves."""

from __future__ import annotations

import numpy as np
import polars as pl

from orderpoint.domain.catalog import Status
from orderpoint.forecast.newitems.likeness import attributes_of
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State

LEAST_LIKENESS = 0.3
"""Mean likeness by name, category and price below which nothing is suggested."""


def substitutes(sales: Sales, known: Known, items: tuple[str, ...], most: int = 3) -> pl.DataFrame:
    """The `most` items on sale that are most like each of `items`: columns item, like, likeness (0 to 1).

    The planner decides: demand moves only where the catalogue says `replaces`. Raises ValueError for unknown items.
    """
    index, catalog = sales.index, known.catalog
    unknown = sorted(set(items) - set(index.items))
    if unknown:
        raise ValueError(f"substitutes: unknown items {', '.join(unknown)}")
    rows = catalog.rows_of(index.items)
    active = np.array([k is None or catalog.status[k] is Status.ACTIVE for k in rows], np.bool_)
    on_sale = np.zeros(len(index.items), np.bool_)
    on_sale[index.item_of[sales.state[:, -1] != State.OFF]] = True
    others = np.flatnonzero(active & on_sale)
    asked = np.array([index.items.index(item) for item in items], np.int64)
    likeness = attributes_of(sales, known).between(asked, others).mean(axis=0) * (asked[:, None] != others[None])
    found: dict[str, list[object]] = {"item": [], "like": [], "likeness": []}
    for k, item in enumerate(items):
        for j in np.argsort(-likeness[k], kind="stable")[:most]:
            if likeness[k, j] >= LEAST_LIKENESS:
                found["item"].append(item)
                found["like"].append(index.items[others[j]])
                found["likeness"].append(round(float(likeness[k, j]), 3))
    return pl.DataFrame(found, schema={"item": pl.String, "like": pl.String, "likeness": pl.Float64})
