"""SCOLLAB as a whole: the contract, and networks small enough to see what must move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.collaboration.genetic import search
from orderpoint.optimize.collaboration.levels import Shape, shapes
from orderpoint.optimize.collaboration.rollout import Play
from orderpoint.optimize.collaboration.stages import BaseStockNetwork
from orderpoint.optimize.collaboration.structure import structure_of
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.policy_contract import PolicyContract, check_decisions, check_evaluation
from orderpoint.testing.small_shop import SmallShop, two_offers
from tests.optimize.network_places import DIAMOND, SERIAL, SHOPS, STAR, TREE, Places

FEW = Scollab(Sampling(paths=256))


class TestScollabContract(PolicyContract):
    least_cost = False

    def policy(self) -> Scollab:
        return FEW


NETWORKS = {
    Shape.ONE_WAREHOUSE: Places(SHOPS, STAR, (9, 2, 1, 0), items=3),
    Shape.SERIAL: Places({"centre": 0.0, "depot": 0.0, "shop": 6.0}, SERIAL, (10, 9, 2), items=3),
    Shape.STAGE_DATA: Places(
        {**SHOPS, "depot": 0.0}, TREE, (9, 20, 1, 0, 2), items=3, stage={"hub": 2.0, "depot": 1.0}
    ),
    Shape.GENERAL: Places({**SHOPS, "depot": 0.0}, DIAMOND, (9, 20, 1, 0, 2), items=2),
}


def units_after(snapshot: Snapshot, decisions: Decisions) -> np.ndarray:
    """On hand after the transfers left and came, (n,)."""
    after = snapshot.stock.on_hand.copy()
    if decisions.transfers is not None:
        np.subtract.at(after, decisions.transfers.source, decisions.transfers.quantity)
        assert (after >= 0).all(), "a source below zero"
        np.add.at(after, decisions.transfers.target, decisions.transfers.quantity)
    return after


@pytest.mark.parametrize("shape", NETWORKS, ids=lambda s: s.name.lower())
def test_each_shape_of_network_has_its_method_and_keeps_every_limit(shape: Shape) -> None:
    snapshot, demand = NETWORKS[shape].build()
    structure = structure_of(snapshot)
    assert structure is not None
    assert (shapes(snapshot, structure) == shape).all()
    decisions = FEW.decide(snapshot, demand)
    check_decisions(snapshot, decisions)
    check_evaluation(snapshot, FEW.evaluate(snapshot, demand, decisions))
    assert (decisions.quantity[structure.fed] == 0).all(), "what the network feeds orders nothing outside"
    assert decisions.quantity[~structure.fed].sum() > 0
    assert decisions.transfers is not None
    assert units_after(snapshot, decisions).sum() == snapshot.stock.on_hand.sum()


@pytest.mark.parametrize("shape", NETWORKS, ids=lambda s: s.name.lower())
def test_transfers_save_more_than_they_cost(shape: Shape) -> None:
    snapshot, demand = NETWORKS[shape].build()
    decisions = FEW.decide(snapshot, demand)
    without = FEW.evaluate(snapshot, demand, replace(decisions, transfers=None)).cost.sum()
    assert decisions.transfers is not None
    assert FEW.evaluate(snapshot, demand, decisions).cost.sum() < without - decisions.transfers.gain.sum() * 0.5


def test_a_shop_that_runs_dry_is_served_from_the_warehouse_before_one_that_is_full() -> None:
    snapshot, demand = Places(SHOPS, STAR, (6, 0, 30, 30)).build()
    transfers = FEW.decide(snapshot, demand).transfers
    assert transfers is not None
    assert snapshot.index.pairs()[transfers.target[0]] == ("item 000", "north")
    assert (transfers.target == 1).all()
    assert transfers.quantity[transfers.source == 0].sum() == 6


def test_a_short_warehouse_is_shared_by_need() -> None:
    snapshot, demand = Places({"hub": 0.0, "north": 5.0, "south": 5.0}, STAR[:3], (6, 0, 0)).build()
    transfers = FEW.decide(snapshot, demand).transfers
    assert transfers is not None
    assert sorted(transfers.quantity.tolist()) == [3.0, 3.0]


def test_the_warehouse_orders_what_the_shops_sell() -> None:
    snapshot, demand = Places(SHOPS, STAR, (0, 0, 0, 0)).build()
    few = FEW.decide(snapshot, demand).quantity
    more = FEW.decide(snapshot, replace(demand, mean=2.0 * demand.mean)).quantity
    assert few[0] > 9.0 * 2, "two weeks of lead time and one of review, nine a week"
    assert more[0] > 1.7 * few[0]
    alone = MinCost(Sampling(paths=256)).decide(snapshot, demand).quantity
    assert alone[0] == 0, "a warehouse without sales of its own orders nothing when it plans alone"


def test_stock_in_the_shops_counts_for_the_warehouse() -> None:
    empty = FEW.decide(*Places(SHOPS, STAR, (0, 0, 0, 0)).build()).quantity[0]
    stocked = FEW.decide(*Places(SHOPS, STAR, (0, 4, 2, 1)).build()).quantity[0]
    assert stocked == empty - 7


def test_a_lane_carries_no_more_than_its_capacity() -> None:
    free = FEW.decide(*Places(SHOPS, STAR, (60, 0, 0, 0)).build()).transfers
    tight = FEW.decide(*Places(SHOPS, STAR, (60, 0, 0, 0), capacity=3.0 / 7.0).build()).transfers
    assert free is not None
    assert tight is not None
    assert free.quantity.max() > 3
    assert tight.quantity.max() == 3


def test_without_a_network_surplus_moves_to_the_place_that_runs_out() -> None:
    snapshot, demand = Places({"east": 1.0, "west": 8.0}, (), (40, 0)).build()
    decisions = FEW.decide(snapshot, demand)
    assert decisions.transfers is not None
    assert decisions.transfers.source.tolist() == [0]
    assert decisions.transfers.target.tolist() == [1]
    assert 8 <= decisions.transfers.quantity[0] <= 30
    assert units_after(snapshot, decisions)[0] >= 5, "four weeks of its own sales stay"
    assert FEW.decide(*Places({"east": 1.0, "west": 8.0}, (), (3, 24)).build()).transfers is None


def test_a_dear_transfer_stays_where_it_is() -> None:
    shop = Places({"east": 1.0, "west": 8.0}, (), (40, 0)).build()
    assert replace(FEW, transfer_cost_share=0.5).decide(*shop).transfers is None
    assert replace(FEW, least_gain=1e6).decide(*shop).transfers is None
    assert replace(FEW, transfer_days=60.0).decide(*shop).transfers is None


def test_a_minimum_stock_is_kept_back() -> None:
    places = Places({"east": 1.0, "west": 8.0}, (), (40, 0), shop={"min_stock": np.array([35.0, 0.0])})
    snapshot, demand = places.build()
    transfers = FEW.decide(snapshot, demand).transfers
    assert transfers is not None
    assert transfers.quantity.sum() == 5


def test_a_quicker_supplier_bridges_the_gap_where_it_is_worth_its_price() -> None:
    snapshot, demand = SmallShop(mean=(20.0,), on_hand=5, arrival=4, next_arrival=5, stockout=4.0).build()
    near = two_offers(snapshot, unit_cost=5.5, arrival_period=1, next_arrival_period=2, lead_time_days=7, arrival_day=7)
    far = two_offers(snapshot, unit_cost=99.0, arrival_period=1, next_arrival_period=2, lead_time_days=7, arrival_day=7)
    bridged = FEW.decide(near, demand)
    bought = dict(zip(bridged.offer, bridged.quantity, strict=True))
    assert (bridged.further is not None) or 1 in bought, "something comes in the first week"
    assert FEW.decide(far, demand).further is None


def test_a_cycle_is_named_by_its_arcs() -> None:
    ring = Places(SHOPS, (*STAR, ("west", "hub")), (9, 2, 1, 0))
    with pytest.raises(ValueError, match="item 000 at hub -> item 000 at west"):
        FEW.decide(*ring.build())


def test_late_suppliers_are_covered_by_more_stock() -> None:
    snapshot, demand = SmallShop(mean=(30.0,), stockout=4.0).build()
    levels = []
    for share in (1.0, 0.6):
        shared = SharedLimits(
            suppliers=("ACME",),
            min_order_value=np.zeros(1),
            container_volume=np.full(1, np.inf),
            on_time_share=np.array([share]),
            capacity_volume=np.full(1, np.inf),
            location_of=np.zeros(1, np.int32),
            unit_volume=np.zeros(1),
        )
        levels.append(FEW.decide(replace(snapshot, shared=shared), demand).order_up_to[0])
    assert levels[1] > levels[0]


def test_the_budget_is_kept_by_the_whole_network() -> None:
    snapshot, demand = replace(NETWORKS[Shape.ONE_WAREHOUSE], on_hand=(4, 2, 1, 0)).build()
    whole = float((FEW.decide(snapshot, demand).quantity * 5.0).sum())
    for share in (0.0, 0.3, 0.8):
        decisions = FEW.decide(replace(snapshot, budget=share * whole), demand)
        check_decisions(replace(snapshot, budget=share * whole), decisions)
        assert (decisions.quantity.sum() > 0) == (share > 0)


def test_the_same_network_gives_the_same_bits() -> None:
    snapshot, demand = NETWORKS[Shape.GENERAL].build()
    first, second = FEW.decide(snapshot, demand), FEW.decide(snapshot, demand)
    assert np.array_equal(first.quantity, second.quantity)
    assert np.array_equal(first.order_up_to, second.order_up_to)
    assert first.transfers is not None
    assert second.transfers is not None
    assert np.array_equal(first.transfers.quantity, second.transfers.quantity)


def test_an_unknown_stock_gives_levels_and_moves_nothing() -> None:
    snapshot, demand = NETWORKS[Shape.ONE_WAREHOUSE].build()
    decisions = FEW.decide(replace(snapshot, stock=replace(snapshot.stock, known=False)), demand)
    assert (decisions.quantity == 0).all()
    assert decisions.transfers is None
    assert (decisions.order_up_to > 0).all()


def lived_through(policy: Scollab, weeks: int, warm_up: int) -> float:
    """Mean weekly cost of an item whose shops follow the policy week by week, without its week of arrival at the hub.

    What comes in today leaves with the next decision, so goods stay a week at the hub whatever is decided.
    """
    items, places = 10, 4
    snapshot, demand = Places(SHOPS, STAR, (30, 10, 6, 2), items=items).build()
    n, rng = items * places, np.random.default_rng(0)
    on_hand, receipts, cost = snapshot.stock.on_hand.copy(), np.zeros((n, snapshot.timeline.count)), 0.0
    for week in range(weeks):
        stock = replace(snapshot.stock, on_hand=on_hand, receipts=receipts)
        decisions = policy.decide(replace(snapshot, stock=stock), demand)
        on_hand, receipts = on_hand.copy(), receipts.copy()
        if (moved := decisions.transfers) is not None:
            np.subtract.at(on_hand, moved.source, moved.quantity)
            np.add.at(receipts, (moved.target, moved.arrival_period), moved.quantity)
        receipts[:, 2] += decisions.quantity
        asked = rng.poisson(demand.mean[:, 0])
        there = on_hand + receipts[:, 0]
        left, short = np.maximum(there - asked, 0.0), np.maximum(asked - there, 0.0)
        if week >= warm_up:
            cost += 0.2 * (left.sum() - receipts[::places, 0].sum()) + 1.0 * short.sum()
        on_hand, receipts = left, np.append(receipts[:, 1:], np.zeros((n, 1)), axis=1)
    return float(cost / items / (weeks - warm_up))


@pytest.mark.proof
def test_lived_through_it_costs_no_more_than_the_best_base_stocks_that_a_search_finds() -> None:
    star = {"source": np.array([0, 1, 1, 1]), "target": np.array([1, 2, 3, 4]), "lead": np.array([3, 1, 1, 1])}
    network = BaseStockNetwork(
        **star,
        outside=np.arange(5) == 0,
        holding=np.array([0.0, 0.2, 0.2, 0.2, 0.2]),
        penalty=np.array([0.0, 0.0, 1.0, 1.0, 1.0]),
        backlog=np.zeros(5, np.bool_),
        order_cost=np.zeros(5),
        moq=np.ones(5),
        pack=np.ones(5),
        share=np.ones(4),
        arc_cost=np.zeros(4),
        capacity=np.full(4, np.inf),
    )
    asked = np.random.default_rng(1).poisson((0.0, 0.0, 5.0, 3.0, 1.0), (64, 100, 5)).astype(np.float32)
    start, most = np.array([0.0, 20.0, 14.0, 9.0, 3.0]), np.array([0.0, 60.0, 40.0, 30.0, 20.0])
    best = search(network, Play(asked, warm_up=20), start, most)
    assert lived_through(FEW, weeks=60, warm_up=12) <= 1.03 * best.cost


@pytest.mark.parametrize("parameter", ["transfer_days", "transfer_cost_share", "least_gain", "late_share"])
def test_a_parameter_that_is_no_number_is_refused(parameter: str) -> None:
    with pytest.raises(ValueError, match=parameter):
        Scollab(**{parameter: -1.0})
