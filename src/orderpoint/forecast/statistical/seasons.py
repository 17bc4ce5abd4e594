"""Forms that say periods as they came: the season's last values, the last year, the pooled regression on lags."""

from __future__ import annotations

import numpy as np
from numba import njit

from orderpoint.forecast.statistical.lanes import FEATURES, LAG_WINDOWS, Vector
from orderpoint.forecast.statistical.levels import step_mean

ZERO, ONE, UNSEEN = np.float32(0.0), np.float32(1.0), np.float32(-1.0)
QUARTER, HALF = np.float32(0.25), np.float32(0.5)
RING = LAG_WINDOWS[-1]
WINDOWS = np.array(LAG_WINDOWS, np.int64)
MEANS = len(LAG_WINDOWS)
LAG_ROWS, LAG_PHASES = 3 * FEATURES, 3 + 2 * RING
U = np.uint64


@njit(cache=True, forceinline=True, error_model="numpy")
def step_seasonal(memory: Vector, lanes: int, season: int, phase: int, y: np.float32) -> None:
    """Rows: alpha, share | value of each phase; prior level, then which phases were seen."""
    b = (2 + season) * lanes
    row = U(2 + phase) * U(lanes)
    first = memory[b + 1 + phase] == ZERO
    memory[b + 1 + phase] = ONE
    floor = ONE if first else ZERO
    for c in range(U(lanes)):
        now = memory[row + c]
        gain = memory[c]
        gain = max(floor, gain)
        memory[row + c] = now + gain * (y - now)


@njit(cache=True, error_model="numpy")
def say_phases(memory: Vector, lanes: int, season: int, out: Vector) -> None:
    """The mean of the phases that were seen, else the prior."""
    b = (2 + season) * lanes
    for c in range(lanes):
        out[c] = ZERO
    had = ZERO
    for phase in range(season):
        had += memory[b + 1 + phase]
        row = U(2 + phase) * U(lanes)
        for c in range(U(lanes)):
            out[c] += memory[row + c]
    share = ONE / had if had > ZERO else ZERO
    other = ZERO if had > ZERO else memory[b]
    for c in range(lanes):
        out[c] = out[c] * share + other


@njit(cache=True, forceinline=True, error_model="numpy")
def add_phase(memory: Vector, lanes: int, at: tuple[int, int], times: np.float32, out: tuple[Vector, int]) -> None:
    """Add `times` a phase's mean to row `out[1]`: `share` of its value, the rest of the mean of all (row 0).

    `at`: season, phase. A phase that was never seen is the mean.
    """
    season, phase = at
    scratch, to = out
    row = U(2 + phase) * U(lanes)
    seen = memory[(2 + season) * lanes + 1 + phase]
    for c in range(U(lanes)):
        share = memory[U(lanes) + c] * seen
        scratch[U(to * lanes) + c] += times * (share * memory[row + c] + (ONE - share) * scratch[c])


@njit(cache=True, error_model="numpy")
def years_ago(memory: Vector, b: int, year: tuple[int, int], known: int, t: int) -> tuple[np.float32, np.float32]:
    """The period a year before t, and the weighted mean of three around it; -1 where none of them was seen.

    Periods before `known` are known, the last lag + step of them in the ring from `b` on.
    """
    lag, step = year
    ring = lag + step
    middle = t - lag
    while middle >= known:
        middle -= lag
    place = known % ring - (known - middle)  # of the ring, up to one round too low
    place = place + ring if place < 0 else place
    exact, units, weight = UNSEEN, ZERO, ZERO
    for k in range(-1, 2):
        at = middle + k * step
        if 0 <= at < known:
            there = place + k * step
            there = there + ring if there < 0 else there
            there = there - ring if there >= ring else there
            value = memory[b + there]
            if value >= ZERO:
                share = HALF if k == 0 else QUARTER
                units += share * value
                weight += share
                if k == 0:
                    exact = value
    return exact, units / weight if weight > ZERO else UNSEEN


@njit(cache=True, forceinline=True, error_model="numpy")
def step_lags(memory: Vector, lanes: int, phase: int, y: np.float32, f: np.float32) -> None:
    """Rows: coefficients |; as `step_mean`, then the last value of each phase (-1: never seen)."""
    b = LAG_ROWS * lanes
    step_mean(memory, b, RING, y, f)
    memory[b + LAG_PHASES + phase] = y


@njit(cache=True, error_model="numpy")
def say_lags(memory: Vector, lanes: int, half: int, out: Vector) -> None:
    """The means' part, row 0, and the season's weight, row 1, by the coefficients that a half of the history is told.

    `half` is 0, 1, or 2 for what the whole history says.
    """
    b = LAG_ROWS * lanes
    had, place = int(memory[b]), int(memory[b + 2])
    first = U(half * FEATURES * lanes)
    for c in range(U(lanes)):
        out[c] = ZERO
        out[U(lanes) + c] = memory[first + U(MEANS * lanes) + c]
    units, weight, back = 0.0, 0.0, 0
    for j in range(MEANS):
        wanted = min(WINDOWS[j], had)
        while back < wanted:
            back += 1
            place = place - 1 if place > 0 else RING - 1
            units += memory[b + 3 + place]
            weight += memory[b + 3 + RING + place]
        mean = np.float32(units / weight) if weight > 0.0 else memory[b + 1]
        row = first + U(j * lanes)
        for c in range(U(lanes)):
            out[c] += memory[row + c] * mean


@njit(cache=True, error_model="numpy")
def last_of_phase(memory: Vector, lanes: int, season: int, phase: int) -> np.float32:
    """The season's last value at the phase, the mean of the others where it was never seen, else the prior."""
    b = LAG_ROWS * lanes
    value = memory[b + LAG_PHASES + phase]
    if value < ZERO:
        total, had = ZERO, ZERO
        for k in range(season):
            other = memory[b + LAG_PHASES + k]
            if other >= ZERO:
                total += other
                had += ONE
        value = total / had if had > ZERO else memory[b + 1]
    return np.float32(value)
