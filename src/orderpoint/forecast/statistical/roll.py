"""Rolling a bank over a panel and keeping all that was said: for single forms, and for what is pooled first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.panel import Panel
from orderpoint.forecast.statistical.bank import Bank
from orderpoint.forecast.statistical.lanes import LANES
from orderpoint.forecast.statistical.one_pass import Question, Work, no_choice, nothing, run_rows, state_length

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
    origins, sets = len(panel.origins), len(bank.run_of) * L
    room = max((state_length(bank, bank.run_of[c // L]) for c in wanted), default=0)
    said = nothing(len(rows), sets, origins)._replace(
        one=np.zeros((len(wanted), len(rows), origins), np.float32),
        total=np.zeros((len(wanted), len(rows), origins), np.float32),
        state=np.zeros((len(wanted), len(rows), room), np.float32),
    )
    run_rows(bank, Work(panel.cells, panel.outcome, question_of(panel), rows, no_choice(sets), wanted), said)
    return said.one, said.total, said.state
