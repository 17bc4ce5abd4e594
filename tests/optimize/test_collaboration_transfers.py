"""Transfers: the value of a unit, the best exchange, and that units only move."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from orderpoint.optimize.collaboration.exchange import Places, best_exchange
from orderpoint.optimize.collaboration.lanes import Lanes, lanes_within, periods_of
from orderpoint.optimize.collaboration.transfers import Exchange, best_transfers, joined, moving_cost
from orderpoint.optimize.collaboration.unit_values import Units, unit_values
from orderpoint.optimize.evaluation import Orders
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.protection import Setting
from orderpoint.optimize.sampling import Sampling
from orderpoint.stockflow.equation import step
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.decisions import Decisions, Transfers
from orderpoint.tables.demand import Demand
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop, with_receipt

SAMPLING = Sampling(paths=32)


def shops(items: int, places: int, seed: int, *, backlog: bool = False, most: int = 9) -> tuple[Snapshot, Demand]:
    """Items at several places with random stock and demand."""
    rng = np.random.default_rng(seed)
    n = items * places
    shop = SmallShop(
        mean=rng.gamma(1.0, 2.0, n),
        on_hand=rng.integers(0, most, n).astype(float),
        holding_per_period=rng.uniform(0.05, 0.4, n),
        stockout=rng.uniform(0.5, 3.0, n) * (0.2 if backlog else 1.0),
        backlog=backlog,
    )
    snapshot, demand = shop.build()
    index = SeriesIndex.of((f"item {k:04d}", f"place {p}") for k in range(items) for p in range(places))
    snapshot = replace(snapshot, index=index, catalog=Catalog.bare(index.items))
    return with_receipt(snapshot, 1, rng.integers(0, 2, n)), replace(demand, index=index)


def orders_of(snapshot: Snapshot, seed: int = 0) -> Decisions:
    """Some orders of today, through the first offers."""
    n = len(snapshot.index)
    quantity = np.random.default_rng(seed).integers(0, 4, n).astype(float)
    zero = np.zeros(n)
    return Decisions(quantity, snapshot.supply.offsets[:-1].copy(), zero, zero, zero)


Seen = tuple[np.ndarray, slice, Setting]


def seen_by(snapshot: Snapshot, demand: Demand) -> Seen:
    """The paths and what the loops need of a small shop, which comes in one piece."""
    (seen,) = SAMPLING.sampled(snapshot, demand)
    return seen


def plain_cost(seen: Seen, decisions: Decisions, i: int, moved: tuple[int, int, int]) -> float:
    """Mean cost of a series that gives some units now and takes some in a period: `moved` (gives, takes, period).

    A unit that is left counts as held to the end of the paths, one that is on its way from today.
    """
    gives, takes, period = moved
    paths, _, setting = seen
    days, starts, lines, offer = setting.clock.days, setting.clock.starts, setting.lines, int(decisions.offer[i])
    first, then = int(setting.offers.arrival[offer]), int(setting.offers.next_arrival[offer])
    backlog, holding, total = bool(lines.backlog[i]), float(lines.holding[i]), 0.0
    receipts = lines.receipts[i].copy()
    receipts[period] += takes
    receipts[first] += decisions.quantity[i]
    for path in paths[i].tolist():
        stock = float(lines.on_hand[i]) - gives
        for t in range(then):
            stock, short = step(stock, receipts[t], path[t], backlog)
            waits = days[t] * max(-stock, 0.0) if backlog else short
            total += holding * days[t] * max(stock, 0.0) + lines.stockout[i] * waits
        total += holding * (starts[-1] - starts[then]) * max(stock, 0.0)
    return float(total / len(paths[i]) + holding * starts[period] * takes)


@pytest.mark.parametrize("backlog", [False, True])
def test_the_value_of_a_unit_is_what_the_stock_equation_saves_by_it(backlog: bool) -> None:
    snapshot, demand = shops(10, 3, seed=4, backlog=backlog)
    decisions = orders_of(snapshot)
    n, most = len(snapshot.index), 8
    gives = np.minimum(snapshot.stock.on_hand, most).astype(np.int64)
    ones = np.ones(n, np.int64)
    lose, gain = np.zeros((n, most)), np.zeros((n, most))
    seen = seen_by(snapshot, demand)
    orders = Orders(decisions.quantity, decisions.offer)
    unit_values(seen[0], *seen[2], orders, Units(gives, most * ones, ones, ones), lose, gain)
    for row in range(n):
        idle = plain_cost(seen, decisions, row, (0, 0, 1))
        for k in range(most):
            taken = plain_cost(seen, decisions, row, (0, k + 1, 1))
            assert gain[row, : k + 1].sum() == pytest.approx(idle - taken, abs=1e-6)
        for k in range(int(gives[row])):
            given = plain_cost(seen, decisions, row, (k + 1, 0, 1))
            assert lose[row, : k + 1].sum() == pytest.approx(given - idle, abs=1e-6)
    assert (np.diff(gain, axis=1) <= 1e-12).all(), "each unit more is worth less"


def test_lots_of_several_units_are_worth_the_sum_of_their_units() -> None:
    snapshot, demand = shops(6, 2, seed=5)
    decisions, n = orders_of(snapshot), 12
    tables = []
    for lot, count in ((1, 6), (3, 2)):
        ones = np.ones(n, np.int64)
        gain, seen = np.zeros((n, count)), seen_by(snapshot, demand)
        orders = Orders(decisions.quantity, decisions.offer)
        units = Units(0 * ones, count * ones, lot * ones, ones)
        unit_values(seen[0], *seen[2], orders, units, np.zeros((n, 1)), gain)
        tables.append(gain)
    assert np.allclose(tables[0].reshape(n, 2, 3).sum(axis=2), tables[1])


def exchange_cost(places: Places, moved: np.ndarray) -> float:
    """What an exchange costs: money for moving, and what places lose less what others gain."""
    given, taken = moved.sum(axis=1), moved.sum(axis=0)
    cost = float((np.where(moved > 0, places.cost, 0.0) * moved).sum())
    for i, (gives, takes) in enumerate(zip(given, taken, strict=True)):
        cost += places.lose[i, :gives].sum() - places.gain[i, :takes].sum()
    return cost


def least_cost_by_linear_program(places: Places) -> float:
    """The same exchange as a linear program, whose corners are whole numbers."""
    m, most = places.lose.shape
    cost = np.where(np.isinf(places.cost), 0.0, places.cost)
    room = np.where(np.isinf(places.cost) | np.eye(m, dtype=bool), 0, places.room)
    lots = np.arange(most)
    upper = [room.ravel(), (lots < places.gives[:, None]).ravel(), (lots < places.takes[:, None]).ravel()]
    lines = np.zeros((2 * m, m * m + 2 * m * most))
    for i in range(m):
        lines[i, i * m : (i + 1) * m] = 1
        lines[i, m * m + i * most : m * m + (i + 1) * most] = -1
        lines[m + i, i : m * m : m] = 1
        lines[m + i, m * m + (m + i) * most : m * m + (m + i + 1) * most] = -1
    money = np.concatenate([cost.ravel(), places.lose.ravel(), -places.gain.ravel()])
    bounds = np.stack([np.zeros(len(money)), np.concatenate(upper)], axis=1)
    return float(linprog(money, A_eq=lines, b_eq=np.zeros(2 * m), bounds=bounds).fun)


def random_places(rng: np.random.Generator) -> Places:
    m, most = int(rng.integers(2, 6)), 4
    cost = rng.integers(0, 6, (m, m)).astype(float)
    cost[rng.random((m, m)) < 0.2] = np.inf
    return Places(
        np.sort(rng.integers(0, 20, (m, most)).astype(float), axis=1),
        -np.sort(-rng.integers(0, 25, (m, most)).astype(float), axis=1),
        rng.integers(0, most + 1, m),
        rng.integers(0, most + 1, m),
        cost,
        rng.integers(0, 4, (m, m)),
    )


def test_no_exchange_is_cheaper_than_the_best_one_by_linear_programming() -> None:
    rng = np.random.default_rng(11)
    for _ in range(250):
        places = random_places(rng)
        moved = best_exchange(places)
        assert (moved.sum(axis=1) <= places.gives).all()
        assert (moved.sum(axis=0) <= places.takes).all()
        assert (moved <= places.room).all()
        assert (moved[np.isinf(places.cost)] == 0).all()
        assert exchange_cost(places, moved) == pytest.approx(least_cost_by_linear_program(places), abs=1e-7)


def test_transfers_of_200_items_are_the_best_of_all_by_enumeration() -> None:
    items, places = 200, 2
    snapshot, demand = shops(items, places, seed=6, most=5)
    decisions, n = orders_of(snapshot), items * places
    cost = 0.3
    lanes = lanes_within(snapshot, np.arange(n), 7.0, np.full(n, cost))
    exchange = Exchange(lanes, np.zeros(n), np.full(n, np.inf), np.full(len(lanes.source), np.inf))
    found = best_transfers(snapshot, demand, decisions, exchange, SAMPLING)
    assert found is not None
    moved, seen = np.zeros((n, n)), seen_by(snapshot, demand)
    moved[found.source, found.target] = found.quantity
    for item in range(items):
        a, b = 2 * item, 2 * item + 1
        costs = []
        for there, back in itertools.product(*(range(int(snapshot.stock.on_hand[k]) + 1) for k in (a, b))):
            if there and back:
                continue
            money = plain_cost(seen, decisions, a, (there, back, 1)) + cost * (there + back)
            costs.append((money + plain_cost(seen, decisions, b, (back, there, 1)), there, back))
        chosen = (int(moved[a, b]), int(moved[b, a]))
        ours = next(c for c, there, back in costs if (there, back) == chosen)
        assert ours <= min(costs)[0] + 1e-6


def test_a_source_never_falls_below_what_it_keeps_and_units_only_move() -> None:
    for seed in range(5):
        snapshot, demand = shops(40, 4, seed=seed, most=30)
        n = len(snapshot.index)
        rng = np.random.default_rng(seed)
        keep, most = rng.integers(0, 6, n).astype(float), rng.integers(0, 9, n).astype(float)
        lanes = lanes_within(snapshot, np.arange(n), 3.0, np.full(n, 0.01))
        exchange = Exchange(lanes, keep, most, np.full(len(lanes.source), 4.0))
        found = best_transfers(snapshot, demand, orders_of(snapshot, seed), exchange, SAMPLING)
        assert found is not None
        left, come = np.bincount(found.source, found.quantity, n), np.bincount(found.target, found.quantity, n)
        stock = snapshot.stock.on_hand
        assert (stock - left >= np.minimum(keep, stock)).all()
        assert (come <= most).all()
        assert (found.quantity <= 4.0).all()
        assert (found.quantity == np.floor(found.quantity)).all()
        item_of = snapshot.index.item_of
        assert (item_of[found.source] == item_of[found.target]).all()
        assert (found.gain >= 0).all()


def test_thousands_of_units_move_in_lots_and_none_is_lost() -> None:
    snapshot, demand = shops(1, 2, seed=1)
    stock = replace(snapshot.stock, on_hand=np.array([9000.0, 0.0]))
    snapshot, demand = replace(snapshot, stock=stock), replace(demand, mean=np.full_like(demand.mean, 900.0))
    lanes = lanes_within(snapshot, np.arange(2), 3.0, np.full(2, 0.01))
    exchange = Exchange(lanes, np.zeros(2), np.full(2, np.inf), np.full(2, np.inf))
    found = best_transfers(snapshot, demand, orders_of(snapshot), exchange, SAMPLING)
    assert found is not None
    assert 1500 <= found.quantity[0] <= 9000


def test_what_any_other_way_would_cost_as_well_does_not_keep_goods_from_moving() -> None:
    snapshot, demand = shops(1, 2, seed=1)
    snapshot = replace(snapshot, stock=replace(snapshot.stock, on_hand=np.array([60.0, 0.0])))
    dear = lanes_within(snapshot, np.arange(2), 3.0, np.full(2, 1e4))
    spared = replace(dear, spared=dear.cost - 0.01)

    def found(lanes: Lanes) -> Transfers | None:
        exchange = Exchange(lanes, np.zeros(2), np.full(2, np.inf), np.full(2, np.inf))
        return best_transfers(snapshot, demand, orders_of(snapshot), exchange, SAMPLING)

    assert found(dear) is None
    moves = found(spared)
    assert moves is not None
    assert moves.extra_cost == pytest.approx(0.01 * moves.quantity)
    assert moving_cost(moves, 2) == pytest.approx([0.0, 1e4 * moves.quantity.sum()])
    assert joined(None, None) is moving_cost(None, 2) is None


def test_arrival_is_the_first_period_that_starts_on_or_after_the_day() -> None:
    snapshot, _ = shops(1, 2, seed=2)
    assert periods_of(snapshot, np.array([0.0, 1.0, 7.0, 7.5, 700.0])).tolist() == [0, 1, 1, 2, 100]


def test_nothing_moves_where_orders_of_the_plan_serve_everybody() -> None:
    snapshot, demand = shops(30, 3, seed=9, most=1)
    decisions = MinCost(SAMPLING, patient=False).decide(snapshot, demand)
    n = len(snapshot.index)
    none = Lanes(*np.zeros((2, 0), np.int64), *np.zeros((3, 0)))
    assert best_transfers(snapshot, demand, decisions, Exchange(none, *np.zeros((3, n))), SAMPLING) is None


def test_lanes_from_a_place_to_itself_are_refused() -> None:
    with pytest.raises(ValueError, match="two places"):
        Lanes(np.array([1]), np.array([1]), *np.zeros((3, 1)))
