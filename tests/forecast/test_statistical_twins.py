"""Every run of the portfolio gives the numbers of its plain twin, at every origin and after the end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from orderpoint.forecast.statistical.ahead import Chosen, carry_on, means_ahead
from orderpoint.forecast.statistical.bank import Bank, Run, bank_of
from orderpoint.forecast.statistical.choose import Rule
from orderpoint.forecast.statistical.lanes import LAG_WINDOWS, LANES, Kind, Shape, Voice
from orderpoint.forecast.statistical.mixture import mix
from orderpoint.forecast.statistical.one_pass import Choice, Question, state_length
from orderpoint.forecast.statistical.roll import question_of, roll
from tests.forecast import statistical_twins as slow
from tests.forecast import twins
from tests.forecast.builders import panel_of
from tests.forecast.test_twins import SPAN, histories, rolling_origins

PLAIN = (("said", Voice.PLAIN, -1),)
HALVES = np.array(
    [[0.4, 0.3, 0.1, 0.1, 0.0, 0.0, 0.2], [0.1, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1], [1, -0.5, 0, 0, 0.2, 0, 0.3]]
)


LARGE = 1000.0
"""Twenty times what any history sells in a period."""


def _run(kind: Kind, rows: Any, length: int = 1, step: int = 0, voices: Any = PLAIN) -> Run:
    return Run(Shape(kind, length, step), np.asarray(rows, np.float32).T.copy(), voices)


BOTH = (("Croston", Voice.PLAIN, -1), ("SBA", Voice.CORRECTED, -1))
BUCKETS = (("ADIDA", Voice.PLAIN, -1), ("IMAPA", Voice.MEAN_OF_BUCKETS, -1))
WINTERS = [(0.3, 0.03, 0.2, 0.9), (0.2, 0.0, 0.1, 1.0)]
CASES: dict[str, tuple[str, Run, list[Any]]] = {
    "discounted ratio": (
        "simple",
        _run(Kind.RATIO, [(0.9,), (0.5,)]),
        [twins.discounted_ratio(0.1), twins.discounted_ratio(0.5)],
    ),
    "moving average": ("mean", _run(Kind.MEAN, [(1,), (4,)], 4), [twins.moving_average(1), twins.moving_average(4)]),
    "TSB": ("tsb", _run(Kind.TSB, [(0.1, 0.2), (0.3, 0.05)]), [slow.tsb(0.1, 0.2), slow.tsb(0.3, 0.05)]),
    "Croston and SBA": (
        "croston",
        _run(Kind.CROSTON, [(0.1, 0.2), (0.3, 0.1)], voices=BOTH),
        [slow.croston(a, b, corrected=c) for c in (False, True) for a, b in ((0.1, 0.2), (0.3, 0.1))],
    ),
    "ADIDA and IMAPA": (
        "buckets",
        _run(Kind.BUCKETS, [(0.2, 0), (0.3, 4)], voices=BUCKETS),
        [slow.buckets(a, k, mean=m) for m in (False, True) for a, k in ((0.2, 0), (0.3, 4))],
    ),
    "Holt": (
        "holt",
        _run(Kind.TREND, [(0.2, 0.06, 0.9), (0.6, 0.18, 1.0)]),
        [slow.holt(0.2, 0.3, 0.9), slow.holt(0.6, 0.3, 1.0)],
    ),
    "Theta": ("theta", _run(Kind.THETA, [(0.2, 0.5), (0.6, 1.0)]), [slow.theta(0.2, 0.5), slow.theta(0.6, 1.0)]),
    "naive": ("naive", _run(Kind.NAIVE, [(0.0, 1.0), (0.5, 0.8)]), [slow.naive(0.0, 1.0), slow.naive(0.5, 0.8)]),
    "Holt-Winters additive": (
        "winters_add",
        _run(Kind.WINTERS_ADD, WINTERS, 4),
        [slow.winters((0.3, 0.1, 0.2, 0.9), 4, times=False), slow.winters((0.2, 0.0, 0.1, 1.0), 4, times=False)],
    ),
    "Holt-Winters multiplicative": (
        "winters_times",
        _run(Kind.WINTERS_TIMES, WINTERS, 3),
        [slow.winters((0.3, 0.1, 0.2, 0.9), 3, times=True), slow.winters((0.2, 0.0, 0.1, 1.0), 3, times=True)],
    ),
    "seasonal naive": (
        "seasonal",
        _run(Kind.SEASONAL, [(1.0, 1.0), (0.3, 0.5)], 4),
        [slow.seasonal(1.0, 1.0, 4), slow.seasonal(0.3, 0.5, 4)],
    ),
    "last year": (
        "last_year",
        _run(Kind.LAST_YEAR, [(1.0, 0.0, 0.8), (0.5, 1.0, 0.9)], 6, 1),
        [slow.last_year(1.0, 0.8, (6, 1), wide=False), slow.last_year(0.5, 0.9, (6, 1), wide=True)],
    ),
}


def _close(found: Any, wanted: Any) -> None:
    # single precision; a season divides by what may be nearly nothing, and then large values lose digits
    wide = 2e-2 if np.abs(wanted).max(initial=0.0) > LARGE else 5e-4
    np.testing.assert_allclose(found, wanted, rtol=wide, atol=5e-4)


def _ahead(bank: Bank, known: int, sets: Any, states: Any, factor: Any) -> Any:
    """Means (C, n, H) of sets whose states (C, n, S) stand at the end."""
    out = []
    for c, state in zip(sets, states, strict=True):
        n = len(state)
        length = state_length(bank, bank.run_of[c // LANES])
        chosen = Chosen(
            np.full((n, 1), c, np.int32),
            np.ones((n, 1), np.float32),
            np.arange(n + 1) * length,
            np.ascontiguousarray(state[:, :length]).ravel(),
        )
        move = (np.ones((1, LANES), np.float32), np.zeros((1, n), np.int64))
        rows = (np.asarray(factor, np.float32)[None], np.zeros(n, np.int32))
        out.append(means_ahead(bank, chosen, known, rows, move))
    return np.stack(out)


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=25)
@given(history=histories())
def test_a_run_gives_its_twins_numbers(case: str, history: Any) -> None:
    slot, run, plain = CASES[case]
    y, seen, f = history
    bank = bank_of({slot: run})
    panel = panel_of([y, y[::-1]], [seen, seen[::-1]], f[: len(y)], rolling_origins(len(y), SPAN), SPAN)
    sets = np.array([v * LANES + c for v in range(len(run.voices)) for c in range(2)])
    one, total, state = roll(bank, panel, np.arange(2), sets)
    ahead = _ahead(bank, len(y), sets, state, f[len(y) :])
    for row, (values, mask) in enumerate(((y, seen), (y[::-1], seen[::-1]))):
        for c, twin in enumerate(plain):
            said = twins.rolled(twin, values, mask, f[: len(y)], panel.origins, SPAN, f[len(y) :])
            _close(one[c, row], said[0])
            _close(total[c, row], said[1])
            _close(ahead[c, row], said[2])


@settings(max_examples=25)
@given(history=histories())
def test_the_lag_regression_uses_the_other_halfs_coefficients(history: Any) -> None:
    y, seen, f = history
    bank = bank_of({"lags": _run(Kind.LAGS, [HALVES.ravel()], 4)})
    panel = panel_of([y], [seen], f[: len(y)], rolling_origins(len(y), SPAN), SPAN)
    one, total, state = roll(bank, panel, np.arange(1), np.zeros(1, np.int64))
    early, ones = question_of(panel).early, twins.rolled
    for half, part in ((0, slice(early)), (1, slice(early, None))):
        twin = slow.lags(HALVES[half].tolist(), LAG_WINDOWS, 4)
        said = ones(twin, y, seen, f[: len(y)], panel.origins[part], SPAN, f[len(y) :])
        _close(one[0, 0, part], said[0])
        # a sum is cut at zero as a whole, its periods are not
        if (np.array(said[0]) > 0).all() and HALVES[half].min() >= 0:
            _close(total[0, 0, part], said[1])
    whole = slow.lags(HALVES[2].tolist(), LAG_WINDOWS, 4)(y, seen, f[: len(y)], f[len(y) :])
    _close(_ahead(bank, len(y), [0], state, f[len(y) :])[0, 0], whole)


def _mixture(seed: int) -> tuple[Bank, Any, Question]:
    rng = np.random.default_rng(seed)
    runs = {slot: run for slot, run, _ in CASES.values()}
    panel = panel_of(rng.poisson(3.0, (5, 40)), rng.random((5, 40)) < 0.9, np.ones(40), np.arange(15, 37, 3), SPAN)
    points = (np.array([0.5, 0.9], np.float32), np.array([0.0, 1.2815516], np.float32))
    spread = rng.uniform(0.5, 2.0, (2, 5)).astype(np.float32)
    return bank_of(runs), panel, question_of(panel, spread)._replace(probability=points[0], normal=points[1])


def test_the_mixture_is_the_weighted_sum_of_each_voices_best_set() -> None:
    """Scored, chosen and mixed by hand from all that was said."""
    bank, panel, question = _mixture(1)
    count, most, prior, temperature = len(bank.run_of) * LANES, 4, 2.0, 0.3
    pooled = np.random.default_rng(2).uniform(0.8, 1.2, (1, count)).astype(np.float32)
    choice = Choice(pooled, np.zeros(5, np.int64), Rule(prior, temperature, most), 0.5)
    found = mix(bank, panel.cells, panel.outcome, question, choice, np.arange(5))
    one, total, state = roll(bank, panel, np.arange(5), np.arange(count))
    came, fine = panel.outcome.total.astype(float), panel.outcome.share >= 0.5
    for i in range(5):
        m = np.maximum(total[:, i].astype(float), 1e-6)
        cv2 = (question.spread[0, i] / m + question.spread[1, i]) / 9.0
        loss = np.zeros(count)
        for p, z in zip(question.probability, question.normal, strict=True):
            error = came[i] - m * np.maximum(1.0 - cv2 + z * np.sqrt(cv2), 0.0) ** 3
            loss += np.maximum(p * error, (p - 1.0) * error)[:, fine[i]].mean(axis=1) / 2
        loss /= loss[:LANES].mean()
        spans = fine[i].sum() * 0.5
        drawn = ((spans * loss + prior * pooled[0]) / (spans + prior)).reshape(-1, LANES)
        order = np.argsort(drawn.min(axis=1))[:most]
        weight = np.exp(-(drawn.min(axis=1)[order] - drawn.min()) / temperature)
        weight /= weight.sum()
        ids = order * LANES + drawn.argmin(axis=1)[order]
        assert (found.ids[i] == ids).all()
        _close(found.weight[i], weight)
        _close(found.one[i], weight @ one[ids, i])
        _close(found.total[i], weight @ total[ids, i])
        lengths = [state_length(bank, bank.run_of[c // LANES]) for c in ids]
        kept = np.concatenate([state[c, i, :length] for c, length in zip(ids, lengths, strict=True)])
        assert found.length[i] == len(kept)
        assert (found.state[i, : len(kept)] == kept).all()


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=25)
@given(history=histories())
def test_a_state_carried_on_by_a_period_is_that_of_the_whole_history(case: str, history: Any) -> None:
    slot, run, _ = CASES[case]
    y, seen, f = history
    bank, known = bank_of({slot: run}), len(y) - 1
    none = np.zeros(0, np.int64)
    states = [
        roll(bank, panel_of([y[:k]], [seen[:k]], f[:k], none, SPAN), np.arange(1), np.zeros(1, np.int64))[2][0]
        for k in (known, len(y))
    ]
    chosen = Chosen(np.zeros((1, 1), np.int32), np.ones((1, 1), np.float32), np.zeros(2, np.int64), states[0].ravel())
    now = panel_of([y[known:]], [seen[known:]], f[known : len(y)], none, SPAN).cells
    length = state_length(bank, bank.run_of[0])
    carry_on(bank, chosen, known, now)
    np.testing.assert_array_equal(chosen.state[:length], states[1][0, :length])
