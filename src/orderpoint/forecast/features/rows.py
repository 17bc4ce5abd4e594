"""Which features are wanted: a series, how much of its past is known, and the period that is asked for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.features.past import LEAST_LEVEL, Past

Ints = NDArray[np.int32]


class Rows(NamedTuple):
    """R rows, those of a series together.

    `series` int32 (B,) and `first` int64 (B + 1,): rows first[b]..first[b + 1] are of series[b]. `origin` int32 (R,):
    the periods before it are known; `target` int32 (R,): the period asked for, `origin` or later.
    """

    series: Ints
    first: NDArray[np.int64]
    origin: Ints
    target: Ints

    def owner(self) -> Ints:
        """int32 (R,): the series of each row."""
        return np.repeat(self.series, np.diff(self.first))


def ahead_of(series: Ints, origins: tuple[int, ...], steps: int) -> Rows:
    """Rows of every series, origin and step, in this order."""
    each = len(origins) * steps
    origin = np.repeat(np.array(origins, np.int32), steps)
    target = origin + np.tile(np.arange(steps, dtype=np.int32), len(origins))
    first = np.arange(len(series) + 1, dtype=np.int64) * each
    return Rows(series, first, np.tile(origin, len(series)), np.tile(target, len(series)))


class Draw(NamedTuple):
    """How training rows are drawn.

    `warm`: periods before the first origin; `until`: the first period that must not be read; `horizon`: steps ahead
    are even over 1..horizon; `share`: of the seen periods; `turn`: which of several draws.
    """

    warm: int
    until: int
    horizon: int
    share: float
    turn: int


def drawn(past: Past, draw: Draw) -> Rows:
    """Rows whose outcome was seen, drawn by a hash of series, period and turn: the same for any number of threads."""
    share = np.uint64(min(draw.share, 1.0) * 2**32)
    size = _count(past.seen, past.level, draw, share)
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(size)))
    origin, target = _draw(past.seen, past.level, draw, share, first)
    return Rows(np.arange(len(size), dtype=np.int32), first, origin, target)


def eligible(past: Past, warm: int, until: int) -> int:
    """How many seen periods have a past to be forecast from."""
    return int(_count(past.seen, past.level, Draw(warm, until, 1, 1.0, 0), np.uint64(2**32)).sum())


@njit(cache=True)
def mixed(a: int, b: int, c: int) -> np.uint64:
    """A hash of three numbers (the finaliser of SplitMix64; Steele, Lea & Flood 2014)."""
    z = (
        np.uint64(a) * np.uint64(0x9E3779B97F4A7C15)
        + np.uint64(b) * np.uint64(0xD1B54A32D192ED03)
        + np.uint64(c) * np.uint64(0x8CB92BA72F3D8DD7)
    )
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True)
def _taken(i: int, t: int, turn: int, share: np.uint64) -> bool:
    return bool(mixed(i + 1, t + 1, 2 * turn) >> np.uint64(32) < share)


@njit(cache=True, parallel=True)
def _count(seen: NDArray[np.bool_], level: NDArray[np.float32], draw: Draw, share: np.uint64) -> NDArray[np.int64]:
    n = len(seen)
    out = np.zeros(n, np.int64)
    for i in prange(n):
        had = False
        for t in range(draw.until):
            if seen[i, t]:
                if had and t >= draw.warm and level[i, t] > LEAST_LEVEL and _taken(i, t, draw.turn, share):
                    out[i] += 1
                had = True
    return out


@njit(cache=True, parallel=True)
def _draw(
    seen: NDArray[np.bool_], level: NDArray[np.float32], draw: Draw, share: np.uint64, first: NDArray[np.int64]
) -> tuple[Ints, Ints]:
    n = len(seen)
    origin, target = np.zeros(first[-1], np.int32), np.zeros(first[-1], np.int32)
    for i in prange(n):
        at, begun = first[i], -1
        for t in range(draw.until):
            if not seen[i, t]:
                continue
            if begun >= 0 and t >= draw.warm and level[i, t] > LEAST_LEVEL and _taken(i, t, draw.turn, share):
                most = min(draw.horizon, t - max(draw.warm, begun + 1) + 1)
                step = 1 + np.int64(mixed(i + 1, t + 1, 2 * draw.turn + 1) % np.uint64(max(most, 1)))
                target[at] = t
                origin[at] = t + 1 - step
                at += 1
            if begun < 0:
                begun = t
    return origin, target
