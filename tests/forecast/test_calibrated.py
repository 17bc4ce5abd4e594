"""The level's variance is as wide as quantiles ask for: narrower where few series leave their level, else as it is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from orderpoint.forecast import distributions, selection
from orderpoint.forecast.calibrated import FACTORS, PROBABILITIES, calibrated
from orderpoint.forecast.distributions import Errors, Learning, Spread
from orderpoint.forecast.panel import Outcome

SPAN, ORIGINS, MEAN = 4, 12, 200.0


def errors_of(rate: NDArray[np.float64], seed: int) -> Errors:
    """MEAN was said of every span of SPAN periods; Poisson counts of `rate` (n, O) came."""
    rng = np.random.default_rng(seed)
    said = np.full(rate.shape, MEAN, np.float32)
    one, rest = rng.poisson(rate / SPAN), rng.poisson(rate * (SPAN - 1) / SPAN)
    seen, share = np.ones(rate.shape, np.bool_), np.ones(rate.shape, np.float32)
    outcome = Outcome(one.astype(np.float32), seen, (one + rest).astype(np.float32), share)
    return Errors(said / SPAN, said, outcome, SPAN)


def changed(seed: int) -> NDArray[np.float64]:
    """Nine spans of ten keep their level, one has two and a half times as much."""
    rng = np.random.default_rng(seed)
    return MEAN * np.where(rng.random((300, ORIGINS)) < 0.1, 2.5, 1.0)


def gamma(seed: int) -> NDArray[np.float64]:
    """Levels are gamma around what was said, as a forecast's distribution has it."""
    return np.random.default_rng(seed).gamma(1 / 0.2, 0.2 * MEAN, (300, ORIGINS))


def loss(errors: Errors, spread: Spread) -> float:
    return float(selection.pinball_losses(errors.total[None], errors.outcome, spread, PROBABILITIES).mean())


def test_where_few_leave_their_level_the_middle_is_narrower_and_costs_less_on_what_came_later() -> None:
    learning, early = Learning(cut_sd=10.0), errors_of(changed(1), 2)
    spread = distributions.fit(early, learning)
    found = calibrated(early, spread, learning)
    assert (found.level_cv2 < 0.8 * spread.level_cv2).all()
    np.testing.assert_array_equal(found.ratio, spread.ratio)
    late = errors_of(changed(3), 4)
    assert loss(late, found) < 0.98 * loss(late, spread)


def test_a_level_that_is_gamma_is_left_as_the_moments_have_it() -> None:
    errors = errors_of(gamma(5), 6)
    spread = distributions.fit(errors, Learning())
    found = calibrated(errors, spread, Learning())
    assert found.level_cv2 / spread.level_cv2 == pytest.approx(np.ones(300), abs=0.21)


def test_no_factor_would_have_cost_less() -> None:
    errors = errors_of(changed(7), 8)
    spread = distributions.fit(errors, Learning())
    found = calibrated(errors, spread, Learning())
    tried = [loss(errors, Spread(spread.ratio, factor * spread.level_cv2)) for factor in FACTORS]
    assert loss(errors, found) == pytest.approx(min(tried), rel=0.01)


def test_where_nothing_was_seen_nothing_is_said() -> None:
    errors = errors_of(gamma(9), 10)
    errors.outcome.share[:] = 0.0
    spread = Spread(np.full(300, 2.0), np.full(300, 0.3))
    assert calibrated(errors, spread, Learning()) is spread
