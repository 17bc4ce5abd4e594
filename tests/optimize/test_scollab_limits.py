"""SCOLLAB under the limits that its places and suppliers share."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from orderpoint.messages import LANGUAGES, say
from orderpoint.messages.rules import RULES
from orderpoint.optimize.collaboration.lanes import Lanes
from orderpoint.optimize.collaboration.pooled import echelons_of, pooled
from orderpoint.optimize.collaboration.root_orders import root_orders
from orderpoint.optimize.collaboration.structure import structure_of
from orderpoint.optimize.collaboration.transfers import Market
from orderpoint.optimize.collaboration.transfers_in_space import moves_within
from orderpoint.optimize.collaboration.unit_values import Units
from orderpoint.optimize.explain import reasons
from orderpoint.optimize.limits.feasibility import fills
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.optimize.shared_terms import CONTAINER_FILL
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.policy_contract import check_decisions, value_of
from orderpoint.testing.small_shop import SmallShop, two_offers
from tests.optimize.network_places import DIAMOND, SHOPS, STAR, Places

SAMPLING = Sampling(paths=64)
POLICY = Scollab(SAMPLING)
EMPTY = Places(SHOPS, STAR, (0, 0, 0, 0), items=2)


def limited(
    snapshot: Snapshot,
    room: dict[str, float] | None = None,
    minimum: float = 0.0,
    container: float = np.inf,
    volume: float = 1.0,
) -> Snapshot:
    """The snapshot with space at the places of `room`, and terms of ACME."""
    shared = SharedLimits(
        suppliers=("ACME",),
        min_order_value=np.array([minimum]),
        container_volume=np.array([container]),
        on_time_share=np.array([np.nan]),
        capacity_volume=np.array([(room or {}).get(name, np.inf) for name in snapshot.index.locations]),
        location_of=snapshot.index.location_of,
        unit_volume=np.full(len(snapshot.index), volume),
    )
    return replace(snapshot, shared=shared)


def units_of(decisions: Decisions) -> float:
    """Units ordered of first and second offers."""
    return float(decisions.quantity.sum() + (0.0 if decisions.further is None else decisions.further.quantity.sum()))


def check_space(snapshot: Snapshot, decisions: Decisions) -> None:
    """Nothing is ordered or sent to where it does not fit, place by place."""
    shared, moves = snapshot.shared, decisions.transfers
    assert shared is not None
    for place, capacity in enumerate(shared.capacity_volume.tolist()):
        here = snapshot.index.location_of == place
        bought = decisions.quantity.copy()
        if decisions.further is not None:
            np.add.at(bought, decisions.further.series, decisions.further.quantity)
        new, left = bought * shared.unit_volume, snapshot.stock.on_hand * shared.unit_volume
        if moves is not None:
            np.add.at(new, moves.target, moves.quantity * shared.unit_volume[moves.target])
            np.subtract.at(left, moves.source, moves.leaving * shared.unit_volume[moves.source])
        assert new[here].sum() == 0.0 or (new + left)[here].sum() <= capacity + 1e-6


def test_space_at_the_warehouse_cuts_its_orders_and_the_line_says_so() -> None:
    snapshot, demand = EMPTY.build()
    alone = POLICY.decide(snapshot, demand)
    tight = limited(snapshot, {"hub": 0.5 * units_of(alone)})
    cut = POLICY.decide(tight, demand)
    check_decisions(tight, cut)
    check_space(tight, cut)
    assert 0.4 * units_of(alone) < units_of(cut) <= 0.5 * units_of(alone)
    (limit,) = cut.binding
    assert (limit.kind, limit.of) == ("space", "hub")
    assert limit.used == units_of(cut)
    assert limit.shadow_price > 0.0
    assert 0.0 <= cut.gap < 0.01
    worth = POLICY.evaluate(tight, demand, cut.without_orders()), POLICY.evaluate(tight, demand, cut)
    assert any("The space at hub cut this line" in sentence for sentence in reasons(tight, demand, cut, worth))


def test_stock_in_the_shops_takes_no_room_at_the_warehouse() -> None:
    snapshot, demand = replace(EMPTY, on_hand=(0, 9, 5, 2)).build()
    whole = POLICY.decide(snapshot, demand)
    roomy = limited(snapshot, {"hub": units_of(whole)})
    assert np.array_equal(POLICY.decide(roomy, demand).quantity, whole.quantity)


def test_what_leaves_the_warehouse_today_makes_room_for_the_order() -> None:
    snapshot, demand = replace(EMPTY, on_hand=(10, 0, 0, 0), items=1).build()
    whole = POLICY.decide(snapshot, demand)
    assert whole.transfers is not None
    sent = whole.transfers.quantity.sum()
    assert sent == 10
    roomy = limited(snapshot, {"hub": units_of(whole)})
    assert np.array_equal(POLICY.decide(roomy, demand).quantity, whole.quantity)


def test_a_full_shop_gets_no_more_than_fits_and_the_rest_goes_elsewhere() -> None:
    snapshot, demand = replace(EMPTY, on_hand=(8, 0, 0, 0)).build()
    free = POLICY.decide(snapshot, demand).transfers
    tight = limited(snapshot, {"north": 3.0})
    decisions = POLICY.decide(tight, demand)
    check_space(tight, decisions)
    moves = decisions.transfers
    assert free is not None
    assert moves is not None
    north = snapshot.index.location_of == 1
    assert free.quantity[north[free.target]].sum() > 3.0
    assert moves.quantity[north[moves.target]].sum() == 3.0
    assert moves.quantity[~north[moves.target]].sum() > free.quantity[~north[free.target]].sum()
    (limit,) = decisions.binding
    assert (limit.kind, limit.of, limit.limit, limit.used) == ("space", "north", 3.0, 3.0)
    assert limit.shadow_price > 0.0
    told = [remark for remark in decisions.remarks if remark.code == "transfer_space"]
    assert {snapshot.index.location_of[remark.series] for remark in told} == {1}
    for remark in told:
        for language in LANGUAGES:
            assert "north" in say(RULES, remark.code, language, **remark.details)


def test_a_suppliers_minimum_raises_the_order_or_drops_it() -> None:
    snapshot, demand = EMPTY.build()
    alone = POLICY.decide(snapshot, demand)
    wanted = value_of(snapshot, alone)
    kept = POLICY.decide(limited(snapshot, minimum=wanted), demand)
    assert np.array_equal(kept.quantity, alone.quantity)
    raised = POLICY.decide(limited(snapshot, minimum=1.1 * wanted), demand)
    check_decisions(snapshot, raised)
    assert 1.1 * wanted <= value_of(snapshot, raised) < 1.2 * wanted
    assert (raised.quantity >= alone.quantity).all()
    (limit,) = raised.binding
    assert (limit.kind, limit.used) == ("supplier_minimum", value_of(snapshot, raised))
    assert units_of(POLICY.decide(limited(snapshot, minimum=50.0 * wanted), demand)) == 0.0


def test_containers_from_the_supplier_are_filled_or_not_sent() -> None:
    snapshot, demand = EMPTY.build()
    alone = units_of(POLICY.decide(snapshot, demand))
    for size in (0.4 * alone, 0.9 * alone, 1.2 * alone, 40.0 * alone):
        boxed = limited(snapshot, container=size)
        decisions = POLICY.decide(boxed, demand)
        check_decisions(boxed, decisions)
        assert units_of(decisions) == 0.0 or fills(units_of(decisions), size, CONTAINER_FILL)
        assert (units_of(decisions) > 0.0) == (size < 2.0 * alone)


@pytest.mark.parametrize("arcs", [STAR, DIAMOND, ()], ids=["star", "diamond", "apart"])
def test_all_limits_at_once_are_kept_by_orders_and_transfers(arcs: tuple[tuple[str, str], ...]) -> None:
    rng, acted = np.random.default_rng(5), 0
    for _ in range(6 if arcs is DIAMOND else 10):
        places = {**SHOPS, "depot": 0.0} if arcs is DIAMOND else SHOPS
        on_hand = tuple(rng.integers(0, 9, len(places) * 2).tolist())
        shop = {"pack": float(rng.integers(1, 4)), "order_cost": float(rng.choice([0.0, 2.0]))}
        snapshot, demand = Places(places, arcs, on_hand, items=2, shop=shop).build()
        room = {name: float(rng.integers(5, 40)) for name in places if rng.random() < 0.7}
        minimum, container = float(rng.choice([0.0, 60.0, 300.0])), float(rng.choice([np.inf, 18.0, 60.0]))
        tight = limited(snapshot, room, minimum, container, float(rng.choice([0.5, 1.0, 1.5])))
        tight = replace(tight, budget=None if rng.random() < 0.5 else float(rng.integers(0, 400)))
        decisions = POLICY.decide(tight, demand)
        check_decisions(tight, decisions)
        check_space(tight, decisions)
        assert decisions.gap >= 0.0
        money, shared = value_of(tight, decisions), tight.shared
        assert shared is not None
        assert money == 0.0 or money >= minimum - 1e-9
        assert money == 0.0 or fills(units_of(decisions) * shared.unit_volume[0], container, CONTAINER_FILL)
        acted += money > 0.0 and decisions.transfers is not None
    assert acted >= 1


def saved(view: Snapshot, demand: Demand, orders: Decisions) -> np.ndarray:
    """What each order saves, money (r,)."""
    idle, then = (SAMPLING.evaluate(view, demand, d).cost for d in (orders.without_orders(), orders))
    return np.asarray(idle - then)


def test_cut_orders_save_as_much_as_any_that_fit_by_brute_force() -> None:
    rng = np.random.default_rng(2)
    for _ in range(8):
        shop = {"backlog": True, "moq": 2.0, "stockout": rng.uniform(0.02, 0.2, 8), "unit_cost": rng.uniform(2, 8, 8)}
        places = Places({"hub": 0.0, "north": 1.5, "south": 1.0, "west": 0.5}, STAR, (0, 1, 0, 0), items=2, shop=shop)
        snapshot, demand = places.build()
        structure = structure_of(snapshot)
        assert structure is not None
        view, ahead = pooled(snapshot, demand, echelons_of(structure))
        alone = root_orders(view, view, ahead, SAMPLING)
        cost = view.supply.unit_cost[alone.offer]
        tight = replace(view, budget=float(rng.uniform(0.3, 0.9) * (alone.quantity @ cost)))
        found = root_orders(tight, tight, ahead, SAMPLING)
        options = [(0, *range(2, int(most) + 1)) for most in alone.quantity]
        gain = [
            saved(view, ahead, replace(alone, quantity=np.full(2, float(q))))
            for q in range(int(alone.quantity.max()) + 1)
        ]
        best = max(
            gain[pair[0]][0] + gain[pair[1]][1]
            for pair in itertools.product(*options)
            if np.array(pair) @ cost <= tight.budget + 1e-9
        )
        assert saved(view, ahead, found).sum() >= best * (1.0 - found.gap) - 1e-4
        assert found.quantity @ cost <= (tight.budget or 0.0) + 1e-9


def random_market(rng: np.random.Generator) -> Market:
    """Two items at a warehouse and two shops; rows: item x (hub, north, south)."""
    gain = np.sort(rng.uniform(0.0, 9.0, (6, 3)), axis=1)[:, ::-1].copy()
    lose = np.sort(rng.uniform(0.0, 2.0, (6, 3)), axis=1)
    source, target = np.array([0, 0, 3, 3]), np.array([1, 2, 4, 5])
    lanes = Lanes(source, target, np.ones(4), rng.uniform(0.0, 1.0, 4), np.zeros(4))
    ones = np.ones(6, np.int64)
    units = Units(np.array([3, 0, 0, 3, 0, 0]), np.array([0, 2, 2, 0, 2, 2]), ones, ones)
    return Market(lanes, np.full(4, np.inf), np.array([0, 2, 4]), units, lose, gain, 0.0)


def test_transfers_in_a_small_room_are_within_their_gap_of_the_best_by_brute_force() -> None:
    rng, exact = np.random.default_rng(9), 0
    base, _ = Places({"hub": 0.0, "north": 1.0, "south": 1.0}, STAR[:3], (9, 0, 0), items=2).build()
    for _ in range(20):
        market = random_market(rng)
        snapshot = limited(base, {"north": 1.0, "south": 1.0})
        assert snapshot.shared is not None
        volume = np.tile([1.0, rng.uniform(0.5, 2.0), 1.0], 2)
        snapshot = replace(snapshot, shared=replace(snapshot.shared, unit_volume=volume))
        room = np.array([np.inf, rng.uniform(0.0, 5.0), float(rng.integers(0, 4))])
        moves = moves_within(snapshot, market, room)
        lots = np.zeros(4, np.int64)
        if moves.transfers is not None:
            ends = list(zip(market.lanes.source.tolist(), market.lanes.target.tolist(), strict=True))
            for s, t, q in zip(moves.transfers.source, moves.transfers.target, moves.transfers.quantity, strict=True):
                lots[ends.index((s, t))] = q
        best = 0.0
        for some in itertools.product(range(3), repeat=4):
            trial = np.array(some)
            taken = np.bincount([1, 2, 1, 2], trial * volume[market.lanes.target], 3)
            if trial[:2].sum() <= 3 and trial[2:].sum() <= 3 and (taken <= room).all():
                best = max(best, market.total(trial))
        worth = market.total(lots)
        assert (np.bincount([1, 2, 1, 2], lots * volume[market.lanes.target], 3) <= room + 1e-9).all()
        assert worth <= best + 1e-9
        assert best <= worth / (1.0 - moves.gap) + 1e-9 if moves.gap < 1.0 else True
        exact += worth >= best - 1e-9
    assert exact >= 16, "a room of a few units is filled nearly as well as can be"


def test_a_second_supplier_keeps_space_minimum_and_containers() -> None:
    snapshot, demand = SmallShop(mean=(20.0,), on_hand=5, arrival=4, next_arrival=5, stockout=4.0).build()
    near = two_offers(snapshot, unit_cost=8.5, arrival_period=1, next_arrival_period=2, lead_time_days=7, arrival_day=7)
    free = POLICY.decide(near, demand)
    assert free.further is not None, "something comes in the first week"
    for room in (units_of(free) + 5.0, units_of(free) - 3.0, free.quantity.sum() + 5.0):
        tight = limited(near, {"main": room})
        decisions = POLICY.decide(tight, demand)
        check_space(tight, decisions)
        assert (decisions.further is not None) == (room > units_of(free))
    shared = limited(near).shared
    assert shared is not None
    brisk = replace(shared, suppliers=("Brisk",), container_volume=np.array([10.0 * units_of(free)]))
    assert POLICY.decide(replace(near, shared=brisk), demand).further is None
    dear = replace(shared, suppliers=("Brisk",), min_order_value=np.array([1e5]))
    assert POLICY.decide(replace(near, shared=dear), demand).further is None
