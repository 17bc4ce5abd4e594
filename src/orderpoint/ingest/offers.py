"""Offers of suppliers: who supplies what, how soon from today, and at what landed cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.config import CostDefaults
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.domain.supply import PriceBreaks, parse_order_days
from orderpoint.ingest.masters import for_series, series_frame
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.supply import Supply

FloatArray = NDArray[np.float64]

FARTHEST_DAYS = 4000
"""Days ahead that suppliers' closures are followed."""

OFFER_COLUMNS = {
    "lead_time_days": pl.Float64,
    "lead_time_sd_days": pl.Float64,
    "review_days": pl.Float64,
    "unit_cost": pl.Float64,
    "order_cost": pl.Float64,
    "moq": pl.Float64,
    "pack": pl.Float64,
    "max_quantity": pl.Float64,
    "duty_rate": pl.Float64,
    "price_breaks": pl.String,
    "supplier": pl.String,
}


@dataclass(frozen=True)
class SupplierDays:
    """Days of suppliers: when they rest, and on which weekdays they take orders (suppliers not named take them always).

    `closed` holds days by supplier; the key None is for all of them.
    """

    closed: Mapping[str | None, frozenset[date]]
    order_weekdays: Mapping[str, frozenset[int]]


def supplier_days(tables: Mapping[str, pl.DataFrame]) -> SupplierDays:
    """Closures from the calendar (a region that is a supplier's name closes that one.

    None closes all) and order days.
    """
    closed: dict[str | None, set[date]] = {}
    calendar = tables.get("calendar")
    if calendar is not None and "kind" in calendar.columns:
        rows = calendar.filter(pl.col("kind") == "closure")
        regions = rows["region"].to_list() if "region" in rows.columns else [None] * rows.height
        for day, region in zip(rows["date"].to_list(), regions, strict=True):
            closed.setdefault(region or None, set()).add(day)
    suppliers = tables.get("suppliers")
    weekdays: dict[str, frozenset[int]] = {}
    if suppliers is not None and "order_days" in suppliers.columns:
        for name, words in zip(suppliers["supplier"].to_list(), suppliers["order_days"].to_list(), strict=True):
            if words:
                weekdays[name] = parse_order_days(words)
    return SupplierDays({k: frozenset(v) for k, v in closed.items()}, weekdays)


def offers_of(
    tables: Mapping[str, pl.DataFrame],
    index: SeriesIndex,
    item_cost: FloatArray,
    today: tuple[date, Period],
    defaults: CostDefaults,
) -> tuple[Supply, dict[str, int]]:
    """All offers, at least one for each series, and the number of series for which each default was used.

    `item_cost` (n,) is the unit cost where an offer names none. `today`: the day and the period of the plan.
    """
    frame = _offer_rows(tables.get("supply"), index)
    series = frame["series"].to_numpy()
    used: dict[str, int] = {}

    def filled(name: str, default: float) -> FloatArray:
        values = frame[name].to_numpy().astype(np.float64)
        absent = np.isnan(values)
        used[name] = len(np.unique(series[absent]))
        return np.where(absent, default, values)

    days = supplier_days(tables)
    suppliers = tuple(s or "" for s in frame["supplier"].to_list())
    lead = filled("lead_time_days", defaults.lead_time_days)
    review, open_today = _reviews(filled("review_days", defaults.review_days), suppliers, days, today[0])
    used["review_days"] = len(
        np.unique(series[[not _has_days(s, days) for s in suppliers] & np.isnan(_raw(frame, "review_days"))])
    )
    duty = 1.0 + np.nan_to_num(_raw(frame, "duty_rate"))
    cost = np.where(np.isnan(_raw(frame, "unit_cost")), item_cost[series], _raw(frame, "unit_cost")) * duty
    arrival_day, next_day = _arrivals(lead, review, suppliers, days, today[0])
    timeline = Timeline(today[0], today[1], 1)
    arrival, following = (_periods(timeline, d) for d in (arrival_day, next_day))
    supply = Supply(
        offsets=np.searchsorted(series, np.arange(len(index) + 1)).astype(np.int64),
        supplier=suppliers,
        lead_time_days=lead,
        lead_time_sd_days=np.nan_to_num(_raw(frame, "lead_time_sd_days")),
        review_days=review,
        unit_cost=cost,
        order_cost=filled("order_cost", defaults.order_cost),
        moq=np.maximum(np.nan_to_num(_raw(frame, "moq"), nan=1.0), 1.0),
        pack=np.maximum(np.nan_to_num(_raw(frame, "pack"), nan=1.0), 1.0),
        max_quantity=np.nan_to_num(_raw(frame, "max_quantity"), nan=np.inf, posinf=np.inf),
        price_breaks=_landed_breaks(frame["price_breaks"].to_list(), duty),
        arrival_period=arrival,
        next_arrival_period=np.maximum(following, arrival + 1),
        arrival_day=arrival_day,
        takes_orders_today=open_today,
    )
    return supply, {name: used[name] for name in ("lead_time_days", "review_days", "order_cost")}


def _offer_rows(supply: pl.DataFrame | None, index: SeriesIndex) -> pl.DataFrame:
    """One row for each offer, sorted by series and supplier; a row of nulls for a series without any."""
    schema = {"series": pl.Int64, **OFFER_COLUMNS}
    rows = pl.DataFrame(schema={**schema, "specific": pl.Int32})
    if supply is not None and supply.height:
        rows = for_series(supply, index)
    rows = rows.with_columns(
        (pl.col(c).cast(kind) if c in rows.columns else pl.lit(None, dtype=kind).alias(c))
        for c, kind in OFFER_COLUMNS.items()
    ).with_columns(pl.col("supplier").fill_null(""))
    rows = rows.sort("series", "supplier", "specific", descending=[False, False, True], maintain_order=True)
    rows = rows.unique(subset=["series", "supplier"], keep="first", maintain_order=True).select(list(schema))
    lacking = series_frame(index).select("series").join(rows.select("series"), on="series", how="anti")
    return pl.concat([rows, lacking], how="diagonal_relaxed").sort("series", maintain_order=True)


def _raw(frame: pl.DataFrame, name: str) -> FloatArray:
    return frame[name].to_numpy().astype(np.float64)


def _has_days(supplier: str, days: SupplierDays) -> bool:
    return supplier in days.order_weekdays


def _reviews(
    review: FloatArray, suppliers: tuple[str, ...], days: SupplierDays, today: date
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Days until the next order, and whether one can be placed today; order days win over a review interval."""
    result, open_today = review.copy(), np.ones(len(review), dtype=np.bool_)
    for k, supplier in enumerate(suppliers):
        weekdays = days.order_weekdays.get(supplier)
        if weekdays:
            result[k] = next(d for d in range(1, 8) if (today.weekday() + d) % 7 in weekdays)
            open_today[k] = today.weekday() in weekdays
    return result, open_today


def _arrivals(
    lead: FloatArray, review: FloatArray, suppliers: tuple[str, ...], days: SupplierDays, today: date
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Days from today until an order of today and the next one arrive: the lead time passes on open days only."""
    first, following = np.zeros(len(lead), np.int32), np.zeros(len(lead), np.int32)
    leads, reviews = np.ceil(lead).astype(np.int64), np.ceil(review).astype(np.int64)
    calendars: dict[str, NDArray[np.int64]] = {}
    for k, supplier in enumerate(suppliers):
        key = supplier if supplier in days.closed else ""
        if key not in calendars:
            calendars[key] = _open_days(
                days.closed.get(None, frozenset()) | days.closed.get(key or None, frozenset()), today
            )
        passed = calendars[key]
        first[k] = np.searchsorted(passed, leads[k])
        following[k] = np.searchsorted(passed, passed[min(reviews[k], FARTHEST_DAYS)] + leads[k])
        following[k] = max(following[k], reviews[k], first[k])
    return first, following


def _open_days(closed: frozenset[date], today: date) -> NDArray[np.int64]:
    """Open days among the first d days from today, for d = 0, 1, ..., ascending."""
    shut = np.zeros(2 * FARTHEST_DAYS, dtype=np.int64)
    for day in closed:
        ahead = (day - today).days
        if 0 <= ahead < len(shut):
            shut[ahead] = 1
    return np.concatenate([[0], np.cumsum(1 - shut)])


def _periods(timeline: Timeline, days: NDArray[np.int32]) -> NDArray[np.int32]:
    """The periods from which goods that arrive after so many days are on sale."""
    at = {int(d): timeline.first_at_or_after(timeline.first + timedelta(days=int(d))) for d in np.unique(days)}
    return np.array([at[int(d)] for d in days], dtype=np.int32)


def _landed_breaks(texts: list[str | None], duty: FloatArray) -> tuple[PriceBreaks, ...]:
    """Price breaks with the duty on top."""
    none = PriceBreaks()
    breaks = []
    for text, factor in zip(texts, duty, strict=True):
        steps = PriceBreaks.parse(text).steps if text else ()
        breaks.append(PriceBreaks(tuple((q, p * float(factor)) for q, p in steps)) if steps else none)
    return tuple(breaks)
