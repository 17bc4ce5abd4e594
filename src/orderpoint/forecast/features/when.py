"""What a period is: its place in week, month and year, and how near it lies to events of each kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.judgement import covered
from orderpoint.forecast.panel import FloatArray
from orderpoint.forecast.profiles import middle_days
from orderpoint.tables.known import CalendarEvent

KINDS = ("festival", "promotion", "closure", "benefit", "other")
NEAR = {Period.DAY: 15, Period.WEEK: 4, Period.MONTH: 2}
"""Periods beyond which an event before or after is too far to matter."""
LEAST_YEARS = 1.5
"""Years of history below which the part of the year is not told: trees would take it for the trend of those days."""
MOST_EVENTS = 60
"""Names of events that are told apart; the rest is known by kind."""


class When(NamedTuple):
    """`table` float32 (R, S, K): K columns for each of S periods in R regions; `row` int32: region of each location."""

    table: FloatArray
    row: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class EventNames:
    """The kinds of events that get columns, and the names that are told apart, each with its number.

    `years`: whether the history is long enough to tell a part of the year from growth.
    """

    kinds: tuple[str, ...]
    codes: tuple[tuple[str, int], ...]
    years: bool

    @classmethod
    def of(cls, calendar: tuple[CalendarEvent, ...], timeline: Timeline) -> EventNames:
        """Those of a calendar that a history over `timeline` can tell of.

        Names count that came on two of its days or more (one alone is told by its kind), the most frequent; benefits
        and promotions come too often to need one.
        """
        past = {
            e for e in calendar if e.kind not in ("benefit", "promotion") and timeline.first <= e.day < timeline.end
        }
        days = Counter(name for name, _ in {(event.event, event.day) for event in past})
        often = sorted((name for name in days if days[name] > 1), key=lambda name: (-days[name], name))[:MOST_EVENTS]
        kinds = tuple(kind for kind in KINDS if any(event.kind == kind for event in calendar))
        years = timeline.count >= LEAST_YEARS * timeline.period.per_year
        return cls(kinds, tuple((name, k + 1) for k, name in enumerate(sorted(often))), years)

    def columns(self, period: Period) -> tuple[str, ...]:
        """Names of the columns of `When.table`."""
        around = tuple(f"{kind}_{what}" for kind in self.kinds for what in ("now", "ahead", "since"))
        return (
            *_calendar(Timeline(date(2000, 1, 1), period, 1), years=self.years),
            *around,
            *(("event_code",) if self.codes else ()),
        )


def when_of(
    timeline: Timeline, calendar: tuple[CalendarEvent, ...], locations: tuple[str, ...], events: EventNames
) -> When:
    """Calendar and events of each location; locations with the same events share a region."""
    places = set(locations)
    general = [event for event in calendar if event.region is None]
    own: dict[str, list[CalendarEvent]] = {}
    for event in calendar:
        if event.region in places:
            own.setdefault(str(event.region), []).append(event)
    regions: dict[tuple[tuple[date, str, str], ...], list[int]] = {}
    for k, place in enumerate(locations):
        regions.setdefault(tuple((e.day, e.event, e.kind) for e in own.get(place, ())), []).append(k)
    dates = np.array(list(_calendar(timeline, years=events.years).values()), np.float32).reshape(-1, timeline.count).T
    tables, row = [], np.zeros(len(locations), np.int32)
    for region, members in enumerate(regions.values()):
        here = general + own.get(locations[members[0]], [])
        tables.append(np.concatenate((dates, _near(timeline, here, events)), axis=1))
        row[members] = region
    return When(np.stack(tables).astype(np.float32), row)


def _calendar(timeline: Timeline, *, years: bool) -> dict[str, list[int]]:
    """Place of each period in its year, month and week."""
    days = middle_days(timeline)
    columns: dict[str, list[int]] = {}
    if years:
        columns |= {"month": [d.month for d in days], "year_day": [d.timetuple().tm_yday for d in days]}
    if timeline.period is not Period.MONTH:
        columns["month_day"] = [d.day for d in days]
    if timeline.period is Period.DAY:
        columns["weekday"] = [d.weekday() for d in days]
    return columns


def _near(timeline: Timeline, events: list[CalendarEvent], names: EventNames) -> FloatArray:
    """Columns (S, 3 x kinds + 1): share of the period that is an event's, periods to the next, since the last."""
    count, near = timeline.count, NEAR[timeline.period]
    out = []
    for kind in names.kinds:
        share = np.zeros(count + near + 1)
        line = Timeline(timeline.first, timeline.period, len(share))
        for day in sorted({event.day for event in events if event.kind == kind}):
            if 0 <= line.index_of(day) < line.count:
                share += covered(line, day, day)
        ahead, since = np.full(len(share), near + 1.0), np.full(len(share), near + 1.0)
        for k in range(1, len(share)):
            since[k] = 1.0 if share[k - 1] > 0 else min(since[k - 1] + 1.0, near + 1.0)
        for k in range(len(share) - 2, -1, -1):
            ahead[k] = 1.0 if share[k + 1] > 0 else min(ahead[k + 1] + 1.0, near + 1.0)
        out += [share[:count], ahead[:count], since[:count]]
    if names.codes:
        codes = dict(names.codes)
        code = np.zeros(count)
        for event in sorted(events, key=lambda e: (e.day, e.event)):
            at = timeline.index_of(event.day)
            if 0 <= at < count and event.event in codes:
                code[at] = codes[event.event]
        out.append(code)
    return np.array(out, np.float32).reshape(-1, count).T
