"""Small pasts for the tests of the VN2 referee."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from benchmarks.vn2_world import Past


def past_of(sales: list[list[float]], in_stock: list[list[bool]] | None = None) -> Past:
    """A past of the given sales in weeks from Monday 2024-01-01 on, always in stock where nothing else is said."""
    units = np.array(sales, dtype=np.float64)
    n, weeks = units.shape
    return Past(
        sales=units,
        in_stock=np.ones(units.shape, bool) if in_stock is None else np.array(in_stock),
        weeks=tuple(date(2024, 1, 1) + timedelta(weeks=k) for k in range(weeks)),
        location=("store 1",) * n,
        item=tuple(f"product {k}" for k in range(n)),
        category=("group 1",) * n,
        department=("department 1",) * n,
    )
