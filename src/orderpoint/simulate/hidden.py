"""What customers wanted in the past, as well as a history can tell: sales, and an estimate where stock was out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.sales import Sales

FloatArray = NDArray[np.float64]

NEIGHBOURHOOD_DAYS = 56
"""Half width of the window around a stockout whose in-stock mean stands for the demand it hid."""


def wanted(sales: Sales, first: int) -> FloatArray:
    """Demand of the periods from `first` on, float64 (n, T - first), units.

    In stock it is the sales. Out of stock it is the greater of the sales and the mean of the in-stock periods
    within eight weeks on either side: an estimate to judge by, which no forecast ever sees.
    """
    half = max(1, round(NEIGHBOURHOOD_DAYS / sales.timeline.period.mean_days))
    count = sales.timeline.count
    begin = max(0, first - half)
    seen = sales.observed()[:, begin:]
    quantity = sales.quantity[:, begin:].astype(np.float64)
    total = _cumulative(np.where(seen, quantity, 0.0))
    number = _cumulative(seen.astype(np.float64))
    here = np.arange(first - begin, count - begin)
    low = np.maximum(here - half, 0)
    high = np.minimum(here + half + 1, count - begin)
    mean = (total[:, high] - total[:, low]) / np.maximum(number[:, high] - number[:, low], 1.0)
    sold = quantity[:, first - begin :]
    return np.where(sales.censored()[:, first:], np.maximum(sold, mean), sold)


def _cumulative(values: FloatArray) -> FloatArray:
    """Sums of the first 0, 1, ..., T columns, shape (n, T + 1)."""
    result = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=result[:, 1:])
    return result
