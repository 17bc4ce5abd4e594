"""The peer of boosted trees: mlforecast with LightGBM, as its users set it up for daily retail sales.

One global model, recursive over the horizon: lags, rolling means, date, series and hierarchy as codes, the price and
what it is beside the series' mean, promotions, festivals, events of a region. Tweedie loss.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.features.planned import plan_of
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
LAGS = (1, 7, 14, 28)
WINDOWS = (7, 28)
STATIC = ("item", "location", "category", "department")
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


@dataclass(frozen=True)
class Peer:
    """`rounds` of boosting; `dates`: which parts of the date are features."""

    rounds: int = 60
    dates: tuple[str, ...] = ("weekday",)

    def forecast(self, learn: Sales, ask: Sales, known: Known, horizon: int) -> Floats:
        """Means (n, horizon) of what follows the history of `ask`, by a model of `learn`, which may be other series.

        What `known` says of the periods ahead is given to it.
        """
        from lightgbm import LGBMRegressor
        from mlforecast import MLForecast
        from mlforecast.lag_transforms import RollingMean

        model = MLForecast(
            models={"trees": LGBMRegressor(n_estimators=self.rounds, n_jobs=-1, **TREES)},
            freq="1d",
            lags=list(LAGS),
            lag_transforms={lag: [RollingMean(w) for w in WINDOWS] for lag in (1, 7)},
            date_features=list(self.dates),
            num_threads=2,
        )
        columns = {"id_col": "unique_id", "time_col": "ds"}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table, _ = _tables(learn, known, 0)
            model.fit(table, **columns, target_col="y", static_features=list(STATIC))
            del table
            history, ahead = _tables(ask, known, horizon)
            said = model.predict(horizon, new_df=None if ask is learn else history, X_df=ahead)
        out = np.zeros((len(ask.index), horizon))
        day = (said["ds"] - ask.timeline.end).dt.total_days().to_numpy()
        out[said["unique_id"].to_numpy(), day] = said["trees"].to_numpy()
        return np.maximum(out, 0.0)


def _tables(sales: Sales, known: Known, horizon: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row for each series and day from its first on sale; and for each day ahead, without what is not known of it."""
    count, index = sales.timeline.count, sales.index
    n, line = len(index), Timeline(sales.timeline.first, sales.timeline.period, count + horizon)
    span = line.count
    at = {item: k for k, item in enumerate(known.catalog.items)}
    item = np.array([at[name] for name in index.items])
    codes = {
        "item": item[index.item_of],
        "location": index.location_of,
        "category": _codes([known.catalog.category[k] for k in item])[index.item_of],
        "department": _codes([known.catalog.department[k] for k in item])[index.item_of],
    }
    quantity = np.zeros((n, span), np.float32)
    quantity[:, :count] = sales.quantity
    festival, regional = _events(known.calendar, line, index.locations)
    columns = {
        "unique_id": np.repeat(np.arange(n), span),
        "ds": pl.Series([line.first + timedelta(days=k) for k in range(span)] * n, dtype=pl.Date),
        "y": quantity.ravel(),
        **{name: np.repeat(code, span).astype(np.int32) for name, code in codes.items()},
        "festival": np.tile(festival, n),
        "regional": regional[index.location_of].ravel(),
        "day": np.tile(np.arange(span, dtype=np.int32), n),
        "begun": np.repeat((sales.state > 0).argmax(axis=1).astype(np.int32), span),
    }
    plan = plan_of(sales, known, line)
    if plan.ahead and plan.price.size:
        usual = np.nanmean(plan.price[:, :count], axis=1, keepdims=True)
        columns |= {"price": plan.price.ravel(), "price_over_usual": (plan.price / usual).ravel()}
    if plan.ahead and plan.promotion.size:
        columns["promotion"] = plan.promotion.ravel()
    table = pl.DataFrame(columns)
    past = table.filter((pl.col("day") < count) & (pl.col("day") >= pl.col("begun"))).drop("day", "begun")
    return past, table.filter(pl.col("day") >= count).drop("day", "begun", "y", *STATIC)


def _codes(names: list[str | None]) -> NDArray[np.int64]:
    code = {name: k for k, name in enumerate(sorted({name for name in names if name}))}
    return np.array([code[name] if name else -1 for name in names], np.int64)


def _events(
    calendar: tuple[CalendarEvent, ...], line: Timeline, places: tuple[str, ...]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Codes, 0 for none: of each day's event everywhere (S,), and of each place's own (L, S)."""
    names = {name: k + 1 for k, name in enumerate(sorted({event.event for event in calendar}))}
    everywhere, regional = np.zeros(line.count, np.int32), np.zeros((len(places), line.count), np.int32)
    for event in calendar:
        k = line.index_of(event.day)
        if not 0 <= k < line.count:
            continue
        if event.region is None:
            everywhere[k] = names[event.event]
        elif event.region in places:
            regional[places.index(event.region), k] = names[event.event]
    return everywhere, regional
