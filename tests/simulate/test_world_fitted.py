"""The numbers of the invented shop are those that the data give today."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import fit_world
from orderpoint.simulate.world import fitted

pytestmark = pytest.mark.data

SAME_NAME = {
    "rates": ("LOG_RATE_MEAN", "LOG_RATE_SD", "LOG_RATE_WITHIN_ITEM_SD", "ZERO_SHARE"),
    "returns": ("RETURN_DELAY_MEDIAN_DAYS",),
    "overdispersion": ("LOG_SIZE_AT_RATE_ONE", "LOG_SIZE_SLOPE", "LOG_SIZE_SD"),
    "drift": ("DRIFT_SD", "DRIFT_MONTHLY_CORRELATION"),
    "promotion": ("PROMOTION_LOG_UPLIFT", "AFTER_PROMOTION_LOG_DIP"),
    "festival": ("CHRISTMAS_UPLIFT",),
    "elasticity": ("ELASTICITY_MEAN", "ELASTICITY_SD"),
}
OTHER_NAME = {
    "shop_rates": {"WEB_LOG_PRICE_SD": fitted.LOG_PRICE_SD},
    "returns": {"RETURN_LINE_SHARE": fitted.RETURN_SHARE},
    "elasticity": {"COMPETITOR_ELASTICITY_MEAN": fitted.COMPETITOR_ELASTICITY, "DEAL_LOG_LIFT": fitted.DEAL_LOG_LIFT},
    "lead_times": {
        "LEAD_TIME_OVER_PROMISE_SD": fitted.LEAD_TIME_CV_NEAR,
        "LEAD_TIME_CV_Q25": fitted.LEAD_TIME_CV_FAR,
        "LEAD_TIME_MEDIAN_TRUCK": fitted.LEAD_TIME_FAR_MEDIAN_DAYS,
    },
    "weekday_profile": {
        f"WEEKDAY_{name}_{day}": fitted.WEEKDAY[profile][day]
        for name, profile in (("FOODS", "food"), ("HOBBIES", "hobby"), ("HOUSEHOLD", "household"))
        for day in range(7)
    },
    "yearly_profile": {
        f"YEARLY_SD_{name}": fitted.YEARLY_SD[profile]
        for name, profile in (
            ("FOODS", "food"),
            ("HOBBIES", "hobby"),
            ("HOUSEHOLD", "household"),
            ("STORE_ITEM", "seasonal"),
        )
    },
}


@pytest.mark.parametrize("fit", sorted({*SAME_NAME, *OTHER_NAME}))
def test_constants_are_the_fits(fit: str, data_folder: Path) -> None:
    found = getattr(fit_world, fit)(data_folder)
    expected = {name: getattr(fitted, name) for name in SAME_NAME.get(fit, ())} | OTHER_NAME.get(fit, {})
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=0.003), name
