"""The peer on M5: mlforecast with LightGBM, as its users set it up for daily retail sales.

One global model, recursive over the horizon: lags, rolling means, weekday, series and hierarchy as categories, the
price and what it is beside the series' mean, food stamps, festivals. Tweedie loss.
"""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.features.planned import held
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
LAGS = (1, 7, 14, 28)
WINDOWS = (7, 28)
STATIC = ("item", "store", "department", "category")
TREES = {
    "objective": "tweedie",
    "tweedie_variance_power": 1.1,
    "learning_rate": 0.1,
    "num_leaves": 63,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "deterministic": True,
    "seed": 1,
    "verbosity": -1,
}


def forecast(sales: Sales, known: Known, horizon: int, rounds: int) -> Floats:
    """Means (n, horizon) of the periods that follow; what `known` says of those periods is given to it."""
    from lightgbm import LGBMRegressor
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import RollingMean

    count = sales.timeline.count
    line = Timeline(sales.timeline.first, sales.timeline.period, count + horizon)
    table = _table(sales, known, line)
    begun = sales.state.argmax(axis=1)  # the first day on sale
    history = table.filter((pl.col("day") < count) & (pl.col("day") >= pl.col("begun"))).drop("day", "begun")
    ahead = table.filter(pl.col("day") >= count).drop("day", "begun", "y", *STATIC)
    assert (begun < count).any()
    model = MLForecast(
        models={"trees": LGBMRegressor(n_estimators=rounds, n_jobs=-1, **TREES)},
        freq="1d",
        lags=list(LAGS),
        lag_transforms={lag: [RollingMean(w) for w in WINDOWS] for lag in (1, 7)},
        date_features=["weekday"],  # with the day of the month or the month it was worse at every origin tried
        num_threads=2,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(history, id_col="unique_id", time_col="ds", target_col="y", static_features=list(STATIC))
        said = model.predict(horizon, X_df=ahead)
    out = np.zeros((len(sales.index), horizon))
    row = said["unique_id"].cast(pl.Int64).to_numpy()
    out[row, (said["ds"] - sales.timeline.end).dt.total_days().to_numpy()] = said["trees"].to_numpy()
    return np.maximum(out, 0.0)


def _table(sales: Sales, known: Known, line: Timeline) -> pl.DataFrame:
    """A row for each series and day, ahead too."""
    n, span = len(sales.index), line.count
    catalog, index = known.catalog, sales.index
    at = {item: k for k, item in enumerate(catalog.items)}
    item = [at[name] for name in index.items]
    codes = {
        "item": index.item_of,
        "store": index.location_of,
        "department": _codes([catalog.category[k] for k in item])[index.item_of],
        "category": _codes([catalog.department[k] for k in item])[index.item_of],
    }
    quantity = np.zeros((n, span), np.float32)
    quantity[:, : sales.timeline.count] = sales.quantity
    assert known.prices is not None
    price = held(known.prices, "price", index, line)
    usual = np.nanmean(price[:, : sales.timeline.count], axis=1, keepdims=True)
    festival, stamps = _events(known.calendar, line, index.locations)
    days = [line.first + timedelta(days=k) for k in range(span)]
    return pl.DataFrame(
        {
            "unique_id": np.repeat(np.arange(n), span),
            "ds": pl.Series(days * n, dtype=pl.Date),
            "y": quantity.ravel(),
            **{name: np.repeat(code, span).astype(np.int32) for name, code in codes.items()},
            "price": price.ravel(),
            "price_over_usual": (price / usual).ravel(),
            "festival": np.tile(festival, n),
            "stamps": stamps[index.location_of].ravel(),
            "day": np.tile(np.arange(span), n),
            "begun": np.repeat((sales.state > 0).argmax(axis=1), span),
        }
    )


def _codes(names: list[str | None]) -> NDArray[np.int64]:
    distinct = sorted({name for name in names if name})
    return np.array([distinct.index(name) if name else -1 for name in names], np.int64)


def _events(
    calendar: tuple[CalendarEvent, ...], line: Timeline, places: tuple[str, ...]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """A code for each day's festival (0: none), and whether a store's day is one of food stamps."""
    names = sorted({event.event for event in calendar if event.kind == "festival"})
    festival, stamps = np.zeros(line.count, np.int32), np.zeros((len(places), line.count), np.int32)
    for event in calendar:
        day: date = event.day
        k = line.index_of(day)
        if not 0 <= k < line.count:
            continue
        if event.kind == "festival":
            festival[k] = 1 + names.index(event.event)
        elif event.region in places:
            stamps[places.index(event.region), k] = 1
    return festival, stamps
