"""Promotions as a column: which of those seen on sales are believed, and which say nothing beside the price."""

from __future__ import annotations

import numpy as np

from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.sales import Sales

MOST_EMPTY = 0.1
"""Share of periods without a sale above which a flag that stands on sales alone says that something was sold."""

MOST_LOOKED_AT = 2000
"""Series with promotions whose prices are looked at, at most."""
SAME_PRICE = 0.02
"""Half of the promoted periods have a price within this share of the cut that their depth announces."""


def believed(sales: Sales) -> FloatArray:
    """Promotions (n, T) as recorded on sales; of a series with many empty periods only where those bear flags too.

    A flag that is written when something is sold is missing from the promoted periods in which nothing was: in a slow
    series it would be the sale itself, and explain all of it.
    """
    if sales.promotion is None:
        return np.zeros((len(sales.index), 0), np.float32)
    seen = sales.observed()
    empty = seen & (sales.quantity == 0)
    share = empty.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    doubtful = (share > MOST_EMPTY) & ~(empty & (sales.promotion > 0)).any(axis=1)
    return np.where(doubtful[:, None], np.float32(0), sales.promotion)


def told_by_price(log_price: FloatArray, depth: FloatArray) -> bool:
    """Whether promotions (n, T) are cuts of the price by their depth, so that the price already tells of them.

    The price of a promoted period is held against that of the last period without promotion.
    """
    ever = np.flatnonzero((depth > 0).any(axis=1))
    some = ever[np.linspace(0, len(ever) - 1, min(len(ever), MOST_LOOKED_AT)).astype(np.intp)]
    depth, log_price = depth[some], log_price[some]
    promoted = (depth > 0) & (depth < 1)
    if not promoted.any():
        return False
    last = np.where(depth > 0, -1, np.arange(depth.shape[1])[None, :])
    np.maximum.accumulate(last, axis=1, out=last)
    promoted &= last >= 0
    row, when = np.nonzero(promoted)
    cut = log_price[row, when] - log_price[row, last[row, when]]
    return bool(len(row)) and bool(np.median(np.abs(cut - np.log1p(-depth[row, when]))) < SAME_PRICE)
