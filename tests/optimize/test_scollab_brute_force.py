"""SCOLLAB against every transfer and order of two hundred small items, by its own evaluation."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.tables.decisions import Decisions, Transfers
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from tests.optimize.network_places import Places

ITEMS = 200
SAMPLING = Sampling(paths=64)
Lane = tuple[int, int]


def moving(decided: Decisions, lanes: dict[Lane, int], quantity: NDArray[np.float64], places: int) -> Decisions:
    """`decided` with as many units of each item on each lane (place from, place to) as said, and `quantity` ordered."""
    first = places * np.arange(ITEMS)
    rows = [(first + a, first + b, np.full(ITEMS, float(units))) for (a, b), units in lanes.items() if units]
    if not rows:
        return replace(decided, quantity=quantity, transfers=None)
    source, target, units = (np.concatenate([row[k] for row in rows]) for k in range(3))
    ones = np.ones(len(source), np.int64)
    return replace(decided, quantity=quantity, transfers=Transfers(source, target, units, ones, 3 * ones, 0.0 * units))


def cost_of(policy: Scollab, case: tuple[Snapshot, Demand], decisions: Decisions) -> NDArray[np.float64]:
    """(items,): expected cost of each item over its places."""
    return policy.evaluate(*case, decisions).cost.reshape(ITEMS, -1).sum(axis=1)


def unserved(policy: Scollab, case: tuple[Snapshot, Demand], decisions: Decisions) -> NDArray[np.float64]:
    """(items,): expected stockout cost of each item: where holding costs the same everywhere, nothing else differs."""
    return policy.evaluate(*case, decisions).stockout_cost.reshape(ITEMS, -1).sum(axis=1)


def sent(decided: Decisions, places: int) -> dict[Lane, NDArray[np.float64]]:
    """Units of each item on each lane."""
    moves = decided.transfers
    found = {lane: np.zeros(ITEMS) for lane in product(range(places), repeat=2)}
    if moves is not None:
        for a, b, units in zip(moves.source, moves.target, moves.quantity, strict=True):
            assert a // places == b // places
            found[int(a % places), int(b % places)][a // places] += units
    return found


def two_shops() -> tuple[Snapshot, Demand]:
    """200 items at two places without a network, from nothing to four units at each."""
    rng = np.random.default_rng(8)
    n = 2 * ITEMS
    shop = {
        "holding_per_period": rng.uniform(0.1, 0.5, n).round(2),
        "stockout": rng.uniform(0.1, 0.7, n).round(2),
        "backlog": True,
        "unit_cost": np.repeat(rng.uniform(1.0, 4.0, ITEMS).round(2), 2),
    }
    on_hand = tuple(rng.integers(0, 5, n).astype(float).tolist())
    snapshot, demand = Places({"east": 1.0, "west": 1.0}, (), on_hand, ITEMS, shop=shop).build()
    mean = np.repeat(rng.uniform(0.2, 1.2, n).round(2)[:, None], demand.mean.shape[1], axis=1)
    return snapshot, replace(demand, mean=mean)


def test_transfers_and_orders_together_come_near_the_best_of_all_and_each_is_the_best_answer_to_the_other() -> None:
    snapshot, demand = two_shops()
    policy = Scollab(SAMPLING, transfer_days=3.0, transfer_cost_share=0.05, least_gain=0.0)
    decided = policy.decide(snapshot, demand)
    stock, price = snapshot.stock.on_hand.reshape(ITEMS, 2), 0.05 * snapshot.costs.unit_cost[::2]
    least, answer = np.full(ITEMS, np.inf), np.full(ITEMS, np.inf)
    ours_order = decided.quantity.reshape(ITEMS, 2)
    moves = sent(decided, 2)
    net = moves[0, 1] - moves[1, 0]
    assert not (moves[0, 1] * moves[1, 0]).any()
    for units in range(-4, 5):
        lanes = {(0, 1): max(units, 0), (1, 0): max(-units, 0)}
        possible = (stock[:, 0] >= units) & (stock[:, 1] >= -units)
        best_order = np.full(2 * ITEMS, np.inf)  # places do not touch each other once it is settled what moves
        for q in range(13):
            orders = moving(decided, lanes, np.full(2 * ITEMS, float(q)), 2)
            best_order = np.minimum(best_order, policy.evaluate(snapshot, demand, orders).cost)
        total = best_order.reshape(ITEMS, 2).sum(axis=1) + price * abs(units)
        least = np.where(possible, np.minimum(least, total), least)
        answer = np.where(net == units, total, answer)
    assert ours_order.max() <= 12.0
    ours = cost_of(policy, (snapshot, demand), decided) + price * abs(net)
    assert (np.abs(ours - answer) <= 1e-5 * (1.0 + answer)).all(), "the orders are the best for these transfers"
    apart = MinCost(SAMPLING, patient=False).decide(snapshot, demand)
    alone = cost_of(policy, (snapshot, demand), replace(apart, transfers=None))
    assert (ours <= alone + 1e-5).all(), "no item costs more than without transfers"
    possible_gain, gap = alone.sum() - least.sum(), ours.sum() - least.sum()
    assert 0.0 <= gap <= 0.02 * least.sum(), "transfers are found beside fixed orders: docs/algorithms/scollab.md"
    assert gap <= 0.15 * possible_gain


def test_what_a_warehouse_sends_leaves_least_unserved_of_all_it_could_send() -> None:
    rng = np.random.default_rng(4)
    n = 3 * ITEMS
    stock = rng.integers(0, 4, n)
    stock[::3] = rng.integers(0, 6, ITEMS)
    shop = {
        "holding_per_period": 0.1,
        "stockout": np.repeat(rng.uniform(1.0, 4.0, ITEMS).round(2), 3),
    }
    places = Places(
        {"a hub": 0.0, "north": 1.0, "south": 0.5},
        (("maker", "a hub"), ("a hub", "north"), ("a hub", "south")),
        tuple(stock.astype(float).tolist()),
        ITEMS,
        shop=shop,
    )
    snapshot, demand = places.build()
    policy = Scollab(SAMPLING, least_gain=1e9)
    decided = policy.decide(snapshot, demand)
    moves = sent(decided, 3)
    ours = unserved(policy, (snapshot, demand), decided)
    level, least = decided.order_up_to.reshape(ITEMS, 3), np.full(ITEMS, np.inf)
    missing = np.maximum(level - stock.reshape(ITEMS, 3), 0.0)
    for north, south in product(range(6), repeat=2):
        allowed = (north + south <= stock[::3]) & (north <= missing[:, 1]) & (south <= missing[:, 2])
        orders = moving(decided, {(0, 1): north, (0, 2): south}, decided.quantity, 3)
        if allowed.any():
            keeps = np.where(np.repeat(allowed, 3), 1.0, 0.0)
            moved = orders.transfers
            if moved is not None:
                moved = replace(moved, quantity=moved.quantity * keeps[moved.source])
            cost = unserved(policy, (snapshot, demand), replace(orders, transfers=moved))
            least = np.where(allowed, np.minimum(least, cost), least)
    assert sum(units.sum() for units in moves.values()) > ITEMS
    assert (ours <= least + 1e-5 * (1.0 + least)).all()
