"""What the calendar's days do to demand where nobody says: learned from all series, drawn to 1 as far as they disagree.

An occasion is an event of the calendar by its name ("SNAP", "Christmas"). On its days demand is set beside what level
and season expect, by group and occurrence; the effect of a group is that of all series, times the deviations of its
location, department and category, as in `profiles`. Occasions of one day multiply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.pooling import Groups
from orderpoint.forecast.shrinkage import LEAST_RELIABILITY, drawn
from orderpoint.tables.known import CalendarEvent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_EFFECT, MOST_EFFECT = 0.02, 5.0
MOST_REPEATS = 40
"""Occurrences that are told apart; more are put together."""
UNITS = 10.0
"""Expected units at which one occurrence in one group is half believed."""
ALL_RELIABILITY, GROUP_RELIABILITY = 0.6, 0.4
PASSES = 2


@dataclass(frozen=True, eq=False)
class Occasions:
    """`names` of E events; `effect` (G, E) of each group: by what a day of the event multiplies demand."""

    names: tuple[str, ...]
    effect: Floats

    def factors(self, timeline: Timeline, calendar: tuple[CalendarEvent, ...], places: Places) -> Floats:
        """(G, count): the product of the effects, each by the share of a period's days that it covers."""
        out = np.ones((len(self.effect), timeline.count))
        for e, cover in enumerate(covers(self.names, timeline, calendar, places)):
            out *= 1.0 + cover * (self.effect[:, e : e + 1] - 1.0)
        return out


@dataclass(frozen=True, eq=False)
class Places:
    """`locations` by name; `of` int64 (G,): the location of each group."""

    locations: tuple[str, ...]
    of: Ints


def covers(
    names: tuple[str, ...], timeline: Timeline, calendar: tuple[CalendarEvent, ...], places: Places
) -> list[Floats]:
    """For each name (G, count): the share of a period's days on which the event is, at most 1."""
    at = {name: e for e, name in enumerate(names)}
    row = {location: k for k, location in enumerate(places.locations)}
    out = np.zeros((len(names), len(places.locations), timeline.count))
    for event in calendar:
        e = at.get(event.event)
        if e is None or event.uplift_factor is not None or (event.region is not None and event.region not in row):
            continue
        t = timeline.index_of(event.day)
        if 0 <= t < timeline.count:
            days = (timeline.start(t + 1) - timeline.start(t)).days
            out[e, slice(None) if event.region is None else row[event.region], t] += 1.0 / days
    return [np.minimum(cover, 1.0)[places.of] for cover in out]


def learn(
    sums: tuple[Floats, Floats], groups: Groups, timeline: Timeline, calendar: tuple[CalendarEvent, ...], places: Places
) -> Occasions:
    """Effects of the events whose uplift nobody gave. `sums` (G, T): demand, and what level and season expect."""
    names = tuple(sorted({event.event for event in calendar if event.uplift_factor is None}))
    cover = covers(names, timeline, calendar, places)
    there = [e for e, share in enumerate(cover) if share.any()]
    names, cover = tuple(names[e] for e in there), [cover[e] for e in there]
    days = [np.flatnonzero(share.any(axis=0)) for share in cover]
    own = [share[:, when] for share, when in zip(cover, days, strict=True)]
    keys = np.stack((np.zeros(groups.count, np.int64), *groups.levels))
    effect = np.ones((groups.count, len(names)))
    expected = sums[1].copy()  # what level, season and all events together expect
    for _ in range(PASSES):
        for e, when in enumerate(days):
            expected[:, when] /= 1.0 + own[e] * (effect[:, e : e + 1] - 1.0)
            effect[:, e] = _effect((sums[0], expected), keys, cover[e], when)
            expected[:, when] *= 1.0 + own[e] * (effect[:, e : e + 1] - 1.0)
    return Occasions(names, effect)


def _effect(sums: tuple[Floats, Floats], keys: Ints, cover: Floats, when: Ints) -> Floats:
    """Effect (G,) of one event on the days `when`: all series, times location, department and category, shrunken.

    `sums`: demand, and what is expected without the event. `keys` (D, G): group of each level, coarse ones first.
    """
    units, expected = sums
    repeat = np.arange(len(when)) * min(len(when), MOST_REPEATS) // len(when)
    own, plain = cover[:, when], cover == 0.0
    usual = (units * plain).sum(axis=1) / np.maximum((expected * plain).sum(axis=1), 1e-9)
    usual = np.where(usual > 0.0, usual, 1.0)[:, None]
    # what a day of the event would have sold more than usual, and what is usual for the days it covers
    base = usual * expected[:, when]
    more = np.where(own > 0.0, units[:, when] - base * (1.0 - own), 0.0)
    return _chained(more, base * own, repeat, keys)


@njit(cache=True)
def _chained(more: Floats, base: Floats, repeat: Ints, keys: Ints) -> Floats:
    """The product (G,) of every level's deviations from those above it; `more`, `base` (G, days of the event)."""
    count, days = more.shape
    repeats = repeat[-1] + 1
    effect = np.ones(count)
    for depth in range(len(keys)):
        key = keys[depth]
        units = np.zeros((key.max() + 1, 1, repeats))
        level = np.zeros((key.max() + 1, 1, repeats))
        for g in range(count):
            for k in range(days):
                units[key[g], 0, repeat[k]] += more[g, k]
                level[key[g], 0, repeat[k]] += base[g, k] * effect[g]
        reliability = ALL_RELIABILITY if depth == 0 else GROUP_RELIABILITY
        deviation = drawn(units, level, (UNITS, reliability, LEAST_RELIABILITY), False)  # noqa: FBT003
        for g in range(count):
            effect[g] *= deviation[key[g], 0]
    for g in range(count):
        effect[g] = min(max(effect[g], LEAST_EFFECT), MOST_EFFECT)
    return effect
