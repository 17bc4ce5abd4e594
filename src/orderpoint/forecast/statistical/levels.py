"""Steps of forms whose forecast is a level: discounted ratio, moving average, TSB, Croston, buckets.

Each step takes one seen period: demand y, y over its seasonal factor x, the factor f. Sources and equations stand with
the forms that users name (`smoothing`, `intermittent`, `baselines`). Rows are named as parameters | states; shared.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from orderpoint.forecast.statistical.lanes import LONGEST_BUCKET, Vector

ZERO, ONE, HALF = np.float32(0.0), np.float32(1.0), np.float32(0.5)
BUCKETS = LONGEST_BUCKET
U = np.uint64
"""Places that are not known when code is compiled are unsigned: a signed one would be checked for counting from behind,
and a loop with such a check is not vectorised."""
TABLED = 8192
_DIVISORS = [[k for k in range(1, BUCKETS + 1) if h % k == 0] for h in range(TABLED)]
CLOSING = np.array([k for row in _DIVISORS for k in row], np.int8)
CLOSING_FROM = np.concatenate(([0], np.cumsum([len(row) for row in _DIVISORS]))).astype(np.int32)
"""The bucket lengths that are full after h seen periods, for h below TABLED."""


@njit(cache=True, forceinline=True, error_model="numpy")
def step_ratio(memory: Vector, first: int, lanes: int, y: np.float32, f: np.float32) -> None:
    """Rows, `first` numbers on: keep | S, W."""
    for c in range(lanes):
        keep = memory[first + c]
        memory[first + lanes + c] = keep * memory[first + lanes + c] + y
        memory[first + 2 * lanes + c] = keep * memory[first + 2 * lanes + c] + f


@njit(cache=True, forceinline=True, error_model="numpy")
def say_ratio(memory: Vector, first: int, lanes: int, out: Vector) -> None:
    """S / W; rows as in `step_ratio`."""
    for c in range(lanes):
        weight = memory[first + 2 * lanes + c]
        out[c] = memory[first + lanes + c] / weight if weight > ZERO else ZERO


@njit(cache=True, forceinline=True, error_model="numpy")
def step_mean(memory: Vector, b: int, ring: int, y: np.float32, f: np.float32) -> None:
    """Shared, from `b` on: how many were seen, prior level, next place, then the last `ring` of y and of f."""
    place = int(memory[b + 2])
    memory[b + 3 + place] = y
    memory[b + 3 + ring + place] = f
    memory[b] += ONE
    memory[b + 2] = np.float32(place + 1 if place + 1 < ring else 0)


@njit(cache=True, error_model="numpy")
def say_mean(memory: Vector, lanes: int, ring: int, out: Vector) -> None:
    """Rows: window, ascending. Mean of the last ones seen; the prior where nothing was."""
    b = lanes
    had, place = int(memory[b]), int(memory[b + 2])
    units, weight, back = 0.0, 0.0, 0
    for c in range(lanes):
        wanted = min(int(memory[c]), had)
        while back < wanted:
            back += 1
            place = place - 1 if place > 0 else ring - 1
            units += memory[b + 3 + place]
            weight += memory[b + 3 + ring + place]
        out[c] = units / weight if weight > 0.0 else memory[b + 1]


@njit(cache=True, forceinline=True, error_model="numpy")
def step_tsb(memory: Vector, lanes: int, x: np.float32) -> None:
    """Rows: alpha, beta | p, z; periods seen, periods with demand."""
    b = 4 * lanes
    sold = ONE if x > ZERO else ZERO
    had = memory[b] + ONE
    times = memory[b + 1] + sold
    memory[b] = had
    memory[b + 1] = times
    first_p = ONE / had
    first_z = ONE / (max(ONE, times))
    for c in range(lanes):
        alpha = memory[c]
        alpha = max(first_z, alpha)
        beta = memory[lanes + c]
        beta = max(first_p, beta)
        p = memory[2 * lanes + c]
        z = memory[3 * lanes + c]
        memory[2 * lanes + c] = p + beta * (sold - p)
        memory[3 * lanes + c] = z + sold * alpha * (x - z)


@njit(cache=True, forceinline=True, error_model="numpy")
def step_croston(memory: Vector, lanes: int, x: np.float32) -> None:
    """Rows: gain of the size, of the interval | z, interval; periods with demand, periods since the last."""
    b = 4 * lanes
    sold = ONE if x > ZERO else ZERO
    times = memory[b] + sold
    since = memory[b + 1] + ONE
    memory[b] = times
    memory[b + 1] = since * (ONE - sold)
    first = ONE / (max(ONE, times))
    for c in range(lanes):
        gain = memory[c]
        gain = max(first, gain)
        interval_gain = memory[lanes + c]
        interval_gain = max(first, interval_gain)
        z = memory[2 * lanes + c]
        interval = memory[3 * lanes + c]
        memory[2 * lanes + c] = z + sold * gain * (x - z)
        memory[3 * lanes + c] = interval + sold * interval_gain * (since - interval)


@njit(cache=True, forceinline=True, error_model="numpy")
def step_buckets(memory: Vector, lanes: int, y: np.float32, f: np.float32) -> None:
    """Rows: alpha, length | level of each length; periods seen, with demand, open units, open weights."""
    b = (2 + BUCKETS) * lanes
    memory[b] += ONE
    memory[b + 1] += ONE if y > ZERO else ZERO
    for k in range(BUCKETS):
        memory[b + 2 + k] += y
        memory[b + 2 + BUCKETS + k] += f
    had = int(memory[b])
    if had < TABLED:
        for at in range(CLOSING_FROM[had], CLOSING_FROM[had + 1]):
            close_bucket(memory, lanes, CLOSING[at] - 1)
    else:
        for k in range(BUCKETS):
            if had % (k + 1) == 0:
                close_bucket(memory, lanes, k)


@njit(cache=True, forceinline=True, error_model="numpy")
def close_bucket(memory: Vector, lanes: int, k: int) -> None:
    """Smooth what the bucket of k + 1 periods holds into its level, and empty it."""
    b = (2 + BUCKETS) * lanes
    value = memory[b + 2 + k] / memory[b + 2 + BUCKETS + k]
    memory[b + 2 + k] = ZERO
    memory[b + 2 + BUCKETS + k] = ZERO
    first = np.float32(k + 1) / memory[b]
    row = U(2 + k) * U(lanes)
    for c in range(U(lanes)):
        gain = memory[c]
        gain = max(first, gain)
        now = memory[row + c]
        memory[row + c] = now + gain * (value - now)


@njit(cache=True, error_model="numpy")
def say_buckets(memory: Vector, lanes: int, mean: bool, out: Vector) -> None:  # noqa: FBT001 - kernel
    """Level of the set's own length (ADIDA), or the `mean` over all lengths up to it (IMAPA).

    Length 0 stands for the mean interval between demands so far. What is in a bucket speaks for it before the first
    one is full.
    """
    b = (2 + BUCKETS) * lanes
    own = own_interval(memory[b], memory[b + 1])
    for c in range(lanes):
        out[c] = ZERO
    for k in range(BUCKETS):
        length = np.float32(k + 1)
        weight = memory[b + 2 + BUCKETS + k]
        part = memory[b + 2 + k] / weight if weight > ZERO else ZERO
        closed = ZERO if ZERO < memory[b] < length else ONE
        part = part * (ONE - closed)
        row = U(2 + k) * U(lanes)
        for c in range(U(lanes)):
            to = memory[U(lanes) + c]
            to = to if to > ZERO else own
            level = part + closed * memory[row + c]
            counts = length <= to if mean else length == to
            share = (ONE / to if mean else ONE) if counts else ZERO
            out[c] += share * level


@njit(cache=True, forceinline=True, error_model="numpy")
def own_interval(had: np.float32, sold: np.float32) -> np.float32:
    """Seen periods per period with demand so far, rounded, from 1 to the longest bucket."""
    interval = np.floor(had / sold + HALF) if sold > ZERO else ONE
    interval = max(ONE, interval)
    longest = np.float32(BUCKETS)
    return min(longest, interval)
