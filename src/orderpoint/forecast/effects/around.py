"""The days around festivals as columns; their own days are `occasions`'."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.judgement import covered
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales

BEFORE, AFTER = "before", "after"
MOST_FESTIVALS = 6
"""Festivals that get columns, those with the most days first."""
WINDOW_DAYS = 7
"""Days before and after a festival that have an effect of their own."""


def names_of(calendar: tuple[CalendarEvent, ...], sales: Sales) -> tuple[str, ...]:
    """Columns for the days around festivals that the history has seen; a known uplift is not learned again."""
    days: dict[str, int] = {}
    for event in calendar:
        inside = 0 <= sales.timeline.index_of(event.day) < sales.timeline.count
        if inside and event.uplift_factor is None and event.kind == "festival":
            days[event.event] = days.get(event.event, 0) + 1
    found = sorted(days, key=lambda name: (-days[name], name))[:MOST_FESTIVALS]
    return tuple(f"{word} {name}" for name in found for word in (BEFORE, AFTER))


def windows(names: Iterable[str], sales: Sales, known: Known, timeline: Timeline) -> list[FloatArray]:
    """For each name (L, S): share of each period's days that lie before or after the festival, at each location."""
    out = []
    for name in names:
        word, _, festival = name.partition(" ")
        near = range(-WINDOW_DAYS, 0) if word == BEFORE else range(1, WINDOW_DAYS + 1)
        share = np.zeros((len(sales.index.locations), timeline.count), np.float32)
        for row, place in enumerate(sales.index.locations):
            days = {e.day for e in known.calendar if e.event == festival and e.region in (None, place)}
            for day in {d + timedelta(days=k) for d in days for k in near} - days:
                share[row] += covered(timeline, day, day)
        out.append(share)
    return out
