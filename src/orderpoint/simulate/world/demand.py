"""True demand: the expected units of each item, place and day, and the count that chance makes of them.

The log of the expected units is a sum: rate + day (weekday, festival, weather, traffic) + item (price, life, season)
+ drift.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.simulate.world import fitted
from orderpoint.simulate.world.catalog import Catalog
from orderpoint.simulate.world.draws import Key, key_of, mixed, negative_binomial, normal, uniform
from orderpoint.simulate.world.prices import Prices
from orderpoint.simulate.world.seasons import Seasons
from orderpoint.simulate.world.settings import WorldSettings

_COUNT_STREAM, _DRIFT_STREAM = 21, 22
_WEEKLY: Final = fitted.DRIFT_MONTHLY_CORRELATION ** (7.0 / 30.4)


class Demand(NamedTuple):
    """Arrays (items x locations of the slice, days of the slice).

    Attributes:
        expected: mean units; 0 while the item is not on offer.
        units: the demand that came, before anybody looks at the shelf.
    """

    expected: NDArray[np.float32]
    units: NDArray[np.int32]


class _Drift(NamedTuple):
    """A mean-reverting walk by weeks: its spread, the correlation of two weeks, the spread of a step."""

    sd: float
    correlation: float
    step_sd: float


class _Rates(NamedTuple):
    category: NDArray[np.int64]
    log_rate: NDArray[np.float64]
    size: NDArray[np.float64]
    walk: _Drift


class Span(NamedTuple):
    """Which part of a world to make: items `first` to `last` - 1, days `start` to `stop` - 1.

    `path` other than 0 gives the days from `history_days` on another luck, both in the counts and in the drift.
    """

    first: int
    last: int
    start: int
    stop: int
    history_days: int
    path: int = 0


def make(settings: WorldSettings, catalog: Catalog, seasons: Seasons, prices: Prices, span: Span) -> Demand:
    """Demand of a slice; `prices` are those of the same items, over all days."""
    places = settings.locations
    rows = (span.last - span.first) * places
    out = Demand(
        np.empty((rows, span.stop - span.start), np.float32), np.empty((rows, span.stop - span.start), np.int32)
    )
    part = slice(span.first, span.last)
    walk = _Drift(fitted.DRIFT_SD, _WEEKLY, fitted.DRIFT_SD * math.sqrt(1.0 - _WEEKLY**2))
    rates = _Rates(catalog.category[part], catalog.log_rate[part], catalog.size[part], walk)
    _fill(out, rates, seasons.log_day, prices.log_factor, span, settings.seed)
    return out


@njit(cache=True, nogil=True)
def _fill(
    out: Demand,
    rates: _Rates,
    log_day: NDArray[np.float64],
    log_item: NDArray[np.float32],
    span: Span,
    seed: int,
) -> None:
    category, log_rate, size, walk = rates
    places = log_rate.shape[1]
    for row in range(len(out.units)):
        i, place = row // places, row % places
        series = (span.first + i) * 64 + place
        drift = _drift(key_of(seed, _DRIFT_STREAM, series), walk, span)
        past = key_of(seed, _COUNT_STREAM, series)
        ahead = past if span.path == 0 else mixed(past ^ np.uint64(span.path))
        for day in range(span.start, span.stop):
            log_mean = log_rate[i, place] + log_day[category[i], place, day] + log_item[i, day]
            week = day // 7
            share = (day - 7 * week) / 7.0
            mean = math.exp(log_mean + drift[week] * (1.0 - share) + drift[week + 1] * share)
            key = past if day < span.history_days else ahead
            out.expected[row, day - span.start] = mean
            out.units[row, day - span.start] = negative_binomial(uniform(key, day), mean, size[i, place])


@njit(cache=True)
def _drift(key: Key, walk: _Drift, span: Span) -> NDArray[np.float64]:
    """The log level at the start of each week: a mean-reverting walk, in between it runs in a straight line."""
    level = np.empty(span.stop // 7 + 2)
    past = np.uint64(key)
    ahead = past if span.path == 0 else mixed(past ^ np.uint64(span.path))
    for week in range(len(level)):
        z = normal(past if 7 * week <= span.history_days else ahead, week)
        level[week] = walk.sd * z if week == 0 else walk.correlation * level[week - 1] + walk.step_sd * z
    return level
