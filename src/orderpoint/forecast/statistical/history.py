"""Running all runs of a bank over the history of one series, with every origin heard on the way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.forecast.statistical.bank import Bank
from orderpoint.forecast.statistical.lanes import LANES, Shape, Vector
from orderpoint.forecast.statistical.levels import (
    step_buckets,
    step_croston,
    step_mean,
    step_ratio,
    step_tsb,
)
from orderpoint.forecast.statistical.lines import step_naive, step_theta, step_trend, step_winters
from orderpoint.forecast.statistical.machine import start
from orderpoint.forecast.statistical.seasons import step_lags, step_seasonal
from orderpoint.forecast.statistical.span import SCRATCH, say

L = LANES
U = np.uint64
UNSEEN = np.float32(-1.0)
Whole = int | np.int64


class Series(NamedTuple):
    """One series: demand, what was seen, seasonal factors (each (T,)); its prior level and that one's weight."""

    demand: NDArray[np.float32]
    seen: NDArray[np.bool_]
    factor: NDArray[np.float32]
    prior: tuple[np.float32, np.float32]


class Asked(NamedTuple):
    """The origins, the span of the sums, and how many of the origins lie in the first half of the history."""

    origins: NDArray[np.int64]
    span: int
    early: int


class Memories(NamedTuple):
    """Memory of each slot (`lanes.SLOTS`, in that order), of one number where it is empty."""

    simple: Vector
    pooled: Vector
    mean: Vector
    tsb: Vector
    croston: Vector
    buckets: Vector
    holt: Vector
    damped: Vector
    theta: Vector
    naive: Vector
    winters_add: Vector
    winters_times: Vector
    seasonal: Vector
    last_year: Vector
    lags: Vector


class Desk(NamedTuple):
    """Room for one series, float32: `scratch` of a voice; `move` (tables x O x L), movement of its groups.

    `one` and `total` (O x V x L) take what is said of the next period and of the span.
    """

    scratch: Vector
    move: Vector
    one: Vector
    total: Vector


@njit(cache=True)
def desk_for(bank: Bank, origins: int) -> Desk:
    """Room for what is said of a series."""
    said = origins * len(bank.run_of) * L
    tables = max(bank.table.max() + 1, 1)
    return Desk(
        np.zeros(SCRATCH * L, np.float32),
        np.ones(tables * max(origins, 1) * L, np.float32),
        np.zeros(said, np.float32),
        np.zeros(said, np.float32),
    )


@njit(cache=True)
def _memory(bank: Bank, r: Whole) -> Vector:
    """Memory of one slot, with its parameters."""
    memory = np.zeros(max(bank.at[r, 2], 1), np.float32)
    for k in range(bank.at[r, 0]):
        memory[k] = bank.params[r, k // L, k % L]
    return memory


@njit(cache=True)
def memories_for(bank: Bank) -> Memories:
    """Memory of all slots, with their parameters (a bare number would be compiled for itself)."""
    return Memories(
        _memory(bank, np.int64(0)),
        _memory(bank, np.int64(1)),
        _memory(bank, np.int64(2)),
        _memory(bank, np.int64(3)),
        _memory(bank, np.int64(4)),
        _memory(bank, np.int64(5)),
        _memory(bank, np.int64(6)),
        _memory(bank, np.int64(7)),
        _memory(bank, np.int64(8)),
        _memory(bank, np.int64(9)),
        _memory(bank, np.int64(10)),
        _memory(bank, np.int64(11)),
        _memory(bank, np.int64(12)),
        _memory(bank, np.int64(13)),
        _memory(bank, np.int64(14)),
    )


@njit(cache=True)
def memory_of(m: Memories, r: int) -> Vector:
    """Memory of slot r."""
    if r < 8:
        if r < 4:
            return (m.simple if r == 0 else m.pooled) if r < 2 else (m.mean if r == 2 else m.tsb)
        return (m.croston if r == 4 else m.buckets) if r < 6 else (m.holt if r == 6 else m.damped)
    if r < 12:
        return (m.theta if r == 8 else m.naive) if r < 10 else (m.winters_add if r == 10 else m.winters_times)
    return (m.seasonal if r == 12 else m.last_year) if r < 14 else m.lags


@njit(inline="always")
def run_history(bank: Bank, series: Series, asked: Asked, memories: Memories, desk: Desk) -> None:
    """Leaves what all voices said in `one` and `total`, and the states at the end in the memories."""
    for r in range(len(bank.shape)):
        if bank.at[r, 2] > 0:
            memory = memory_of(memories, r)
            memory[bank.at[r, 0] :] = np.float32(0.0)
            shape = Shape(bank.shape[r, 0], bank.shape[r, 1], bank.shape[r, 2])
            start(shape, memory, (bank.at[r, 0], bank.at[r, 1]), L, series.prior)
    known = np.int64(0)  # a bare number would have `walk` compiled for itself
    for o in range(len(asked.origins)):
        walk(bank, series, known, asked.origins[o], memories)
        known = asked.origins[o]
        hear(bank, series, (known, asked.span, 1 if o >= asked.early else 0), (o, len(asked.origins)), memories, desk)
    walk(bank, series, known, len(series.demand), memories)


@njit(cache=True, error_model="numpy")
def walk(  # noqa: C901, PLR0912, PLR0915 - choosing an array at run time costs more than its step
    bank: Bank, series: Series, begin: Whole, end: int, m: Memories
) -> None:
    """Take the periods from `begin` up to `end`, all runs at each: side by side they do not wait for each other."""
    there = bank.at[:, 2] > 0
    simple, pooled, mean, tsb, croston = there[0], there[1], there[2], there[3], there[4]
    buckets, holt, damped, theta, naive = there[5], there[6], there[7], there[8], there[9]
    add, times, seasonal, year, lags = there[10], there[11], there[12], there[13], there[14]
    ring, add_season, times_season = bank.shape[2, 1], max(bank.shape[10, 1], 1), max(bank.shape[11, 1], 1)
    season, lag_season = max(bank.shape[12, 1], 1), max(bank.shape[14, 1], 1)
    lag = max(bank.shape[13, 1] + bank.shape[13, 2], 1)
    m_simple, m_pooled, m_mean, m_tsb, m_croston = m.simple, m.pooled, m.mean, m.tsb, m.croston
    m_buckets, m_holt, m_damped, m_theta, m_naive = m.buckets, m.holt, m.damped, m.theta, m.naive
    m_add, m_times, m_seasonal, m_year, m_lags = m.winters_add, m.winters_times, m.seasonal, m.last_year, m.lags
    demand, seen, factor = series.demand, series.seen, series.factor
    p_add, p_times = (begin - 1) % add_season, (begin - 1) % times_season
    p_season, p_year, p_lags = (begin - 1) % season, (begin - 1) % lag, (begin - 1) % lag_season
    for t in range(begin, end):
        p_add = p_add + 1 if p_add + 1 < add_season else 0
        p_times = p_times + 1 if p_times + 1 < times_season else 0
        p_season = p_season + 1 if p_season + 1 < season else 0
        p_year = p_year + 1 if p_year + 1 < lag else 0
        p_lags = p_lags + 1 if p_lags + 1 < lag_season else 0
        if not seen[t]:
            if year:
                m_year[5 * L + p_year] = UNSEEN
            continue
        y, f = demand[t], factor[t]
        x = y / f
        if simple:
            step_ratio(m_simple, 0, L, y, f)
        if pooled:
            step_ratio(m_pooled, 0, L, y, f)
        if holt:
            step_trend(m_holt, L, x)
        if damped:
            step_trend(m_damped, L, x)
        if tsb:
            step_tsb(m_tsb, L, x)
        if croston:
            step_croston(m_croston, L, x)
        if theta:
            step_theta(m_theta, L, x)
        if add:
            step_winters(m_add, L, (add_season, t, p_add), x)
        if times:
            step_winters(m_times, L, (times_season, t, p_times), x)
        if seasonal:
            step_seasonal(m_seasonal, L, season, p_season, y)
        if buckets:
            step_buckets(m_buckets, L, y, f)
        if mean:
            step_mean(m_mean, L, ring, y, f)
        if naive:
            step_naive(m_naive, L, x)
        if year:
            m_year[5 * L + p_year] = y
            step_ratio(m_year, 2 * L, L, y, f)
        if lags:
            step_lags(m_lags, L, p_lags, y, f)


@njit(cache=True, error_model="numpy")
def hear(
    bank: Bank, series: Series, ahead: tuple[int, int, int], at: tuple[int, int], memories: Memories, desk: Desk
) -> None:
    """What all voices say at one origin; `at`: its number, and how many there are."""
    voices = len(bank.run_of)
    o, origins = at
    for v in range(voices):
        r = bank.run_of[v]
        shape = Shape(bank.shape[r, 0], bank.shape[r, 1], bank.shape[r, 2])
        move_at = (max(bank.table[v], 0) * origins + o) * L
        say(
            shape,
            bank.voice[v],
            (memory_of(memories, r), L),
            ahead,
            (series.factor, series.seen),
            (desk.scratch, desk.move, move_at),
        )
        place = U(o * voices + v) * U(L)
        for c in range(U(L)):
            desk.one[place + c] = desk.scratch[U(5 * L) + c]
            desk.total[place + c] = desk.scratch[U(6 * L) + c]
