"""Goods that spoil: stock that nobody buys in time is not there, and nothing is ordered that would not keep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.base import Policy
from orderpoint.optimize.cims import Cims
from orderpoint.optimize.explain import reasons
from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import parse_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.simulate.confirm import confirm
from orderpoint.stockflow.spoilage import spoiling
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop
from tests.optimize.network_places import Places

SAMPLING = Sampling(paths=512)
POLICIES = (MinCost(SAMPLING), MaxServ(SAMPLING))


def milk(period: int) -> tuple[Snapshot, Demand]:
    """120 units on hand, 12 asked for in a period, all of it spoilt from `period` on."""
    snapshot, demand = SmallShop(mean=(12.0,), on_hand=120.0, stockout=4.0).build()
    expiring = np.zeros((1, snapshot.timeline.count))
    expiring[0, period] = 120.0
    return replace(snapshot, stock=replace(snapshot.stock, expiring=expiring)), demand


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_stock_that_spoils_before_the_next_order_is_replaced_and_later_dates_count_in_full(policy: Policy) -> None:
    soon, demand = milk(1)
    assert spoiling(soon, demand) == pytest.approx([108.0])
    nothing = policy.decide(soon, demand).without_orders()
    assert policy.evaluate(soon, demand, nothing).stockout_risk[0] > 0.99
    quantity = policy.decide(soon, demand).quantity[0]
    empty, _ = SmallShop(mean=(12.0,), on_hand=12.0, stockout=4.0).build()
    assert quantity == policy.decide(empty, demand).quantity[0] > 0.0
    later, _ = milk(7)  # next month's date is no reason to count it as nothing today
    assert policy.decide(later, demand).quantity[0] == 0.0
    assert policy.evaluate(later, demand, nothing).stockout_risk[0] < 0.01


def test_a_plan_with_spoiling_stock_keeps_its_word() -> None:
    policy = POLICIES[0]
    snapshot, demand = milk(1)
    decisions = policy.decide(snapshot, demand)
    found = confirm(snapshot, demand, decisions, policy.evaluate(snapshot, demand, decisions), 4000, seed=9)
    assert found.holds


def test_an_order_is_no_larger_than_what_can_be_sold_while_it_keeps() -> None:
    shop = SmallShop(mean=(10.0,), order_cost=400.0, holding_per_period=0.01, stockout=40.0, unit_cost=8.0)
    snapshot, demand = shop.build()
    keeps = replace(snapshot, catalog=replace(snapshot.catalog, shelf_life_days=(21,)))
    lasting, fresh = (POLICIES[0].decide(case, demand).quantity[0] for case in (snapshot, keeps))
    assert lasting > 100.0
    assert 0.0 < fresh <= 60.0


@pytest.mark.parametrize("policy", [POLICIES[0], Cims(SAMPLING)], ids=lambda policy: policy.name)
def test_a_minimum_stock_that_spoils_comes_first_under_a_budget(policy: Policy) -> None:
    shop = SmallShop(mean=(12.0, 12.0), on_hand=(120.0, 0.0), stockout=(1.0, 4.0), min_stock=(60.0, 0.0))
    snapshot, demand = shop.build()
    expiring = np.zeros((2, snapshot.timeline.count))
    expiring[0, 1] = 120.0
    short = replace(snapshot, budget=60.0 * snapshot.supply.unit_cost[0])
    dated = replace(short, stock=replace(short.stock, expiring=expiring))
    assert policy.decide(short, demand).quantity[0] == 0.0
    assert policy.decide(dated, demand).quantity[0] >= 48.0


def test_a_rule_orders_up_to_what_will_keep_and_a_reason_says_what_will_not() -> None:
    snapshot, demand = milk(1)
    policy = Rio(parse_rules("- {name: fill, then: {order_up_to: 60}}", "rules.yaml"), sampling=SAMPLING)
    decisions = policy.decide(snapshot, demand)
    assert decisions.quantity.tolist() == [48.0]
    worth = tuple(policy.evaluate(snapshot, demand, d) for d in (decisions.without_orders(), decisions))
    (sentence,) = reasons(snapshot, demand, decisions, worth)  # type: ignore[arg-type]
    assert "120" in sentence
    assert "108 will have passed their date" in sentence
    fresh, _ = milk(7)
    assert policy.decide(fresh, demand).quantity.tolist() == [0.0]


def test_a_hub_sends_a_shop_what_its_spoiling_stock_will_not_serve() -> None:
    places = Places({"hub": 0.0, "shop": 7.0}, (("maker", "hub"), ("hub", "shop")), (100.0, 60.0))
    snapshot, demand = places.build()
    policy = Scollab(SAMPLING)
    kept = policy.decide(snapshot, demand)
    expiring = np.zeros((2, snapshot.timeline.count))
    expiring[1, 0] = 60.0
    dated = policy.decide(replace(snapshot, stock=replace(snapshot.stock, expiring=expiring)), demand)
    sent = [0.0 if d.transfers is None else float(d.transfers.quantity.sum()) for d in (kept, dated)]
    assert sent[0] == 0.0
    assert sent[1] > 7.0
