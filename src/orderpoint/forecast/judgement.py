"""A planner's word over the model's: overrides, and the known uplift of calendar days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import CalendarEvent, Override
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]

LEAST_CV2 = 0.04
"""Variance below which no estimate is believed once sales are there to compare: experts' ranges are too narrow."""


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


@dataclass(frozen=True, eq=False)
class Seen:
    """A history, so that sales since an estimate's start correct it: (n, T) over `timeline`, float32 and bool.

    `ratio` (n,): variance over mean of a period's demand. `heard` bool (n,): series whose estimates were heard
    elsewhere.
    """

    timeline: Timeline
    quantity: FloatArray
    seen: NDArray[np.bool_]
    ratio: Floats
    heard: NDArray[np.bool_]


def spoken_of(word: Override, index: SeriesIndex) -> NDArray[np.bool_]:
    """The series (n,) that an override speaks of; none where its item or location is unknown."""
    if word.item not in index.items or (word.location is not None and word.location not in index.locations):
        return np.zeros(len(index), np.bool_)
    rows = index.item_of == index.items.index(word.item)
    if word.location is not None:
        rows &= index.location_of == index.locations.index(word.location)
    return np.asarray(rows)


def three_points(word: Override) -> tuple[float, float]:
    """Mean and squared coefficient of variation of a three-point estimate (PERT, Malcolm et al. 1959).

    The mean is (low + 4 value + high) / 6, the standard deviation (high - low) / 6; 0 where the mean is 0.
    """
    low = word.value if word.low is None else word.low
    high = word.value if word.high is None else word.high
    mean = (low + 4.0 * word.value + high) / 6.0
    return mean, ((high - low) / 6.0 / mean) ** 2 if mean > 0 else 0.0


def corrected(word: Override, rows: NDArray[np.bool_], past: Seen) -> tuple[Floats, Floats]:
    """Mean and squared coefficient of variation of an estimate for each of `rows`, after the sales since its start.

    The estimate is a gamma prior; it weighs ratio / (cv2 mean) periods, and every period seen since is one more
    (gamma-Poisson, as Buehlmann 1967). An estimate never counts for more than 1 / LEAST_CV2 units.
    """
    mean, cv2 = three_points(word)
    shape = 1.0 / max(cv2, LEAST_CV2)
    begin = max(past.timeline.index_of(word.start), 0)
    had = past.seen[rows, begin:]
    units = np.where(had, past.quantity[rows, begin:], 0.0).sum(axis=1, dtype=np.float64) / past.ratio[rows]
    periods = had.sum(axis=1) / past.ratio[rows]
    after = shape + units
    told = had.any(axis=1) & (mean > 0)
    level = np.where(told, after / (shape / max(mean, 1e-12) + periods), mean)
    return level, np.where(told, 1.0 / after, cv2)


def override(
    mean: Floats,
    level_cv2: Floats,
    index: SeriesIndex,
    timeline: Timeline,
    overrides: tuple[Override, ...],
    past: Seen | None = None,
) -> tuple[Floats, Floats]:
    """Means (n, H) and level variances (n,) with the overrides applied, in the order given; the arguments stay.

    `set` replaces the mean, `add` adds to it, `multiply` multiplies it, each by the share of a period's days it covers;
    nothing falls below zero. `estimate` replaces it by the mean of three points, and the level's standard deviation by
    theirs where that is wider (`three_points`); where `past` is given, by what sales since then make of it
    (`corrected`).
    """
    mean, level_cv2 = mean.copy(), level_cv2.copy()
    for word in overrides:
        rows = spoken_of(word, index)
        if word.kind == "estimate" and past is not None:
            rows &= ~past.heard
        share = covered(timeline, word.start, word.end)
        now = mean[rows]
        if word.kind == "multiply":
            mean[rows] = now * (1.0 + share * (word.value - 1.0))
        elif word.kind == "add":
            mean[rows] = now + share * word.value
        elif word.kind == "set":
            mean[rows] = now * (1.0 - share) + share * word.value
        elif rows.any():
            middle, cv2 = three_points(word)
            level = np.full(int(rows.sum()), middle)
            wide = np.full(len(level), cv2)
            if past is not None:
                level, wide = corrected(word, rows, past)
            mean[rows] = now * (1.0 - share) + share * level[:, None]
            if share.any() and middle > 0:
                level_cv2[rows] = np.maximum(level_cv2[rows], wide)
    return np.maximum(mean, 0.0), level_cv2
