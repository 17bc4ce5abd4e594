"""One change of plans, and what is known with it planned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.effects.promotions import told_by_price
from orderpoint.forecast.features.planned import held, plan_of
from orderpoint.plan.case import PlanCase
from orderpoint.tables.known import CalendarEvent, EventKind, Known
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Change:
    """What would be done otherwise on the days `first` to `last`, both included.

    `items`: whose price or promotion changes (() for all); `location` None for all. `price` in money per unit,
    `promotion` a depth in (0, 1]; None leaves them. `event`: a calendar event on those days, whose effect is the one
    learned of its name, or `uplift`. `launch`: the items, none of which has sold, are launched on the first day.
    """

    first: date
    last: date
    items: tuple[str, ...] = ()
    location: str | None = None
    price: float | None = None
    promotion: float | None = None
    event: str | None = None
    uplift: float | None = None
    launch: bool = False

    @property
    def after(self) -> date:
        """The day on which the earlier plan holds again."""
        return self.last + timedelta(days=1)

    def rows(self, index: SeriesIndex) -> NDArray[np.bool_]:
        """The series (n,) that it speaks of."""
        return index.matching(self.items, self.location)


def with_change(case: PlanCase, change: Change) -> Known:
    """What is known, with the change planned; after its last day the earlier plan holds again."""
    known = case.known
    if change.launch:
        catalog = known.catalog
        days = zip(catalog.items, catalog.launch, strict=True)
        launch = tuple(change.first if item in change.items else day for item, day in days)
        known = replace(known, catalog=replace(catalog, launch=launch))
    if change.event is not None:
        new = _events(known, change.event, change)
        told = {(event.day, event.event, event.region) for event in new} if change.uplift is not None else set()
        kept = (event for event in known.calendar if (event.day, event.event, event.region) not in told)
        known = replace(known, calendar=(*kept, *new))
    if change.price is None and change.promotion is None:
        return known
    return replace(known, prices=_changed(case, change))


def _events(known: Known, name: str, change: Change) -> tuple[CalendarEvent, ...]:
    """The event on each day of the change, of the kind that its name has in the calendar, else a promotion."""
    kind: EventKind = next((event.kind for event in known.calendar if event.event == name), "promotion")
    days = (change.after - change.first).days
    return tuple(
        CalendarEvent(change.first + timedelta(days=k), name, kind, change.location, change.uplift) for k in range(days)
    )


def _changed(case: PlanCase, change: Change) -> pl.DataFrame:
    """The table of prices with rows that make the change and end it on the day after.

    Nothing is taken out of the table: a series' own row goes before one for all places on the same day, a later before
    an earlier. So the change is said again on each day on which the table says something, and the day after says what
    the table has in force then.

    A promotion alone changes the price, too, where those of the past were nothing but cuts of it.
    """
    index, table = case.snapshot.index, case.known.prices
    rows = change.rows(index)
    days = Timeline(change.first, Period.DAY, (change.after - change.first).days + 1)
    price, depth = _in_force(case, days)
    usual = np.where(np.isfinite(price), price, case.snapshot.costs.price[:, None])
    during = np.ix_(rows, np.arange(days.count - 1))
    if change.price is not None:
        price = usual
        price[during] = change.price
    elif change.promotion is not None and change.promotion < 1.0 and are_cuts(case):
        price, uncut = usual, usual / np.where(depth < 1.0, 1.0 - depth, 1.0)
        price[during] = uncut[during] * (1.0 - change.promotion)
    if change.promotion is not None:
        depth[during] = change.promotion
    said = {change.first, change.after}
    if table is not None:
        said |= set(table.filter(pl.col("date").is_between(change.first, change.after))["date"].to_list())
    added = _table(index, np.flatnonzero(rows), days, sorted(said), (price, depth))
    return added if table is None else pl.concat([table, added], how="diagonal_relaxed")


def _in_force(case: PlanCase, days: Timeline) -> tuple[Floats, Floats]:
    """Price and depth (n, days) that are planned; NaN and 0 where the table says nothing."""
    index, table = case.snapshot.index, case.known.prices
    if table is None:
        return np.full((len(index), days.count), np.nan), np.zeros((len(index), days.count))
    price, depth = (held(table, name, index, days).astype(np.float64) for name in ("price", "promotion"))
    return price, np.nan_to_num(depth)


def _table(
    index: SeriesIndex, rows: NDArray[np.intp], days: Timeline, said: list[date], values: tuple[Floats, Floats]
) -> pl.DataFrame:
    """A row of the table of prices for each of the series `rows` on each of the days `said`."""
    at = np.array([days.index_of(day) for day in said])
    names = {"item": index.item_names(), "location": index.location_names()}
    columns = {name: np.repeat(np.array(of, object)[rows], len(said)).tolist() for name, of in names.items()}
    price, depth = (value[np.ix_(rows, at)].ravel() for value in values)
    told = pl.Series(price, dtype=pl.Float64).fill_nan(None)
    return pl.DataFrame(
        {"date": said * len(rows), **columns, "price": told, "promotion": depth},
        schema_overrides={"date": pl.Date, "item": pl.String, "location": pl.String},
    )


def are_cuts(case: PlanCase) -> bool:
    """Whether the promotions of the past are cuts of the price by their depth."""
    plan = plan_of(case.sales, case.known, case.sales.timeline)
    if not (plan.ahead and plan.price.size and plan.promotion.size):
        return False
    return told_by_price(np.log(np.where(plan.price > 0, plan.price, 1.0)).astype(np.float32), plan.promotion)
