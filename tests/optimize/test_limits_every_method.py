"""Every method that weighs its lines keeps the limits that they share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.base import Policy
from orderpoint.optimize.cims import Cims
from orderpoint.optimize.limits.feasibility import fills
from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import default_rules, parse_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.optimize.shared_terms import CONTAINER_FILL
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.policy_contract import check_decisions, value_of
from orderpoint.testing.small_shop import SmallShop

SAMPLING = Sampling(paths=64)
GUARDS = "- {name: show, when: on_hand < 6, then: {at_least: 9}}\n- {name: not so much, then: {cap_days: 50}}\n"
POLICIES = (
    MinCost(SAMPLING),
    MaxServ(SAMPLING),
    Cims(SAMPLING),
    Scollab(SAMPLING),
    Rio(default_rules(), sampling=SAMPLING),
    Rio(parse_rules(GUARDS, "rules.yaml"), MinCost(SAMPLING), SAMPLING, "guarded"),
)


def limited(snapshot: Snapshot, rng: np.random.Generator) -> Snapshot:
    """Random terms of ACME and room at the one place there is, each there or not."""
    n = len(snapshot.index)
    shared = SharedLimits(
        suppliers=("ACME",),
        min_order_value=rng.choice([0.0, 40.0, 400.0, 4000.0], 1),
        container_volume=rng.choice([np.inf, 15.0, 60.0], 1),
        on_time_share=np.array([np.nan]),
        capacity_volume=rng.choice([np.inf, 30.0, 200.0], 1),
        location_of=np.zeros(n, np.int32),
        unit_volume=rng.choice([0.5, 1.0, 2.0], n),
    )
    budget = None if rng.random() < 0.5 else float(rng.integers(0, 600))
    return replace(snapshot, shared=shared, budget=budget)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: p.name)
def test_budget_space_least_order_and_container_are_kept(policy: Policy) -> None:
    rng = np.random.default_rng(8)
    ordered = 0
    for _ in range(40):
        mean = rng.uniform(0.3, 20.0, 5)
        snapshot, demand = SmallShop(mean=mean, on_hand=rng.integers(0, 12, 5), pack=int(rng.integers(1, 4))).build()
        snapshot = limited(snapshot, rng)
        shared = snapshot.shared
        assert shared is not None
        decisions = policy.decide(snapshot, demand)
        check_decisions(snapshot, decisions)
        money, volume = value_of(snapshot, decisions), float((decisions.quantity * shared.unit_volume).sum())
        held = float((snapshot.stock.on_hand * shared.unit_volume).sum())
        assert volume == 0.0 or held + volume <= shared.capacity_volume[0] + 1e-9
        assert money == 0.0 or money >= shared.min_order_value[0] - 1e-9
        assert volume == 0.0 or fills(volume, shared.container_volume[0], CONTAINER_FILL)
        assert all(limit.shadow_price >= 0.0 for limit in decisions.binding)
        ordered += volume > 0.0
    assert ordered > 8


def test_within_the_same_room_maxserv_serves_no_less_than_least_cost() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0, 25.0), unit_cost=(5.0, 9.0, 4.0)).build()
    room = SharedLimits(
        suppliers=(),
        min_order_value=np.zeros(0),
        container_volume=np.zeros(0),
        on_time_share=np.zeros(0),
        capacity_volume=np.array([20.0]),
        location_of=np.zeros(3, np.int32),
        unit_volume=np.array([1.0, 0.5, 2.0]),
    )
    tight = replace(snapshot, shared=room, budget=1000.0)

    def served(policy: Policy) -> float:
        result = policy.evaluate(tight, demand, policy.decide(tight, demand))
        return float(1.0 - (result.demand * (1.0 - result.fill_rate)).sum() / result.demand.sum())

    most, cheapest = served(MaxServ(SAMPLING)), served(MinCost(SAMPLING))
    assert most >= cheapest - 1e-9


@pytest.mark.parametrize("policy", [MinCost(SAMPLING), MaxServ(SAMPLING)], ids=lambda policy: policy.name)
def test_a_budget_alone_says_what_it_cannot_buy(policy: Policy) -> None:
    snapshot, demand = SmallShop(mean=(9.0, 9.0), pack=(50, 1), stockout=20.0).build()
    one = 60.0 * float(snapshot.costs.unit_cost[0])

    def said(budget: float) -> list[tuple[int, str]]:
        remarks = policy.decide(replace(snapshot, budget=budget), demand).remarks
        return [(remark.series, remark.code) for remark in remarks]

    assert said(0.5 * one) == [(0, "lot_above_budget")]
    assert said(0.5 * one / 60.0) == [(1, "budget_buys_nothing")]


@pytest.mark.parametrize("policy", [MinCost(SAMPLING), Cims(SAMPLING)], ids=lambda policy: policy.name)
def test_lines_are_ordered_ahead_to_reach_a_suppliers_minimum(policy: Policy) -> None:
    snapshot, demand = SmallShop(mean=(10.0, 6.0), stockout=8.0).build()
    alone = value_of(snapshot, policy.decide(snapshot, demand))
    none = np.full(1, np.inf)
    shared = SharedLimits(
        ("ACME",), np.array([1.2 * alone]), none, np.array([np.nan]), none, np.zeros(2, np.int32), np.ones(2)
    )
    assert value_of(snapshot, policy.decide(replace(snapshot, shared=shared), demand)) >= 1.2 * alone - 1e-9
