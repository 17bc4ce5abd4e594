"""SCOLLAB's network shown: flows of least cost, chains alone and with shared information, lasting suppliers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import poisson

from orderpoint.optimize.collaboration.bullwhip import Chain, side_by_side
from orderpoint.optimize.collaboration.kept_up import feeds_of
from orderpoint.optimize.collaboration.network_flows import FlowCase, NetworkFlows, flow_case, part_flows
from orderpoint.optimize.collaboration.network_plan import NetworkPlan, network_plan_of
from orderpoint.optimize.collaboration.pooled import Echelons
from orderpoint.optimize.collaboration.sourcing import sourced
from orderpoint.optimize.collaboration.structure import structure_of
from orderpoint.optimize.collaboration.two_suppliers import TwoSuppliers, best_sourcing
from orderpoint.optimize.collaboration.views import seen_from_within
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import default_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.supply import PER_OFFER
from orderpoint.testing.small_shop import SmallShop
from tests.optimize.network_places import DIAMOND, SHOPS, STAR, TREE, Places

POLICY = Scollab(Sampling(paths=64))
ONE_SHOP = (("maker", "hub"), ("hub", "shop"))
"""Hub, then shop, in the order of their names: 7 units a week at the shop, a week from the hub, two from the maker."""


def nothing(snapshot: Snapshot) -> Decisions:
    zero = np.zeros(len(snapshot.index))
    return Decisions(zero, snapshot.supply.offsets[:-1].copy(), zero, zero, zero)


def case_of(places: Places, level: list[float]) -> FlowCase:
    """The flows after nothing was decided, with levels that are given."""
    snapshot, demand = places.build()
    structure = structure_of(snapshot)
    assert structure is not None
    local = seen_from_within(snapshot, structure)
    kept = np.array(level), feeds_of(local, structure)
    return flow_case(local, demand, nothing(snapshot), structure, kept)


def by_period(flows: NetworkFlows, source: int, target: int, periods: int) -> list[float]:
    """Units that leave in each period."""
    mine = (flows.source == source) & (flows.target == target)
    return np.bincount(flows.start[mine], flows.units[mine], periods)[:periods].tolist()


def test_the_hub_sends_what_the_shop_is_short_of_when_it_is_needed_and_no_sooner() -> None:
    # shop: 7 a week, 10 on hand: 3 are left after this week, so 4 are short in week 1, and all 7 in every week from 2
    # on. What leaves the hub in week 1 (the first that is planned anew) is on sale in week 2.
    case = case_of(Places({"hub": 0.0, "shop": 7.0}, ONE_SHOP, (100.0, 10.0)), [0.0, 0.0])
    flows = part_flows(case, 0)
    weeks = case.listed
    assert case.feeds.lead_periods.tolist() == [1]
    assert by_period(flows, 0, 1, weeks) == pytest.approx([0.0] + [7.0] * (weeks - 1))
    assert not (flows.source == -1).any() or flows.start[flows.source == -1].min() > 0


def test_an_empty_hub_orders_what_the_shop_will_sell_and_sends_it_on_at_once() -> None:
    case = case_of(Places({"hub": 0.0, "shop": 7.0}, ONE_SHOP, (0.0, 10.0)), [0.0, 0.0])
    flows = part_flows(case, 0)
    lead = int(case.snapshot.supply.arrival_period[0])
    first = flows.start[flows.source == 0].min()
    assert first == 1 + lead, "ordered in week 1, at the hub two weeks later, and sent on at once"
    assert by_period(flows, -1, 0, case.listed) == pytest.approx([0.0] + [7.0] * (case.listed - 1), abs=1e-6)
    to_shop = flows.target == 1
    assert flows.price[to_shop] == pytest.approx(0.1, abs=1e-6), "a unit more at the shop costs its way from the hub"
    assert flows.price[~to_shop] == pytest.approx(0.0, abs=1e-6), "what goods cost comes back when they are sold"


def test_an_arc_carries_no_more_than_its_capacity_and_goods_leave_before_they_are_needed() -> None:
    # 5 a week fit (capacity 5 / 7 a day), 7 are asked for
    places = Places({"hub": 0.0, "shop": 7.0}, ONE_SHOP, (100.0, 40.0), capacity=5.0 / 7.0)
    case = case_of(places, [0.0, 0.0])
    flows = part_flows(case, 0)
    sent = by_period(flows, 0, 1, case.listed)
    assert max(sent) <= 5.0 + 1e-9
    alone = SmallShop(mean=(7.0,)).build()[0]
    stockout = float(alone.costs.stockout_cost_per_unit[0])
    assert np.nanmax(flows.price) <= stockout + 1e-9


def test_what_a_place_keeps_against_chance_is_sent_first_and_stays() -> None:
    # the level is 25; a week's lead and a week's review of 7 leave 11 against chance, of which the shop has 10 - 7 = 3
    snapshot, _ = Places({"hub": 0.0, "shop": 7.0}, ONE_SHOP, (100.0, 10.0)).build()
    case = case_of(Places({"hub": 0.0, "shop": 7.0}, ONE_SHOP, (100.0, 10.0)), [0.0, 25.0])
    cover = int(case.snapshot.supply.next_arrival_period[1])
    assert case.guard.tolist() == [0.0, 25.0 - 7.0 * cover]
    flows = part_flows(case, 0)
    assert by_period(flows, 0, 1, 3) == pytest.approx([0.0, 7.0 + case.guard[1] - 3.0, 7.0])
    assert len(snapshot.index) == 2


@pytest.mark.parametrize("arcs", [STAR, TREE, DIAMOND])
def test_units_are_moved_not_made(arcs: tuple[tuple[str, str], ...]) -> None:
    names = {name for arc in arcs for name in arc} - {"maker"}
    places = Places({name: SHOPS.get(name, 0.0) for name in names}, arcs, (20.0, 4.0, 6.0, 3.0, 2.0))
    snapshot, demand = places.build()
    decisions = POLICY.decide(snapshot, demand)
    plan = POLICY.network_plan(snapshot, demand, decisions)
    assert plan is not None
    flows = plan.flows
    held = snapshot.stock.on_hand + snapshot.stock.receipts.sum(axis=1)
    for i in range(len(snapshot.index)):
        gone = flows.units[flows.source == i].sum()
        come = flows.units[flows.target == i].sum()
        assert gone <= held[i] + come + 1e-6
    moves = decisions.transfers
    if moves is not None:
        today = (flows.start == 0) & (flows.source >= 0)
        assert sorted(flows.units[today].tolist()) == sorted(moves.quantity.tolist())
    assert flows.units[(flows.start == 0) & (flows.source < 0)].sum() == decisions.quantity.sum()


def planned(places: Places, policy: Scollab = POLICY) -> tuple[Snapshot, Demand, NetworkPlan]:
    snapshot, demand = places.build()
    plan = policy.network_plan(snapshot, demand, policy.decide(snapshot, demand))
    assert plan is not None
    return snapshot, demand, plan


def test_the_chain_of_a_star_is_its_shops_and_its_hub_on_the_demand_of_all_shops() -> None:
    snapshot, _, plan = planned(Places(SHOPS, STAR, (30.0, 4.0, 1.0, 0.0)))
    (tiers,) = plan.tiers
    assert tiers.places == ((1, 2, 3), (0,))
    assert tiers.window == 8
    week = 7.0
    held = float(snapshot.costs.holding_cost_per_unit_day[0]) * week
    chain = Chain(np.array([1, 2]), np.array([held, held]), 1.0, 8, 0.0)
    calm = side_by_side(replace(chain, safety=0.0), np.full((2, 60), 9.0))
    assert calm.alone.variance_ratio.tolist() == [0.0, 0.0]
    assert tiers.played.alone.variance_ratio[1] > tiers.played.shared.variance_ratio[1] > 1.0
    assert tiers.played.alone.variance_ratio[0] == pytest.approx(tiers.played.shared.variance_ratio[0]), (
        "the shop sees the same"
    )


def test_as_many_networks_are_planned_as_the_effort_allows_the_most_valuable_first() -> None:
    places = Places(SHOPS, STAR, (30.0, 4.0, 1.0, 0.0), items=6)
    snapshot, demand = places.build()
    worth = np.repeat([1.0, 5.0, 2.0, 4.0, 3.0, 6.0], 4)
    snapshot = replace(snapshot, costs=replace(snapshot.costs, unit_cost=worth))
    structure = structure_of(snapshot)
    assert structure is not None
    local = seen_from_within(snapshot, structure)
    case = flow_case(local, demand, nothing(snapshot), structure, (np.zeros(24), feeds_of(local, structure)))
    one = (4 * (4 + 1) + 3 + 1) * case.mean.shape[1]
    plan = network_plan_of(case, demand, (2 * one + 1, 1), 0.5)
    assert (plan.planned, plan.networks) == (2, 6)
    assert set((plan.flows.target // 4).tolist()) == {1, 5}


def test_the_lasting_split_is_that_of_two_suppliers_on_the_demand_ahead() -> None:
    snapshot, demand = SmallShop(mean=(8.0,), on_hand=5).build()
    supply = snapshot.supply
    twice = supply.take(np.array([0, 0]))
    offers = replace(
        twice,
        offsets=np.array([0, 2]),
        supplier=("far", "near"),
        unit_cost=np.array([10.0, 12.0]),
        arrival_period=np.array([6, 1], np.int32),
        next_arrival_period=np.array([7, 2], np.int32),
    )
    snapshot = replace(snapshot, supply=offers)
    alone = Echelons(*(np.array([v]) for v in (0, 0, 0)), np.ones(1), np.zeros(1), np.ones(1))
    found = sourced(snapshot, demand, nothing_of(snapshot), alone)
    assert found.count == 1
    (one,) = found.shown
    assert (one.slow, one.quick) == (0, 1)
    masses = poisson.pmf(np.arange(60), 8.0)
    costs = snapshot.costs
    terms = TwoSuppliers(
        12.0, 10.0, 1, 6, float(costs.holding_cost_per_unit_day[0]) * 7.0, float(costs.stockout_cost_per_unit[0])
    )
    wanted = best_sourcing(terms, masses / masses.sum())
    assert [way.kind for way in one.lasting] == [way.kind for way in wanted]
    assert [way.cost for way in one.lasting] == pytest.approx([way.cost for way in wanted], rel=1e-6)


def nothing_of(snapshot: Snapshot) -> Decisions:
    zero = np.zeros(len(snapshot.index))
    return Decisions(zero, np.zeros(len(zero), np.int64), zero, zero, zero)


def test_rules_show_the_network_of_the_method_that_they_guard_and_others_show_none() -> None:
    snapshot, demand = Places(SHOPS, STAR, (30.0, 4.0, 1.0, 0.0)).build()
    decisions = POLICY.decide(snapshot, demand)
    guarded = Rio(default_rules(), POLICY, Sampling(paths=64)).network_plan(snapshot, demand, decisions)
    assert guarded is not None
    assert Rio(default_rules(), MinCost(Sampling(paths=64))).network_plan(snapshot, demand, decisions) is None
    bare = replace(snapshot, network=None)
    assert POLICY.network_plan(bare, demand, decisions) is None


def test_a_dearer_quick_offer_is_bought_where_the_cheap_one_comes_too_late() -> None:
    # an empty hub and shop: the near maker (1 week) costs 2 more than the far one (3 weeks), a lost sale 4; so the
    # weeks that only the near one reaches are bought from it, and all later ones from the far one
    places = Places({"hub": 0.0, "shop": 7.0}, ONE_SHOP, (0.0, 0.0), shop={"stockout": 4.0})
    snapshot, demand = places.build()
    twice = snapshot.supply.take(np.array([0, 1]))
    rows = np.array([0, 0, 1])
    columns = {name: getattr(twice, name)[rows] for name in PER_OFFER}
    supply = replace(
        twice,
        offsets=np.array([0, 2, 3]),
        supplier=("far", "near", "far"),
        price_breaks=tuple(twice.price_breaks[k] for k in rows),
        **columns
        | {
            "unit_cost": np.array([5.0, 7.0, 5.0]),
            "arrival_period": np.array([3, 1, 3], np.int32),
            "next_arrival_period": np.array([4, 2, 4], np.int32),
        },
    )
    snapshot = replace(snapshot, supply=supply)
    structure = structure_of(snapshot)
    assert structure is not None
    local = seen_from_within(snapshot, structure)
    decided = replace(nothing(snapshot), offer=np.array([0, 2]))
    case = flow_case(local, demand, decided, structure, (np.zeros(2), feeds_of(local, structure)))
    flows = part_flows(case, 0)
    bought = {offer: flows.start[flows.offer == offer].tolist() for offer in (0, 1)}
    # bought near in weeks 1 and 2 (at the hub in 2 and 3); far from week 1 on (at the hub from 4 on)
    assert bought[1] == [1, 2]
    assert bought[0] == list(range(1, case.listed))
    assert flows.units[flows.offer >= 0].tolist() == pytest.approx([7.0] * (case.listed + 1))
