"""Textbook numbers, worked by hand here; each names its source."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from orderpoint.forecast.baselines import MovingAverage, Naive, SeasonalNaive
from orderpoint.forecast.intermittent import ADIDA, IMAPA, SBA, TSB
from orderpoint.forecast.smoothing import DiscountedRatio, Holt, HoltWinters, SimpleSmoothing
from orderpoint.tables.sales import State
from tests.forecast.builders import mean_of, panel_of

FIVE = [100, 110, 120, 130, 140]


def test_three_period_mean_of_the_last_three_is_130_and_of_the_first_three_110() -> None:
    """Issue 2, section 3: the article prints 113.33, which is neither."""
    assert mean_of(MovingAverage(3), FIVE)[0] == pytest.approx(130)
    assert mean_of(MovingAverage(3), FIVE[:3])[0] == pytest.approx(110)


def test_smoothing_with_alpha_a_half_from_forecast_110_and_demand_120_gives_115() -> None:
    assert mean_of(SimpleSmoothing(0.5, initial=110), [120])[0] == pytest.approx(115)


def test_the_discounted_ratio_started_at_one_over_alpha_is_simple_smoothing() -> None:
    """Brown 1959: S = 220, W = 2; then S = 110 + 120, W = 1 + 1."""
    panel = panel_of([[120]], [[True]], [1.0], [], 1)
    object.__setattr__(panel, "prior", np.array([110], np.float32))
    object.__setattr__(panel, "prior_weight", np.array([2], np.float32))
    assert DiscountedRatio(0.5).roll(panel).ahead(np.ones((1, 1), np.float32))[0, 0, 0] == pytest.approx(115)


def test_naive_and_seasonal_naive_repeat_what_was() -> None:
    assert mean_of(Naive(), FIVE, 2).tolist() == [140, 140]
    assert mean_of(SeasonalNaive(2), FIVE, 3).tolist() == [130, 140, 130]


def test_holt_damped_by_hand() -> None:
    """FPP3, section 8.2: from 10 without a trend, y = 14: l = .5 x 14 + .5 x 10 = 12, b = 1; then 12 + .8 + .64."""
    said = mean_of(Holt(0.5, 0.5, 0.8), [10, 14], 2)
    np.testing.assert_allclose(said, [12.8, 13.44], rtol=1e-6)


def test_additive_holt_winters_by_hand() -> None:
    """FPP3, section 8.3, additive, season of 2, alpha .5, gamma .5, no trend; started by the first two seasons.

    Level 15 (mean of 10, 20), indices -5 and 5; 10, 20, 10, 20 leaves them; y = 14: l = .5 (14 + 5) + .5 x 15 = 17,
    s = .5 (14 - 15) + .5 (-5) = -3; ahead 17 + 5 and 17 - 3.
    """
    said = mean_of(HoltWinters(0.5, 0.0, 0.5, 1.0, 2), [10, 20, 10, 20, 14], 2)
    np.testing.assert_allclose(said, [22, 14], rtol=1e-6)


def test_multiplicative_holt_winters_by_hand() -> None:
    """The same with ratios: level 15, indices 2/3 and 4/3; y = 15 at 2/3: l = .5 x 22.5 + 7.5 = 18.75, s = .5 + 1/3."""
    said = mean_of(HoltWinters(0.5, 0.0, 0.5, 1.0, 2, multiplicative=True), [10, 20, 10, 20, 15], 2)
    np.testing.assert_allclose(said, [25, 18.75 * 5 / 6], rtol=1e-6)


def test_tsb_by_hand() -> None:
    """Teunter, Syntetos & Babai 2011, eq. 3-5, from p = .5, z = 4, alpha .2, beta .1: 0, 0, 6.

    p = .5 x .9 = .45, .405, then .405 + .1 x .595 = .4645; z = 4 + .2 x 2 = 4.4; mean .4645 x 4.4 = 2.0438.
    """
    assert mean_of(TSB(0.2, 0.1, initial=(0.5, 4.0)), [0, 0, 6])[0] == pytest.approx(2.0438, rel=1e-5)


def test_tsb_forgets_an_item_that_is_no_longer_sold_and_sba_does_not() -> None:
    """After ten sales and a long silence TSB's mean decays by (1 - beta) a period."""
    sold, silence = [5] * 10, [0] * 60
    assert mean_of(TSB(0.1, 0.1), sold + silence)[0] == pytest.approx(
        mean_of(TSB(0.1, 0.1), sold + silence[:-1])[0] * 0.9, rel=1e-4
    )
    assert mean_of(TSB(0.1, 0.1), sold + silence)[0] < 0.1
    assert mean_of(SBA(0.1), sold + silence)[0] == pytest.approx(4.75)


def test_sba_by_hand() -> None:
    """Syntetos & Boylan 2005, eq. 5, alpha .5: sizes 4, 8 after intervals 2, 3.

    First demand: z = 4, x = 2. Second (gain 1/2): z = 6, x = 2.5; mean .75 x 6 / 2.5 = 1.8.
    """
    assert mean_of(SBA(0.5), [0, 4, 0, 0, 8])[0] == pytest.approx(1.8)


def test_adida_and_imapa_by_hand() -> None:
    """Nikolopoulos et al. 2011 and Petropoulos & Kourentzes 2015, alpha 0 (gains 1 / k), mean interval 6 / 3 = 2.

    0 4 | 0 2 | 6 0 in buckets of two: (2 + 1 + 3) / 3 = 2; in ones the same 2; so both say 2.
    """
    assert mean_of(ADIDA(0.0), [0, 4, 0, 2, 6, 0])[0] == pytest.approx(2)
    assert mean_of(IMAPA(0.0), [0, 4, 0, 2, 6, 0])[0] == pytest.approx(2)


def test_adida_smooths_buckets_not_periods() -> None:
    """Alpha 1 keeps the last bucket alone: (6 + 0) / 2; IMAPA averages it with the last period, 0."""
    assert mean_of(ADIDA(1.0), [0, 4, 0, 2, 6, 0])[0] == pytest.approx(3)
    assert mean_of(IMAPA(1.0), [0, 4, 0, 2, 6, 0])[0] == pytest.approx(1.5)


def test_periods_out_of_stock_are_skipped_and_the_state_carried() -> None:
    state = [State.OBSERVED, State.OBSERVED, State.STOCKOUT, State.OFF]
    assert mean_of(MovingAverage(2), [10, 20, 0, 0], state=state)[0] == pytest.approx(15)
    assert mean_of(SimpleSmoothing(0.5), [10, 20, 0, 0], state=state)[0] == pytest.approx(15)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: MovingAverage(0),
        lambda: SeasonalNaive(0),
        lambda: SimpleSmoothing(1.5),
        lambda: SimpleSmoothing(0.5, initial=-1.0),
        lambda: Holt(phi=-0.1),
        lambda: HoltWinters(season=1),
        lambda: TSB(beta=2.0),
        lambda: SBA(()),
        lambda: ADIDA(-1.0),
        lambda: IMAPA(2.0),
    ],
)
def test_parameters_are_checked_where_they_are_given(wrong: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        wrong()
