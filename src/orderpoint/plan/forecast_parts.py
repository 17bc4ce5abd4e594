"""A forecast taken apart: what was sold, what stockouts hid, and what each kind of knowledge adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.forecast.base import Fitted
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State

Floats = NDArray[np.float64]

PARTS = ("recent", "hidden", "level", "season", "price", "promotion", "event", "judgement")
"""In the order in which they are added up."""
DECIMALS = 6
RECENT_DAYS = 56.0
"""Days over which recent sales are averaged."""


@dataclass(frozen=True, eq=False)
class ForecastParts:
    """Additive parts of the mean of some series together, each float64 (H,) in units per period.

    `recent`: sales per period of the last eight weeks, as recorded. `hidden`: what the periods in stock sold more than
    that. `level`: how far the model's mean over the horizon lies from there (trend, longer memory, time of year).
    `season`: what differs between periods of the horizon. `price`, `promotion`, `event`: what planned prices, planned
    promotions and the calendar change. `judgement`: what overrides change. The parts add up to `mean`.
    """

    parts: dict[str, Floats]
    mean: Floats
    demand: Demand


def forecast_parts(fitted: Fitted, sales: Sales, known: Known, rows: NDArray[np.intp], periods: int) -> ForecastParts:
    """Take the forecast of `rows` apart by forecasting with one kind of knowledge more at a time.

    The order is that of PARTS: where two kinds act together, the later one gets what the two do beyond their sum.
    """
    recorded, in_stock = _recent(sales, rows)
    means, demand = [], None
    for variant in _variants(known, sales.timeline.end):
        demand = fitted.demand(periods, variant)
        means.append(demand.mean[rows].sum(axis=0))
    if demand is None:
        raise AssertionError("there is always a last variant")
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


def _variants(known: Known, today: date) -> Iterator[Known]:
    """Knowledge that grows: none of the days ahead, then prices, promotions, the calendar, and overrides."""
    past = tuple(event for event in known.calendar if event.day < today)
    bare = replace(known, overrides=(), calendar=past, prices=_prices(known.prices, today, "none"))
    yield bare
    yield replace(bare, prices=_prices(known.prices, today, "price"))
    yield replace(bare, prices=known.prices)
    yield replace(known, overrides=())
    yield known


def _prices(prices: pl.DataFrame | None, today: date, ahead: str) -> pl.DataFrame | None:
    """The table of prices without its rows ahead, or with them but without their promotions."""
    if prices is None:
        return None
    if ahead == "none":
        return prices.filter(pl.col("date") < today)
    if "promotion" not in prices.columns:
        return prices
    planned = pl.when(pl.col("date") < today).then(pl.col("promotion"))
    return prices.with_columns(planned.alias("promotion"))
