"""What a line of a warehouse is said to save: that of the shops it is sent on to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.collaboration.sent_on import Sent
from orderpoint.optimize.collaboration.structure import Structure, structure_of
from orderpoint.optimize.gain import expected_gain
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scenarios import scenarios
from orderpoint.optimize.scollab import Scollab
from orderpoint.stockflow.equation import step
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop, with_receipt
from tests.optimize.network_places import DIAMOND, SHOPS, STAR, Places

SAMPLING = Sampling(paths=128)
POLICY = Scollab(SAMPLING)
WEEK = 7.0


def plain_cost(
    snapshot: Snapshot, structure: Structure, level: np.ndarray, bought: np.ndarray, path: np.ndarray
) -> float:
    """The cost of one path, series by series and week by week; arcs of three days arrive a week later."""
    costs, size, periods = snapshot.costs, structure.units.size, path.shape[1]
    stock = snapshot.stock.on_hand.copy()
    coming = bought + np.pad(snapshot.stock.receipts, ((0, 0), (0, periods)))[:, :periods]
    total = 0.0
    for t in range(periods):
        for source in structure.graph.order if t > 0 else ():
            arcs = np.flatnonzero(structure.source == source)
            lack = {}
            for k in arcs:
                target = structure.target[k]
                position = stock[target] + coming[target, t:].sum()
                lack[k] = min(max(level[target] - position, 0.0), structure.capacity[k] * WEEK)
            per = {k: size[structure.target[k]] / size[source] for k in arcs}
            asked = sum(per[k] * lack[k] for k in arcs)
            part = min(max(stock[source], 0.0) / asked, 1.0) if asked > 0.0 else 0.0
            for k in arcs:
                stock[source] -= per[k] * part * lack[k]
                total += structure.cost[k] * part * lack[k]
                if t + 1 < periods:
                    coming[structure.target[k], t + 1] += part * lack[k]
        for i in range(len(stock)):
            backlog = bool(costs.backlog[i])
            stock[i], short = step(stock[i], coming[i, t], float(path[i, t]), backlog)
            waits = WEEK * max(-stock[i], 0.0) if backlog else short
            total += costs.holding_cost_per_unit_day[i] * WEEK * max(stock[i], 0.0)
            total += costs.stockout_cost_per_unit[i] * waits
    return float(total)


@pytest.mark.parametrize("backlog", [False, True])
def test_the_network_played_plainly_saves_the_same(backlog: bool) -> None:
    places = {**SHOPS, "depot": 0.0}
    shop = {"backlog": backlog, "stockout": 0.3}
    per = {("depot", "south"): 2.0}
    arcs = tuple(arc for arc in DIAMOND if arc != ("hub", "west"))
    snapshot, demand = Places(places, arcs, (3, 9, 0, 1, 2), shop=shop, capacity=0.9, quantity_per=per).build()
    snapshot = with_receipt(snapshot, 1, 2.0)
    structure = structure_of(snapshot)
    assert structure is not None
    level, orders = np.array([4.0, 0.0, 12.0, 5.0, 4.0]), POLICY.decide(snapshot, demand)
    orders = replace(orders, quantity=np.where(np.arange(5) == 1, 23.0, 0.0), further=None)
    sampling = Sampling(paths=16)
    found = Sent(snapshot, structure, level).gain(demand, orders, sampling)
    periods = 3 + 2 * 2  # the hub's next order, and two ways of a night and a week
    paths = scenarios(ended(stretched(demand, periods), snapshot.catalog), 16, sampling.seed, slice(0, 5)).transpose(
        1, 0, 2
    )
    later, now = np.zeros((2, 5, periods))
    later[1, 3] = now[1, 2] = 23.0
    cost = [sum(plain_cost(snapshot, structure, level, b, path) for path in paths) / 16 for b in (later, now)]
    assert found[1] == pytest.approx(cost[0] - cost[1])
    assert np.isnan(found[[0, 2, 3, 4]]).all()


def test_an_order_that_one_shop_sells_saves_what_it_would_save_there() -> None:
    chain = Places({"hub": 0.0, "shop": 6.0}, (("maker", "hub"), ("hub", "shop")), (0, 9))
    snapshot, demand = chain.build()
    snapshot = replace(snapshot, costs=replace(snapshot.costs, holding_cost_per_unit_day=np.array([0.0, 0.2 / WEEK])))
    decisions = replace(POLICY.decide(snapshot, demand), quantity=np.array([7.0, 0.0]))
    structure = structure_of(snapshot)
    assert structure is not None
    dear = replace(structure, cost=np.zeros(1))
    gain = Sent(snapshot, dear, np.array([0.0, 99.0])).gain(demand, decisions, SAMPLING)
    there, ahead = SmallShop(mean=(6.0,), on_hand=9.0, arrival=4, next_arrival=5).build()
    alone = replace(decisions, quantity=decisions.quantity[:1], offer=decisions.offer[:1], transfers=None)
    cost = [SAMPLING.evaluate(there, ahead, d).cost[0] for d in (alone.without_orders(), alone)]
    assert gain[0] == pytest.approx(cost[0] - cost[1], rel=0.02)


def test_a_line_of_the_hub_gains_what_the_shops_sell_of_it_and_less_where_it_is_cut() -> None:
    snapshot, demand = Places(SHOPS, STAR, (10, 14, 9, 4), items=2).build()
    whole = POLICY.decide(snapshot, demand)
    half = POLICY.decide(replace(snapshot, budget=0.4 * float(whole.quantity.sum()) * 5.0), demand)
    worth = tuple(POLICY.evaluate(snapshot, demand, d) for d in (whole.without_orders(), whole))
    gain, hub = expected_gain(snapshot, demand, whole, (worth[0], worth[1])), snapshot.index.location_of == 0
    own = worth[0].cost - worth[1].cost
    assert (own[hub] < 0.0).all(), "at the warehouse alone it only costs"
    assert (gain[hub] > 1.0).all()
    assert gain[~hub] == pytest.approx(own[~hub])
    assert half.network_gain is not None
    assert (half.network_gain[hub] > 0.0).all()
    assert half.network_gain[hub].sum() < gain[hub].sum()
