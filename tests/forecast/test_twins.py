"""Every compiled kernel gives the numbers of its slow, plain twin, which sees nothing after an origin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.forecast.baselines import MovingAverage, Naive, SeasonalNaive
from orderpoint.forecast.intermittent import ADIDA, IMAPA, SBA, TSB
from orderpoint.forecast.panel import rolling_origins
from orderpoint.forecast.smoothing import DiscountedRatio, Holt, HoltWinters, SimpleSmoothing
from tests.forecast import twins
from tests.forecast.builders import panel_of

SPAN, AHEAD = 3, 5


def adida(y: Any, seen: Any) -> Any:
    return twins.adida(0.2, twins.mean_interval(y, seen))


def imapa(y: Any, seen: Any) -> Any:
    return twins.imapa(0.2, twins.mean_interval(y, seen))


CASES = {
    "discounted ratio": (DiscountedRatio((0.1, 0.5)), [twins.discounted_ratio(0.1), twins.discounted_ratio(0.5)]),
    "simple smoothing": (SimpleSmoothing((0.2, 1.0)), [twins.holt(0.2, 0.0, 0.0), twins.holt(1.0, 0.0, 0.0)]),
    "Holt": (Holt((0.2, 0.6), 0.3, (0.9, 1.0)), [twins.holt(0.2, 0.3, 0.9), twins.holt(0.6, 0.3, 1.0)]),
    "Holt-Winters additive": (
        HoltWinters(0.3, 0.1, 0.2, 0.9, 4),
        [twins.holt_winters((0.3, 0.1, 0.2, 0.9), 4, multiplicative=False)],
    ),
    "Holt-Winters multiplicative": (
        HoltWinters(0.3, 0.0, 0.2, 1.0, 3, multiplicative=True),
        [twins.holt_winters((0.3, 0.0, 0.2, 1.0), 3, multiplicative=True)],
    ),
    "moving average": (MovingAverage((1, 4)), [twins.moving_average(1), twins.moving_average(4)]),
    "naive": (Naive(), [twins.moving_average(1)]),
    "seasonal naive": (SeasonalNaive(4), [twins.seasonal_naive(4)]),
    "TSB": (TSB((0.1, 0.3), (0.2, 0.05)), [twins.tsb(0.1, 0.2), twins.tsb(0.3, 0.05)]),
    "SBA": (SBA((0.1, 0.3)), [twins.sba(0.1), twins.sba(0.3)]),
    "ADIDA": (ADIDA(0.2), [adida]),
    "IMAPA": (IMAPA(0.2), [imapa]),
}


@st.composite
def histories(draw: Any) -> Any:
    """Demand with zeros, periods not seen and a season."""
    length = draw(st.integers(1, 30))
    size = st.one_of(st.just(0.0), st.integers(0, 9).map(float), st.floats(0, 50, width=32))
    y = draw(st.lists(size, min_size=length, max_size=length))
    seen = draw(st.lists(st.sampled_from([True, True, True, False]), min_size=length, max_size=length))
    f = draw(st.lists(st.sampled_from([0.5, 1.0, 1.5]), min_size=length + AHEAD, max_size=length + AHEAD))
    return y, seen, f


@pytest.mark.parametrize("case", CASES)
@given(history=histories())
def test_a_kernel_gives_its_twins_numbers(case: Any, history: Any) -> None:
    form, plain = CASES[case]
    y, seen, f = history
    origins = rolling_origins(len(y), SPAN)
    rolled = form.roll(panel_of([y, y[::-1]], [seen, seen[::-1]], f[: len(y)], origins, SPAN))
    ahead = rolled.ahead(np.asarray(f[len(y) :], np.float32)[None, :])
    for row, (values, mask) in enumerate(((y, seen), (y[::-1], seen[::-1]))):
        for c, twin in enumerate(plain):
            means = twin(values, mask) if case in ("ADIDA", "IMAPA") else twin
            one, total, later = twins.rolled(means, values, mask, f[: len(y)], origins, SPAN, f[len(y) :])
            np.testing.assert_allclose(rolled.one[c, row], one, rtol=2e-4, atol=2e-4)
            np.testing.assert_allclose(rolled.total[c, row], total, rtol=2e-4, atol=5e-4)
            np.testing.assert_allclose(ahead[c, row], later, rtol=2e-4, atol=2e-4)


def test_outcomes_are_what_came() -> None:
    y = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    seen = [True, True, False, True, True, True]
    panel = panel_of([y], [seen], [1, 1, 2, 1, 1, 1], [1, 2, 3], 3)
    outcome = panel.outcome
    assert outcome.one[0].tolist() == [2.0, 3.0, 4.0]
    assert outcome.one_seen[0].tolist() == [True, False, True]
    assert outcome.total[0].tolist() == [6.0, 9.0, 15.0]
    np.testing.assert_allclose(outcome.share[0], [0.5, 0.5, 1.0])


@pytest.mark.parametrize(("periods", "span"), [(1, 3), (3, 3), (4, 3), (40, 1), (500, 14)])
def test_origins_leave_a_whole_span_to_come_and_something_to_know(periods: Any, span: Any) -> None:
    origins = rolling_origins(periods, span)
    assert len(origins) <= 48
    assert (len(origins) > 0) == (periods > span)
    if len(origins):
        assert origins[-1] == periods - span
        assert origins[0] >= 1
        assert len(set(np.diff(origins).tolist())) <= 1
