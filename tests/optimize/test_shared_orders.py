"""Orders whose fixed cost their lines share: MINCOST against every combination of orders, and what it says of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.messages import Language, say
from orderpoint.messages.limits import LIMIT_REMARKS
from orderpoint.optimize.explain import reasons
from orderpoint.optimize.gain import expected_gain
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.order_shares import order_shares
from orderpoint.optimize.sampling import Sampling
from orderpoint.stockflow.placed import shared_costs
from orderpoint.tables.decisions import Decisions, OrderLines
from orderpoint.tables.demand import Demand
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.policy_contract import check_decisions
from orderpoint.testing.small_shop import SmallShop, two_offers
from tests.optimize.cycle_twin import Line, shares_of, values_of, worth

POLICY = MinCost(Sampling(paths=128), patient=False)


def charging(snapshot: Snapshot, suppliers: tuple[str, ...], cost: list[float], of: list[int]) -> Snapshot:
    """The snapshot bought from `suppliers`, line i from supplier of[i], an order of each at its `cost`."""
    n, none = len(snapshot.index), np.zeros(len(suppliers))
    shared = SharedLimits(
        suppliers=suppliers,
        min_order_value=none,
        container_volume=none + np.inf,
        on_time_share=none + np.nan,
        capacity_volume=np.array([np.inf]),
        location_of=np.zeros(n, np.int32),
        unit_volume=np.zeros(n),
        order_cost=np.array(cost, float),
    )
    supply = replace(snapshot.supply, supplier=tuple(suppliers[s] for s in of))
    return replace(snapshot, supply=supply, shared=shared)


def random_shop(seed: int) -> tuple[Snapshot, Demand, list[int], np.ndarray]:
    """Two or three lines of one or two suppliers that charge for orders, with lots and fixed costs of their own."""
    rng = np.random.default_rng(seed)
    n, suppliers = int(rng.integers(2, 4)), int(rng.integers(1, 3))
    holding = rng.uniform(0.4, 2.0, n).round(2)
    pack = rng.choice([1, 1, 2, 3], n)
    shop = SmallShop(
        mean=rng.uniform(0.2, 2.5, n).round(2),
        on_hand=rng.integers(0, 6, n),
        arrival=0,
        next_arrival=1,
        holding_per_period=holding,
        stockout=(holding * rng.uniform(2.0, 15.0, n)).round(2),
        order_cost=rng.choice([0.0, 0.0, 1.0, 4.0], n),
        pack=pack,
        moq=rng.choice([1, 1, 2, 5], n),
        min_stock=rng.choice([0, 0, 0, 5], n),
        unit_cost=1e5 * rng.integers(1, 4, n),
    )
    snapshot, demand = shop.build()
    of = rng.integers(0, suppliers, n).tolist()
    cost = rng.choice([0.0, 2.0, 6.0, 15.0], suppliers)
    return charging(snapshot, ("A", "B")[:suppliers], cost.tolist(), of), demand, of, cost


def lines_of(snapshot: Snapshot, demand: Demand, of: list[int], cost: np.ndarray) -> list[Line]:
    """The lines as the twin sees them: on the paths that the policy weighs its choices on."""
    supply, costs = snapshot.supply, snapshot.costs
    holding = costs.holding_cost_per_unit_day * snapshot.timeline.period.mean_days
    paths = np.concatenate([paths for paths, _, _ in POLICY.sampling.sampled(snapshot, demand)])[:, :, 0]
    slope = 0.5 * holding * demand.mean.mean(axis=1)
    share = np.zeros(len(of))
    for s in range(len(cost)):
        mine = np.flatnonzero(np.array(of) == s)
        if cost[s] > 0.0 and len(mine):
            share[mine] = shares_of(float(cost[s]), supply.order_cost[mine], slope[mine])
    return [
        Line(
            paths[i].astype(float),
            float(holding[i]),
            float(costs.stockout_cost_per_unit[i]),
            float(supply.order_cost[i]),
            float(share[i]),
            int(max(supply.moq[i], supply.pack[i])),
            int(supply.pack[i]),
        )
        for i in range(len(of))
    ]


def tables(lines: list[Line], snapshot: Snapshot) -> list[dict[int, float]]:
    """What each lot of each line is worth, from its minimum stock on; what is never stocked has none beyond that."""
    found = []
    for i, (line, floor) in enumerate(zip(lines, floors(snapshot).tolist(), strict=True)):
        stock, values = int(snapshot.stock.on_hand[i]), values_of(line)
        lots = [int(floor)] if values is None else [q for q in line.lots(30) if q >= floor]
        known = np.zeros(1000) if values is None else values
        found.append({q: worth(line, known, stock, q) for q in lots})
    return found


def floors(snapshot: Snapshot) -> np.ndarray:
    """The least units that reach each minimum stock, in whole lots."""
    supply, missing = snapshot.supply, snapshot.costs.min_stock - snapshot.stock.on_hand
    least = np.ceil(supply.moq / supply.pack) * supply.pack
    return np.where(missing > 0, np.maximum(np.ceil(missing / supply.pack) * supply.pack, least), 0.0)


def combinations(table: list[dict[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    """(all combinations of lots, what each costs without its orders' costs)."""
    orders = np.stack([lot.ravel() for lot in np.meshgrid(*(list(lots) for lots in table), indexing="ij")], axis=1)
    worth = np.meshgrid(*(list(lots.values()) for lots in table), indexing="ij")
    return orders, sum(part.ravel() for part in worth)


def with_orders(worth: np.ndarray, orders: np.ndarray, of: list[int], cost: np.ndarray) -> np.ndarray:
    """What combinations cost, an order of each supplier once."""
    for s, charge in enumerate(cost):
        worth = worth + charge * (orders[:, np.array(of) == s] > 0).any(axis=1)
    return worth


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_two_hundred_and_forty_small_shops_order_at_least_cost_of_all_combinations(first: int) -> None:
    for seed in range(first, first + 40):
        snapshot, demand, of, cost = random_shop(seed)
        free = least_cost(snapshot, demand, of, cost)
        limits = replace(snapshot.costs, min_stock=np.zeros(len(of)))  # a minimum stock gives way to a budget
        least_cost(replace(snapshot, budget=0.6 * free, costs=limits), demand, of, cost)


def least_cost(snapshot: Snapshot, demand: Demand, of: list[int], cost: np.ndarray) -> float:
    """Holds the order to the best of all combinations; the money of it."""
    orders, worth_alone = combinations(tables(lines_of(snapshot, demand, of, cost), snapshot))
    total, money = with_orders(worth_alone, orders, of, cost), orders @ snapshot.supply.unit_cost
    decided = POLICY.decide(snapshot, demand)
    check_decisions(snapshot, decided)
    (ours,) = total[(orders == decided.quantity).all(axis=1)]
    best = total[money <= (np.inf if snapshot.budget is None else snapshot.budget + 1e-6)].min()
    assert ours <= best + 1e-5 * (1.0 + abs(best)), (snapshot.budget, decided.quantity, ours, best)
    return float(money[total.argmin()])


def needy(stock: tuple[float, ...], cost: float, **shop: object) -> tuple[Snapshot, Demand]:
    """Lines of one supplier that sell ten a week each, two weeks ahead; an order costs `cost`."""
    snapshot, demand = SmallShop(mean=(10.0,) * len(stock), on_hand=stock, stockout=4.0, **shop).build()  # type: ignore[arg-type]
    return charging(snapshot, ("ACME",), [cost], [0] * len(stock)), demand


def told(snapshot: Snapshot, demand: Demand, decided: Decisions, language: Language = Language.EN) -> list[str]:
    worth_of = (POLICY.evaluate(snapshot, demand, orders) for orders in (decided.without_orders(), decided))
    return reasons(snapshot, demand, decided, tuple(worth_of), language)


def test_lines_that_are_not_due_join_an_order_and_say_so() -> None:
    snapshot, demand = needy((0.0, 45.0), 12.0)
    decided = POLICY.decide(snapshot, demand)
    assert (decided.quantity > 0).all()
    assert decided.reorder_point[1] < 45.0
    alone = POLICY.decide(*needy((45.0,), 12.0))
    assert alone.quantity[0] == 0.0, "alone it waits"
    assert (
        "joins today's order from ACME, whose fixed cost of 12.00 is paid anyway" in told(snapshot, demand, decided)[1]
    )
    assert "It is one of 2 lines of today's order from ACME" in told(snapshot, demand, decided)[0]
    assert "随单一并订货" in told(snapshot, demand, decided, Language.ZH)[1]


def test_a_line_that_is_due_alone_waits_and_a_remark_says_for_what() -> None:
    stock = (28.0, *(60.0,) * 7)
    snapshot, demand = needy(stock, 60.0)
    decided = POLICY.decide(snapshot, demand)
    assert decided.quantity.sum() == 0.0
    (remark,) = decided.remarks
    assert remark.series == 0, "only what is due is told of"
    said = [say(LIMIT_REMARKS, remark.code, language, **remark.details) for language in Language]
    assert "less than the fixed cost of 60 of such an order" in said[0]
    assert "固定费用 60" in said[1]
    assert POLICY.decide(*needy((0.0, *(60.0,) * 7), 20.0)).quantity[0] > 0.0


def test_what_is_asked_for_in_any_case_pays_for_the_order_of_all() -> None:
    stock = (28.0, *(60.0,) * 7)
    for asked in ({"min_stock": (40, *(0,) * 7)}, {"service_target": (0.99, *(np.nan,) * 7)}):
        snapshot, demand = needy(stock, 60.0, **asked)
        decided = POLICY.decide(snapshot, demand)
        assert decided.quantity[0] > 0.0
        assert not decided.remarks
        poor = POLICY.decide(replace(snapshot, budget=4.0), demand)
        assert poor.quantity.sum() == 0.0, "a budget cuts what was asked for, and nothing else earns the order"


def test_an_order_is_charged_once_and_borne_by_those_who_gain() -> None:
    snapshot, demand = needy((0.0, 0.0, 45.0), 30.0, order_cost=(1.0, 2.0, 0.0))
    decided = POLICY.decide(snapshot, demand)
    before, after = (POLICY.evaluate(snapshot, demand, orders) for orders in (decided.without_orders(), decided))
    assert (decided.quantity > 0).all()
    assert before.ordering_cost.sum() == 0.0
    assert after.ordering_cost.sum() == pytest.approx(30.0 + 1.0 + 2.0)
    gain = expected_gain(snapshot, demand, decided, (before, after))
    free = replace(snapshot, shared=None)
    both = tuple(POLICY.evaluate(free, demand, orders) for orders in (decided.without_orders(), decided))
    uncharged = expected_gain(free, demand, decided, both)
    assert (gain[:2] > 0.0).all()
    assert gain[2] == pytest.approx(uncharged[2]), "who joins bears nothing of an order that others need"
    lasts = np.minimum(1.0, 10.0 / decided.quantity)
    assert uncharged.sum() - gain.sum() == pytest.approx((30.0 / 3.0 * lasts).sum())


def test_a_second_offer_of_a_series_is_an_order_of_its_own() -> None:
    snapshot, demand = needy((0.0, 0.0), 30.0)
    both = two_offers(snapshot)
    shared = replace(
        both.shared,
        suppliers=("ACME", "Brisk"),
        **{
            name: np.repeat(getattr(both.shared, name), 2)
            for name in ("min_order_value", "container_volume", "on_time_share")
        },
        order_cost=np.array([30.0, 7.0]),
    )
    both = replace(both, shared=shared)
    decided = replace(POLICY.decide(both, demand), offer=np.array([0, 2]), quantity=np.array([5.0, 5.0]))
    split = replace(decided, further=OrderLines(np.array([0]), np.array([1]), np.array([4.0])))
    assert shared_costs(both, decided).tolist() == [15.0, 15.0]
    assert shared_costs(both, split).tolist() == [22.0, 15.0]

    def gains(brisk: float) -> np.ndarray:
        charged = replace(both, shared=replace(shared, order_cost=np.array([30.0, brisk])))
        worth = tuple(POLICY.evaluate(charged, demand, orders) for orders in (split.without_orders(), split))
        return expected_gain(charged, demand, split, worth)

    cheap, dear = gains(7.0), gains(17.0)
    assert dear[1] == pytest.approx(cheap[1]), "who orders nothing from a supplier bears nothing of its order"
    assert dear[0] < cheap[0]


def test_shares_are_those_of_joint_replenishment_and_an_idle_line_bears_none() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0, 0.0, 5.0), order_cost=(0.0, 50.0, 0.0, 1.0)).build()
    snapshot = charging(snapshot, ("ACME", "Brisk"), [20.0, 4.0], [0, 0, 0, 1])
    shares = order_shares(snapshot, demand)
    slope = 0.5 * snapshot.costs.holding_cost_per_unit_day * demand.mean.mean(axis=1) / 7.0
    assert shares[:2] == pytest.approx(shares_of(20.0, np.array([0.0, 50.0]), slope[:2]), rel=1e-6)
    assert shares[2:].tolist() == [0.0, pytest.approx(4.0)]
    frozen = replace(snapshot, orderable=np.array([True, False, True, True]))
    assert order_shares(frozen, demand)[:2] == pytest.approx([20.0, 0.0])
    unheld = replace(snapshot, costs=replace(snapshot.costs, holding_cost_per_unit_day=np.zeros(4)))
    assert order_shares(unheld, demand).tolist() == [10.0, 10.0, 0.0, 4.0]
    assert order_shares(replace(snapshot, shared=None), demand).tolist() == [0.0] * 4
