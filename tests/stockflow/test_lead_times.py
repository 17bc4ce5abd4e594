"""Random lead times: gamma in law, cut late, and counted in whole periods."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gamma, norm

from orderpoint.stockflow.lead_times import LATEST_SD, delay, lead_time_table, period_from


@pytest.mark.parametrize(("mean", "sd"), [(14.0, 4.0), (40.0, 12.0), (7.0, 1.5)])
def test_wilson_and_hilferty_are_near_the_gamma(mean: float, sd: float) -> None:
    shape = (mean / sd) ** 2
    for p in (0.05, 0.5, 0.9, 0.99):
        exact = gamma.ppf(p, shape, scale=mean / shape)
        assert mean + delay(mean, sd, norm.ppf(p)) == pytest.approx(min(exact, mean + LATEST_SD * sd), rel=0.01)


def test_goods_are_on_sale_from_the_first_period_that_starts_after_them() -> None:
    starts = np.array([0.0, 7.0, 14.0, 21.0])
    assert [period_from(starts, day) for day in (-1.0, 0.0, 0.5, 7.0, 7.5, 99.0)] == [0, 0, 1, 1, 2, 3]


def test_a_certain_lead_time_is_one_and_a_random_one_keeps_its_mean() -> None:
    table = lead_time_table(np.array([14.0, 30.0, 0.0]), np.array([0.0, 6.0, 0.0]), 1.0, 512)
    assert (table[0] == 14).all()
    assert (table[2] == 0).all()
    assert table[1].mean() == pytest.approx(30.5, abs=0.2), "days begun count as whole"
    assert table[1].std() == pytest.approx(6.0, rel=0.05)
