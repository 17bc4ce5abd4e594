"""What each cycle of a season is called: its week or month, or the festival or promotion that falls into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.optimize.build_up.calendar import CycleCalendar, CycleKind
from orderpoint.tables.known import CalendarEvent

IntArray = NDArray[np.int64]

LIFTING = frozenset({"festival", "promotion"})
"""Kinds of events that a cycle is named after."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `first` to `last`, both included, on which an event of the calendar runs; `place` None: everywhere."""

    event: str
    place: str | None
    first: date
    last: date


def stretches(calendar: Iterable[CalendarEvent]) -> list[Stretch]:
    """Festivals and promotions as runs of days without a gap, by place, name and first day."""
    days = sorted({(e.region or "", e.event, e.day) for e in calendar if e.kind in LIFTING})
    found: list[Stretch] = []
    for place, event, day in days:
        last = found[-1] if found else None
        if last and (last.event, last.place or "") == (event, place) and (day - last.last).days == 1:
            found[-1] = Stretch(event, last.place, last.first, day)
        else:
            found.append(Stretch(event, place or None, day, day))
    return found


def named(
    timeline: Timeline, windows: tuple[IntArray, IntArray], places: tuple[str, ...], calendar: Iterable[CalendarEvent]
) -> tuple[tuple[str, ...], IntArray, IntArray]:
    """(names, the name of each of m windows, the week or month in which each begins), the latter int64 (m,).

    `windows` are first period and first period after, (m,) each, `places` (m,) their locations. The event with the
    most days in a window names it, the first of several alike; without one it is called after its first day:
    "2025-W23", or "2025-06" where periods are months.
    """
    begin, end = windows
    kind = CycleKind.MONTHLY if timeline.period is Period.MONTH else CycleKind.WEEKLY
    reach = int(end.max(initial=0)) + 1
    plain, cycle = CycleCalendar(kind).cycles(Timeline(timeline.first, timeline.period, reach))
    code = cycle[begin]
    starts = np.array([timeline.start(k).toordinal() for k in range(reach)], dtype=np.int64)
    names, most = list(plain), np.zeros(len(begin), dtype=np.int64)
    where = np.array(places, dtype=object)
    for stretch in stretches(calendar):
        first, after = stretch.first.toordinal(), stretch.last.toordinal() + 1
        overlap = np.minimum(after, starts[end]) - np.maximum(first, starts[begin])
        if stretch.place is not None:
            overlap = np.where(where == stretch.place, overlap, 0)
        better = overlap > most
        if better.any():
            if stretch.event not in names[len(plain) :]:
                names.append(stretch.event)
            code = np.where(better, names.index(stretch.event, len(plain)), code)
            most = np.maximum(most, overlap)
    return tuple(names), code, cycle[begin]
