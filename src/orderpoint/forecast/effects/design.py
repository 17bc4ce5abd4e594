"""The columns of the regression: prices and promotions of each series, events and their neighbourhood at each place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.features.planned import plan_of
from orderpoint.forecast.judgement import covered
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales

PRICE, PROMOTION = "price", "promotion"
MOST_EVENTS = 24
"""Names of events that get columns of their own, those with the most days first."""
WINDOW_DAYS = 7
"""Days before and after a festival that have an effect of their own."""
WINDOWED = ("festival",)
"""Kinds of events that cast a shadow on the days around them."""
UNSEEN = 1e-6


@dataclass(frozen=True, eq=False)
class Design:
    """K columns over n series and S periods: `own` float32 (A, n, S), then `shared` float32 (L, B, S), K = A + B.

    `names`: of all K columns: "price" (log of the price over `reference`), "promotion" (its depth), "event NAME",
    "before NAME", "after NAME" (share of the period's days). `place` int32 (n,): row of a series in `shared`.
    `reference` float32 (n,): the price that counts as usual, NaN where none is known.
    """

    names: tuple[str, ...]
    own: FloatArray
    shared: FloatArray
    place: NDArray[np.int32]
    reference: FloatArray

    @property
    def count(self) -> int:
        """Number of columns, K."""
        return len(self.names)


def design_of(sales: Sales, known: Known, timeline: Timeline, like: Design | None = None) -> Design:
    """Columns over `timeline`, which begins with the history's and may reach beyond it.

    `like`: the design that effects were learned with, whose columns and reference prices are to be used again. A price
    is its own only where a table of prices says what it will be: one that is seen on sales alone is not known ahead.
    """
    plan = plan_of(sales, known, timeline)
    shape = (len(sales.index), timeline.count)
    past = sales.timeline.count
    names: list[str] = []
    own: list[FloatArray] = []
    reference = np.full(shape[0], np.nan, np.float32) if like is None else like.reference
    if plan.ahead and plan.price.size and like is None:
        reference = _median(plan.price[:, :past])
    for name, column in ((PRICE, _log_ratio(plan.price, reference)), (PROMOTION, plan.promotion)):
        there = column.size > 0 and (plan.ahead or name == PROMOTION) and bool(np.abs(column[:, :past]).max() > UNSEEN)
        if there if like is None else name in like.names:
            names.append(name)
            own.append(column if column.size else np.zeros(shape, np.float32))
    wanted = _events(known.calendar, sales) if like is None else like.names[len(names) :]
    shared = np.stack([_shared(wanted, known.calendar, place, timeline) for place in sales.index.locations])
    stacked = np.stack(own) if own else np.zeros((0, *shape), np.float32)
    return Design((*names, *wanted), stacked, shared, sales.index.location_of.astype(np.int32), reference)


def _median(price: FloatArray) -> FloatArray:
    """Median of each row's known prices, NaN where there is none."""
    out = np.full(len(price), np.nan, np.float32)
    there = np.isfinite(price).any(axis=1)
    if there.any():
        out[there] = np.nanmedian(price[there], axis=1)
    return out


def _log_ratio(price: FloatArray, reference: FloatArray) -> FloatArray:
    """log(price / reference), 0 where either is not known; empty where there are no prices."""
    if not price.size:
        return price
    fine = np.isfinite(price) & (price > 0) & (reference > 0)[:, None]
    ratio = np.divide(price, reference[:, None], out=np.ones_like(price), where=fine)
    return np.asarray(np.log(ratio), np.float32)


def _events(calendar: tuple[CalendarEvent, ...], sales: Sales) -> tuple[str, ...]:
    """Columns for the events that the history has seen; those with a known uplift are not learned again."""
    days: dict[str, int] = {}
    windowed: set[str] = set()
    for event in calendar:
        if event.uplift_factor is None and 0 <= sales.timeline.index_of(event.day) < sales.timeline.count:
            days[event.event] = days.get(event.event, 0) + 1
            if event.kind in WINDOWED:
                windowed.add(event.event)
    found = sorted(days, key=lambda name: (-days[name], name))[:MOST_EVENTS]
    columns: list[str] = []
    for name in sorted(found):
        columns.append(f"event {name}")
        if name in windowed:
            columns += [f"before {name}", f"after {name}"]
    return tuple(columns)


def _shared(names: Iterable[str], calendar: tuple[CalendarEvent, ...], place: str, timeline: Timeline) -> FloatArray:
    """The columns (B, S) of one place: share of each period's days that are the event, or near it."""
    out = []
    for name in names:
        word, _, event_name = name.partition(" ")
        days = sorted({e.day for e in calendar if e.event == event_name and e.region in (None, place)})
        share = np.zeros(timeline.count)
        within = set(days)
        near = {"event": (0,), "before": range(-WINDOW_DAYS, 0), "after": range(1, WINDOW_DAYS + 1)}[word]
        for day in sorted({d + timedelta(days=k) for d in days for k in near}):
            if word == "event" or day not in within:
                share += covered(timeline, day, day)
        out.append(share)
    return np.asarray(out, np.float32).reshape(-1, timeline.count)
