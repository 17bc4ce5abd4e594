"""A planner's word over the model's: overrides, and the known uplift of calendar days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import CalendarEvent, Override
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]


def covered(timeline: Timeline, first: date, last: date) -> Floats:
    """Share of each period's days that lie from `first` to `last`, both included; (count,)."""
    share = np.zeros(timeline.count)
    begin, end = timeline.index_of(first), timeline.index_of(last)
    for k in range(max(begin, 0), min(end, timeline.count - 1) + 1):
        start, after = timeline.start(k), timeline.start(k + 1)
        days = (min(last + timedelta(days=1), after) - max(first, start)).days
        share[k] = days / (after - start).days
    return share


def uplift(timeline: Timeline, calendar: tuple[CalendarEvent, ...], locations: tuple[str, ...]) -> FloatArray:
    """Known uplift of each location's periods, float32 (locations, count): the mean over a period's days.

    An event without a region, or with a location's name for one, speaks; events of one day and region multiply.
    """
    out = np.ones((len(locations), timeline.count))
    for row, location in enumerate(locations):
        by_day: dict[date, float] = {}
        for event in calendar:
            if event.uplift_factor is not None and event.region in (None, location):
                by_day[event.day] = by_day.get(event.day, 1.0) * event.uplift_factor
        for day, factor in by_day.items():
            out[row] += (factor - 1.0) * covered(timeline, day, day)
    return np.maximum(out, 0.0).astype(np.float32)


def override(
    mean: Floats, level_cv2: Floats, index: SeriesIndex, timeline: Timeline, overrides: tuple[Override, ...]
) -> tuple[Floats, Floats]:
    """Means (n, H) and level variances (n,) with the overrides applied, in the order given; the arguments stay.

    `set` replaces the mean, `add` adds to it, `multiply` multiplies it, each by the share of a period's days it covers;
    nothing falls below zero. `estimate` replaces it by the mean of three points, (low + 4 value + high) / 6, and the
    level's standard deviation by (high - low) / 6 where that is wider (PERT, Malcolm et al. 1959).
    """
    mean, level_cv2 = mean.copy(), level_cv2.copy()
    for word in overrides:
        if word.item not in index.items:
            continue
        rows = index.item_of == index.items.index(word.item)
        if word.location is not None:
            if word.location not in index.locations:
                continue
            rows &= index.location_of == index.locations.index(word.location)
        share = covered(timeline, word.start, word.end)
        now = mean[rows]
        if word.kind == "multiply":
            mean[rows] = now * (1.0 + share * (word.value - 1.0))
        elif word.kind == "add":
            mean[rows] = now + share * word.value
        elif word.kind == "set":
            mean[rows] = now * (1.0 - share) + share * word.value
        else:
            low = word.value if word.low is None else word.low
            high = word.value if word.high is None else word.high
            middle = (low + 4.0 * word.value + high) / 6.0
            mean[rows] = now * (1.0 - share) + share * middle
            if share.any() and middle > 0:
                level_cv2[rows] = np.maximum(level_cv2[rows], ((high - low) / 6.0 / middle) ** 2)
    return np.maximum(mean, 0.0), level_cv2
