"""The one pass: every series runs all sets, is heard at every origin, scored, and what speaks for it is kept.

What asks for the losses alone, for the words of some sets, or for the mixture is one kernel: the code of all forms is
compiled into it, and numba optimises a function anew in each that calls it.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit
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
from orderpoint.forecast.threads import in_chunks

L = LANES
Plane = NDArray[np.float32]
Ints = NDArray[np.int64]


class Question(NamedTuple):
    """What all series are asked: `Asked` and `Points` in one.

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


class Choice(NamedTuple):
    """What the choice goes by: pooled losses (classes, C), the class of each series (n,), the rule.

    `per_origin`: disjoint spans per origin.
    """

    pooled: Plane
    classes: Ints
    rule: Rule
    per_origin: float


class Work(NamedTuple):
    """What is run: the series `rows` (m,) of the cells; of W sets `wanted` all that they say is kept."""

    cells: Cells
    outcome: Outcome
    question: Question
    rows: Ints
    choice: Choice
    wanted: Ints


class Said(NamedTuple):
    """What a pass writes of m series; an array without rows is not written.

    `loss` float32 (m, C) and `counted` int64 (m,): relative losses, and how many origins they were taken over. `ids`,
    `weight` and `length` as in `Mixed`. `one`, `total` float32 (W, m, O) and `state` float32 (W, m, room): of each of W
    sets that were asked for, else of the mixture (W = 1).
    """

    loss: Plane
    counted: Ints
    ids: NDArray[np.int32]
    weight: Plane
    length: Ints
    one: NDArray[np.float32]
    total: NDArray[np.float32]
    state: NDArray[np.float32]


def nothing(rows: int, sets: int, origins: int) -> Said:
    """Room for nothing at all, of the right shapes."""
    none = np.zeros((0, rows, origins), np.float32)
    return Said(
        np.zeros((0, sets), np.float32),
        np.zeros(rows, np.int64),
        np.zeros((0, 1), np.int32),
        np.zeros((0, 1), np.float32),
        np.zeros(rows, np.int64),
        none,
        none.copy(),
        np.zeros((0, rows, 0), np.float32),
    )


def no_choice(sets: int) -> Choice:
    """Where nothing is chosen."""
    return Choice(np.zeros((0, sets), np.float32), np.zeros(0, np.int64), Rule(0.0, 0.0, 1), 1.0)


def run_rows(bank: Bank, work: Work, said: Said) -> None:
    """Run all series of `work` and fill `said`, as far as there is room."""
    in_chunks(partial(_pass, bank, work, said), len(work.rows))


@njit(inline="always")
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


@njit(cache=True, nogil=True, error_model="numpy")
def _pass(bank: Bank, work: Work, said: Said, some: tuple[int, int]) -> None:
    """Run, and as far as there is room in `said`: score, choose, keep what the chosen or the wanted sets said."""
    cells, outcome, question, rows, choice, wanted = work
    origins, sets = len(question.origins), len(bank.run_of) * L
    memories, desk = memories_for(bank), desk_for(bank, origins)
    for k in range(some[0], some[1]):
        i = rows[k]
        heard(bank, cells, question, i, (memories, desk))
        for j in range(len(wanted)):
            for o in range(origins):
                said.one[j, k, o] = desk.one[o * sets + wanted[j]]
                said.total[j, k, o] = desk.total[o * sets + wanted[j]]
            keep_state(bank, memories, wanted[j], said.state[j, k])
        if len(said.loss) == 0:
            continue
        came = Came(outcome.total[i], outcome.share[i])
        spread = (question.spread[0, i], question.spread[1, i])
        loss = said.loss[k]
        said.counted[k] = score(desk.total, came, spread, Points(question.probability, question.normal), loss)
        if said.counted[k] == 0 or not relative(loss):
            said.counted[k] = 0
            loss[:] = np.float32(1.0)
        if len(said.ids) == 0:
            continue
        ids, weight = said.ids[k], said.weight[k]
        spans = said.counted[k] * choice.per_origin
        choose(loss, spans, choice.pooled[choice.classes[i]], choice.rule, (ids, weight))
        for j in range(len(ids)):
            if ids[j] < 0:
                break
            for o in range(origins):
                said.one[0, k, o] += weight[j] * desk.one[o * sets + ids[j]]
                said.total[0, k, o] += weight[j] * desk.total[o * sets + ids[j]]
            said.length[k] += keep_state(bank, memories, ids[j], said.state[0, k, said.length[k] :])


@njit(cache=True)
def state_length(bank: Bank, r: int) -> int:
    """Numbers of the memory of one set of slot r as a run of one lane: parameters, states, and what its run shares."""
    shared, end = bank.at[r, 1], bank.at[r, 2]
    return int(shared // L + end - shared)


@njit(cache=True)
def longest_state(bank: Bank) -> int:
    """The longest of them."""
    longest = 0
    for r in range(len(bank.at)):
        longest = max(longest, state_length(bank, r))
    return longest


@njit(cache=True)
def keep_state(bank: Bank, memories: Memories, chosen: int, out: NDArray[np.float32]) -> int:
    """Write the memory of a chosen set as a run of one lane; how many numbers that were."""
    r, lane = bank.run_of[chosen // L], chosen % L
    memory = memory_of(memories, r)
    shared, end = bank.at[r, 1], bank.at[r, 2]
    rows = shared // L
    for row in range(rows):
        out[row] = memory[row * L + lane]
    for k in range(end - shared):
        out[rows + k] = memory[shared + k]
    return int(rows + end - shared)
