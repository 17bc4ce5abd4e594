"""Scores become weights: the best of each series counts as far as its own history can tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import gamma

from orderpoint.forecast import selection
from orderpoint.forecast.distributions import Spread
from orderpoint.forecast.panel import Outcome
from orderpoint.forecast.selection import Selection


def weigh(losses: Any, scored: Any, **settings: Any) -> Any:
    losses = np.asarray(losses, float)
    return selection.weights(
        losses, np.asarray(scored, float), np.zeros(losses.shape[1], np.int64), Selection(**settings)
    )


def test_weights_add_up_to_one_and_the_better_model_weighs_more() -> None:
    out = weigh([[1.0, 1.0], [1.1, 0.9]], [50, 50])
    np.testing.assert_allclose(out.sum(axis=0), 1)
    assert out[0, 0] > out[1, 0]
    assert out[1, 1] > out[0, 1]


def test_a_short_history_follows_the_pooled_choice() -> None:
    """Nineteen series say the first model; the twentieth's two spans say the second and are not enough, fifty are."""
    losses = np.array([[0.9] * 19 + [1.05], [1.1] * 19 + [0.95]])
    assert weigh(losses, [20] * 19 + [2])[0, -1] > 0.9
    assert weigh(losses, [20] * 19 + [500])[1, -1] > 0.9


def test_without_scores_all_follow_the_pooled_choice_and_without_any_the_mean() -> None:
    out = weigh([[0.9, 0.0], [1.1, 0.0]], [20, 0])
    assert out[0, 1] > 0.5
    np.testing.assert_allclose(weigh([[0.0], [0.0]], [0]), 0.5)


def test_temperature_zero_takes_the_best_alone() -> None:
    assert weigh([[1.0], [1.01]], [50], temperature=0).tolist() == [[1.0], [0.0]]


def test_a_large_series_does_not_decide_for_a_small_one() -> None:
    """Relative losses: 1,000 times the units are not 1,000 times the vote."""
    losses = np.array([[1000.0, 0.9, 0.9], [1100.0, 1.2, 1.2]])
    scaled = losses.copy()
    scaled[:, 0] /= 1000
    np.testing.assert_allclose(weigh(losses, [5, 5, 5]), weigh(scaled, [5, 5, 5]))


def test_pinball_losses_are_those_of_a_plain_loop() -> None:
    """Wilson and Hilferty's quantiles stay close to scipy's gamma, and the loss is the textbook's."""
    rng = np.random.default_rng(0)
    total = rng.uniform(5, 50, (2, 3, 6)).astype(np.float32)
    came = rng.poisson(20, (3, 6)).astype(np.float32)
    share = np.ones((3, 6), np.float32)
    share[1, 2] = 0.2
    outcome = Outcome(came, share > 0, came, share)
    spread = Spread(np.array([1.0, 2.0, 1.5]), np.array([0.05, 0.0, 0.1]))
    got = selection.pinball_losses(total, outcome, spread)
    for c in range(2):
        for i in range(3):
            losses = []
            for o in range(6):
                if share[i, o] < 0.5:
                    continue
                m = float(total[c, i, o])
                cv2 = (spread.ratio[i] + spread.level_cv2[i] * m) / m
                for p in selection.PROBABILITIES:
                    error = float(came[i, o]) - gamma.ppf(p, 1 / cv2, scale=m * cv2)
                    losses.append(max(p * error, (p - 1) * error))
            assert got[c, i] == pytest.approx(np.mean(losses), rel=0.02)


@pytest.mark.parametrize("wrong", [{"prior_spans": -1.0}, {"temperature": -0.1}])
def test_settings_are_checked(wrong: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        Selection(**wrong)
