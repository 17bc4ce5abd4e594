"""Targets of service under every limit: met first where that can be, and told of where not."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from orderpoint.messages import Language, say
from orderpoint.messages.rules import RULES
from orderpoint.optimize.limits.feasibility import fills
from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.service.order_limit import OrderLimit
from orderpoint.optimize.service.share import Shared
from orderpoint.optimize.service.within import Limits, within
from orderpoint.optimize.shared_terms import CONTAINER_FILL
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop

SAMPLING = Sampling(paths=128)
SUPPLIERS = ("ACME", "Brisk", "Corner")


def random_shop(rng: np.random.Generator) -> tuple[Snapshot, Shared]:
    """Up to five lines of three suppliers, under limits that are there or not, some with a target."""
    n, count = int(rng.integers(2, 5)), 4
    unit_cost = rng.integers(1, 6, n).astype(float)
    snapshot, _ = SmallShop(mean=np.full(n, 3.0), unit_cost=unit_cost).build()
    supplier = tuple(rng.choice(SUPPLIERS, n).tolist())
    shared = SharedLimits(
        suppliers=SUPPLIERS,
        min_order_value=rng.choice([0.0, 5.0, 15.0], 3),
        container_volume=rng.choice([np.inf, np.inf, 4.0], 3),
        on_time_share=np.full(3, np.nan),
        capacity_volume=rng.choice([6.0, 12.0, 20.0], 1),
        location_of=np.zeros(n, np.int32),
        unit_volume=rng.choice([0.5, 1.0, 2.0], n),
    )
    budget = None if rng.random() < 0.4 else float(rng.integers(5, 60))
    supply = replace(snapshot.supply, supplier=supplier)
    quantity = np.cumsum(rng.integers(1, 4, (n, count)), axis=1).astype(float)
    quantity -= quantity[:, :1]
    short = -np.sort(-rng.random((n, count)) * 5.0, axis=1)
    target = np.where(rng.random(n) < 0.5, rng.uniform(0.3, 0.95, n), 0.0)
    asked = short[:, 0] + rng.random(n)
    curves = Shared(quantity, quantity * unit_cost[:, None], short, asked, target, np.ones(n, np.bool_))
    return replace(snapshot, supply=supply, shared=shared, budget=budget), curves


def keeps(snapshot: Snapshot, limit: OrderLimit | None, curves: Shared, choice: np.ndarray) -> bool:
    """Whether the columns keep all limits, asked one by one."""
    rows, shared = np.arange(len(choice)), snapshot.shared
    assert shared is not None
    units, money = curves.quantity[rows, choice], curves.money[rows, choice]
    volume = units * shared.unit_volume
    if money.sum() > (snapshot.budget if snapshot.budget is not None else np.inf):
        return False
    if volume.sum() > shared.capacity_volume[0] or (limit and limit.used(units > 0).sum() > limit.most):
        return False
    supplier = shared.supplier_of(snapshot.supply)
    return all(
        units[supplier == s].sum() == 0.0
        or (
            money[supplier == s].sum() >= shared.min_order_value[s]
            and fills(float(volume[supplier == s].sum()), shared.container_volume[s], CONTAINER_FILL)
        )
        for s in range(3)
    )


def test_targets_are_met_first_wherever_the_limits_let_them_as_by_brute_force() -> None:
    rng = np.random.default_rng(21)
    met = best_found = short_found = 0
    for number in range(100):
        snapshot, curves = random_shop(rng)
        n, count = curves.quantity.shape
        limit = OrderLimit(int(rng.integers(1, n)), np.arange(n), np.zeros(n, np.bool_)) if number % 2 else None
        found = within(
            Limits(snapshot, snapshot.supply.offsets[:-1].copy(), np.zeros(len(snapshot.index)), limit), curves, 0.0
        )
        assert keeps(snapshot, limit, curves, found.choice)
        rows, floors, gain = np.arange(n), curves.floors(), curves.short[:, :1] - curves.short
        every = [np.array(c) for c in product(range(count), repeat=n)]
        allowed = [c for c in every if keeps(snapshot, limit, curves, c)]
        good = [c for c in allowed if (c >= floors).all()]
        served = gain[rows, found.choice].sum()
        if not good:
            upto = np.minimum(gain, gain[rows, floors][:, None])
            most = max(upto[rows, c].sum() for c in allowed)
            short_found += upto[rows, found.choice].sum() >= most * 0.999 - 1e-12
            continue
        met += 1
        assert (found.choice >= floors).all(), "every target can be met, and is not"
        most = max(gain[rows, c].sum() for c in good)
        assert most * (1.0 - found.found.gap) <= served + 1e-9
        best_found += served >= most - 1e-9
    assert 40 < met < 95
    assert best_found >= 0.97 * met
    assert short_found >= 0.97 * (100 - met)


def shelved(snapshot: Snapshot, room: float) -> Snapshot:
    shared = SharedLimits(
        suppliers=("ACME",),
        min_order_value=np.zeros(1),
        container_volume=np.full(1, np.inf),
        on_time_share=np.full(1, np.nan),
        capacity_volume=np.array([room]),
        location_of=np.zeros(len(snapshot.index), np.int32),
        unit_volume=np.ones(len(snapshot.index)),
    )
    return replace(snapshot, shared=shared)


def test_a_target_is_met_within_space_at_the_cost_of_the_others() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0), unit_cost=(5.0, 5.0), stockout=8.0).build()
    catalog = replace(snapshot.catalog, category=("shoes", "bags"))
    shop = replace(shelved(snapshot, 24.0), catalog=catalog)
    plain = MaxServ(SAMPLING).decide(shop, demand)
    asked = MaxServ(SAMPLING, targets={"category:bags": 0.99})
    decisions = asked.decide(shop, demand)
    assert decisions.quantity.sum() <= 24.0
    assert decisions.quantity[1] > plain.quantity[1]
    assert asked.evaluate(shop, demand, decisions).fill_rate[1] >= 0.99
    assert decisions.remarks == ()


@pytest.mark.parametrize("limits", ["budget", "space", "orders"])
def test_a_target_that_the_limits_do_not_let_is_told_of_with_what_is_missing(limits: str) -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0), unit_cost=5.0).build()
    policy = MaxServ(SAMPLING, targets={"all": 0.95}, orders=1 if limits == "orders" else None)
    shop = replace(snapshot, budget=120.0) if limits == "budget" else snapshot
    shop = shelved(shop, 22.0) if limits == "space" else shop
    decisions = policy.decide(shop, demand)
    served = policy.evaluate(shop, demand, decisions).fill_rate
    assert [remark.series for remark in decisions.remarks] == np.flatnonzero(served < 0.95 - 1e-9).tolist() != []
    for remark in decisions.remarks:
        assert remark.code == "target_cut_short"
        assert remark.details["reached"] == f"{100 * served[remark.series]:.1f} %"
        english = say(RULES, remark.code, Language.EN, **remark.details)
        assert english.startswith("The target all of 95 % is not reached")
        assert float(remark.details["points"]) == pytest.approx(95.0 - 100.0 * served[remark.series], rel=0.06)
        assert "95 %" in say(RULES, remark.code, Language.ZH, **remark.details)


def test_a_target_that_no_order_reaches_says_so() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0), max_quantity=(5.0, np.inf), service_target=(0.9, np.nan)).build()
    (remark,) = MaxServ(SAMPLING).decide(snapshot, demand).remarks
    assert (remark.series, remark.code) == (0, "target_out_of_reach")
    assert remark.details["of"] == "service_target"


def test_the_most_specific_target_holds() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0, 0.4, 0.3), unit_cost=(5.0, 9.0, 2.0, 4.0)).build()
    catalog = replace(snapshot.catalog, category=("shoes", "A", None, None))
    shop = replace(snapshot, catalog=catalog)
    targets = {"category:shoes": 0.9, "category:A": 0.8, "A": 0.7, "class:CZ": 0.6, "class:Z": 0.5, "all": 0.4}
    assert MaxServ(targets=targets).targets_of(shop, demand).tolist() == [0.9, 0.8, 0.6, 0.6]
    assert MaxServ(targets={"class:Z": 0.5, "all": 0.4}).targets_of(shop, demand).tolist() == [0.4, 0.4, 0.5, 0.5]


def test_what_a_suppliers_least_order_leaves_unbought_is_said() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0)).build()
    terms = SharedLimits(
        suppliers=("ACME",),
        min_order_value=np.array([1e6]),
        container_volume=np.array([np.inf]),
        on_time_share=np.array([np.nan]),
        capacity_volume=np.array([np.inf]),
        location_of=np.zeros(2, np.int32),
        unit_volume=np.zeros(2),
    )
    decisions = MaxServ(SAMPLING).decide(replace(snapshot, shared=terms), demand)
    assert decisions.quantity.tolist() == [0.0, 0.0]
    assert [(r.series, r.code) for r in decisions.remarks] == [(0, "minimum_out_of_reach"), (1, "minimum_out_of_reach")]
