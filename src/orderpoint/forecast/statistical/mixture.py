"""The mixture of all forms: scores of all sets, and for each series those that speak for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells, Outcome
from orderpoint.forecast.statistical.bank import Bank
from orderpoint.forecast.statistical.lanes import LANES
from orderpoint.forecast.statistical.one_pass import Choice, Question, Work, longest_state, no_choice, nothing, run_rows

Plane = NDArray[np.float32]
Ints = NDArray[np.int64]


def scores(bank: Bank, cells: Cells, outcome: Outcome, question: Question, rows: Ints) -> tuple[Plane, Ints]:
    """Relative losses (m, C) of the series `rows`, and how many origins they were taken over (0: no loss)."""
    sets = len(bank.run_of) * LANES
    said = nothing(len(rows), sets, len(question.origins))._replace(loss=np.ones((len(rows), sets), np.float32))
    run_rows(bank, Work(cells, outcome, question, rows, no_choice(sets), np.zeros(0, np.int64)), said)
    return said.loss, said.counted


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


def mix(bank: Bank, cells: Cells, outcome: Outcome, question: Question, choice: Choice, rows: Ints) -> Mixed:
    """Run, score and choose for the series `rows`."""
    m, origins, sets, most = len(rows), len(question.origins), len(bank.run_of) * LANES, choice.rule.most
    said = nothing(m, sets, origins)._replace(
        loss=np.ones((m, sets), np.float32),
        ids=np.full((m, most), -1, np.int32),
        weight=np.zeros((m, most), np.float32),
        one=np.zeros((1, m, origins), np.float32),
        total=np.zeros((1, m, origins), np.float32),
        state=np.zeros((1, m, most * longest_state(bank)), np.float32),
    )
    run_rows(bank, Work(cells, outcome, question, rows, choice, np.zeros(0, np.int64)), said)
    return Mixed(said.ids, said.weight, said.one[0], said.total[0], said.state[0], said.length)
