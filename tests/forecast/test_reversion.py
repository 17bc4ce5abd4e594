"""Regression to the mean: learned where levels are noisy, left alone where they are true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from orderpoint.forecast import reversion
from orderpoint.forecast.distributions import Errors, Learning, Spread
from orderpoint.forecast.panel import Outcome

ORIGINS, SPAN = 12, 2


def errors_of(said: NDArray[np.float64], came: NDArray[np.float64]) -> Errors:
    """Sums of whole spans, (n, O) each."""
    one, total = (said / SPAN).astype(np.float32), said.astype(np.float32)
    seen, share = np.ones(said.shape, np.bool_), np.ones(said.shape, np.float32)
    outcome = Outcome((came / SPAN).astype(np.float32), seen, came.astype(np.float32), share)
    return Errors(one, total, outcome, SPAN)


def spread_of(n: int, cv2: float) -> Spread:
    return Spread(np.full(n, 1.0), np.full(n, cv2))


def noisy(n: int = 2000, periods: int = 4) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(rate of a span, what the mean of a few spans says of it, what came): gamma rates of shape 1.5, Poisson sales."""
    rng = np.random.default_rng(3)
    rate = rng.gamma(1.5, 2.0, n)[:, None] * np.ones(ORIGINS)
    said = np.maximum(rng.poisson(rate * periods) / periods, 0.02)
    return rate, said, rng.poisson(rate).astype(np.float64)


def test_noisy_means_are_drawn_to_what_a_bayesian_who_knows_the_rates_expects() -> None:
    """Gamma rates and Poisson counts: E[rate | mean of m spans] = (1.5 + m said) / (0.5 + m)."""
    _, said, came = noisy()
    found = reversion.learn(errors_of(said, came), spread_of(len(said), 0.3), Learning())
    for units in (0.5, 1.0, 6.0, 12.0):
        assert units * found.factor(np.array(units)) == pytest.approx((1.5 + 4 * units) / 4.5, rel=0.12)


def test_all_together_keep_what_was_said_of_them_also_where_more_came_of_all() -> None:
    _, said, came = noisy()
    for times in (1.0, 1.3):
        found = reversion.learn(errors_of(said, times * came), spread_of(len(said), 0.3), Learning())
        assert found is not reversion.NONE
        assert (said * found.factor(said)).sum() == pytest.approx(said.sum(), rel=0.03)


def test_true_means_are_left_alone() -> None:
    rate, _, came = noisy()
    assert reversion.learn(errors_of(rate, came), spread_of(len(rate), 0.0), Learning()) is reversion.NONE


def test_one_large_order_decides_nothing() -> None:
    _, said, came = noisy()
    plain = reversion.learn(errors_of(said, came), spread_of(len(said), 0.3), Learning())
    came[7, 3] += 1e5
    moved = reversion.learn(errors_of(said, came), spread_of(len(said), 0.3), Learning())
    units = np.geomspace(0.1, 20.0, 30)
    assert moved.factor(units) == pytest.approx(plain.factor(units), rel=0.02)


def test_the_errors_that_teach_the_spread_are_those_after_it() -> None:
    _, said, came = noisy()
    errors = errors_of(said, came)
    found = reversion.learn(errors, spread_of(len(said), 0.3), Learning())
    after = reversion.applied(errors, found)
    assert after.total == pytest.approx(said * found.factor(said), rel=1e-5)
    assert after.one == pytest.approx(said * found.factor(said) / SPAN, rel=1e-5)
    best = ((1.5 + 4.0 * said) / 4.5 - came) ** 2
    assert ((after.total - came) ** 2).mean() < 1.005 * best.mean() < 0.99 * ((said - came) ** 2).mean()
    assert reversion.applied(errors, reversion.NONE) is errors


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(0, 14))
def test_more_said_is_never_less_in_the_end(seed: int, n: int, origins: int) -> None:
    rng = np.random.default_rng(seed)
    said = np.exp(rng.uniform(-4.0, 6.0, (n, origins)))
    came = rng.poisson(rng.gamma(0.7, 1.0, (n, 1)) * said ** rng.uniform(0.0, 1.2)).astype(np.float64)
    found = reversion.learn(errors_of(said, came), spread_of(n, 0.5), Learning())
    units = np.geomspace(1e-4, 1e5, 400)
    after = units * found.factor(units)
    assert np.isfinite(after).all()
    assert (np.diff(after) >= -1e-9 * after[1:]).all()
