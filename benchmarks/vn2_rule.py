"""The organiser's rule of VN2: weekly factors over all items, a mean of 13 de-seasonalised weeks, four weeks of cover.

Weeks out of stock count nowhere. The factor of an ISO week is the mean over its years of all series' mean sales,
divided by the mean factor (week 53 takes no part in that mean, and the factor of week 52 where it was never seen). A
series' level is the mean of its last 13 weeks, each divided by its factor. The order fills the position up to the sum
of the next four weeks' forecasts.
"""

from __future__ import annotations

import warnings
from datetime import timedelta

import numpy as np

from benchmarks.vn2_world import FloatArray, Past, Shelf

LEVEL_WEEKS, COVER_WEEKS, LONGEST_YEAR = 13, 4, 53


def order(past: Past, shelf: Shelf) -> FloatArray:
    """Whole units to order, shape (N,)."""
    sales = np.where(past.in_stock, past.sales, np.nan)
    numbers = np.array([week.isocalendar().week for week in past.weeks])
    factor = week_factors(sales, numbers)
    recent = slice(-LEVEL_WEEKS, None)
    level = np.nan_to_num(_mean(sales[:, recent] / factor[numbers[recent]], axis=1))
    ahead = [(past.today + timedelta(weeks=k)).isocalendar().week for k in range(COVER_WEEKS)]
    position = shelf.on_hand + shelf.due_next + shelf.due_after
    return np.round(np.maximum(level * factor[ahead].sum() - position, 0.0))


def week_factors(sales: FloatArray, numbers: np.ndarray) -> FloatArray:
    """Factor of each ISO week, shape (54,), index 0 unused; `sales` (N, T), NaN where out of stock; `numbers` (T,)."""
    means = _mean(sales, axis=0)
    factor = np.full(LONGEST_YEAR + 1, np.nan)
    for number in np.unique(numbers):
        factor[number] = means[numbers == number].mean()
    factor /= np.nanmean(factor[1:LONGEST_YEAR])
    if np.isnan(factor[LONGEST_YEAR]):
        factor[LONGEST_YEAR] = factor[LONGEST_YEAR - 1]
    return np.where(np.isnan(factor), 1.0, factor)


def _mean(values: FloatArray, axis: int) -> FloatArray:
    """The mean of what is known; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # numpy warns of means of nothing; a series never in stock has none
        return np.nanmean(values, axis=axis)
