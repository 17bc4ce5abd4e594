"""CIMS: the best stock of each cycle."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from orderpoint.domain.supply import PriceBreaks
from orderpoint.optimize.base import Policy
from orderpoint.optimize.build_up.calendar import CycleCalendar, CycleKind
from orderpoint.optimize.cims import Cims
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import parse_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.stockflow.spoilage import spoiling
from orderpoint.testing.policy_contract import PolicyContract
from orderpoint.testing.small_shop import SmallShop, two_offers, with_receipt

SAMPLING = Sampling(paths=256)


class TestCims(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return Cims(SAMPLING)


def played_cost(policy: Policy, shop: SmallShop, seed: int) -> float:
    """Mean cost of a series when the policy decides at every period of the shop's horizon, orders kept in order."""
    rng = np.random.default_rng(seed)
    mean = np.asarray(shop.mean, dtype=np.float64)
    n, horizon = mean.shape
    stock, due, total = np.broadcast_to(shop.on_hand, (n,)).astype(float), np.zeros((n, 2 * horizon)), 0.0
    for t in range(horizon):
        ahead = np.concatenate([mean[:, t:], np.repeat(mean[:, -1:], t, axis=1)], axis=1)
        snapshot, demand = replace(shop, mean=ahead, on_hand=stock).build()
        receipts = np.array(due[:, t : t + horizon])
        quantity = policy.decide(replace(snapshot, stock=replace(snapshot.stock, receipts=receipts)), demand).quantity
        due[:, t + shop.arrival] += quantity
        asked = rng.poisson(mean[:, t])
        short = np.maximum(asked - stock - due[:, t], 0.0)
        stock = np.maximum(stock + due[:, t] - asked, 0.0)
        fixed = np.asarray(shop.order_cost) * (quantity > 0)
        total += float((shop.holding_per_period * stock + shop.stockout * short + fixed).mean())
    return total


def festival(n: int, peak: float = 120.0) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    mean = np.full((n, 14), 20.0)
    mean[:, 7] = peak
    return mean


def test_stock_is_built_up_before_a_festival_that_one_order_cannot_bring_and_run_down_after_it() -> None:
    shop = SmallShop(
        mean=festival(1), horizon=14, arrival=1, next_arrival=2, on_hand=40, max_quantity=40, holding_per_period=0.1
    )
    shop = replace(shop, stockout=5.0)
    plan = Cims(SAMPLING).cycle_plan(*shop.build())
    before, at_peak = plan.arrival_period[0] < 7, plan.arrival_period[0] == 7
    ordered, held = plan.order[0], plan.stock_at_end[0]
    assert ordered[before].sum() > 1.5 * plan.demand[0][before].sum()
    assert (ordered <= 40).all()
    assert plan.short[0][at_peak].sum() < 0.05 * 120
    assert held[before][-1] > 60
    assert held[-1] < 40
    assert plan.build_up()[0][before].sum() >= 3
    assert plan.build_up()[0][at_peak][0] == -1
    free = Cims(SAMPLING).cycle_plan(*replace(shop, max_quantity=np.inf).build())
    assert free.order[0][before].sum() < 1.1 * free.demand[0][before].sum()


def test_it_costs_less_than_one_window_at_a_time_where_orders_are_bounded() -> None:
    shop = SmallShop(mean=festival(40), horizon=14, arrival=1, next_arrival=2, on_hand=40, max_quantity=35)
    shop = replace(shop, holding_per_period=0.1, stockout=5.0)
    assert played_cost(Cims(SAMPLING), shop, 1) < 0.4 * played_cost(MinCost(SAMPLING), shop, 1)


def test_with_a_fixed_cost_it_costs_no_more_than_the_long_run_of_one_window() -> None:
    shop = SmallShop(mean=festival(40, 60.0), horizon=14, arrival=1, next_arrival=2, order_cost=12.0, stockout=5.0)
    assert played_cost(Cims(SAMPLING), shop, 2) < played_cost(MinCost(SAMPLING), shop, 2)


def test_money_moves_the_level_as_it_should() -> None:
    means = (0.4, 3.0, 10.0, 40.0)
    by_stockout = [Cims(SAMPLING).decide(*SmallShop(mean=means, stockout=p).build()) for p in (0.3, 1.0, 4.0, 40.0)]
    for low, high in pairwise(by_stockout):
        assert (low.order_up_to <= high.order_up_to).all()
        assert (low.quantity <= high.quantity).all()
    assert by_stockout[0].order_up_to.sum() < by_stockout[-1].order_up_to.sum()


def test_single_units_without_bounds_are_ordered_nearly_as_by_the_window_alone() -> None:
    snapshot, demand = SmallShop(mean=(0.4, 3.0, 10.0, 40.0), backlog=True, level_cv2=0.05).build()
    ours, window = Cims(SAMPLING).decide(snapshot, demand), MinCost(SAMPLING).decide(snapshot, demand)
    assert (np.abs(ours.order_up_to - window.order_up_to) <= 1.0 + 0.03 * window.order_up_to).all()


def test_goods_that_spoil_are_ordered_less_at_a_time() -> None:
    snapshot, demand = SmallShop(mean=(4.0, 4.0), horizon=12, order_cost=20.0, stockout=9.0).build()
    short = replace(snapshot, catalog=replace(snapshot.catalog, shelf_life_days=(14.0, None)))
    quantity = Cims(SAMPLING).decide(short, demand).quantity
    assert 0 < quantity[0] < quantity[1]


def test_stock_that_spoils_before_it_can_be_sold_is_not_counted_and_other_stock_is() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0, 10.0), on_hand=(0.0, 60.0, 60.0)).build()
    expiring = np.zeros((3, 8))
    expiring[1, 1] = 50.0  # of 60 units 50 spoil after the first week, which asks for 10 of them
    expiring[2, 7] = 60.0  # after the window of today's order
    dated = replace(snapshot, stock=replace(snapshot.stock, expiring=expiring))
    assert spoiling(dated, demand).tolist() == [0.0, 40.0, 0.0]
    quantity = Cims(SAMPLING).decide(dated, demand).quantity
    undated = Cims(SAMPLING).decide(snapshot, demand).quantity
    assert quantity[1] > undated[1]
    assert quantity[2] == undated[2]
    assert quantity[1] < quantity[0]


def test_the_cheaper_of_two_offers_is_taken_and_a_price_break_where_it_pays() -> None:
    snapshot, demand = two_offers(SmallShop(mean=(10.0,)).build()[0], unit_cost=4.0), SmallShop(mean=(10.0,)).build()[1]
    assert Cims(SAMPLING).decide(snapshot, demand).offer.tolist() == [1]
    shop = SmallShop(mean=(30.0,), unit_cost=5.0, price_breaks=PriceBreaks(((100, 4.0),)), holding_per_period=0.05)
    assert Cims(SAMPLING).decide(*shop.build()).quantity[0] >= 100
    dear = replace(shop, price_breaks=PriceBreaks(((1000, 4.99),)), holding_per_period=1.0)
    assert Cims(SAMPLING).decide(*dear.build()).quantity[0] < 1000


def test_the_plan_begins_with_the_decision_and_adds_up_by_cycle() -> None:
    snapshot, demand = SmallShop(mean=festival(2), horizon=14, on_hand=(0.0, 70.0)).build()
    policy = Cims(SAMPLING)
    decisions, plan = policy.decide(snapshot, demand), policy.cycle_plan(snapshot, demand)
    assert np.array_equal(plan.order[:, 0], decisions.quantity)
    assert np.array_equal(plan.order_up_to[:, 0], decisions.order_up_to)
    assert plan.order_period[0, :3].tolist() == [0, 1, 2]
    assert (plan.arrival_period - plan.order_period == 2).all()
    months, table = plan.by_cycle(CycleCalendar(CycleKind.MONTHLY))
    assert months[0] == "2025-06"
    assert np.nansum(table[:, :, 2]) == pytest.approx(plan.order.sum())
    assert np.nansum(table[:, :, 3]) == pytest.approx(plan.demand.sum())


def test_a_random_lead_time_raises_the_level_and_a_service_target_is_reached() -> None:
    fixed = Cims(SAMPLING).decide(*SmallShop().build())
    snapshot, demand = SmallShop(lead_time_sd_days=5.0).build()
    late = Cims(SAMPLING).decide(snapshot, demand)
    assert (late.order_up_to[:2] > fixed.order_up_to[:2]).all()
    window = MinCost(SAMPLING).decide(snapshot, demand)
    assert (np.abs(late.quantity - window.quantity) <= 2.0 + 0.2 * window.quantity).all()
    served = SmallShop(service_target=0.99).build()
    decisions = Cims(SAMPLING).decide(*served)
    assert (Cims(SAMPLING).evaluate(*served, decisions).fill_rate >= 0.99).all()
    assert (decisions.order_up_to > fixed.order_up_to).all()


def test_a_plan_of_no_review_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Cims(reviews=0)


@pytest.mark.parametrize("arrival", [0, 2])
def test_the_stock_of_a_plan_adds_up_from_cycle_to_cycle(arrival: int) -> None:
    shop = SmallShop(mean=festival(2), horizon=14, arrival=arrival, next_arrival=arrival + 2, on_hand=(30.0, 70.0))
    snapshot, demand = shop.build()
    snapshot = with_receipt(with_receipt(snapshot, 1, 9.0), 5, 25.0)
    plan = Cims(SAMPLING).cycle_plan(snapshot, demand)
    assert plan.receipts.sum() == (34.0 if arrival == 0 else 25.0) * 2
    left = plan.stock_before() + plan.order + plan.receipts - plan.demand + plan.short
    assert np.allclose(left, plan.stock_at_end, atol=1e-3)
    asked, short, came = plan.waiting.T
    assert came.tolist() == [9.0 if arrival else 0.0] * 2
    assert np.allclose(snapshot.stock.on_hand + came - asked + short, plan.opening, atol=1e-3)


def test_the_plan_follows_an_order_that_rules_changed() -> None:
    snapshot, demand = SmallShop(mean=festival(2), horizon=14, on_hand=30.0).build()
    policy = Cims(SAMPLING)
    decisions = policy.decide(snapshot, demand)
    held = replace(decisions, quantity=decisions.quantity * np.array([0.0, 1.0]))
    free, plan = policy.cycle_plan(snapshot, demand), policy.cycle_plan(snapshot, demand, held)
    assert plan.order[0, 0] == 0.0
    assert plan.order[0, 1] > free.order[0, 1]
    assert np.array_equal(plan.order[1], free.order[1])
    guarded = Rio(parse_rules("- name: not today\n  when: on_hand >= 0\n  then: {hold: true}", "rules.yaml"), policy)
    assert guarded.cycle_plan(snapshot, demand).order[:, 0].tolist() == [0.0, 0.0]
    assert Rio(guarded.rules).cycle_plan(snapshot, demand) is None
