"""The last word that was published on each period, beside what came: sums by period and category."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.tables.contract import QUANTILE_COLUMNS
from orderpoint.tables.published import RECORD, Published
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
LOW, HIGH = "q05", "q95"
"""The quantiles whose coverage is tracked."""


def record_of(published: Published, sales: Sales, category: NDArray[np.str_], season: int) -> pl.DataFrame:
    """The RECORD of the published periods: `category` (n,) of each series, `season` in periods of the yardstick."""
    came = sales.quantity[:, published.periods].astype(np.float64)
    seen = sales.observed()[:, published.periods] & np.isfinite(published.mean)
    seen &= np.isfinite(published.quantiles).all(axis=0)
    naive = _seasonal_naive(published, sales, season)
    low, high = (published.quantiles[list(QUANTILE_COLUMNS).index(name)] for name in (LOW, HIGH))
    sums = {
        "demand": came,
        "forecast": published.mean,
        "absolute": np.abs(published.mean - came),
        "naive_absolute": np.abs(naive - came),
        "promised_absolute": _promised(published),
        "within": (came >= low) & (came <= high),
        "cells": np.ones(seen.shape),
    }
    names, of = np.unique(category, return_inverse=True)
    columns: dict[str, Floats] = {}
    for name, values in sums.items():
        table = np.zeros((len(names), len(published.periods)))
        np.add.at(table, of, np.where(seen, values, 0.0))
        columns[name] = table.ravel()
    days = [sales.timeline.start(int(t)) for t in published.periods]
    keys = {"date": days * len(names), "category": np.repeat(names, len(days)).tolist()}
    record = pl.DataFrame({**keys, **columns}).select(*RECORD)
    record = record.with_columns(pl.col(name).cast(kind) for name, kind in RECORD.items())
    return record.filter(pl.col("cells") > 0).sort("date", "category")


def _promised(published: Published) -> Floats:
    """Expected absolute distance from the mean, as the quantiles tell it: each speaks for its share of probability."""
    points = np.array(list(QUANTILE_COLUMNS.values()))
    edges = np.concatenate(([0.0], (points[1:] + points[:-1]) / 2.0, [1.0]))
    return np.asarray(np.einsum("q,qnp->np", np.diff(edges), np.abs(published.quantiles - published.mean[None])))


def _seasonal_naive(published: Published, sales: Sales, season: int) -> Floats:
    """What was sold a season before, or the fewest seasons that lie before the origin; else the last period known."""
    origin = np.maximum(published.origin, 1)
    periods = published.periods[None, :]
    back = season * np.maximum(1, -(-(periods - origin + 1) // season))
    at = np.where(periods - back >= 0, periods - back, origin - 1)
    return np.take_along_axis(sales.quantity, at, axis=1).astype(np.float64)
