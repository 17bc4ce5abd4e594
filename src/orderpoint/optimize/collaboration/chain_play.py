"""The compiled play of `bullwhip`: a chain of stages that order up to levels from moving averages."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.stockflow.equation import step

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

RESULTS = 4
HOLDING, SHORTAGE, ORDERS, SQUARES = range(RESULTS)
"""Columns of the results of a stage, summed over the periods that count."""


class State(NamedTuple):
    """Of each stage (k,): `on_hand` units, `owed` to it; `coming` (k, longest); `seen` (k, p) the last p numbers."""

    on_hand: FloatArray
    owed: FloatArray
    on_way: FloatArray
    coming: FloatArray
    seen: FloatArray


@njit(cache=True, parallel=True)
def play(
    demand: FloatArray, lead: IntArray, window: tuple[int, int], how: tuple[float, float], table: FloatArray
) -> None:
    """Fill `table` (paths, k, RESULTS); `window` is (p, periods not counted), `how` is (z, 1 where shared)."""
    for j in prange(len(demand)):
        _one_path(demand[j], lead, window, how, table[j])


@njit(cache=True)
def _one_path(
    demand: FloatArray, lead: IntArray, window: tuple[int, int], how: tuple[float, float], table: FloatArray
) -> None:
    """Sums of one path into `table` (k, RESULTS): units held, units waiting, orders and their squares."""
    stages, (p, skip) = len(lead), window
    start = demand.mean()
    on_hand = start * (lead + 1.0)
    state = State(
        on_hand, np.zeros(stages), np.zeros(stages), np.zeros((stages, lead.max() + 1)), np.full((stages, p), start)
    )
    for t in range(len(demand)):
        now = t % (lead.max() + 1)
        for k in range(stages):
            on_hand[k] += state.coming[k, now]
            state.on_way[k] -= state.coming[k, now]
            state.coming[k, now] = 0.0
        asked = 0.0
        for k in range(stages):
            order = _order(t, k, asked, state, lead, how)
            if t >= skip:
                table[k, ORDERS] += order
                table[k, SQUARES] += order * order
            state.owed[k] += order
            asked = order
        _ship(t, state, lead)
        on_hand[0] = step(on_hand[0], 0.0, demand[t], True)[0]  # noqa: FBT003 - a compiled kernel takes plain arguments
        for k in range(stages if how[1] > 0.0 else 1):
            state.seen[k, t % p] = demand[t]
        if t >= skip:
            table[0, SHORTAGE] += max(-on_hand[0], 0.0)
            for k in range(stages):
                table[k, HOLDING] += max(on_hand[k], 0.0)


@njit(cache=True)
def _order(t: int, k: int, asked: float, state: State, lead: IntArray, how: tuple[float, float]) -> float:
    """What stage k orders in period t, where the stage below orders `asked`."""
    safety, shared = how[0], how[1] > 0.0
    first = 0 if shared else k
    if not shared and k > 0:
        state.seen[k, t % state.seen.shape[1]] = asked
    periods, position = 0.0, 0.0
    for j in range(first, k + 1):
        periods += lead[j] + 1.0
        position += state.on_hand[j] + state.on_way[j]
    position += state.owed[k]
    if not shared and k > 0:
        position -= state.owed[k - 1]
    seen = state.seen[k]
    level = periods * seen.mean() + safety * seen.std() * np.sqrt(periods)
    return float(max(level - position, 0.0))


@njit(cache=True)
def _ship(t: int, state: State, lead: IntArray) -> None:
    """Every stage ships what it owes to the one below, from the top down; outside has no end of goods."""
    stages = len(lead)
    for k in range(stages - 1, -1, -1):
        moved = state.owed[k]
        if k + 1 < stages:
            moved = min(moved, max(state.on_hand[k + 1], 0.0))
            state.on_hand[k + 1] -= moved
        state.owed[k] -= moved
        if lead[k] == 0:
            state.on_hand[k] += moved
        else:
            state.on_way[k] += moved
            state.coming[k, (t + lead[k]) % state.coming.shape[1]] += moved
