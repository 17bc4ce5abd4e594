"""Overrides are scored against the model without them, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast import judgement
from orderpoint.forecast.smoothing import DiscountedRatio
from orderpoint.forecast.surveys import Survey
from orderpoint.forecast.value_added import SCHEMA, Window, by_author, judged, value_added, verdict
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Override
from orderpoint.tables.sales import State
from tests.forecast.builders import FIRST, known_of, sales_of


def word(kind: Any, value: Any, start: int, end: int, **more: Any) -> Any:
    base = {"item": "i000", "location": None, "low": None, "high": None, "author": "Ann", "reason": "fair"} | more
    return Override(
        start=FIRST + timedelta(days=start), end=FIRST + timedelta(days=end), kind=kind, value=value, **base
    )


def test_one_override_by_hand() -> None:
    """Poisson 4 said without, 8 with; 10, 6 and 99 (short of stock) came.

    WAPE (6 + 2) / 16 and (2 + 2) / 16. The 0.9 points are 7 and 12: losses 0.9 x 3 + 0.1 x 1 and 0.1 x 2 + 0.1 x 6.
    """
    came = sales_of([[10, 6, 99]], [[State.OBSERVED, State.OBSERVED, State.STOCKOUT]])
    two = [Demand.poisson(came.index, came.timeline, mean) for mean in (4.0, 8.0)]
    row: Any = judged(Window(word("set", 8.0, 0, 2), two[0], two[1], came))
    assert (row["periods"], row["demand"]) == (2, 16.0)
    assert (row["wape_model"], row["wape_judged"]) == (0.5, 0.25)
    assert row["loss_model"] == pytest.approx(2.8)
    assert row["loss_judged"] == pytest.approx(0.8)
    assert row["gain"] == pytest.approx(2.0 / 3.6)


def test_a_window_that_was_never_in_stock_is_not_scored() -> None:
    came = sales_of([[10]], [[State.STOCKOUT]])
    said = Demand.poisson(came.index, came.timeline, 4.0)
    assert judged(Window(word("set", 8.0, 0, 2), said, said, came)) is None


def test_the_verdict_by_hand() -> None:
    """Five gains of 0.4, the prior's five of 0: mean 0.2, t = 0.2 / sqrt((5 x 0.09 + 5 x 0.16 - 10 x 0.04) / 100)."""
    mean, chance = verdict(np.full(5, 0.4))
    assert mean == pytest.approx(0.2)
    assert chance == pytest.approx(0.97314, abs=2e-3)
    assert verdict(np.zeros(3)) == (0.0, 0.5)


def shop(overrides: Any) -> Any:
    """Two items that sell ten a day; the first sells thirty on days 40 to 44."""
    sold = np.full((2, 60), 10.0)
    sold[0, 40:45] = 30.0
    sales = sales_of(sold)
    return value_added(DiscountedRatio(0.1), sales, replace(known_of(sales), overrides=overrides))


def test_whose_judgement_helps() -> None:
    good = [word("multiply", 3.0, 40, 44), word("add", 20.0, 42, 42), word("add", 15.0, 44, 44)]
    bad = [word("set", 30.0, day, day + 1, item="i001", author="Bob", reason="hope") for day in (20, 30, 50)]
    table = shop((*good, *bad, word("set", 5.0, 70, 71), word("set", 5.0, 30, 31, item="nobody")))
    assert table.schema == pl.Schema(SCHEMA)
    assert table["author"].to_list() == ["Ann", "Ann", "Ann", "Bob", "Bob", "Bob"]
    assert (table["gain"].to_numpy() > 0).tolist() == [True, True, True, False, False, False]
    assert table["wape_model"][0] == pytest.approx(2 / 3, abs=0.01)
    assert table["wape_judged"][0] == pytest.approx(0.0, abs=0.01)
    people = by_author(table)
    assert people["author"].to_list() == ["Ann", "Bob"]
    assert people["overrides"].to_list() == [3, 3]
    assert people["verdict"].to_list() == ["helps", "hurts"]


def test_hours_of_partial_stock_are_no_hindrance() -> None:
    sales = sales_of(np.full((2, 60), 10.0))
    hours = replace(sales, in_stock_share=np.full((2, 60), 1.0, np.float32))
    known = replace(known_of(sales), overrides=(word("set", 10.0, 40, 44),))
    assert value_added(DiscountedRatio(0.1), hours, known).equals(value_added(DiscountedRatio(0.1), sales, known))


def test_a_single_override_proves_little() -> None:
    table = shop((word("multiply", 1.2, 40, 44),))
    assert by_author(table)["verdict"].to_list() == ["unclear"]


def test_without_past_overrides_the_tables_are_empty() -> None:
    table = shop(())
    assert table.schema == pl.Schema(SCHEMA)
    assert table.height == by_author(table).height == 0


def test_sales_since_its_start_correct_an_estimate() -> None:
    """PERT mean 6, sd 2: gamma(9, 1.5); 20 units in 5 days make it gamma(29, 6.5)."""
    sales = sales_of([[9] * 15 + [4] * 5, [9] * 20])
    estimate = word("estimate", 5.0, 15, 30, low=2.0, high=14.0)
    seen = judgement.Seen(sales.timeline, sales.quantity, sales.observed(), np.ones(2), np.zeros(2, np.bool_))
    ahead: Timeline = sales.timeline.after(3)
    mean, cv2 = judgement.override(np.full((2, 3), 9.0), np.zeros(2), sales.index, ahead, (estimate,), seen)
    np.testing.assert_allclose(mean, [[29 / 6.5] * 3, [9.0] * 3])
    np.testing.assert_allclose(cv2, [1 / 29, 0.0])
    heard = replace(seen, heard=np.array([True, False]))
    assert (judgement.override(mean, cv2, sales.index, ahead, (estimate,), heard)[0] == mean).all()


def test_a_survey_becomes_an_estimate_of_the_same_mean_and_spread() -> None:
    """24 of 79 would buy: beta(24.5, 55.5), mean 0.30625; half do, of 40 customers a week."""
    survey = Survey(asked=79, would_buy=24, customers=40.0)
    mean, cv2 = survey.level()
    assert mean == pytest.approx(0.30625 * 0.5 * 40)
    share = 55.5 / (24.5 * 81)
    assert cv2 == pytest.approx(share + 0.25 + 0.25 * share)
    said = survey.estimate("new", (FIRST, FIRST + timedelta(days=90)), "research")
    assert judgement.three_points(said) == pytest.approx((mean, cv2))
    assert said.low is not None
    assert said.high is not None
    assert 0 <= said.low <= said.value <= said.high


def test_a_survey_names_every_fault() -> None:
    with pytest.raises(ValueError, match=r"asked.*would_buy.*customers.*units.*kept.*kept_cv2"):
        Survey(asked=0, would_buy=-1, customers=0.0, units=0.0, kept=0.0, kept_cv2=-1.0)
