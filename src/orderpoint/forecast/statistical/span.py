"""What a voice says of the next period and of the sum over a span, all its lanes at once."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.forecast.statistical import lanes as layout
from orderpoint.forecast.statistical.lanes import Kind, Shape, Vector, Voice
from orderpoint.forecast.statistical.machine import speak
from orderpoint.forecast.statistical.seasons import add_phase, last_of_phase, years_ago

U = np.uint64
ZERO, ONE = np.float32(0.0), np.float32(1.0)
FLAT_BELOW, LINE_BELOW = layout.FLAT_BELOW, layout.LINE_BELOW
WINTERS_TIMES, SEASONAL, LAST_YEAR = int(Kind.WINTERS_TIMES), int(Kind.SEASONAL), int(Kind.LAST_YEAR)
POOLED = int(Voice.POOLED)
SCRATCH = 7
"""Rows of lanes: base, slope, phi, power, steps; next period's mean, the span's."""
Rows = tuple[NDArray[np.float32], NDArray[np.bool_]]


@njit(cache=True, error_model="numpy")
def say(
    shape: Shape,
    voice: int,
    run: tuple[Vector, int],
    ahead: tuple[int, int, int],
    rows: Rows,
    out: tuple[Vector, Vector, int],
) -> None:
    """Rows 5 and 6 of the scratch: mean of the next period, and of the seen ones among the span.

    `run`: memory, lanes. `ahead`: known periods, span, half of the history. `rows`: seasonal factors and what was
    seen. `out`: scratch; movements of groups and where the voice's begin (read where pooled).
    """
    memory, lanes = run
    known, span, half = ahead
    scratch, move, move_at = out
    speak(shape, voice, memory, lanes, (half, scratch))
    if voice == POOLED:
        for c in range(U(lanes)):
            scratch[c] *= move[U(move_at) + c]
    if shape.kind < FLAT_BELOW:
        sum_levels(lanes, (known, span), rows, scratch)
    elif shape.kind < LINE_BELOW:
        sum_lines(lanes, (known, span), rows, scratch)
    elif shape.kind < SEASONAL:
        sum_winters(shape, run, (known, span), rows, scratch)
    elif shape.kind == SEASONAL:
        sum_phases(shape.length, run, (known, span), rows, scratch)
    elif shape.kind == LAST_YEAR:
        sum_years(shape, run, (known, span), rows, scratch)
    else:
        sum_lags(shape.length, run, (known, span), rows, scratch)


@njit(cache=True, error_model="numpy")
def sum_levels(lanes: int, ahead: tuple[int, int], rows: Rows, scratch: Vector) -> None:
    """A level times the season."""
    known, span = ahead
    factor, seen = rows
    some = ZERO
    for h in range(known, known + span):
        if seen[h]:
            some += factor[h]
    first = factor[known]
    for c in range(lanes):
        base = scratch[c]
        base = max(ZERO, base)
        scratch[5 * lanes + c] = base * first
        scratch[6 * lanes + c] = base * some


@njit(cache=True, error_model="numpy")
def sum_lines(lanes: int, ahead: tuple[int, int], rows: Rows, scratch: Vector) -> None:
    """A line, cut at zero, times the season."""
    known, span = ahead
    factor, seen = rows
    for c in range(lanes):
        phi = scratch[2 * lanes + c]
        first = scratch[c] + scratch[lanes + c] * phi
        scratch[5 * lanes + c] = (max(ZERO, first)) * factor[known]
        scratch[3 * lanes + c] = phi
        scratch[4 * lanes + c] = phi
        scratch[6 * lanes + c] = ZERO
    for h in range(known, known + span):
        f = factor[h] if seen[h] else ZERO
        for c in range(lanes):
            steps = scratch[4 * lanes + c]
            mean = scratch[c] + scratch[lanes + c] * steps
            mean = max(ZERO, mean)
            scratch[6 * lanes + c] += mean * f
            power = scratch[3 * lanes + c] * scratch[2 * lanes + c]
            scratch[3 * lanes + c] = power
            scratch[4 * lanes + c] = steps + power


@njit(cache=True, error_model="numpy")
def sum_winters(shape: Shape, run: tuple[Vector, int], ahead: tuple[int, int], rows: Rows, scratch: Vector) -> None:
    """A line and its own season, cut at zero, times the pooled season."""
    memory, lanes = run
    known, span = ahead
    factor, seen = rows
    times = ONE if shape.kind == WINTERS_TIMES else ZERO
    add = ONE - times
    for c in range(lanes):
        phi = scratch[2 * lanes + c]
        scratch[3 * lanes + c] = phi
        scratch[4 * lanes + c] = phi
        scratch[6 * lanes + c] = ZERO
    phase = known % shape.length
    for h in range(known, known + span):
        f = factor[h] if seen[h] else ZERO
        row = U(6 + phase) * U(lanes)
        for c in range(U(lanes)):
            steps = scratch[U(4 * lanes) + c]
            line = scratch[c] + scratch[U(lanes) + c] * steps
            index = memory[row + c]
            mean = line * (add + times * index) + add * index
            mean = max(ZERO, mean)
            scratch[U(6 * lanes) + c] += mean * f
            power = scratch[U(3 * lanes) + c] * scratch[U(2 * lanes) + c]
            scratch[U(3 * lanes) + c] = power
            scratch[U(4 * lanes) + c] = steps + power
        phase = phase + 1 if phase + 1 < shape.length else 0
    row = U(6 + known % shape.length) * U(lanes)
    for c in range(U(lanes)):
        line = scratch[c] + scratch[U(lanes) + c] * scratch[U(2 * lanes) + c]
        index = memory[row + c]
        mean = line * (add + times * index) + add * index
        scratch[U(5 * lanes) + c] = (max(ZERO, mean)) * factor[known]


@njit(cache=True, error_model="numpy")
def sum_phases(season: int, run: tuple[Vector, int], ahead: tuple[int, int], rows: Rows, scratch: Vector) -> None:
    """Periods as the season's values say, without the pooled season."""
    memory, lanes = run
    known, span = ahead
    seen = rows[1]
    for c in range(lanes):
        scratch[5 * lanes + c] = ZERO
        scratch[6 * lanes + c] = ZERO
    first = known % season
    add_phase(memory, lanes, (season, first), ONE, (scratch, 5))
    for k in range(min(season, span)):
        times = ZERO
        for h in range(known + k, known + span, season):
            if seen[h]:
                times += ONE
        phase = first + k if first + k < season else first + k - season
        add_phase(memory, lanes, (season, phase), times, (scratch, 6))


@njit(cache=True, error_model="numpy")
def sum_years(shape: Shape, run: tuple[Vector, int], ahead: tuple[int, int], rows: Rows, scratch: Vector) -> None:
    """A share of the year ago, the rest the level times the season; all of it the latter where no year ago was seen.

    Rows: share, wide, keep | S, W.
    """
    memory, lanes = run
    known, span = ahead
    factor, seen = rows
    year = (shape.length, shape.step)
    exact, wide = years_ago(memory, 5 * lanes, year, known, known)
    sums = np.zeros(5, np.float32)  # exact: demand and season; wide: the same; season of all
    for h in range(known, known + span):
        if seen[h]:
            a, b = years_ago(memory, 5 * lanes, year, known, h)
            sums[4] += factor[h]
            if a >= ZERO:
                sums[0] += a
                sums[1] += factor[h]
            if b >= ZERO:
                sums[2] += b
                sums[3] += factor[h]
    for c in range(lanes):
        is_wide = memory[lanes + c] > ZERO
        value = wide if is_wide else exact
        share = memory[c]
        now = share if value >= ZERO else ZERO
        units = sums[2] if is_wide else sums[0]
        some = sums[3] if is_wide else sums[1]
        level = scratch[c]
        scratch[5 * lanes + c] = now * value + (ONE - now) * level * factor[known]
        scratch[6 * lanes + c] = share * units + level * (sums[4] - share * some)


@njit(cache=True, error_model="numpy")
def sum_lags(season: int, run: tuple[Vector, int], ahead: tuple[int, int], rows: Rows, scratch: Vector) -> None:
    """Means and the season's last values by their coefficients, cut at zero."""
    memory, lanes = run
    known, span = ahead
    factor, seen = rows
    some, units = ZERO, ZERO
    phase = known % season
    value = last_of_phase(memory, lanes, season, phase)
    for h in range(known, known + span):
        if seen[h]:
            some += factor[h]
            units += last_of_phase(memory, lanes, season, phase)
        phase = phase + 1 if phase + 1 < season else 0
    for c in range(lanes):
        one = scratch[c] * factor[known] + scratch[lanes + c] * value
        total = scratch[c] * some + scratch[lanes + c] * units
        scratch[5 * lanes + c] = max(ZERO, one)
        scratch[6 * lanes + c] = max(ZERO, total)
