"""Forecasts of earlier runs beside the history that came since, and the record of how they fared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RECORD: dict[str, pl.DataType] = {
    "date": pl.Date(),
    "category": pl.String(),
    "cells": pl.Int64(),
    **dict.fromkeys(("demand", "forecast", "absolute", "naive_absolute", "promised_absolute"), pl.Float64()),
    "within": pl.Int64(),
}
"""Columns of the record, one row for each period and category.

`cells`: series whose demand was seen. Over them, in units: `demand`, the `forecast` mean, the sum of absolute errors of
the forecast and of the seasonal naive, and the one that the forecast's own distribution had promised. `within`: cells
inside the band between the 5 % and the 95 % quantile.
"""


@dataclass(frozen=True, eq=False)
class Published:
    """Forecasts that were published for P periods of the history, of n series, NaN where nothing was said.

    `periods` int64 (P,): periods of the history; `origin` int64 (n, P): first period of the run that spoke last before
    the period; `mean` (n, P); `quantiles` (Q, n, P), in the order of `QUANTILE_COLUMNS`.
    """

    periods: Ints
    origin: Ints
    mean: Floats
    quantiles: Floats
