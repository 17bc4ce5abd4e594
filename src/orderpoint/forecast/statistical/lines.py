"""Steps of forms whose forecast is a line: Holt with a damped trend, Theta, naive with drift; and Holt-Winters."""

from __future__ import annotations

import numpy as np
from numba import njit

from orderpoint.forecast.statistical.lanes import Vector

ZERO, ONE, HALF, TINY = np.float32(0.0), np.float32(1.0), np.float32(0.5), np.float32(1e-9)
TWELVE = np.float32(12.0)
U = np.uint64


@njit(cache=True, forceinline=True, error_model="numpy")
def step_trend(memory: Vector, lanes: int, x: np.float32) -> None:
    """Rows: alpha, alpha beta, phi | level, trend; begun. Holt's equations in their error-correction form."""
    b = 5 * lanes
    if memory[b] == ZERO:
        memory[b] = ONE
        for c in range(lanes):
            memory[3 * lanes + c] = x
        return
    for c in range(lanes):
        trend = memory[2 * lanes + c] * memory[4 * lanes + c]
        line = memory[3 * lanes + c] + trend
        error = x - line
        memory[3 * lanes + c] = line + memory[c] * error
        memory[4 * lanes + c] = trend + memory[lanes + c] * error


@njit(cache=True, forceinline=True, error_model="numpy")
def step_theta(memory: Vector, lanes: int, x: np.float32) -> None:
    """Rows: alpha, weight of the drift | level, (1 - alpha)^(k - 1); k, mean, sum of (j - mean j) y_j."""
    b = 4 * lanes
    k = memory[b] + ONE
    mean = memory[b + 1] + (x - memory[b + 1]) / k
    memory[b] = k
    memory[b + 1] = mean
    memory[b + 2] += HALF * k * (x - mean)
    if k == ONE:
        for c in range(lanes):
            memory[2 * lanes + c] = x
            memory[3 * lanes + c] = ONE
        return
    for c in range(lanes):
        alpha = memory[c]
        level = memory[2 * lanes + c]
        memory[2 * lanes + c] = level + alpha * (x - level)
        memory[3 * lanes + c] = memory[3 * lanes + c] * (ONE - alpha)


@njit(cache=True, forceinline=True, error_model="numpy")
def say_theta(memory: Vector, lanes: int, out: Vector) -> None:
    """Level + w b (h + (1 / alpha - 1)(1 - (1 - alpha)^(k - 1))), b the slope of the regression on time.

    `out` rows: base, slope.
    """
    b = 4 * lanes
    k = memory[b]
    slope = memory[b + 2] * TWELVE / (k * (k * k - ONE)) if k > ONE else ZERO
    for c in range(lanes):
        alpha = memory[c]
        drift = memory[lanes + c] * slope
        back = (ONE / alpha - ONE) * (ONE - memory[3 * lanes + c])
        out[c] = memory[2 * lanes + c] + drift * back
        out[lanes + c] = drift


@njit(cache=True, forceinline=True, error_model="numpy")
def step_naive(memory: Vector, lanes: int, x: np.float32) -> None:
    """Rows: share of the drift, phi |; how many, the first, the last."""
    b = 2 * lanes
    memory[b + 1] = x if memory[b] == ZERO else memory[b + 1]
    memory[b + 2] = x
    memory[b] += ONE


@njit(cache=True, forceinline=True, error_model="numpy")
def say_naive(memory: Vector, lanes: int, out: Vector) -> None:
    """The last value, and a share of the mean step so far; `out` rows: base, slope."""
    b = 2 * lanes
    drift = (memory[b + 2] - memory[b + 1]) / (memory[b] - ONE) if memory[b] > ONE else ZERO
    for c in range(lanes):
        out[c] = memory[b + 2]
        out[lanes + c] = memory[c] * drift


@njit(cache=True, forceinline=True, error_model="numpy")
def step_winters(memory: Vector, lanes: int, when: tuple[int, int, int], x: np.float32) -> None:
    """Rows: alpha, alpha beta, gamma, phi | level, trend, season; begun, first period, count, mean, times, start.

    Until two seasons from the first seen period on are over the level is the mean so far; then they start the form.
    `when`: season, period, phase.
    """
    season, t, phase = when
    b = (6 + season) * lanes
    if memory[b] == ZERO and not start_winters(memory, lanes, season, t, x):
        return
    correct_winters(memory, lanes, phase, memory[b + 4] > ZERO, x)


@njit(cache=True, forceinline=True, error_model="numpy")
def correct_winters(
    memory: Vector,
    lanes: int,
    phase: int,
    times: bool,  # noqa: FBT001 - kernel
    x: np.float32,
) -> None:
    """One step, additive or multiplicative: in the latter an index or a line of nothing takes the value as it is."""
    row = U(6 + phase) * U(lanes)
    if times:
        for c in range(U(lanes)):
            trend = memory[U(3 * lanes) + c] * memory[U(5 * lanes) + c]
            line = memory[U(4 * lanes) + c] + trend
            s = memory[row + c]
            there = s if s > TINY else ONE
            error = x / there - line
            on = line if line > TINY else ONE
            wanted = x / on
            wanted = wanted if line > TINY else ONE
            memory[U(4 * lanes) + c] = line + memory[c] * error
            memory[U(5 * lanes) + c] = trend + memory[U(lanes) + c] * error
            memory[row + c] = s + memory[U(2 * lanes) + c] * (wanted - s)
    else:
        for c in range(U(lanes)):
            trend = memory[U(3 * lanes) + c] * memory[U(5 * lanes) + c]
            line = memory[U(4 * lanes) + c] + trend
            s = memory[row + c]
            error = x - line - s
            memory[U(4 * lanes) + c] = line + memory[c] * error
            memory[U(5 * lanes) + c] = trend + memory[U(lanes) + c] * error
            memory[row + c] = s + memory[U(2 * lanes) + c] * error


@njit(cache=True, error_model="numpy")
def start_winters(memory: Vector, lanes: int, season: int, t: int, x: np.float32) -> bool:
    """Whether the form has begun before x, which is otherwise kept for its start, and starts it where it is the last.

    Level, trend and indices come from the first two seasons, in which an unseen period counts as the mean.
    """
    b = (6 + season) * lanes
    if memory[b + 2] == ZERO:
        memory[b + 1] = np.float32(t)
    ago = t - int(memory[b + 1])
    if ago < 2 * season:
        memory[b + 2] += ONE
        memory[b + 3] += (x - memory[b + 3]) / memory[b + 2]
        memory[b + 5 + ago] = x
        for c in range(lanes):
            memory[4 * lanes + c] = memory[b + 3]
    if ago >= 2 * season - 1:
        begin_winters(memory, lanes, season)
    return ago >= 2 * season


@njit(cache=True, error_model="numpy")
def begin_winters(memory: Vector, lanes: int, season: int) -> None:
    """Set the state from the kept values (-1 where not seen), then run through them as through the rest."""
    b = (6 + season) * lanes
    kept = memory[b + 5 : b + 5 + 2 * season].copy()
    first, times = int(memory[b + 1]), memory[b + 4] > ZERO
    means = np.zeros(2)
    for k in range(2):
        some = kept[k * season : (k + 1) * season]
        some = some[some >= ZERO]
        means[k] = some.sum() / len(some) if len(some) > 0 else 0.0
    for c in range(lanes):
        memory[4 * lanes + c] = means[0]
        memory[5 * lanes + c] = (means[1] - means[0]) / season if memory[lanes + c] > ZERO else 0.0
    for k in range(season):
        index = 0.0
        for half in range(2):
            mean, value = means[half], kept[half * season + k]
            value = value if value >= ZERO else mean
            if times:
                index += 0.5 * (value / mean if mean > 0.0 else 1.0)
            else:
                index += 0.5 * (value - mean)
        row = (6 + (first + k) % season) * lanes
        for c in range(lanes):
            memory[row + c] = index
    memory[b] = ONE
    for k in range(2 * season):
        if kept[k] >= ZERO:
            correct_winters(memory, lanes, (first + k) % season, times, kept[k])
