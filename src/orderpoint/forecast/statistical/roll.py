"""Rolling a bank over a panel and keeping all that was said: for single forms, and for what is pooled first."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells, Panel
from orderpoint.forecast.statistical.bank import Bank
from orderpoint.forecast.statistical.history import desk_for, memories_for
from orderpoint.forecast.statistical.lanes import LANES
from orderpoint.forecast.statistical.mixture import Question, heard, keep_state, state_length

L = LANES
Plane = NDArray[np.float32]
Ints = NDArray[np.int64]


def question_of(panel: Panel, spread: Plane | None = None, moved: tuple[Ints, Plane] | None = None) -> Question:
    """What the kernels ask: the panel's origins; spread and movement of groups where they are known."""
    n, origins = panel.count, len(panel.origins)
    early = int(np.searchsorted(panel.origins, (panel.origins[0] + panel.origins[-1]) / 2)) if origins else 0
    key, move = moved if moved is not None else (np.zeros((0, n), np.int64), np.ones((1, origins, L), np.float32))
    none = np.zeros(0, np.float32)
    prior = np.stack((panel.prior, panel.prior_weight)).astype(np.float32)
    spread = np.ones((2, n), np.float32) if spread is None else spread
    return Question(panel.origins, panel.span, early, none, none, spread, prior, key, move)


def roll(bank: Bank, panel: Panel, rows: Ints, wanted: Ints) -> tuple[Plane, Plane, Plane]:
    """What the sets `wanted` said of the series `rows`: one and total float32 (C, m, O), and their states (C, m, S)."""
    return _roll(bank, panel.cells, question_of(panel), rows, wanted)


@njit(cache=True, parallel=True, error_model="numpy")
def _roll(bank: Bank, cells: Cells, question: Question, rows: Ints, wanted: Ints) -> tuple[Plane, Plane, Plane]:
    origins, sets = len(question.origins), len(bank.run_of) * L
    longest = 0
    for c in wanted:
        longest = max(longest, state_length(bank, bank.run_of[c // L]))
    one = np.zeros((len(wanted), len(rows), origins), np.float32)
    total = np.zeros((len(wanted), len(rows), origins), np.float32)
    state = np.zeros((len(wanted), len(rows), longest), np.float32)
    for chunk in prange((len(rows) + 15) // 16):
        memories, desk = memories_for(bank), desk_for(bank, origins)
        for k in range(chunk * 16, min(len(rows), (chunk + 1) * 16)):
            heard(bank, cells, question, rows[k], (memories, desk))
            for j in range(len(wanted)):
                for o in range(origins):
                    one[j, k, o] = desk.one[o * sets + wanted[j]]
                    total[j, k, o] = desk.total[o * sets + wanted[j]]
                keep_state(bank, memories, wanted[j], state[j, k])
    return one, total, state
