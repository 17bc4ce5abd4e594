"""The one pass: every series runs all sets, is scored at every origin, and keeps those that speak for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells, Outcome
from orderpoint.forecast.statistical.bank import Bank
from orderpoint.forecast.statistical.choose import Came, Points, Rule, choose, relative, score
from orderpoint.forecast.statistical.history import (
    Asked,
    Desk,
    Memories,
    Series,
    desk_for,
    memories_for,
    memory_of,
    run_history,
)
from orderpoint.forecast.statistical.lanes import LANES

L = LANES
CHUNK = 16
"""Series that one thread takes at a time."""
Plane = NDArray[np.float32]
Ints = NDArray[np.int64]


class Question(NamedTuple):
    """What all series are asked: `Asked` and `Points` in one (a parallel loop takes no tuples inside of tuples).

    `spread` float32 (2, n): ratio and level_cv2 at which sums are scored. `prior` float32 (2, n): level and weight.
    `key` int64 (tables, n), `move` float32 (K, O, A x B): each series' group and its movement at the origins.
    """

    origins: Ints
    span: int
    early: int
    probability: NDArray[np.float32]
    normal: NDArray[np.float32]
    spread: Plane
    prior: Plane
    key: Ints
    move: NDArray[np.float32]


@njit(cache=True, error_model="numpy")
def heard(bank: Bank, cells: Cells, question: Question, i: int, room: tuple[Memories, Desk]) -> None:
    """Run series i."""
    memories, desk = room
    origins = len(question.origins)
    for table in range(len(question.key)):
        group = question.key[table, i]
        for o in range(origins):
            at = (table * origins + o) * L
            for c in range(L):
                desk.move[at + c] = question.move[group, o, c]
    prior = (question.prior[0, i], question.prior[1, i])
    series = Series(cells.demand[i], cells.seen[i], cells.factor[cells.group[i]], prior)
    run_history(bank, series, Asked(question.origins, question.span, question.early), memories, desk)


@njit(cache=True, parallel=True, error_model="numpy")
def scores(bank: Bank, cells: Cells, outcome: Outcome, question: Question, rows: Ints) -> tuple[Plane, Ints]:
    """Relative losses (m, C) of the series `rows`, and how many origins they were taken over (0: no loss)."""
    sets = len(bank.run_of) * L
    out = np.ones((len(rows), sets), np.float32)
    counted = np.zeros(len(rows), np.int64)
    for chunk in prange((len(rows) + CHUNK - 1) // CHUNK):
        memories, desk = memories_for(bank), desk_for(bank, len(question.origins))
        for k in range(chunk * CHUNK, min(len(rows), (chunk + 1) * CHUNK)):
            i = rows[k]
            heard(bank, cells, question, i, (memories, desk))
            came = Came(outcome.total[i], outcome.share[i])
            spread = (question.spread[0, i], question.spread[1, i])
            counted[k] = score(desk.total, came, spread, Points(question.probability, question.normal), out[k])
            if counted[k] == 0 or not relative(out[k]):
                out[k] = np.float32(1.0)
                counted[k] = 0
    return out, counted


class Mixed(NamedTuple):
    """Of the m series of a block: chosen sets int32 (m, most), -1 for none, and their weights.

    `one`, `total` (m, O): what they said together of the next period and of the span. `state` (m, most x room): the
    chosen states, one behind the other; `length` (m,): of all of a series.
    """

    ids: NDArray[np.int32]
    weight: Plane
    one: Plane
    total: Plane
    state: Plane
    length: Ints


@njit(cache=True, parallel=True, error_model="numpy")
def mix(
    bank: Bank,
    cells: Cells,
    outcome: Outcome,
    question: Question,
    choice: tuple[Plane, Ints],
    how: tuple[float, float, int, float, int, int],
) -> Mixed:
    """Run, score and choose for a block of series.

    `choice`: pooled losses (classes, C), class (n,). `how`: the three of `Rule`, disjoint spans per origin, the first
    series and the one behind the last.
    """
    pooled, classes = choice
    rule = Rule(how[0], how[1], how[2])
    per_origin, begin, end = how[3], how[4], how[5]
    m, origins, voices = end - begin, len(question.origins), len(bank.run_of)
    sets = voices * L
    ids, weight = np.full((m, rule.most), -1, np.int32), np.zeros((m, rule.most), np.float32)
    one, total = np.zeros((m, origins), np.float32), np.zeros((m, origins), np.float32)
    state, length = np.zeros((m, rule.most * longest_state(bank)), np.float32), np.zeros(m, np.int64)
    for chunk in prange((m + CHUNK - 1) // CHUNK):
        memories, desk = memories_for(bank), desk_for(bank, origins)
        loss = np.ones(sets, np.float32)
        for k in range(chunk * CHUNK, min(m, (chunk + 1) * CHUNK)):
            i = begin + k
            heard(bank, cells, question, i, (memories, desk))
            came = Came(outcome.total[i], outcome.share[i])
            spread = (question.spread[0, i], question.spread[1, i])
            counted = score(desk.total, came, spread, Points(question.probability, question.normal), loss)
            if not relative(loss):
                counted = 0
            choose(loss, counted * per_origin, pooled[classes[i]], rule, (ids[k], weight[k]))
            for j in range(rule.most):
                if ids[k, j] < 0:
                    break
                for o in range(origins):
                    one[k, o] += weight[k, j] * desk.one[o * sets + ids[k, j]]
                    total[k, o] += weight[k, j] * desk.total[o * sets + ids[k, j]]
                length[k] += keep_state(bank, memories, ids[k, j], state[k, length[k] :])
    return Mixed(ids, weight, one, total, state, length)


@njit(cache=True)
def state_length(bank: Bank, r: int) -> int:
    """Numbers that one set of slot r carries on: its states, and what its run shares."""
    states, shared, end = bank.at[r]
    return int((shared - states) // L + end - shared)


@njit(cache=True)
def longest_state(bank: Bank) -> int:
    """The longest of them."""
    longest = 0
    for r in range(len(bank.at)):
        longest = max(longest, state_length(bank, r))
    return longest


@njit(cache=True)
def keep_state(bank: Bank, memories: Memories, chosen: int, out: NDArray[np.float32]) -> int:
    """Write the state of a chosen set; how many numbers that were."""
    r, lane = bank.run_of[chosen // L], chosen % L
    memory = memory_of(memories, r)
    states, shared, end = bank.at[r]
    rows = (shared - states) // L
    for row in range(rows):
        out[row] = memory[states + row * L + lane]
    for k in range(end - shared):
        out[rows + k] = memory[shared + k]
    return int(rows + end - shared)
