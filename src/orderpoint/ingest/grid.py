"""Which periods a history has: the step that its dates bear, and where its periods begin and end."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from orderpoint.domain.calendar import DAYS_PER_WEEK, Period, Timeline, add_periods
from orderpoint.domain.errors import UsageError

DATES_MIN = 3
"""Distinct dates from which on a common weekday or day of the month is a sign and no accident."""
_FINENESS = (Period.DAY, Period.WEEK, Period.MONTH)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BucketOptions:
    """What the user says about time; None where the dates decide. `label`: which day of its period a date is."""

    today: date | None = None
    period: Period | None = None
    label: Literal["start", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Grid:
    """The periods of a history, which ends the day before `timeline.end` (today).

    `grain` is the step of the data. `known_until`: first day of which nothing is known, before today where the file
    ends earlier than it ever paused before.
    """

    timeline: Timeline
    grain: Period
    label: Literal["start", "end"]
    month_ends: bool
    known_until: date

    @property
    def today(self) -> date:
        """The first day not yet decided."""
        return self.timeline.end

    def period_of(self, day: date) -> int:
        """Index of the period that a row dated `day` belongs to; below 0 where it lies before the first."""
        return self.timeline.index_of(_first_day(day, self.grain, self.label, month_ends=self.month_ends))


def grain_of(days: Sequence[date]) -> tuple[Period, bool]:
    """The finest step that sorted distinct `days` bear, and whether they are all ends of months.

    Weekly: all on one weekday. Monthly: all on one day of the month, or all ends of months.
    """
    if len(days) < DATES_MIN:
        return Period.DAY, False
    if all(d.day == calendar.monthrange(d.year, d.month)[1] for d in days):
        return Period.MONTH, True
    if len({d.day for d in days}) == 1:
        return Period.MONTH, False
    if len({d.weekday() for d in days}) == 1:
        return Period.WEEK, False
    return Period.DAY, False


def grid_of(days: Sequence[date], options: BucketOptions) -> Grid:
    """The grid of a history with rows on the sorted distinct `days`, all before `options.today`.

    Daily data are counted in periods that end today. Weekly and monthly data keep their own periods, and today must be
    the first day of one. Raises UsageError where it is not, or where periods finer than the data are asked for.
    """
    grain, month_ends = grain_of(days)
    period = options.period or grain
    if period is not grain and grain is not Period.DAY:
        raise UsageError("period_not_in_data", period=str(period), grain=str(grain))
    first, last = (_first_day(day, grain, options.label, month_ends=month_ends) for day in (days[0], days[-1]))
    after_last = add_periods(last, grain, 1)
    today = options.today or after_last
    timeline = _ending(first, today, period) if grain is Period.DAY else _whole(first, today, grain)
    known_until = today if options.today is None else _known_until(days, after_last, today)
    return Grid(timeline, grain, options.label, month_ends, known_until)


def _first_day(day: date, grain: Period, label: str, *, month_ends: bool) -> date:
    """First day of the period that a row dated `day` speaks of."""
    if month_ends:
        return day.replace(day=1)
    if label == "start" or grain is Period.DAY:
        return day
    return add_periods(day + ONE_DAY, grain, -1)


def _ending(first: date, today: date, period: Period) -> Timeline:
    """As many whole periods before `today` as the days since `first` fill, at least one.

    Months are counted from a month that has a day like today's (31 March: not from February), so that they end today.
    """
    count, best = 1, 0
    while (start := add_periods(today, period, -count)) >= first or not best:
        if add_periods(start, period, count) == today:
            best = count
        count += 1
    return Timeline(add_periods(today, period, -best), period, best)


def _whole(first: date, today: date, grain: Period) -> Timeline:
    """The data's own periods up to `today`. Raises UsageError where today is not the first day of one."""
    line = Timeline(first, grain, 1)
    index = line.index_of(today)
    if line.start(index) != today:
        before, after = line.start(index), line.start(index + 1)
        raise UsageError(
            "today_not_a_period_start", today=str(today), period=str(grain), before=str(before), after=str(after)
        )
    return Timeline(first, grain, index)


def _known_until(days: Sequence[date], after_last: date, today: date) -> date:
    """`today`, unless the data end earlier before it than the longest pause within them."""
    pauses = [(b - a).days for a, b in pairwise(days)]
    longest = max(pauses, default=DAYS_PER_WEEK)
    return today if (today - days[-1]).days <= longest else after_last
