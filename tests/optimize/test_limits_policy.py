"""Limits over many lines as a shopkeeper meets them: what MINCOST orders, what it says, and what it never does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike

from orderpoint.domain.supply import PriceBreaks
from orderpoint.messages import Language
from orderpoint.optimize import choose
from orderpoint.optimize.explain import reasons
from orderpoint.optimize.limits.feasibility import fills
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.shared_terms import spent
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.policy_contract import check_decisions, value_of
from orderpoint.testing.small_shop import SmallShop, two_offers, with_receipt

POLICY = MinCost(Sampling(paths=256), patient=False)


def limited(snapshot: Snapshot, **terms: ArrayLike) -> Snapshot:
    """The snapshot under limits of its one supplier ACME and its one place; each a number, none where left out."""
    shared = SharedLimits(
        suppliers=("ACME",),
        min_order_value=np.array([terms.get("minimum", 0.0)], float),
        container_volume=np.array([terms.get("container", np.inf)], float),
        on_time_share=np.array([np.nan]),
        capacity_volume=np.array([terms.get("room", np.inf)], float),
        location_of=np.zeros(len(snapshot.index), np.int32),
        unit_volume=np.full(len(snapshot.index), terms.get("volume", 1.0)),
    )
    return replace(snapshot, shared=shared)


def told(snapshot: Snapshot, demand: Demand, decisions: Decisions, language: Language = Language.EN) -> list[str]:
    nothing = decisions.without_orders()
    worth = POLICY.evaluate(snapshot, demand, nothing), POLICY.evaluate(snapshot, demand, decisions)
    return reasons(snapshot, demand, decisions, worth, language)


@pytest.mark.parametrize("shop", [SmallShop(mean=(3.0, 10.0, 40.0)), SmallShop(mean=(30.0,), backlog=True, on_hand=9)])
def test_a_curve_shows_what_every_smaller_order_saves_by_the_evaluation(shop: SmallShop) -> None:
    snapshot, demand = shop.build()
    n = len(snapshot.index)
    alone = POLICY.decide(snapshot, demand)
    table = np.zeros((n, choose.COLUMNS))
    table[:, choose.QUANTITY], table[:, choose.OFFER] = alone.quantity, alone.offer
    table[:, choose.REORDER_POINT], table[:, choose.ORDER_UP_TO] = alone.reorder_point, alone.order_up_to
    units, saving = np.zeros((n, 64)), np.zeros((n, 64))
    for paths, rows, setting in POLICY.sampling.sampled(snapshot, demand):
        choose.trace(paths, *setting, table[rows], units[rows], saving[rows])
    idle = POLICY.evaluate(snapshot, demand, alone.without_orders()).cost
    for k in (1, 2, 7, 30, 63):
        cost = POLICY.evaluate(snapshot, demand, replace(alone, quantity=units[:, k])).cost
        assert saving[:, k] == pytest.approx(idle - cost, abs=1e-4)


def test_an_order_below_the_suppliers_minimum_is_raised_or_not_placed() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0), order_cost=1.0, stockout=4.0).build()
    alone = POLICY.decide(snapshot, demand)
    wanted = value_of(snapshot, alone)
    kept = POLICY.decide(limited(snapshot, minimum=0.5 * wanted), demand)
    assert np.array_equal(kept.quantity, alone.quantity)
    raised_in = limited(snapshot, minimum=1.15 * wanted)
    raised = POLICY.decide(raised_in, demand)
    check_decisions(raised_in, raised)
    assert value_of(snapshot, raised) >= 1.15 * wanted - 1e-9
    assert (raised.quantity >= alone.quantity).all()
    (limit,) = raised.binding
    assert (limit.kind, limit.of) == ("supplier_minimum", "ACME")
    assert limit.shadow_price > 0
    assert all("minimum of" in sentence for sentence in told(raised_in, demand, raised))
    assert all("最低订货金额" in sentence for sentence in told(raised_in, demand, raised, Language.ZH))
    assert POLICY.decide(limited(snapshot, minimum=100 * wanted), demand).quantity.sum() == 0


def test_a_minimum_order_is_not_a_minimum_stock() -> None:
    shop = SmallShop(mean=(10.0, 10.0), on_hand=(0, 200), moq=30)
    snapshot, demand = shop.build()
    ordered = POLICY.decide(snapshot, demand).quantity
    assert ordered[0] >= 30
    assert ordered[1] == 0, "a MOQ makes nobody order who has enough"
    kept = POLICY.decide(*replace(shop, moq=1, min_stock=(0, 230)).build()).quantity
    assert kept[1] == 30, "a minimum stock is a level: 200 are here"


def test_space_is_shared_by_what_it_saves_and_the_line_says_so() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0), stockout=(1.0, 5.0)).build()
    alone = POLICY.decide(snapshot, demand)
    tight = limited(snapshot, room=0.6 * alone.quantity.sum(), volume=1.0)
    cut = POLICY.decide(tight, demand)
    check_decisions(tight, cut)
    assert 0 < cut.quantity.sum() <= 0.6 * alone.quantity.sum()
    assert cut.quantity[1] > cut.quantity[0]
    (limit,) = cut.binding
    assert limit.kind == "space"
    assert limit.of == "main"
    assert limit.used <= limit.limit
    assert limit.shadow_price > 0
    assert any("The space at main cut this line" in sentence for sentence in told(tight, demand, cut))


def test_containers_are_filled_or_not_sent() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0), stockout=4.0).build()
    alone = POLICY.decide(snapshot, demand).quantity.sum()
    for container in (alone * 0.4, alone * 0.9, alone * 1.4, alone * 50):
        boxed = limited(snapshot, container=container)
        decisions = POLICY.decide(boxed, demand)
        check_decisions(boxed, decisions)
        volume = decisions.quantity.sum()
        assert volume == 0 or fills(float(volume), container, 0.8)
        assert (volume > 0) == (container < alone * 2)
    with pytest.raises(ValueError, match="container_fill"):
        MinCost(container_fill=0.0)


def test_a_container_says_nothing_where_no_volume_is_known() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0)).build()
    alone = POLICY.decide(snapshot, demand)
    assert np.array_equal(POLICY.decide(limited(snapshot, container=500, volume=0.0), demand).quantity, alone.quantity)


def test_all_limits_at_once_are_kept_with_packs_and_price_breaks() -> None:
    shop = SmallShop(mean=(0.4, 3.0, 10.0, 60.0), pack=(1, 6, 1, 12), moq=(1, 6, 5, 24), stockout=3.0)
    snapshot, demand = replace(shop, price_breaks=PriceBreaks(((48, 4.5),))).build()
    alone = POLICY.decide(snapshot, demand)
    money, units = value_of(snapshot, alone), alone.quantity.sum()
    for share in (0.3, 0.6, 0.9, 1.2):
        tight = limited(snapshot, minimum=0.2 * money, container=0.25 * units, room=share * units)
        tight = replace(tight, budget=0.8 * money)
        decisions = POLICY.decide(tight, demand)
        check_decisions(tight, decisions)
        assert decisions.quantity.sum() <= share * units + 1e-9
        spent_now = float(spent(tight, decisions.quantity, decisions.offer).sum())
        assert spent_now == 0 or spent_now >= 0.2 * money - 1e-9
        assert spent_now == pytest.approx(value_of(tight, decisions))
        assert decisions.gap >= 0


def test_a_budget_smaller_than_one_pack_orders_nothing() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), pack=12, unit_cost=5.0, budget=59.0).build()
    decisions = POLICY.decide(snapshot, demand)
    assert decisions.quantity[0] == 0
    assert POLICY.decide(replace(snapshot, budget=60.0), demand).quantity[0] == 12


def test_what_was_confirmed_is_not_proposed_again() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0)).build()
    first = POLICY.decide(snapshot, demand)
    again = POLICY.decide(with_receipt(snapshot, 2, first.quantity), demand)
    assert again.quantity.sum() == 0


def test_an_order_far_in_the_future_is_no_help() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), horizon=12).build()
    assert (
        POLICY.decide(with_receipt(snapshot, 11, 500), demand).quantity[0]
        == POLICY.decide(snapshot, demand).quantity[0]
    )


def test_a_lead_time_of_zero_orders_for_the_days_up_to_the_next_order() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), arrival=0, next_arrival=1, stockout=2.0).build()
    assert 8 <= POLICY.decide(snapshot, demand).quantity[0] <= 16


def test_suppliers_whose_review_days_differ_are_judged_over_their_own_reviews() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0), horizon=12).build()
    both = two_offers(snapshot, next_arrival_period=6, review_days=28.0)
    later = replace(both.supply, takes_orders_today=np.array([True, False, False, True]))
    quantity = POLICY.decide(replace(both, supply=later), demand).quantity
    assert quantity[0] < 20, "a review each week: about a week's demand"
    assert quantity[1] > 30, "a review every four weeks: about the demand of four"


def test_many_series_under_all_limits_give_the_same_bits_twice() -> None:
    snapshot, demand = SmallShop(mean=np.linspace(0.2, 30, 200)).build()
    alone = POLICY.decide(snapshot, demand)
    tight = limited(snapshot, minimum=50.0, container=30.0, room=0.7 * alone.quantity.sum())
    tight = replace(tight, budget=0.6 * value_of(snapshot, alone))
    first, second = POLICY.decide(tight, demand), POLICY.decide(tight, demand)
    assert np.array_equal(first.quantity, second.quantity)
    assert first.gap == second.gap < 0.01
    check_decisions(tight, first)
    assert {limit.kind for limit in first.binding} == {"budget", "space", "supplier_minimum", "container"}
