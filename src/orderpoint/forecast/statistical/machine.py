"""One step of any run, and the line that any voice sees ahead: where kinds are told apart (but for `history.walk`)."""

from __future__ import annotations

import numpy as np
from numba import njit

from orderpoint.forecast.statistical.lanes import Kind, Shape, Vector, Voice
from orderpoint.forecast.statistical.levels import (
    say_buckets,
    say_mean,
    say_ratio,
    step_buckets,
    step_croston,
    step_mean,
    step_ratio,
    step_tsb,
)
from orderpoint.forecast.statistical.lines import (
    say_naive,
    say_theta,
    step_naive,
    step_theta,
    step_trend,
    step_winters,
)
from orderpoint.forecast.statistical.seasons import (
    LAG_PHASES,
    say_lags,
    say_phases,
    step_lags,
    step_seasonal,
)

ZERO, ONE, HALF = np.float32(0.0), np.float32(1.0), np.float32(0.5)
RATIO, MEAN, TSB, CROSTON, BUCKETS = (int(Kind[k]) for k in ("RATIO", "MEAN", "TSB", "CROSTON", "BUCKETS"))
TREND, THETA, NAIVE = (int(Kind[k]) for k in ("TREND", "THETA", "NAIVE"))
WINTERS_ADD, WINTERS_TIMES = (int(Kind[k]) for k in ("WINTERS_ADD", "WINTERS_TIMES"))
SEASONAL, LAST_YEAR = (int(Kind[k]) for k in ("SEASONAL", "LAST_YEAR"))
CORRECTED, MEAN_OF_BUCKETS = int(Voice.CORRECTED), int(Voice.MEAN_OF_BUCKETS)


@njit(cache=True, error_model="numpy")
def start(shape: Shape, memory: Vector, at: tuple[int, int], lanes: int, prior: tuple[np.float32, np.float32]) -> None:
    """State before the first period. `at`: where states and what is shared begin.

    `prior` is the level of an unknown series and its weight in periods. `memory` has been zero behind the parameters.
    """
    states, b = at
    level, weight = prior
    kind, length = shape.kind, shape.length
    if kind in (RATIO, LAST_YEAR):
        memory[states : states + lanes] = level * weight
        memory[states + lanes : states + 2 * lanes] = weight
    if kind == LAST_YEAR:
        memory[b : b + length + shape.step] = -ONE
    elif kind in (TSB, CROSTON):
        memory[(2 if kind == TSB else 3) * lanes : (3 if kind == TSB else 4) * lanes] = ONE
        memory[(3 if kind == TSB else 2) * lanes : (4 if kind == TSB else 3) * lanes] = level
    elif kind == BUCKETS:
        memory[states:b] = level
    elif kind in (TREND, THETA):
        memory[states : states + lanes] = level
    elif kind == NAIVE:
        memory[b + 2] = level
    elif kind == MEAN:
        memory[b + 1] = level
    elif kind == SEASONAL:
        memory[b] = level
    elif kind in (WINTERS_ADD, WINTERS_TIMES):
        memory[states : states + lanes] = level
        memory[b + 5 : b + 5 + 2 * length] = -ONE
        if kind == WINTERS_TIMES:
            memory[b + 4] = ONE
            memory[6 * lanes : (6 + length) * lanes] = ONE
    elif kind > LAST_YEAR:
        memory[b + 1] = level
        memory[b + LAG_PHASES : b + LAG_PHASES + length] = -ONE


@njit(cache=True, error_model="numpy")
def step(shape: Shape, memory: Vector, lanes: int, t: int, cell: tuple[np.float32, np.float32]) -> None:
    """Take the seen period t: demand and its season."""
    y, f = cell
    x = y / f
    kind = shape.kind
    if kind == RATIO:
        step_ratio(memory, 0, lanes, y, f)
    elif kind == MEAN:
        step_mean(memory, lanes, shape.length, y, f)
    elif kind == TSB:
        step_tsb(memory, lanes, x)
    elif kind == CROSTON:
        step_croston(memory, lanes, x)
    elif kind == BUCKETS:
        step_buckets(memory, lanes, y, f)
    elif kind == TREND:
        step_trend(memory, lanes, x)
    elif kind == THETA:
        step_theta(memory, lanes, x)
    elif kind == NAIVE:
        step_naive(memory, lanes, x)
    elif kind in (WINTERS_ADD, WINTERS_TIMES):
        step_winters(memory, lanes, (shape.length, t, t % shape.length), x)
    elif kind == SEASONAL:
        step_seasonal(memory, lanes, shape.length, t % shape.length, y)
    elif kind == LAST_YEAR:
        memory[5 * lanes + t % (shape.length + shape.step)] = y
        step_ratio(memory, 2 * lanes, lanes, y, f)
    else:
        step_lags(memory, lanes, t % shape.length, y, f)


@njit(cache=True, error_model="numpy")
def skip(shape: Shape, memory: Vector, lanes: int, t: int) -> None:
    """Period t was not seen: states stay, but a ring over the calendar forgets what it held."""
    if shape.kind == LAST_YEAR:
        memory[5 * lanes + t % (shape.length + shape.step)] = -ONE


@njit(cache=True, error_model="numpy")
def speak(  # noqa: C901, PLR0912 - one branch for each kind
    shape: Shape, voice: int, memory: Vector, lanes: int, asked: tuple[int, Vector]
) -> None:
    """Fill base, slope and phi of what comes, rows 0, 1 and 2 of the scratch; `asked`: half, scratch."""
    half, scratch = asked
    kind = shape.kind
    if kind == RATIO:
        say_ratio(memory, 0, lanes, scratch)
    elif kind == MEAN:
        say_mean(memory, lanes, shape.length, scratch)
    elif kind == TSB:
        for c in range(lanes):
            scratch[c] = memory[2 * lanes + c] * memory[3 * lanes + c]
    elif kind == CROSTON:
        correct = HALF if voice == CORRECTED else ZERO
        waited = ONE / (ONE + memory[4 * lanes + 1]) if memory[4 * lanes] == ZERO else ONE  # no demand yet
        for c in range(lanes):
            factor = waited * (ONE - correct * memory[lanes + c])
            scratch[c] = factor * memory[2 * lanes + c] / memory[3 * lanes + c]
    elif kind == BUCKETS:
        say_buckets(memory, lanes, voice == MEAN_OF_BUCKETS, scratch)
    elif kind == TREND:
        for c in range(lanes):
            scratch[c] = memory[3 * lanes + c]
            scratch[lanes + c] = memory[4 * lanes + c]
            scratch[2 * lanes + c] = memory[2 * lanes + c]
    elif kind == THETA:
        say_theta(memory, lanes, scratch)
        scratch[2 * lanes : 3 * lanes] = ONE
    elif kind == NAIVE:
        say_naive(memory, lanes, scratch)
        scratch[2 * lanes : 3 * lanes] = memory[lanes : 2 * lanes]
    elif kind in (WINTERS_ADD, WINTERS_TIMES):
        for c in range(lanes):
            scratch[c] = memory[4 * lanes + c]
            scratch[lanes + c] = memory[5 * lanes + c]
            scratch[2 * lanes + c] = memory[3 * lanes + c]
    elif kind == SEASONAL:
        say_phases(memory, lanes, shape.length, scratch)
    elif kind == LAST_YEAR:
        say_ratio(memory, 2 * lanes, lanes, scratch)
    else:
        say_lags(memory, lanes, half, scratch)
