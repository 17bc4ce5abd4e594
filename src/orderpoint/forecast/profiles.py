"""Seasonal profiles pooled over series: weekday, day of the month, time of year; by place, department, category."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import DAYS_PER_WEEK, MONTHS_PER_YEAR, Period, Timeline
from orderpoint.forecast import occasions
from orderpoint.forecast.occasions import Occasions, Places
from orderpoint.forecast.panel import Cells, FloatArray
from orderpoint.forecast.pooling import Groups, grouped
from orderpoint.forecast.shrinkage import LEAST_FACTOR, Sums, Trust, shrunken
from orderpoint.tables.known import CalendarEvent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEKS_PER_YEAR = 52
DAYS_PER_MONTH = 31
REMEMBERED = 64
"""Timelines whose calendar is kept: a season is learned in many turns over the same days."""
MOST_FACTOR = 8.0
"""No season is believed to raise demand by more, nor to lower it below LEAST_FACTOR."""
LEVEL_MEMORY = {Period.DAY: 140.0, Period.WEEK: 20.0, Period.MONTH: 6.0}
"""Periods, both ways in time, that the level remembers against which a season is measured: slower is no season."""
PASSES = 3
"""Seasons and level are learned in turns, each without the other."""
ALL_RELIABILITY, ALL_HALF_SERIES = 0.77, 15.0
"""How far one year's shape of all series together is believed: peaks move a little between years. Few series: less."""
GROUP_RELIABILITY = 0.5
"""The same for the deviations of a group, until its own years say."""
MONTH_RELIABILITY = 0.05
"""How far one month's shape of its days (paydays, benefits) is believed until its repeats say: mostly it is chance."""
LEAST_MONTHS = 6
"""With fewer of them, a festival would pass for a day of the month."""
MONTH_WINDOW = 1.0 / 3.0
"""What each neighbour of a day of the month adds to it: paydays move with weekends."""
ALL_UNITS, GROUP_UNITS = 5.0, 10.0
"""Expected units at which a single cell is half believed."""


@dataclass(frozen=True, eq=False)
class Season:
    """Factors of G groups: `weekday` (G, 7), Monday first, and `annual` (G, B) with B = 52 or 12 parts of the year.

    `month` (G, 31): by day of the month. Weeks and months as periods have neither weekday nor day of the month.
    `occasions`: what the calendar's events do, where that was learned.
    """

    period: Period
    weekday: Floats
    month: Floats
    annual: Floats
    occasions: Occasions | None = None

    def factors(self, timeline: Timeline) -> FloatArray:
        """Seasonal factor of each period of `timeline` for each group, float32 (G, count), around 1 over a year."""
        part = self.annual.shape[1]
        where = year_position(timeline) * part
        if self.period is Period.DAY:  # between the middles of the weeks, on a straight line
            low = np.floor(where - 0.5).astype(np.int64)
            share = where - 0.5 - low
            factor = self.annual[:, low % part] * (1 - share) + self.annual[:, (low + 1) % part] * share
            factor = factor * self.weekday[:, weekdays(timeline)] * self.month[:, days_of_month(timeline)]
        else:
            factor = self.annual[:, where.astype(np.int64) % part]
        return np.asarray(factor, np.float32)

    @classmethod
    def flat(cls, period: Period, groups: int = 1) -> Season:
        """No season at all."""
        parts = MONTHS_PER_YEAR if period is Period.MONTH else WEEKS_PER_YEAR
        week, month, year = (np.ones((groups, count)) for count in (DAYS_PER_WEEK, DAYS_PER_MONTH, parts))
        return cls(period, week, month, year)


def weekdays(timeline: Timeline) -> Ints:
    """Weekday of each period's first day, Monday is 0."""
    return (timeline.first.weekday() + np.arange(timeline.count, dtype=np.int64)) % DAYS_PER_WEEK


@lru_cache(maxsize=REMEMBERED)
def days_of_month(timeline: Timeline) -> Ints:
    """Day of the month of each day, counted from 0."""
    days = np.array([day.day - 1 for day in middle_days(timeline)], np.int64)
    days.setflags(write=False)  # it is handed out again
    return days


@lru_cache(maxsize=REMEMBERED)
def middle_days(timeline: Timeline) -> tuple[date, ...]:
    """The middle day of each period, which says to what part of what year the period belongs."""
    half = {Period.DAY: 0, Period.WEEK: 3, Period.MONTH: 14}[timeline.period]
    return tuple(start + timedelta(days=half) for start in timeline.starts())


@lru_cache(maxsize=REMEMBERED)
def year_position(timeline: Timeline) -> Floats:
    """Where in its year each period lies, from 0 up to, not including, 1 (a month: the start of its twelfth)."""
    days = middle_days(timeline)
    if timeline.period is Period.MONTH:
        where = np.array([(d.month - 0.5) / MONTHS_PER_YEAR for d in days])
    elif timeline.period is Period.WEEK:  # ISO weeks, the 53rd with the 52nd
        where = np.array([(min(d.isocalendar().week, WEEKS_PER_YEAR) - 0.5) / WEEKS_PER_YEAR for d in days])
    else:
        where = np.array([min((d.timetuple().tm_yday - 0.5) / 365.0, 0.9999) for d in days])
    where.setflags(write=False)  # it is handed out again
    return where


def learn(
    cells: Cells,
    groups: Groups,
    timeline: Timeline,
    calendar: tuple[CalendarEvent, ...] = (),
    locations: tuple[str, ...] = (),
) -> Season:
    """Profiles of every group over week, month and year (`cells.factor` is not read).

    Demand and a level are summed by group and period; a profile is the ratio of the two in each part of the week or
    year. Chain: all series; times the deviations of the location, department, category and of their combination.
    Every deviation is drawn towards 1 by as much as its repeats (weeks, months, years) disagree, so that a group with
    little to say says nothing. With less than a year of history there is no yearly profile: it could not be told from
    growth. The events of the calendar whose uplift nobody gave are learned last, beside the season.
    """
    season = Season.flat(timeline.period, groups.count)
    places = Places(locations, groups.location)
    keep = 1.0 - 1.0 / LEVEL_MEMORY[timeline.period]
    for _ in range(PASSES):
        factor = season.factors(timeline)
        moved = np.ones(1) if season.occasions is None else season.occasions.factors(timeline, calendar, places)
        factor = np.maximum(factor * moved, LEAST_FACTOR).astype(np.float32)
        units, level = grouped(cells._replace(factor=factor, group=groups.of), keep)
        season = _from_sums(units, level * moved, groups, timeline)
        if calendar:
            expected = level * season.factors(timeline)
            learned = occasions.learn((units, expected), groups, timeline, calendar, places)
            season = replace(season, occasions=learned)
    return season


def _from_sums(units: Floats, level: Floats, groups: Groups, timeline: Timeline) -> Season:
    """Profiles from the sums of demand and of the level without season, both (G, T)."""
    season = Season.flat(timeline.period, groups.count)
    daily, parts = timeline.period is Period.DAY, season.annual.shape[1]
    middle = middle_days(timeline)
    weeks = (np.arange(timeline.count) + timeline.first.weekday()) // DAYS_PER_WEEK
    months = np.array([MONTHS_PER_YEAR * day.year + day.month for day in middle])
    years = np.array([_season_year(day, timeline.period) for day in middle])
    part = np.minimum((year_position(timeline) * parts).astype(np.int64), parts - 1)

    def table(rest: Season, bins: Ints, repeat: Ints, count: int) -> Sums:
        return _table((units, level * rest.factors(timeline)), bins, repeat - repeat[0], count)

    for _ in range(2):  # each beside the others
        if daily and timeline.count >= 2 * DAYS_PER_WEEK:
            rest = replace(season, weekday=np.ones_like(season.weekday))
            week = table(rest, weekdays(timeline), weeks, DAYS_PER_WEEK)
            season = replace(season, weekday=_chain(week, groups, 0.0))
        if daily and timeline.count >= LEAST_MONTHS * DAYS_PER_MONTH:
            rest = replace(season, month=np.ones_like(season.month))
            month = table(rest, days_of_month(timeline), months, DAYS_PER_MONTH)
            season = replace(season, month=_chain(month, groups, MONTH_WINDOW, MONTH_RELIABILITY))
        if timeline.count >= timeline.period.per_year:
            rest = replace(season, annual=np.ones_like(season.annual))
            year = table(rest, part, years, parts)
            window = 0.0 if timeline.period is Period.MONTH else 0.1
            season = replace(season, annual=_chain(year, groups, window))
    return season


def _season_year(day: date, period: Period) -> int:
    """The year whose part a day is: a week belongs to its ISO year."""
    return day.isocalendar().year if period is Period.WEEK else day.year


def _table(sums: tuple[Floats, Floats], bins: Ints, repeat: Ints, parts: int) -> Sums:
    """Sums by part and repeat."""
    repeats = int(repeat.max()) + 1
    out = []
    for values in sums:
        table = np.zeros((len(values), parts, repeats))
        np.add.at(table.reshape(len(values), -1).T, bins * repeats + repeat, values.T)
        out.append(table)
    return Sums(out[0], out[1])


def _chain(table: Sums, groups: Groups, window: float, reliability: float | None = None) -> Floats:
    """Profile (G, B): all, times location, department and category, each shrunken; every row has mean 1.

    `reliability`: of one repeat, of all series and of groups alike; None: much of all series, less of groups.
    """
    profile = np.ones(table.units.shape[:2])
    believed = ALL_RELIABILITY * groups.members / (groups.members + ALL_HALF_SERIES)
    trusts = (Trust(ALL_UNITS, believed, believed), Trust(GROUP_UNITS, GROUP_RELIABILITY))
    if reliability is not None:
        trusts = (Trust(ALL_UNITS, reliability), Trust(GROUP_UNITS, reliability))
    for depth, key in enumerate((np.zeros(groups.count, np.int64), *groups.levels)):
        shape = (int(key.max()) + 1, *table.units.shape[1:])
        sums = Sums(np.zeros(shape), np.zeros(shape))
        np.add.at(sums.units, key, table.units)
        np.add.at(sums.level, key, table.level * profile[:, :, None])
        wide = window if depth == 0 or reliability is not None else 2 * window
        deviation = smoothed(shrunken(sums, trusts[min(depth, 1)]), wide)
        profile = profile * deviation[key]
    profile = np.clip(profile, LEAST_FACTOR, MOST_FACTOR)
    return np.asarray(profile / profile.mean(axis=1, keepdims=True))


def smoothed(profile: Floats, share: float) -> Floats:
    """A circular moving window over the parts of a season: each neighbour gets `share`."""
    if share <= 0.0:
        return profile
    return (1 - 2 * share) * profile + share * (np.roll(profile, 1, axis=1) + np.roll(profile, -1, axis=1))
