"""The record of published forecasts in a few figures."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

DECIMALS = 4


def accuracy(record: pl.DataFrame, today: date, weeks: int) -> dict[str, float | str | None]:
    """Figures of the periods of the last `weeks` before `today`; empty where there are none.

    `first`, `last`: first day of the first and of the last period; `wape`, `naive_wape`, `promised_wape`: absolute
    error of the forecast, of the seasonal naive, and as the forecasts' own spread had promised it, over demand;
    `bias`: (forecast - demand) over demand; `coverage`: share of outcomes within the 90 % band. None for a share of 0.
    """
    part = record.filter(pl.col("date") >= today - timedelta(weeks=weeks))
    if part.is_empty():
        return {}
    sums = part.select(pl.exclude("date", "category").sum()).row(0, named=True)
    days = part.select(pl.col("date").min().alias("first"), pl.col("date").max().alias("last")).row(0, named=True)
    over = {
        "wape": sums["absolute"],
        "promised_wape": sums["promised_absolute"],
        "naive_wape": sums["naive_absolute"],
        "bias": sums["forecast"] - sums["demand"],
    }
    return {
        "first": days["first"].isoformat(),
        "last": days["last"].isoformat(),
        **{name: _share(value, sums["demand"]) for name, value in over.items()},
        "coverage": _share(sums["within"], sums["cells"]),
    }


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, DECIMALS) if whole else None
