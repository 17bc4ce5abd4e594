"""The only place that slices time: what was known on a day, and nothing later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.tables.sales import Sales


def rows_before(frame: pl.DataFrame, today: date, column: str = "date") -> pl.DataFrame:
    """The rows of `frame` dated before `today`, the first day not yet decided."""
    return frame.filter(pl.col(column) < today)


def known_by(days: pl.Series, today: date) -> pl.Series:
    """True for days before `today`; also where the day is missing, which is judged elsewhere."""
    return (days < today).fill_null(value=True)


def sales_before(sales: Sales, periods: int) -> Sales:
    """The first `periods` periods of the history, as a view: what was known when period `periods` began.

    Raises ValueError where `periods` is not in 1..T.
    """
    return sales_between(sales, 0, periods)


def sales_between(sales: Sales, begin: int, end: int) -> Sales:
    """The periods from `begin` up to, not including, `end`, as a view.

    Raises ValueError where they are not in 0..T, or none.
    """
    if not 0 <= begin < end <= sales.timeline.count:
        raise ValueError(f"cutoff: expected 0 <= begin < end <= {sales.timeline.count} periods, got {begin}..{end}")

    def part(array: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        return None if array is None else array[:, begin:end]

    return replace(
        sales,
        timeline=Timeline(sales.timeline.start(begin), sales.timeline.period, end - begin),
        quantity=sales.quantity[:, begin:end],
        state=sales.state[:, begin:end],
        price=part(sales.price),
        promotion=part(sales.promotion),
        in_stock_share=part(sales.in_stock_share),
    )
