"""Periods and timelines: how days become the steps that demand is counted in."""

from __future__ import annotations

import calendar as month_lengths
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAYS_PER_WEEK = 7
MONTHS_PER_YEAR = 12
DAYS_PER_YEAR = 365.0
"""Days over which a rate per year is spread, and from which a figure per year is scaled."""


class Period(StrEnum):
    """The step of time in which demand is counted and planned."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def mean_days(self) -> float:
        """Average length in days (a month has 365.25 / 12)."""
        return {Period.DAY: 1.0, Period.WEEK: 7.0, Period.MONTH: 365.25 / MONTHS_PER_YEAR}[self]

    @property
    def per_year(self) -> int:
        """How many periods make one seasonal year: 365 days, 52 weeks, 12 months."""
        return {Period.DAY: 365, Period.WEEK: 52, Period.MONTH: 12}[self]

    @property
    def season(self) -> int:
        """Periods of the season that a method with a single one repeats: a week of days, else a year."""
        return {Period.DAY: 7, Period.WEEK: 52, Period.MONTH: 12}[self]


def add_periods(day: date, period: Period, count: int) -> date:
    """The first day of the period `count` periods after the one that starts on `day` (negative: before).

    A month that is too short for the day of `day` ends on its last day (31 January + 1 month = 28 February).
    """
    if period is Period.DAY:
        return day + timedelta(days=count)
    if period is Period.WEEK:
        return day + timedelta(days=DAYS_PER_WEEK * count)
    month = day.year * MONTHS_PER_YEAR + day.month - 1 + count
    year, month = divmod(month, MONTHS_PER_YEAR)
    longest = month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, longest))


@dataclass(frozen=True, slots=True)
class Timeline:
    """`count` consecutive periods; period k covers the days from `start(k)` up to, not including, `start(k + 1)`."""

    first: date
    period: Period
    count: int

    def start(self, index: int) -> date:
        """First day of period `index`; any integer is allowed, so that the line extends both ways."""
        return add_periods(self.first, self.period, index)

    def starts(self) -> list[date]:
        """First days of all periods, in order."""
        return [self.start(k) for k in range(self.count)]

    @property
    def end(self) -> date:
        """The first day after the last period."""
        return self.start(self.count)

    def days(self, index: int) -> int:
        """Length of period `index` in days."""
        return (self.start(index + 1) - self.start(index)).days

    def index_of(self, day: date) -> int:
        """Index of the period that holds `day`; below 0 or at least `count` where the day lies outside."""
        if self.period is Period.DAY:
            return (day - self.first).days
        if self.period is Period.WEEK:
            return (day - self.first).days // DAYS_PER_WEEK
        guess = (day.year - self.first.year) * MONTHS_PER_YEAR + day.month - self.first.month
        return guess if self.start(guess) <= day else guess - 1

    def first_at_or_after(self, day: date) -> int:
        """Index of the first period that starts on or after `day`: when goods that arrive on `day` are on sale."""
        index = self.index_of(day)
        return index if self.start(index) == day else index + 1

    def after(self, count: int) -> Timeline:
        """The `count` periods that follow this timeline."""
        return Timeline(self.end, self.period, count)
