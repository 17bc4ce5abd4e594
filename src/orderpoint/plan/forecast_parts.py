"""A forecast taken apart: what was sold, what stockouts hid, and what each kind of knowledge adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.base import Fitted
from orderpoint.forecast.features.planned import held
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State

Floats = NDArray[np.float64]

PARTS = ("recent", "hidden", "level", "season", "price", "promotion", "event", "driver", "judgement")
"""In the order in which they are added up."""
DECIMALS = 6
RECENT_DAYS = 56.0
"""Days over which recent sales are averaged."""


@dataclass(frozen=True, eq=False)
class ForecastParts:
    """Additive parts of the mean of some series together, each float64 (H,) in units per period.

    `recent`: sales per period of the last eight weeks, as recorded. `hidden`: what the periods in stock sold more than
    that. `level`: how far the model's mean over the horizon lies from there (trend, longer memory, time of year).
    `season`: what differs between periods of the horizon. `price`, `promotion`, `event`, `driver`: what prices other
    than the last without promotion, planned promotions, the calendar and drivers other than usual change.
    `judgement`: what overrides change. The parts add up to `mean`.
    """

    parts: dict[str, Floats]
    mean: Floats
    demand: Demand


def forecast_parts(fitted: Fitted, sales: Sales, known: Known, rows: NDArray[np.intp], periods: int) -> ForecastParts:
    """Take the forecast of `rows` apart by forecasting with one kind of knowledge more at a time.

    Knowledge that says nothing more is not forecast with again. The order is that of PARTS: where two kinds act
    together, the later one gets what the two do beyond their sum.
    """
    recorded, in_stock = _recent(sales, rows)
    variants = _variants(known, sales)
    demand = fitted.demand(periods, variants[0])
    means = [demand.mean[rows].sum(axis=0)]
    for before, variant in pairwise(variants):
        if variant is not before:
            demand = fitted.demand(periods, variant)
        means.append(demand.mean[rows].sum(axis=0))
    base = means[0]
    steps = dict(zip(PARTS[4:], np.diff(np.array(means), axis=0), strict=True))
    parts = {
        "recent": np.full(periods, recorded),
        "hidden": np.full(periods, in_stock - recorded),
        "level": np.full(periods, base.mean() - in_stock),
        "season": base - base.mean(),
        **steps,
    }
    return ForecastParts(parts, means[-1], demand)


def parts_table(found: ForecastParts) -> pl.DataFrame:
    """One row for each period: date, all parts, mean."""
    days = found.demand.timeline.starts()
    numbers = {**{name: found.parts[name] for name in PARTS}, "mean": found.mean}
    return pl.DataFrame({"date": days, **{name: np.round(values, DECIMALS) for name, values in numbers.items()}})


def _recent(sales: Sales, rows: NDArray[np.intp]) -> tuple[float, float]:
    """Units per period of the recent periods on sale: as recorded, and in the periods in stock alone."""
    count = max(1, round(RECENT_DAYS / sales.timeline.period.mean_days))
    quantity = sales.quantity[rows, -count:].astype(np.float64)
    state = sales.state[rows, -count:]
    on_sale, seen = state != State.OFF, state == State.OBSERVED
    recorded = np.where(on_sale, quantity, 0.0).sum(axis=1) / np.maximum(on_sale.sum(axis=1), 1)
    in_stock = np.where(seen, quantity, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return float(recorded.sum()), float(np.where(seen.any(axis=1), in_stock, recorded).sum())


def _variants(known: Known, sales: Sales) -> list[Known]:
    """Knowledge that grows: nothing of the days ahead, then prices, promotions, calendar, drivers and overrides.

    What is given adds something exactly where it is not the one before.
    """
    today = sales.timeline.end
    past = tuple(event for event in known.calendar if event.day < today)
    bare = replace(known, overrides=())
    has_prices = known.prices is not None and not known.prices.is_empty()
    has_drivers = known.drivers is not None and not known.drivers.is_empty()
    usual = replace(bare, drivers=_usual(known.drivers, today)) if has_drivers else bare
    quiet = usual if len(past) == len(known.calendar) else replace(usual, calendar=past)
    plain = replace(quiet, prices=_prices(known.prices, sales, planned=True)) if has_prices else quiet
    none = replace(quiet, prices=_prices(known.prices, sales, planned=False)) if has_prices else quiet
    promoted = has_prices and "promotion" in (known.prices.columns if known.prices is not None else ())
    return [none, plain, quiet if promoted else plain, usual, bare, known if known.overrides else bare]


def _prices(prices: pl.DataFrame | None, sales: Sales, *, planned: bool) -> pl.DataFrame | None:
    """The table of prices with no promotion from today on, `planned` prices ahead or the last without promotion."""
    if prices is None:
        return None
    index, line = sales.index, sales.timeline
    if planned:
        price = held(prices, "price", index, Timeline(line.end, Period.DAY, 1))[:, 0]
    else:
        price = _last_calm(held(prices, "price", index, line), np.nan_to_num(held(prices, "promotion", index, line)))
    stop = pl.DataFrame(
        {
            "date": [line.end] * len(index),
            "item": index.item_names(),
            "location": index.location_names(),
            "price": pl.Series(price, dtype=pl.Float64).fill_nan(None),
            "promotion": 0.0,
        }
    )
    past, ahead = prices.filter(pl.col("date") < line.end), prices.filter(pl.col("date") >= line.end)
    parts = [past, ahead.with_columns(pl.lit(0.0).alias("promotion")), stop] if planned else [past, stop]
    return pl.concat(parts, how="diagonal_relaxed")


def _last_calm(price: FloatArray, depth: FloatArray) -> FloatArray:
    """The last known price (n,) of each row without promotion; where there is none, the last."""
    known = np.asarray(np.isfinite(price))
    calm = known & (depth <= 0.0)
    there = np.where(np.any(calm, axis=1, keepdims=True), calm, known)
    last = there.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    return np.asarray(price[np.arange(len(price)), last])


def _usual(drivers: pl.DataFrame | None, today: date) -> pl.DataFrame | None:
    """The table of drivers with the mean of each one's past in place of every value ahead."""
    if drivers is None:
        return None
    key = [c for c in ("item", "location", "name") if c in drivers.columns]
    past = pl.when(pl.col("date") < today).then(pl.col("value"))
    ahead = pl.col("date") >= today
    return drivers.with_columns(pl.when(ahead).then(past.mean().over(key)).otherwise(pl.col("value")).alias("value"))
