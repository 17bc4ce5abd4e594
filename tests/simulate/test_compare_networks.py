"""Places that feed each other are played on as the network they are, and seasons by the levels of each review."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from orderpoint.optimize.cims import Cims
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import default_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.optimize.upkeep import following_demand, upkeep_of
from orderpoint.simulate.by_levels import by_levels, days_of
from orderpoint.simulate.compare_policies import compare_policies
from orderpoint.stockflow import tally
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Feeds, Upkeep
from orderpoint.testing.small_shop import SmallShop
from tests.optimize.network_places import DIAMOND, SERIAL, SHOPS, STAR, TREE, Places

PATHS = Sampling(seed=5, paths=256)


def test_a_warehouse_and_two_shops_by_hand() -> None:
    places = Places({"hub": 0.0, "north": 0.0, "south": 0.0}, STAR[:3], (10.0, 0.0, 2.0))
    snapshot, _ = places.build()
    feeds = Feeds(
        source=np.array([0, 0]),
        target=np.array([1, 2]),
        share=np.ones(2),
        lead_periods=np.array([1, 1]),
        capacity=np.full(2, np.inf),
        cost=np.array([0.5, 2.0]),
        per=np.ones(2),
        parcel=np.ones(2),
        order=np.array([0, 1, 2]),
        part=np.zeros(3, np.int64),
    )
    level = np.repeat([[0.0], [4.0], [3.0]], 6, axis=1)
    nothing = np.zeros(3)
    decisions = Decisions(nothing, snapshot.supply.offsets[:-1].copy(), level[:, 0] - 1.0, level[:, 0], nothing)
    kept = Upkeep(level - 1.0, level, feeds, moving=np.array([0.0, 7.0, 0.0]))
    played = by_levels(snapshot, decisions, days_of(snapshot, 6), kept)
    wanted = np.zeros((3, 1, 6), np.float32)
    wanted[1, 0, 3] = 5.0  # after the shop has got its 4
    table = played.play(wanted, 0, 1)[:, 0]
    assert table[:, tally.SENT].tolist() == [9.0, 0.0, 0.0], "4 and 1 at the first review, then 4 again for north"
    assert table[:, tally.TAKEN].tolist() == [0.0, 8.0, 1.0]
    assert table[:, tally.SHORT].tolist() == [0.0, 1.0, 0.0]
    assert table[:, tally.LEFT].tolist() == [1.0, 4.0, 3.0]
    assert table[:, tally.BOUGHT].tolist() == [0.0, 0.0, 0.0]
    assert (played.money.moving.tolist(), played.money.fixed.tolist()) == ([0.0, 0.5, 2.0], [0.0, 7.0, 0.0])


@pytest.mark.parametrize("arcs", [STAR, SERIAL, TREE, DIAMOND])
def test_goods_come_in_at_the_top_and_leave_to_customers(arcs: tuple[tuple[str, str], ...]) -> None:
    names = sorted({name for arc in arcs for name in arc} - {"maker"})
    demand = {name: SHOPS.get(name, 4.0 if name == "shop" else 0.0) for name in names}
    snapshot, ahead = Places(demand, arcs, (9.0, 3.0, 5.0), items=4).build()
    policy = Scollab(PATHS)
    decisions = policy.decide(snapshot, ahead)
    kept = upkeep_of(policy, snapshot, ahead, decisions, 30)
    played = by_levels(snapshot, decisions, days_of(snapshot, 30), kept)
    sample = np.random.default_rng(3).poisson(ahead.mean[:, :1, None], (len(ahead.mean), 20, 30)).astype(np.float32)
    table = played.play(sample, 0, 9)
    bought, left = table[..., tally.BOUGHT], table[..., tally.SENT] + table[..., tally.SHIPPED] + table[..., tally.LEFT]
    came = table[..., tally.OPENED] + played.moved_in[:, None] + bought + table[..., tally.TAKEN]
    assert np.array_equal(came, left)
    inner = ~np.isin(np.arange(len(bought)) % len(names), [names.index(t) for s, t in arcs if s == "maker"])
    assert (bought[~inner].sum(axis=1) > 0.0).all()
    assert (bought[inner] == 0.0).all(), "what the network feeds buys nothing outside"
    assert table[..., tally.SHORT].sum() < 0.1 * table[..., tally.DEMAND].sum()
    half = len(names) * 2
    again = [played.play(sample[:half], 0, 9), played.play(sample[half:], half, 9)]
    assert np.array_equal(np.concatenate(again), table), "some items are played as all are"


def test_a_network_that_is_cheaper_than_each_for_himself_looks_cheaper() -> None:
    # the shops' own supplier takes ten weeks, the way through the hub two and one
    places = Places(SHOPS, STAR, (40.0, 30.0, 20.0, 8.0), items=6)
    snapshot, demand = places.build()
    supply = snapshot.supply
    alone = np.arange(len(snapshot.index)) % 4 != 0
    slow = replace(
        supply,
        lead_time_days=np.where(alone, 70.0, supply.lead_time_days),
        arrival_period=np.where(alone, 10, supply.arrival_period).astype(np.int32),
        next_arrival_period=np.where(alone, 11, supply.next_arrival_period).astype(np.int32),
    )
    policies = {"mincost": MinCost(PATHS), "scollab": Scollab(PATHS)}
    result = compare_policies(replace(snapshot, supply=slow), demand, policies, 100, 7, periods=40)
    assert result.differences[0].cost.high < 0.0


def test_an_echelon_level_less_what_belongs_below_is_the_places_own() -> None:
    snapshot, demand = Places(SHOPS, STAR, (9.0, 3.0, 5.0, 2.0)).build()
    policy = Scollab(PATHS)
    decisions = policy.decide(snapshot, demand)
    kept = policy.upkeep(snapshot, demand, decisions, 5)
    assert kept.order_up_to[0, 0] == pytest.approx(decisions.order_up_to[0] - decisions.order_up_to[1:].sum())
    assert kept.order_up_to[1:, 0].tolist() == decisions.order_up_to[1:].tolist()


def test_levels_follow_the_demand() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), horizon=12).build()
    rising = replace(demand, mean=np.where(np.arange(12) < 6, 10.0, 20.0)[None, :])
    decisions = MinCost(PATHS).decide(snapshot, rising)
    kept = following_demand(snapshot, rising, decisions, 12)
    span = int(snapshot.supply.next_arrival_period[0])
    assert kept.order_up_to[0, 0] == decisions.order_up_to[0]
    assert kept.order_up_to[0, 6 : 12 - span] == pytest.approx(2.0 * decisions.order_up_to[0])
    assert (np.diff(kept.order_up_to[0]) >= 0.0).all()
    capped = replace(snapshot, costs=replace(snapshot.costs, max_stock=np.array([decisions.order_up_to[0] + 3.0])))
    assert following_demand(capped, rising, decisions, 12).order_up_to.max() == decisions.order_up_to[0] + 3.0


def test_a_season_is_played_by_its_own_levels() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), horizon=12).build()
    festival = replace(demand, mean=np.where(np.arange(12) == 7, 60.0, 10.0)[None, :])
    policy = Cims(PATHS)
    decisions = policy.decide(snapshot, festival)
    plan, kept = policy.cycle_plan(snapshot, festival, decisions), policy.upkeep(snapshot, festival, decisions, 12)
    for k in range(1, plan.order_period.shape[1]):
        if 0 < plan.order_period[0, k] < 12:
            assert kept.order_up_to[0, plan.order_period[0, k]] == plan.order_up_to[0, k]
    guarded = Rio(default_rules(), policy, PATHS, "cims")
    told = upkeep_of(guarded, snapshot, festival, guarded.decide(snapshot, festival), 12)
    seen = plan.order_period[0, 1:][plan.order_period[0, 1:] < 12]
    assert np.array_equal(told.order_up_to[:, seen], kept.order_up_to[:, seen])


@dataclass(frozen=True)
class Twice:
    """A policy that says how it is kept up."""

    level: float

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:  # noqa: ARG002
        n = len(snapshot.index)
        return Decisions(np.zeros(n), snapshot.supply.offsets[:-1].copy(), np.zeros(n), np.zeros(n), np.zeros(n))

    def upkeep(self, snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> Upkeep:  # noqa: ARG002
        level = np.full((len(snapshot.index), periods), self.level)
        return Upkeep(level - 1.0, level)


def test_what_a_policy_says_of_later_reviews_is_played() -> None:
    snapshot, demand = SmallShop(mean=(5.0, 2.0), on_hand=0.0).build()
    result = compare_policies(snapshot, demand, {"none": Twice(0.0), "some": Twice(40.0)}, 50, 3)
    none, some = (figures.orders.mean for figures in result.figures)
    assert (none, some > 0.0) == (0.0, True)


def test_a_small_hub_keeps_supplying_its_shops() -> None:
    snapshot, demand = Places(SHOPS, STAR, (10.0, 20.0, 12.0, 4.0)).build()
    most = np.where(np.arange(4) == 0, 25.0, np.inf)
    narrow = replace(snapshot, costs=replace(snapshot.costs, max_stock=most))
    policy = Scollab(PATHS)
    kept = policy.upkeep(narrow, demand, policy.decide(narrow, demand), 20)
    assert (kept.order_up_to[0] > 0.0).all(), "the bound is on what stands at the hub, not on all that it feeds"
    assert (kept.order_up_to[0] <= 25.0).all()


def test_shops_pay_for_no_orders_with_a_supplier_they_do_not_use() -> None:
    shop = {"order_cost": 7.0, "horizon": 16}
    snapshot, demand = Places(SHOPS, STAR, (10.0, 20.0, 12.0, 4.0), shop=shop).build()
    policy = Scollab(PATHS)
    decisions = policy.decide(snapshot, demand)
    played = by_levels(snapshot, decisions, days_of(snapshot, 16), policy.upkeep(snapshot, demand, decisions, 16))
    table = played.play(np.full((4, 1, 16), [[[0.0]], [[5.0]], [[3.0]], [[1.0]]], np.float32), 0, 1)[:, 0]
    assert table[0, tally.ORDERS] > 0.0
    assert table[1:, tally.ORDERS].tolist() == [0.0, 0.0, 0.0]
    assert (table[1:, tally.ORDERED] > 0.0).all()


def test_a_level_before_the_season_does_not_run_away() -> None:
    snapshot, demand = SmallShop(mean=(1.0,), horizon=12, min_stock=5.0).build()
    season = replace(demand, mean=np.where(np.arange(12) < 6, 1e-3, 40.0)[None, :])
    decisions = MinCost(PATHS).decide(snapshot, season)
    kept = following_demand(snapshot, season, decisions, 12)
    assert kept.order_up_to[0, 0] == decisions.order_up_to[0]
    assert 40.0 < kept.order_up_to.max() <= 10.0 * 120.0 + 5.0
