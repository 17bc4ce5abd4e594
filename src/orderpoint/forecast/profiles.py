"""Seasonal profiles pooled over series: weekday and time of year, by category and location, shrunken as far as data say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.domain.calendar import DAYS_PER_WEEK, MONTHS_PER_YEAR, Period, Timeline
from orderpoint.forecast.panel import Cells, FloatArray
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEKS_PER_YEAR = 52
LEAST_FACTOR, MOST_FACTOR = 0.05, 8.0
"""No season is believed to move demand by more."""
YEARS_TO_BELIEVE = 1.0
"""A yearly season needs at least this much history: below it, it cannot be told from growth."""
OVERDISPERSION = 0.2
"""Weight of a series in its group is 1 / (1 + OVERDISPERSION x level): many small series say more than one large one."""
CHUNK = 64


@dataclass(frozen=True, eq=False)
class Groups:
    """Series by category and location: `of` int32 (n,) the finest group, and its category and location, int64 (G,)."""

    of: NDArray[np.int32]
    category: Ints
    location: Ints

    @property
    def count(self) -> int:
        """Number of finest groups."""
        return len(self.category)

    @classmethod
    def by_category_and_location(cls, index: SeriesIndex, catalog: Catalog) -> Groups:
        """One group for each pair of category (department where no category is given) and location that has series."""
        kind = {item: catalog.category[k] or catalog.department[k] or "" for k, item in enumerate(catalog.items)}
        names = sorted({kind.get(item, "") for item in index.items})
        rank = {name: k for k, name in enumerate(names)}
        of_item = np.array([rank[kind.get(item, "")] for item in index.items], np.int64)
        places = max(1, len(index.locations))
        pair = of_item[index.item_of] * places + index.location_of
        distinct, of = np.unique(pair, return_inverse=True)
        return cls(of.astype(np.int32).ravel(), distinct // places, distinct % places)

    @classmethod
    def single(cls, n: int) -> Groups:
        """All n series in one group."""
        return cls(np.zeros(n, np.int32), np.zeros(1, np.int64), np.zeros(1, np.int64))


@dataclass(frozen=True, eq=False)
class Season:
    """Factors of G groups: `weekday` (G, 7), Monday first, and `annual` (G, B) with B = 52 or 12 parts of the year."""

    period: Period
    weekday: Floats
    annual: Floats

    def factors(self, timeline: Timeline) -> FloatArray:
        """Seasonal factor of each period of `timeline` for each group, float32 (G, count), around 1 over a year."""
        part = self.annual.shape[1]
        where = year_position(timeline) * part
        if self.period is Period.DAY:  # between the middles of the weeks, on a straight line
            low = np.floor(where - 0.5).astype(np.int64)
            share = where - 0.5 - low
            factor = self.annual[:, low % part] * (1 - share) + self.annual[:, (low + 1) % part] * share
            factor = factor * self.weekday[:, weekdays(timeline)]
        else:
            factor = self.annual[:, where.astype(np.int64) % part]
        return np.asarray(factor, np.float32)

    @classmethod
    def flat(cls, period: Period, groups: int = 1) -> Season:
        """No season at all."""
        parts = MONTHS_PER_YEAR if period is Period.MONTH else WEEKS_PER_YEAR
        return cls(period, np.ones((groups, DAYS_PER_WEEK)), np.ones((groups, parts)))


def weekdays(timeline: Timeline) -> Ints:
    """Weekday of each period's first day, Monday is 0."""
    return (timeline.first.weekday() + np.arange(timeline.count, dtype=np.int64)) % DAYS_PER_WEEK


def middle_days(timeline: Timeline) -> list[date]:
    """The middle day of each period, which says to what part of what year the period belongs."""
    half = {Period.DAY: 0, Period.WEEK: 3, Period.MONTH: 14}[timeline.period]
    return [start + timedelta(days=half) for start in timeline.starts()]


def year_position(timeline: Timeline) -> Floats:
    """Where in its year each period lies, from 0 up to, not including, 1 (a month: the start of its twelfth)."""
    days = middle_days(timeline)
    if timeline.period is Period.MONTH:
        return np.array([(d.month - 1) / MONTHS_PER_YEAR for d in days])
    return np.array([min((d.timetuple().tm_yday - 1) / 364.0, 0.9999) for d in days])


def learn(cells: Cells, groups: Groups, timeline: Timeline) -> Season:
    """Weekday and yearly profile of every group (`cells.factor` is not read).

    Demand and a slow level are summed by group and period; a profile is the ratio of the two in each part of the week or year. Chain:
    all series; times a deviation of the location and of the category; times one of the pair. Every deviation is drawn
    towards 1 by as much as its replicates (weeks, years) disagree (`shrunken`), so that a group with little to say says nothing.
    """
    season = Season.flat(timeline.period, groups.count)
    slow = 1.0 - 1.0 / (0.6 * timeline.period.per_year)
    for _ in range(2):
        factor = season.factors(timeline)
        units, level = grouped(cells._replace(factor=factor, group=groups.of), slow)
        season = _from_sums(units, level, groups, timeline)
    return season


def _from_sums(units: Floats, level: Floats, groups: Groups, timeline: Timeline) -> Season:
    """Profiles from the sums of demand and of the level without season, both (G, T)."""
    flat = Season.flat(timeline.period, groups.count)
    weekday, annual = flat.weekday, flat.annual
    position = year_position(timeline)
    parts = annual.shape[1]
    for _ in range(2):
        if timeline.period is Period.DAY:
            yearly = Season(timeline.period, flat.weekday, annual).factors(timeline)
            weeks = (np.arange(timeline.count) + timeline.first.weekday()) // DAYS_PER_WEEK
            if weeks[-1] >= 2:
                table = _table(units, level * yearly, weekdays(timeline), weeks % 2, (DAYS_PER_WEEK, 2))
                weekday = _chain(table, groups, smooth=0.0)
        if timeline.count < YEARS_TO_BELIEVE * timeline.period.per_year:
            break
        daily = weekday[:, weekdays(timeline)] if timeline.period is Period.DAY else 1.0
        years = np.array([d.year for d in middle_days(timeline)])
        years -= years[0]
        bins = np.minimum((position * parts + 1e-9).astype(np.int64), parts - 1)
        table = _table(units, level * daily, bins, years, (parts, int(years[-1]) + 1))
        annual = _chain(table, groups, smooth=0.0 if timeline.period is Period.MONTH else 0.1)
    return Season(timeline.period, weekday, annual)


def _table(units: Floats, level: Floats, bins: Ints, replicate: Ints, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Sums (G, bins, replicates) of demand and of the level."""
    cell = bins * shape[1] + replicate
    out = []
    for values in (units, level):
        sums = np.zeros((len(values), shape[0] * shape[1]))
        for g, row in enumerate(values):
            sums[g] = np.bincount(cell, row, minlength=shape[0] * shape[1])
        out.append(sums.reshape(-1, *shape))
    return out[0], out[1]


def _chain(table: tuple[Floats, Floats], groups: Groups, smooth: float) -> Floats:
    """Profile (G, bins): all, times location, times category, times the pair, each shrunken, each row with mean 1."""
    units, level = table
    expected = level
    profile = np.ones(units.shape[:2])
    keys: list[Ints] = [np.zeros(groups.count, np.int64)]
    if groups.count > 1:
        keys += [k for k in (groups.location, groups.category) if len(np.unique(k)) > 1]
        if len(keys) == 3:
            keys.append(np.arange(groups.count))
    steps: list[Floats] = []
    for depth, key in enumerate(keys):
        base = expected if depth in (0, 3) else level * steps[0][:, :, None]
        shape = (int(key.max()) + 1, *units.shape[1:])
        numerator, denominator = np.zeros(shape), np.zeros(shape)
        np.add.at(numerator, key, units)
        np.add.at(denominator, key, base)
        deviation = smoothed(shrunken(numerator, denominator), smooth * (1 if depth == 0 else 2))
        steps.append(deviation[key])
        profile = profile * steps[-1]
        expected = level * profile[:, :, None]
    profile = np.clip(profile, LEAST_FACTOR, MOST_FACTOR)
    return np.asarray(profile / profile.mean(axis=1, keepdims=True))


def smoothed(profile: Floats, share: float) -> Floats:
    """A circular moving window over the parts of the year: each neighbour gets `share`."""
    if share <= 0.0:
        return profile
    return (1 - 2 * share) * profile + share * (np.roll(profile, 1, axis=1) + np.roll(profile, -1, axis=1))


def shrunken(units: Floats, expected: Floats) -> Floats:
    """Ratios (G, B) of demand to what was expected, drawn towards 1; both arguments are (G, B, R) with R replicates.

    With d = 1 + signal + noise in each replicate, the signal's variance is the covariance of replicates, the noise's what
    is left; the best linear guess of the signal is signal / (signal + noise / R) times the mean deviation (Buehlmann 1967). With one
    replicate the noise is taken from the differences of neighbours, and half of the rest is believed.
    """
    total = expected.sum(axis=2)
    # A group's own level cancels: only the shape over the bins is learned here.
    whole = units.sum(axis=(1, 2)) / np.maximum(expected.sum(axis=(1, 2)), 1e-12)
    ratio = np.divide(units.sum(axis=2), total, out=np.ones_like(total), where=total > 1e-12)
    mean = np.where((total > 1e-12) & (whole[:, None] > 0), ratio / np.maximum(whole[:, None], 1e-12), 1.0) - 1.0
    single = np.divide(units, expected, out=np.zeros_like(units), where=expected > 1e-12)
    d = single / np.maximum(whole[:, None, None], 1e-12) - 1.0
    seen = (expected > 1e-12) & (whole[:, None, None] > 0)
    replicates = seen.sum(axis=2)
    twice = replicates >= 2
    out = np.zeros_like(mean)
    for g in range(len(mean)):
        if twice[g].sum() >= max(3, 0.5 * mean.shape[1]):
            within = np.array([d[g, b][seen[g, b]].var(ddof=1) for b in np.flatnonzero(twice[g])]).mean()
            noise = within / np.maximum(replicates[g], 1)
            signal = max(float((mean[g][twice[g]] ** 2).mean() - noise[twice[g]].mean()), 0.0)
        else:
            noise = np.full(mean.shape[1], 0.5 * float((np.diff(mean[g]) ** 2).mean()))
            signal = 0.5 * max(float((mean[g] ** 2).mean() - noise[0]), 0.0)
        out[g] = mean[g] * signal / np.maximum(signal + noise, 1e-12)
    return np.maximum(1.0 + out, LEAST_FACTOR)


def grouped(cells: Cells, slow: float) -> tuple[Floats, Floats]:
    """Demand and slow level over the seen cells, summed by group and period: two arrays float64 (G, T).

    The level of a series at a period is its discounted demand over its discounted season, both ways in time, with `slow` the share kept per
    period. Single cells are cut at five times the level plus five units, lest one large order become a season.
    """
    order = np.argsort(cells.group, kind="stable")
    ends = np.searchsorted(cells.group[order], np.arange(len(cells.factor) + 1))
    starts, owners = [], []
    for g in range(len(cells.factor)):
        for start in range(ends[g], ends[g + 1], CHUNK):
            starts.append((start, min(start + CHUNK, ends[g + 1])))
            owners.append(g)
    units, level = _grouped(cells, order, np.array(starts, np.int64).reshape(-1, 2), slow)
    sums = np.zeros((2, len(cells.factor), cells.demand.shape[1]))
    np.add.at(sums[0], owners, units)
    np.add.at(sums[1], owners, level)
    return sums[0], sums[1]


@njit(cache=True, parallel=True)
def _grouped(cells: Cells, order: NDArray[np.int64], chunks: NDArray[np.int64], slow: float) -> tuple[Floats, Floats]:
    periods = cells.demand.shape[1]
    units = np.zeros((len(chunks), periods))
    level = np.zeros((len(chunks), periods))
    for k in prange(len(chunks)):
        back_units = np.zeros(periods + 1)
        back_weight = np.zeros(periods + 1)
        for row in range(chunks[k, 0], chunks[k, 1]):
            i = order[row]
            f = cells.factor[cells.group[i]]
            for t in range(periods - 1, -1, -1):
                back_units[t] = slow * back_units[t + 1]
                back_weight[t] = slow * back_weight[t + 1]
                if cells.seen[i, t]:
                    back_units[t] += cells.demand[i, t]
                    back_weight[t] += f[t]
            total, weight = 0.0, 0.0
            for t in range(periods):
                total *= slow
                weight *= slow
                if cells.seen[i, t]:
                    both = weight + back_weight[t]
                    now = (total + back_units[t]) / both if both > 0.0 else 0.0
                    y = min(float(cells.demand[i, t]), 5.0 * now * f[t] + 5.0)
                    share = 1.0 / (1.0 + 0.2 * now)
                    units[k, t] += share * y
                    level[k, t] += share * now
                    total += cells.demand[i, t]
                    weight += f[t]
    return units, level
