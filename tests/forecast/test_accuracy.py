"""The field's measures, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from orderpoint.forecast import accuracy

ACTUAL = np.array([[10.0, 0.0, 5.0]])
MEAN = np.array([[8.0, 1.0, 9.0]])
SEEN = np.array([[True, True, False]])
HISTORY = np.array([[1.0, 3.0, 3.0, np.nan, 5.0, 8.0]])


def test_wape_and_bias_over_the_seen_cells() -> None:
    assert accuracy.wape(ACTUAL, MEAN, SEEN) == pytest.approx(0.3)
    assert accuracy.bias(ACTUAL, MEAN, SEEN) == pytest.approx(-0.1)
    assert np.isnan(accuracy.wape(0 * ACTUAL, MEAN, SEEN))


def test_rmsse_scales_by_the_mean_squared_step() -> None:
    """Steps 2, 0, 3 (those across the gap are unknown): mean square 13 / 3; errors 4, 1: 2.5."""
    assert accuracy.rmsse(ACTUAL, MEAN, SEEN, HISTORY)[0] == pytest.approx(np.sqrt(2.5 / (13 / 3)))


def test_mase_scales_by_the_mean_seasonal_step() -> None:
    """Steps 2, 0, 3: mean 5 / 3; errors 2, 1: 1.5. At season 2: |3 - 1|, |8 - ...| is unknown, |5 - 3|: mean 2."""
    assert accuracy.mase(ACTUAL, MEAN, SEEN, HISTORY)[0] == pytest.approx(1.5 / (5 / 3))
    assert accuracy.mase(ACTUAL, MEAN, SEEN, HISTORY, 2)[0] == pytest.approx(1.5 / 2)
    assert np.isnan(accuracy.mase(ACTUAL, MEAN, SEEN, HISTORY, 6)[0])


def test_a_history_that_never_moves_has_no_scale() -> None:
    assert np.isnan(accuracy.rmsse(ACTUAL, MEAN, SEEN, np.full((1, 5), 3.0))[0])


def test_pinball_weighs_misses_by_the_probability() -> None:
    out = accuracy.pinball(np.array([10.0, 4.0]), np.array([8.0, 8.0]), 0.9)
    np.testing.assert_allclose(out, [1.8, 0.4])


def test_coverage_counts_outcomes_at_or_below() -> None:
    assert accuracy.coverage(ACTUAL, MEAN, SEEN) == pytest.approx(0.5)
