"""The sentences of risks.csv say what is expected, and until when it lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.optimize.base import Policy
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.plan.case import PlanCase
from orderpoint.plan.risks import risks_table
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Family
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import TODAY, SmallShop, with_receipt
from tests.optimize.network_places import SHOPS, STAR, Places

WEEKS = 4
POLICY = MinCost(Sampling(paths=512))
NETWORK = Scollab(Sampling(paths=512))


def risks(snapshot: Snapshot, demand: Demand, policy: Policy = POLICY, *, idle: bool = False) -> pl.DataFrame:
    """The table after what `policy` decides; `idle`: after nothing is done."""
    shape = (len(snapshot.index), WEEKS)
    past = Timeline(TODAY - timedelta(days=7 * WEEKS), Period.WEEK, WEEKS)
    sales = Sales(snapshot.index, past, np.ones(shape, np.float32), np.full(shape, State.OBSERVED, np.uint8))
    case = PlanCase(sales, Known(snapshot.catalog), snapshot, SeasonalNaive(), policy)
    decisions = policy.decide(snapshot, demand)
    if idle:
        decisions = decisions.without_orders()
    return risks_table(case, demand, decisions, policy.evaluate(snapshot, demand, decisions))


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


def star(hub: float, shop: float, idle: bool = False) -> pl.DataFrame:
    """Risks of a hub that feeds three shops, 9 units a week in all; `hub`, `shop`: units on hand at each place."""
    snapshot, demand = Places(SHOPS, STAR, (hub, shop, shop, shop)).build()
    return risks(snapshot, demand, NETWORK, idle=idle)


def test_a_hub_that_sells_nothing_itself_is_judged_by_the_shops_that_it_feeds() -> None:
    weeks = SmallShop(mean=(1.0,)).build()[0].timeline.count
    enough = star(9.0 * weeks - 15.0, 5.0)
    assert "hub" not in enough.filter(pl.col("kind") == "overstock")["location"].to_list()
    row = star(500.0, 5.0).filter((pl.col("kind") == "overstock") & (pl.col("location") == "hub")).to_dicts()[0]
    assert row["reason"].startswith("515 held or on the way here and at the places that it supplies; 72 are expected")
    strong = int(row["reason"].split(", ")[1].split()[0])
    assert row["units"] == 515 - strong
    assert 72 < strong < 100


def test_a_shop_is_judged_after_what_the_hub_sends_it_today() -> None:
    def short_shops(table: pl.DataFrame) -> set[str]:
        return set(table.filter(pl.col("kind") == "stockout")["location"].to_list())

    assert "north" in short_shops(star(60.0, 7.0, idle=True)), "7 for two weeks of 5"
    assert not short_shops(star(60.0, 7.0)), "the hub sends it what it lacks"


def test_a_hub_that_cannot_feed_its_shops_is_said_to_run_out_for_all_of_them() -> None:
    (row,) = star(10.0, 2.0).filter((pl.col("kind") == "stockout") & (pl.col("location") == "hub")).to_dicts()
    assert row["probability"] == pytest.approx(1.0, abs=0.03), "16 units for three weeks of 9"
    on_hand, coming = [int(word) for word in row["reason"].split() if word.isdigit()][:2]
    assert on_hand + coming == 16, "what is on its way to the shops is theirs and the hub's"
    assert "can have reached their customers" in row["reason"]
