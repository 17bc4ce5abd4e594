"""What a network is made of, the levels of its places, and what its orders see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.collaboration.echelon_levels import echelon_levels
from orderpoint.optimize.collaboration.pooled import echelons_of, pooled
from orderpoint.optimize.collaboration.profile import Profile, profile_of
from orderpoint.optimize.collaboration.serial_levels import serial_levels
from orderpoint.optimize.collaboration.structure import Structure, structure_of
from orderpoint.optimize.collaboration.views import seen_from_within
from orderpoint.optimize.network.serial import SerialSystems
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.demand import Demand
from orderpoint.tables.network import EVERY_ITEM, Network
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop


def structure(
    arcs: list[tuple[int, int]], stages: int, *, lead: float = 3.0, outside: tuple[int, ...] = ()
) -> Structure:
    ends = np.array(arcs, np.int64).reshape(-1, 2)
    from_outside = np.isin(np.arange(stages), outside)
    count = len(arcs)
    return Structure(
        ends[:, 0], ends[:, 1], np.full(count, lead), np.zeros(count), np.full(count, np.inf), from_outside
    )


def profile(rate: list[float], holding: list[float], cover: list[float], waiting: float = 10.0) -> Profile:
    n = len(rate)
    days = np.array(cover)
    return Profile(
        np.array(rate),
        np.ones(n),
        np.array(holding),
        np.full(n, waiting),
        days,
        np.maximum(days - 1.0, 0.0),
        np.ones(n),
    )


def shop_with(network: Network, mean: tuple[float, ...], items: tuple[str, ...] = ("tea",)) -> tuple[Snapshot, Demand]:
    places = ("hub", "north", "south")
    index = SeriesIndex.of((item, place) for item in items for place in places)
    snapshot, demand = SmallShop(mean=np.tile(mean, len(items)), on_hand=1.0).build()
    snapshot = replace(snapshot, index=index, catalog=Catalog.bare(index.items), network=network)
    return snapshot, replace(demand, index=index)


def network(*arcs: tuple[str, str, int], **columns: float) -> Network:
    """Arcs of (source, target, item); places are hub, north and south, all other names lie outside."""
    places = ("hub", "north", "south")
    outside = sorted({name for arc in arcs for name in arc[:2]} - set(places))
    stages = (*places, *outside)
    row, count, unknown = {name: k for k, name in enumerate(stages)}, len(arcs), np.full(len(stages), np.nan)
    return Network(
        stages=stages,
        source=np.array([row[a[0]] for a in arcs], np.int64),
        target=np.array([row[a[1]] for a in arcs], np.int64),
        item=np.array([a[2] for a in arcs], np.int64),
        quantity_per=np.full(count, columns.get("quantity_per", 1.0)),
        lead_time_days=np.array([columns.get("lead", 2.0 + k) for k in range(count)]),
        unit_cost=np.zeros(count),
        capacity_per_day=np.full(count, np.inf),
        stage_cost=unknown,
        stage_time_days=unknown,
        max_service_time_days=unknown,
    )


def test_an_arc_of_one_item_goes_before_one_of_all() -> None:
    arcs = network(("hub", "north", EVERY_ITEM), ("hub", "south", EVERY_ITEM), ("hub", "north", 1))
    snapshot, _ = shop_with(arcs, (0.0, 5.0, 3.0), ("coffee", "tea"))
    found = structure_of(snapshot)
    assert found is not None
    pairs = dict(zip(zip(found.source.tolist(), found.target.tolist(), strict=True), found.lead_days, strict=True))
    assert pairs == {(0, 1): 2.0, (0, 2): 3.0, (3, 4): 4.0, (3, 5): 3.0}


def test_a_lead_time_that_the_network_leaves_out_is_that_of_the_offer() -> None:
    snapshot, _ = shop_with(network(("hub", "north", EVERY_ITEM), lead=np.nan), (0.0, 5.0, 3.0))
    found = structure_of(snapshot)
    assert found is not None
    assert found.lead_days.tolist() == [14.0]
    assert found.orders.tolist() == [True, False, True]


def test_a_place_without_the_item_is_no_way_for_its_goods() -> None:
    assert structure_of(shop_with(network(("maker", "hub", EVERY_ITEM)), (0.0, 5.0, 3.0))[0]) is None


def test_a_shop_that_a_supplier_feeds_too_may_order_for_itself() -> None:
    snapshot, _ = shop_with(network(("hub", "north", EVERY_ITEM), ("maker", "north", EVERY_ITEM)), (0.0, 5.0, 3.0))
    found = structure_of(snapshot)
    assert found is not None
    assert found.orders.all()
    root, series, weight, _ = found.reached()
    assert sorted(zip(root.tolist(), series.tolist(), weight.tolist(), strict=True)) == [
        (0, 0, 1.0),
        (0, 1, 0.5),
        (1, 1, 0.5),
        (2, 2, 1.0),
    ]


def test_the_goods_of_every_series_come_through_its_roots_in_full() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        n = int(rng.integers(2, 9))
        every = [(a, b) for a in range(n) for b in range(a + 1, n)]
        arcs = [pair for pair in every if rng.random() < 0.35]
        found = structure(arcs, n, outside=tuple(np.flatnonzero(rng.random(n) < 0.3)))
        _, series, weight, days = found.reached()
        assert np.bincount(series, weight, n) == pytest.approx(np.ones(n))
        assert days.max() <= 3.0 * (n - 1)


def test_the_echelon_sees_all_stock_and_demand_below_it() -> None:
    snapshot, demand = shop_with(network(("hub", "north", EVERY_ITEM), ("hub", "south", EVERY_ITEM)), (0.0, 5.0, 3.0))
    demand = replace(demand, ratio=np.array([1.0, 2.0, 1.5]), level_cv2=np.array([0.0, 0.1, 0.2]))
    found = structure_of(snapshot)
    assert found is not None
    view, ahead = pooled(snapshot, demand, echelons_of(found))
    assert view.stock.on_hand.tolist() == [3.0]
    assert (ahead.mean == 8.0).all()
    last = demand.timeline.count - 1
    parts = demand.sum_over(0, last)
    assert ahead.sum_over(0, last).variances()[0] == pytest.approx(parts.variances().sum())
    assert view.supply.arrival_period[0] == snapshot.supply.arrival_period[0] + 1, "three days more are a week later"


def test_serial_levels_are_snyder_and_shen_example_6_1() -> None:
    # Holding 2, 4, 7 from the maker to the shop, lead times 2, 1, 1, demand normal(5, 1), waiting 37.12: S = 6.49,
    # 12.02, 22.71. A count is never narrower than Poisson, so here the same system with a variance of 6.
    found = structure([(0, 1), (1, 2)], 3)
    given = profile([0.0, 0.0, 5.0], [2.0, 4.0, 7.0], [2.0, 1.0, 1.0], waiting=37.12)
    series, levels = serial_levels(found, replace(given, dispersion=np.full(3, 1.2)), np.arange(3))
    exact = SerialSystems(
        np.array([[3.0, 2.0, 2.0]]), np.array([[1.0, 1.0, 2.0]]), np.array([37.12]), np.array([5.0])
    ).optimal_normal(np.sqrt(np.array([6.0])))
    assert series.tolist() == [2, 1, 0]
    assert np.cumsum(levels).tolist() == np.ceil(exact.echelon_level[0]).tolist()
    golden = SerialSystems(
        np.array([[3.0, 2.0, 2.0]]), np.array([[1.0, 1.0, 2.0]]), np.array([37.12]), np.array([5.0])
    ).optimal_normal(np.array([1.0]))
    assert golden.echelon_level[0] == pytest.approx((6.49, 12.02, 22.71), abs=0.01)


def test_bounds_by_echelon_are_near_clark_and_scarf() -> None:
    rng = np.random.default_rng(9)
    for _ in range(40):
        held = np.sort(rng.uniform(0.2, 2.0, 3))
        given = profile([0.0, 0.0, rng.uniform(0.5, 3.0)], list(held), list(rng.uniform(1.0, 4.0, 3)), 9.0)
        found = structure([(0, 1), (1, 2)], 3)
        _, exact = serial_levels(found, given, np.arange(3))
        near = np.cumsum(echelon_levels(found, given)[::-1])
        assert np.abs(near - np.cumsum(exact)).max() <= 2.0


def test_the_last_place_of_a_chain_gets_what_there_is_where_holding_costs_the_same_everywhere() -> None:
    found = structure([(0, 1), (1, 2)], 3)
    given = profile([0.0, 0.0, 2.0], [1.0, 1.0, 1.0], [2.0, 1.0, 2.0])
    _, levels = serial_levels(found, given, np.arange(3))
    assert levels[0] >= 0.8 * levels.sum()
    assert echelon_levels(found, given).sum() == pytest.approx(levels.sum(), abs=2.0)


def test_a_place_between_covers_its_way_and_a_shop_a_review_more() -> None:
    snapshot, demand = shop_with(network(("hub", "north", EVERY_ITEM), ("hub", "south", EVERY_ITEM)), (0.0, 5.0, 3.0))
    found = structure_of(snapshot)
    assert found is not None
    seen = profile_of(seen_from_within(snapshot, found), demand, found)
    assert seen.cover_days.tolist() == [21.0, 14.0, 14.0], "two weeks and the one of arrival; a week and a review"
    assert seen.rate == pytest.approx([0.0, 5.0 / 7.0, 3.0 / 7.0])
    assert (seen.holding > snapshot.costs.holding_cost_per_unit_day).all(), "patience, as sales are lost"
    waits = replace(snapshot, costs=replace(snapshot.costs, backlog=np.ones(3, np.bool_)))
    patient = profile_of(seen_from_within(waits, found), demand, found)
    assert patient.holding == pytest.approx(snapshot.costs.holding_cost_per_unit_day)
