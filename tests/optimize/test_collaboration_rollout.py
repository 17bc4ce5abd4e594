"""A network of base stocks played forward, and the search for the levels that cost least in it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from orderpoint.optimize.collaboration.genetic import Search, search
from orderpoint.optimize.collaboration.one_warehouse import OneWarehouse, optimal
from orderpoint.optimize.collaboration.rollout import HOLDING, SHORT, SHORTAGE, Play, costs_of
from orderpoint.optimize.collaboration.stages import BaseStockNetwork
from orderpoint.optimize.newsvendor import Newsvendor
from orderpoint.stockflow.equation import step
from orderpoint.tables.distribution import Distribution, Family

STAR = {"source": (0, 1, 1), "target": (1, 2, 3), "lead": (2, 1, 1)}


def network(stages: int = 4, **changes: Any) -> BaseStockNetwork:
    """A source outside, a warehouse and shops."""
    arcs = {name: np.array(changes.pop(name, STAR[name]), np.int64) for name in STAR}
    count = len(arcs["source"])
    values: dict[str, Any] = {
        "outside": np.arange(stages) == 0,
        "holding": np.array([0.0, 0.5, 1.0, 1.0])[:stages],
        "penalty": np.array([0.0, 0.0, 9.0, 9.0])[:stages],
        "backlog": np.zeros(stages, np.bool_),
        "order_cost": np.zeros(stages),
        "moq": np.ones(stages),
        "pack": np.ones(stages),
        "share": np.ones(count),
        "arc_cost": np.zeros(count),
        "capacity": np.full(count, np.inf),
    }
    return BaseStockNetwork(**arcs, **{**values, **changes})


def demand(
    seed: int, paths: int = 20, periods: int = 60, means: tuple[float, ...] = (0.0, 0.0, 5.0, 3.0)
) -> np.ndarray:
    return np.random.default_rng(seed).poisson(means, (paths, periods, len(means))).astype(np.float32)


@dataclass
class Plain:
    """The same play with dictionaries and lists, one network and one path at a time."""

    net: BaseStockNetwork
    levels: np.ndarray
    stock: dict[int, float]
    owed: dict[int, float]
    transit: list[tuple[int, int, float]]

    def ends(self, k: int) -> tuple[int, int]:
        return int(self.net.source[k]), int(self.net.target[k])

    def arcs(self) -> list[int]:
        place = {s: k for k, s in enumerate(self.net.order().tolist())}
        return sorted(self.owed, key=lambda k: (place[self.ends(k)[0]], place[self.ends(k)[1]]))

    def receive(self, t: int) -> None:
        for due, k, units in self.transit:
            if due == t:
                self.stock[self.ends(k)[1]] += units
        self.transit = [line for line in self.transit if line[0] > t]

    def order(self, s: int) -> float:
        """Stage s orders; returns its fixed cost."""
        net = self.net
        position = self.stock[s] + sum(units for k, units in self.owed.items() if self.ends(k)[1] == s)
        position += sum(units for _, k, units in self.transit if self.ends(k)[1] == s)
        position -= sum(units for k, units in self.owed.items() if self.ends(k)[0] == s)
        wanted = np.floor((self.levels[s] - position) / net.pack[s] + 1e-9) * net.pack[s]
        if net.outside[s] or wanted < max(net.moq[s], 1e-9):
            return 0.0
        part = given = 0.0
        for k in self.arcs():
            if self.ends(k)[1] == s:
                part += net.share[k]
                self.owed[k] += np.floor(part * wanted + 0.5) - given
                given = np.floor(part * wanted + 0.5)
        return float(net.order_cost[s])

    def ship(self, s: int, t: int) -> float:
        """Stage s ships what it owes; returns what moving costs."""
        net = self.net
        ways = [k for k in self.arcs() if self.ends(k)[0] == s]
        may = {k: min(self.owed[k], net.capacity[k]) for k in ways}
        asked, cost = sum(may.values()), 0.0
        left = asked if net.outside[s] else min(max(self.stock[s], 0.0), asked)
        sent = {k: may[k] if left >= asked else np.floor(may[k] * left / asked) for k in ways}
        rest = left - sum(sent.values())
        for turn in range(len(ways)):
            k = ways[(t + turn) % len(ways)]
            more = max(min(1.0, self.owed[k] - sent[k], rest), 0.0) if left < asked else 0.0
            sent[k], rest = sent[k] + more, rest - more
        for k, units in sent.items():
            self.owed[k] -= units
            self.stock[s] -= 0.0 if net.outside[s] else units
            cost += net.arc_cost[k] * units
            if net.lead[k] == 0:
                self.stock[self.ends(k)[1]] += units
            else:
                self.transit.append((t + int(net.lead[k]), k, units))
        return cost

    def serve(self, s: int, asked: float) -> np.ndarray:
        """Customers of stage s; returns the results of the period."""
        net = self.net
        if net.outside[s]:
            return np.zeros(5)
        self.stock[s], short = step(self.stock[s], 0.0, asked, bool(net.backlog[s]))
        waits = max(-self.stock[s], 0.0) if net.backlog[s] else short
        return np.array([net.holding[s] * max(self.stock[s], 0.0), net.penalty[s] * waits, 0.0, 0.0, short])


def plain(net: BaseStockNetwork, levels: np.ndarray, play: Play) -> np.ndarray:
    """Mean results of a period."""
    order, sums = net.order().tolist(), np.zeros(5)
    start = levels if play.on_hand is None else play.on_hand
    for path in play.demand:
        shop = Plain(net, levels, {s: float(start[s]) for s in order}, dict.fromkeys(range(len(net.source)), 0.0), [])
        for t, asked in enumerate(path):
            shop.receive(t)
            fixed = sum(shop.order(s) for s in reversed(order))
            moving = sum(shop.ship(s, t) for s in order)
            now = sum(shop.serve(s, float(asked[s])) for s in order) + np.array([0.0, 0.0, moving, fixed, 0.0])
            sums += now if t >= play.warm_up else 0.0
    return sums / (len(play.demand) * (play.demand.shape[1] - play.warm_up))


def random_network(rng: np.random.Generator) -> BaseStockNetwork:
    """Four stages; the last may have two sources."""
    two = rng.random() < 0.4
    arcs = [(0, 1), (1, 2), (1, 3), *([(2, 3)] if two else [])]
    source, target = zip(*arcs, strict=True)
    share = np.ones(len(arcs))
    if two:
        share[2:] = rng.dirichlet((2.0, 2.0))
    return network(
        source=source,
        target=target,
        lead=rng.integers(0, 3, len(arcs)),
        share=share,
        holding=rng.uniform(0.1, 1.0, 4),
        penalty=rng.uniform(1.0, 9.0, 4),
        backlog=rng.random(4) < 0.5,
        order_cost=rng.integers(0, 4, 4).astype(float),
        moq=rng.integers(1, 5, 4).astype(float),
        pack=rng.integers(1, 4, 4).astype(float),
        arc_cost=rng.uniform(0.0, 1.0, len(arcs)),
        capacity=np.where(rng.random(len(arcs)) < 0.3, 6.0, np.inf),
    )


def test_the_compiled_play_is_the_plain_one() -> None:
    rng = np.random.default_rng(4)
    for seed in range(40):
        net = random_network(rng)
        levels = rng.integers(0, 25, (2, 4)).astype(float)
        levels[:, 0] = 0.0
        start = rng.integers(0, 12, 4).astype(float) if seed % 2 else None
        play = Play(demand(seed, paths=2, periods=25, means=(0.0, 1.0, 3.0, 2.0)), warm_up=5, on_hand=start)
        assert np.allclose(costs_of(net, levels, play), [plain(net, row, play) for row in levels])


def test_one_shop_with_backlog_is_a_newsvendor() -> None:
    net = network(2, source=(0,), target=(1,), lead=(2,), holding=np.array([0.0, 1.0]), penalty=np.array([0.0, 9.0]),
                  backlog=np.array([False, True]))  # fmt: skip
    asked = demand(1, paths=400, periods=120, means=(0.0, 4.0))
    levels = np.array([[0.0, 15.0], [0.0, 17.0], [0.0, 19.0]])
    played = costs_of(net, levels, Play(asked, warm_up=10))
    exact = [Newsvendor(1.0, 9.0).evaluate(Distribution.single(Family.COUNT, 12.0, 12.0), y)[0] for y in levels[:, 1]]
    assert played[:, HOLDING] + played[:, SHORTAGE] == pytest.approx(exact, rel=0.02)


def test_levels_of_one_warehouse_are_near_the_best_that_a_search_finds_in_play() -> None:
    # Continuous review is played here with one unit of time a period, and a period of review at the shops.
    system = OneWarehouse.single(
        (2.0, 0.5), rate=[5.0, 3.0], lead_time=[2.0, 2.0], holding=[1.0, 1.0], penalty=[9.0, 9.0]
    )
    found = optimal(system)
    net = network(backlog=np.array([False, False, True, True]))
    play = Play(demand(5, paths=64, periods=120), warm_up=20)
    ours = np.concatenate([[0.0], found.warehouse, found.shop])
    cost = costs_of(net, ours[None], play)[0, :SHORT].sum()
    best = search(net, play, ours, 3.0 * ours + 5.0, Search(population=16, generations=6))
    assert cost <= 1.02 * best.cost


@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.proof)])
def test_the_search_finds_the_best_of_all_levels_by_enumeration(count: int) -> None:
    rng = np.random.default_rng(7)
    for seed in range(count):
        net = random_network(rng)
        play = Play(demand(seed, paths=4, periods=24, means=(0.0, 0.0, 1.0, 1.0)), warm_up=4)
        most = np.array([0.0, 9.0, 6.0, 6.0])
        found = search(net, play, most / 2, most, Search(population=16, generations=10))
        steps = [np.arange(0.0, most[s] + 1e-9, net.pack[s]) for s in (1, 2, 3)]
        every = np.array([(0.0, *levels) for levels in itertools.product(*steps)])
        table = costs_of(net, every, play)
        assert found.cost == pytest.approx((table.sum(axis=1) - table[:, SHORT]).min(), rel=0.01)
        assert (found.levels % net.pack == 0).all()


def test_the_same_seed_finds_the_same_levels() -> None:
    play = Play(demand(3, paths=8, periods=40), warm_up=5)
    start, most = np.array([0.0, 16.0, 10.0, 6.0]), np.array([0.0, 60.0, 40.0, 30.0])
    first, second = (search(network(), play, start, most, Search(12, 5)) for _ in range(2))
    assert np.array_equal(first.levels, second.levels)
    assert first.cost == second.cost


def test_a_cycle_and_a_stage_without_a_source_are_refused() -> None:
    ring = network(source=(0, 1, 2, 3), target=(1, 2, 3, 1), lead=(1, 1, 1, 1), share=np.array([0.5, 1.0, 1.0, 0.5]))
    with pytest.raises(ValueError, match="cycle"):
        ring.order()
    with pytest.raises(ValueError, match="add its source"):
        network(outside=np.zeros(4, np.bool_))
    with pytest.raises(ValueError, match="sum to 1"):
        network(share=np.array([1.0, 0.5, 1.0]))
    with pytest.raises(ValueError, match="warm_up"):
        Play(demand(1), warm_up=60)
    with pytest.raises(ValueError, match="population"):
        replace(Search(), population=1)
