"""Rules under the limits that their lines share: what is cut, what is raised, and who is told."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from orderpoint.domain.errors import InputFaults
from orderpoint.messages import LANGUAGES, say
from orderpoint.messages.rules import RULES
from orderpoint.optimize.explain import reasons
from orderpoint.optimize.limits.feasibility import fills
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import parse_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.optimize.shared_terms import CONTAINER_FILL
from orderpoint.tables.decisions import Decisions, OrderLines
from orderpoint.tables.demand import Demand
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.policy_contract import check_decisions, value_of
from orderpoint.testing.small_shop import SmallShop, two_offers
from tests.optimize.network_places import SHOPS, STAR, Places

SAMPLING = Sampling(paths=128)
SHOP = SmallShop(mean=(10.0, 3.0, 25.0), on_hand=(5.0, 9.0, 10.0))
ALL = "- {name: fill up, then: {order_up_to: cycle_demand_p95}}\n"


class Fixed:
    """A policy that proposes the given quantities, whatever the shop is like."""

    name = "fixed"

    def __init__(self, *quantity: float, further: OrderLines | None = None) -> None:
        self.quantity, self.further = np.array(quantity), further

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        del demand
        n = len(snapshot.index)
        offer = snapshot.supply.offsets[:-1].astype(np.int64)
        level = np.where(np.isfinite(snapshot.costs.max_stock), snapshot.costs.max_stock, 60.0)
        return Decisions(self.quantity.copy(), offer, np.zeros(n), level, np.zeros(n), further=self.further)

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> object:
        return SAMPLING.evaluate(snapshot, demand, decisions)


def limited(snapshot: Snapshot, **terms: float) -> Snapshot:
    """The snapshot under terms of ACME and space at each place; none where left out."""
    shared = SharedLimits(
        suppliers=("ACME",),
        min_order_value=np.array([terms.get("minimum", 0.0)]),
        container_volume=np.array([terms.get("container", np.inf)]),
        on_time_share=np.array([np.nan]),
        capacity_volume=np.array([terms.get(name, np.inf) for name in snapshot.index.locations]),
        location_of=snapshot.index.location_of,
        unit_volume=np.full(len(snapshot.index), terms.get("volume", 1.0)),
    )
    return replace(snapshot, shared=shared, budget=terms.get("budget"))


def ruled(text: str, base: Fixed | None, snapshot: Snapshot, demand: Demand) -> Decisions:
    policy = Rio(parse_rules(text, "rules.yaml"), base, SAMPLING)  # type: ignore[arg-type]
    decided = policy.decide(snapshot, demand)
    check_decisions(snapshot, decided)
    return decided


def told(decided: Decisions, *codes: str) -> list[tuple[int, str, str]]:
    return [(r.series, r.code, r.details["rule"]) for r in decided.remarks if r.code in codes]


def test_space_cuts_first_what_no_rule_asked_for_and_names_the_rule_that_it_cut() -> None:
    snapshot, demand = SHOP.build()
    text = "- {name: show it, when: on_hand == 9, then: {at_least: 20}}\n"
    roomy = limited(snapshot, main=24.0 + 24.0)
    decided = ruled(text, Fixed(6, 0, 10), roomy, demand)
    assert decided.quantity[1] == 20
    assert decided.quantity.sum() == 24
    assert {series for series, _, _ in told(decided, "rule_space")} == {0, 2}
    tight = ruled(text, Fixed(6, 0, 10), limited(snapshot, main=24.0 + 13.0), demand)
    assert tight.quantity.tolist() == [0, 13, 0]
    assert (1, "rule_asked_space", "show it") in told(tight, "rule_asked_space")
    (limit,) = tight.binding
    assert (limit.kind, limit.of, limit.limit, limit.used) == ("space", "main", 13.0, 13.0)
    assert 0.0 < limit.shadow_price <= 1.0, "what a unit of the first saves, at most the lost sale"


def test_a_line_that_was_cut_says_by_what_and_what_more_would_save() -> None:
    snapshot, demand = SHOP.build()
    policy = Rio(parse_rules(ALL, "rules.yaml"), sampling=SAMPLING)
    whole = policy.decide(snapshot, demand)
    tight = limited(snapshot, main=24.0 + 0.6 * whole.quantity.sum())
    decided = policy.decide(tight, demand)
    check_decisions(tight, decided)
    assert 0.5 * whole.quantity.sum() < decided.quantity.sum() <= 0.6 * whole.quantity.sum()
    cut = np.flatnonzero(decided.quantity < whole.quantity)
    assert set(told(decided, "rule_asked_space")) == {(int(row), "rule_asked_space", "fill up") for row in cut}
    assert (decided.shadow_price[cut] > 0.0).all()
    assert 0.0 <= decided.gap < 0.02
    worth = policy.evaluate(tight, demand, decided.without_orders()), policy.evaluate(tight, demand, decided)
    assert any("The space at main cut this line" in sentence for sentence in reasons(tight, demand, decided, worth))


def test_a_suppliers_minimum_is_met_by_the_best_further_units_or_nothing_is_ordered() -> None:
    snapshot, demand = SHOP.build()
    text = "- {name: not so much, when: on_hand == 9, then: {cap: 4}}\n"
    proposal = Fixed(20, 4, 50)
    raised = ruled(text, proposal, limited(snapshot, minimum=400.0), demand)
    assert raised.quantity[1] == 4, "what a rule caps is not raised for a supplier"
    assert value_of(snapshot, raised) == 400.0
    assert (raised.quantity >= [20, 4, 50]).all()
    assert {series for series, _, _ in told(raised, "rule_filled")} <= {0, 2}
    assert told(raised, "rule_filled")
    (limit,) = raised.binding
    assert (limit.kind, limit.used) == ("supplier_minimum", 400.0)
    dropped = ruled(text, proposal, limited(snapshot, minimum=40_000.0), demand)
    assert dropped.quantity.sum() == 0
    assert [series for series, _, _ in told(dropped, "rule_minimum")] == [0, 1, 2]


def test_a_rule_that_cuts_an_order_below_the_minimum_does_not_leave_it_there() -> None:
    snapshot, demand = SHOP.build()
    tight = limited(snapshot, minimum=200.0)
    text = "- {name: hold, when: demand_per_day > 1 and quantity > 0, then: {hold: true}}\n"
    text += "- {name: q, then: {cap: quantity}}\n"
    decided = ruled(text, Fixed(30, 10, 40), tight, demand)
    assert decided.quantity[[0, 2]].tolist() == [0, 0]
    assert decided.quantity[1] == 0, "ten units are all that may be bought, and they are not worth 200"


def test_containers_are_filled_or_not_sent() -> None:
    snapshot, demand = SHOP.build()
    whole = ruled(ALL, None, snapshot, demand).quantity.sum()
    for size in (0.4 * whole, 0.9 * whole, 1.2 * whole, 40.0 * whole):
        decided = ruled(ALL, None, limited(snapshot, container=size), demand)
        volume = float(decided.quantity.sum())
        assert volume == 0.0 or fills(volume, size, CONTAINER_FILL)
        assert (volume > 0.0) == (size < 2.0 * whole)
        assert bool(told(decided, "rule_asked_container")) == (volume < whole)


def test_what_keeps_all_limits_is_left_alone_and_shows_their_use() -> None:
    snapshot, demand = SHOP.build()
    loose = limited(snapshot, main=500.0, minimum=10.0, container=40.0, budget=1000.0)
    decided = ruled("- {name: x, when: quantity > 900, then: {hold: true}}\n", Fixed(20, 0, 18), loose, demand)
    assert decided.quantity.tolist() == [20, 0, 18]
    used = {limit.kind: (limit.limit, limit.used) for limit in decided.binding}
    assert used == {
        "budget": (1000.0, 190.0),
        "space": (476.0, 38.0),
        "supplier_minimum": (10.0, 190.0),
        "container": (40.0, 38.0),
    }


def test_second_offers_count_and_are_given_up_first() -> None:
    snapshot, demand = SHOP.build()
    both = two_offers(snapshot)
    lines = OrderLines(np.array([0]), np.array([1]), np.array([9.0]))
    text = "- {name: x, when: quantity > 900, then: {hold: true}}\n"
    fits = ruled(text, Fixed(6, 0, 10, further=lines), limited(both, main=24.0 + 25.0), demand)
    assert fits.further is not None
    assert fits.binding[0].used == 25.0
    full = ruled(text, Fixed(6, 0, 10, further=lines), limited(both, main=24.0 + 24.0), demand)
    assert full.further is None
    assert full.quantity.tolist() == [6, 0, 10]


def test_transfers_of_the_algorithm_take_room_from_what_rules_ask_for() -> None:
    snapshot, demand = Places(SHOPS, (), (0, 30, 0, 0)).build()
    policy = Rio(parse_rules("- {name: more, then: {at_least: 20}}\n", "rules.yaml"), Scollab(SAMPLING), SAMPLING)
    tight = limited(snapshot, hub=12.0, south=12.0, west=12.0)
    decided = policy.decide(tight, demand)
    moves = decided.transfers
    assert moves is not None
    for place in (0, 2, 3):
        assert decided.quantity[place] + moves.quantity[moves.target == place].sum() <= 12.0
        assert decided.quantity[place] > 0.0
    assert decided.quantity[1] >= 20.0


def test_a_warehouse_line_counts_what_it_saves_downstream_when_rules_must_share() -> None:
    snapshot, demand = Places(SHOPS, STAR, (0, 14, 9, 4), items=2).build()
    text = "- {name: more, when: item == 'item 001', then: {at_least: 30}}\n"
    policy = Rio(parse_rules(text, "rules.yaml"), Scollab(SAMPLING), SAMPLING)
    whole = policy.decide(snapshot, demand)
    tight = limited(snapshot, hub=float(whole.quantity[[0, 4]].sum() - 5.0))
    decided = policy.decide(tight, demand)
    assert decided.quantity[0] == whole.quantity[0] - 5.0
    assert decided.quantity[4] == whole.quantity[4]


@pytest.mark.parametrize("claimed", [False, True])
def test_cut_orders_are_worth_as_much_as_any_that_fit_by_brute_force(claimed: bool) -> None:
    rng = np.random.default_rng(11)
    for _ in range(8):
        shop = SmallShop(mean=rng.uniform(0.5, 4.0, 3), backlog=True, stockout=rng.uniform(0.02, 0.2, 3))
        snapshot, demand = replace(shop, unit_cost=rng.integers(2, 8, 3).astype(float)).build()
        best = MinCost(SAMPLING).decide(snapshot, demand)
        price = snapshot.costs.unit_cost
        budget = float(rng.uniform(0.3, 0.9) * (best.quantity @ price))
        text = "- {name: first, when: item == 'item 0000', then: {at_least: quantity + 2}}\n" if claimed else ""
        text += "- {name: x, when: quantity > 900, then: {hold: true}}\n"
        decided = ruled(text, Fixed(*best.quantity), replace(snapshot, budget=budget), demand)
        assert decided.quantity @ price <= budget
        wanted = best.quantity + (2.0 * np.eye(3)[0] if claimed else 0.0)
        if claimed:
            assert decided.quantity[0] == min(wanted[0], budget // price[0]), "what a rule asks for is paid first"
        cost = [
            SAMPLING.evaluate(snapshot, demand, replace(best, quantity=np.full(3, float(q)))).cost for q in range(40)
        ]
        options = [range(int(w) + 1) for w in wanted]
        if claimed:
            options[0] = range(int(decided.quantity[0]), int(decided.quantity[0]) + 1)
        least = min(
            sum(cost[q][i] for i, q in enumerate(triple))
            for triple in itertools.product(*options)
            if np.array(triple) @ price <= budget
        )
        found = sum(cost[int(q)][i] for i, q in enumerate(decided.quantity))
        idle = sum(cost[0])
        assert idle - found >= (idle - least) * (1.0 - decided.gap) - 1e-4


ACTIONS = ("cap", "cap_position", "at_least", "order", "order_up_to")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 60), st.sampled_from([0, 6, 10])), max_size=4),
    st.lists(st.integers(0, 12).map(lambda k: 6.0 * k), min_size=3, max_size=3),
    st.tuples(st.sampled_from([0.0, 100.0, 600.0]), st.sampled_from([np.inf, 30.0, 90.0])),
    st.tuples(st.sampled_from([24.0, 60.0, 150.0]), st.sampled_from([None, 0.0, 200.0, 900.0])),
)
def test_every_limit_and_every_cap_is_kept(
    actions: list[tuple[str, int, int]],
    quantity: list[float],
    terms: tuple[float, float],
    bounds: tuple[float, float | None],
) -> None:
    text = "- {name: held, when: quantity >= 0 and on_hand == 5, then: {hold: true}}\n"
    for k, (name, number, least) in enumerate(actions):
        text += f"- {{name: r{k}, when: on_hand >= {least}, then: {{{name}: {number}}}}}\n"
    (minimum, container), (room, budget) = terms, bounds
    snapshot, demand = replace(SHOP, pack=6, moq=12, max_stock=80, max_quantity=72).build()
    tight = replace(limited(snapshot, minimum=minimum, container=container, main=room), budget=budget)
    on_hand = snapshot.stock.on_hand
    base = np.where(np.array(quantity) + on_hand <= 80, np.array(quantity), 0.0)
    try:
        decided = ruled(text, Fixed(*np.where(base >= 12, base, 0.0)), tight, demand)
    except InputFaults:  # two of them contradict each other
        assume(False)
    money, volume = value_of(tight, decided), float(decided.quantity.sum())
    assert volume == 0.0 or on_hand.sum() + volume <= room
    assert money == 0.0 or money >= minimum
    assert volume == 0.0 or fills(volume, container, CONTAINER_FILL)
    assert (on_hand + decided.quantity <= 80).all()
    assert decided.quantity[0] == 0.0
    for name, number, least in actions:
        rows = on_hand >= least
        if name in {"cap", "cap_position"}:
            most = number - on_hand if name == "cap_position" else np.full(3, float(number))
            assert (decided.quantity <= np.maximum(most, 0.0))[rows].all(), name
    for remark in decided.remarks:
        if remark.code in RULES:
            for language in LANGUAGES:
                assert "{" not in say(RULES, remark.code, language, **remark.details)
