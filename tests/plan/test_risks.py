"""The sentences of risks.csv say what is expected, and until when it lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.plan.case import PlanCase
from orderpoint.plan.risks import risks_table
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Family
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import TODAY, SmallShop, with_receipt

WEEKS = 4
POLICY = MinCost(Sampling(paths=512))


def risks(snapshot: Snapshot, demand: Demand) -> pl.DataFrame:
    shape = (len(snapshot.index), WEEKS)
    past = Timeline(TODAY - timedelta(days=7 * WEEKS), Period.WEEK, WEEKS)
    sales = Sales(snapshot.index, past, np.ones(shape, np.float32), np.full(shape, State.OBSERVED, np.uint8))
    case = PlanCase(sales, Known(snapshot.catalog), snapshot, SeasonalNaive(), POLICY)
    decisions = POLICY.decide(snapshot, demand)
    return risks_table(case, demand, decisions, POLICY.evaluate(snapshot, demand, decisions))


def test_what_may_run_out_before_the_order_says_what_is_coming_and_how_long_it_lasts() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), on_hand=6).build()
    (row,) = risks(with_receipt(snapshot, 1, 5), demand).to_dicts()
    assert row["reason"].startswith("6 on hand and 5 coming; 20 are expected to sell before 2025-06-16")
    assert "on average it lasts until 2025-06-02" in row["reason"]
    assert row["by"] == TODAY


def test_stock_that_is_enough_on_average_is_not_said_to_last_beyond_the_order() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), on_hand=21).build()
    (row,) = risks(snapshot, demand).to_dicts()
    assert "enough on average, but with a chance of" in row["reason"]
    assert row["by"] == date(2025, 6, 16), "the day on which today's order arrives"
    assert 0.25 < row["probability"] < 0.5


@pytest.mark.parametrize(("most", "words"), [(3, "on average it lasts until 2025-06-16"), (11, "is enough on average")])
def test_what_may_run_out_after_the_order_says_what_was_ordered(most: int, words: str) -> None:
    reasons = late_only(most)
    assert f"{most} ordered today" in reasons[0]
    assert words in reasons[0]


def late_only(most: int) -> list[str]:
    """Sentences where demand begins with the order's arrival, so that nothing can run out before."""
    shop = SmallShop(mean=np.array([[0.0, 0.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0]]), max_quantity=most)
    return risks(*shop.build())["reason"].to_list()


def test_an_overstock_says_the_mean_of_a_demand_with_many_zeros() -> None:
    snapshot, demand = SmallShop(mean=(3.0,), on_hand=500).build()
    rare = replace(demand, family=np.full(1, Family.ZERO_INFLATED, np.uint8), zero=np.full(1, 0.5))
    (row,) = risks(snapshot, rare).to_dicts()
    assert row["kind"] == "overstock"
    assert "; 24 are expected to sell" in row["reason"], "a mixture's mean is not that of its first component"
