"""RIO: rules that a business writes down, alone and as guard rails of other algorithms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from orderpoint.domain.errors import InputFaults
from orderpoint.domain.supply import PriceBreaks
from orderpoint.messages import LANGUAGES, say
from orderpoint.messages.rules import RULES
from orderpoint.optimize.base import Policy
from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import RuleSet, default_rules, parse_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.tables.decisions import Decisions, OrderLines
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.policy_contract import PolicyContract, check_decisions, value_of
from orderpoint.testing.small_shop import SmallShop, two_offers, with_receipt

SAMPLING = Sampling(paths=128)
SHOP = SmallShop(mean=(10.0, 3.0, 0.4, 25.0), on_hand=(5.0, 40.0, 0.0, 10.0))


def rules(text: str) -> RuleSet:
    return parse_rules(text, "rules.yaml")


def rule(then: str, when: str = "True", name: str = "r", more: str = "") -> str:
    return f"- name: {name}\n  when: '{when}'\n  then: {{{then}}}\n{more}"


class Fixed:
    """A policy that proposes the given quantities, whatever the shop is like."""

    name = "fixed"

    def __init__(self, *quantity: float) -> None:
        self.quantity = np.array(quantity)

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        del demand
        n = len(snapshot.index)
        offer = snapshot.supply.offsets[:-1].astype(np.int64)
        return Decisions(self.quantity.copy(), offer, np.zeros(n), np.full(n, 60.0), np.zeros(n))

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> object:
        return SAMPLING.evaluate(snapshot, demand, decisions)


def ruled(text: str, *quantity: float, shop: SmallShop = SHOP) -> Decisions:
    snapshot, demand = shop.build()
    decided = Rio(rules(text), Fixed(*quantity)).decide(snapshot, demand)  # type: ignore[arg-type]
    check_decisions(snapshot, decided)
    return decided


def said(decided: Decisions) -> list[tuple[int, str]]:
    return [(remark.series, remark.code) for remark in decided.remarks]


GUARDS = """
- name: never more than a season
  then: {cap_days: 400}
- name: dear ones rest
  when: unit_cost > 1000
  then: {hold: true}
- name: say so
  when: quantity > 100
  then: {alert: "{item} gets {quantity}"}
"""


class TestRulesAlone(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return Rio(default_rules(), sampling=SAMPLING)


class TestOneLevelForAll(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return Rio(rules("- {name: all, then: {order_up_to: cycle_demand_p95}}"), sampling=SAMPLING)


class TestGuardsAroundLeastCost(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return Rio(rules(GUARDS), MinCost(SAMPLING))


class TestGuardsAroundMostService(PolicyContract):
    least_cost = False

    def policy(self) -> Policy:
        return Rio(rules(GUARDS), MaxServ(SAMPLING))


def test_order_up_to_fills_the_position_and_sets_the_level() -> None:
    decided = ruled(rule("order_up_to: 30"), 7, 7, 7, 7)
    assert decided.quantity.tolist() == [25, 0, 30, 20]
    assert decided.order_up_to.tolist() == [30] * 4
    assert decided.reorder_point.tolist() == [29] * 4
    assert said(decided) == [(k, "rule_order") for k in range(4)]
    assert decided.remarks[0].details == {"rule": "r", "action": "order_up_to", "before": "7", "after": "25"}


def test_order_sets_the_quantity_in_packs_from_the_moq_on() -> None:
    shop = replace(SHOP, pack=6, moq=12)
    assert ruled(rule("order: on_hand"), 0, 0, 12, 0, shop=shop).quantity.tolist() == [12, 42, 0, 12]


def test_bounds_combine_and_the_upper_one_holds() -> None:
    text = rule("at_least: 20", name="a") + rule("cap: 15", when="on_hand > 8", name="b")
    text += rule("at_least: 30", when="on_hand == 0", name="c") + rule("cap: 12", when="on_hand == 10", name="d")
    decided = ruled(text, 0, 0, 0, 50)
    assert decided.quantity.tolist() == [20, 15, 30, 12]
    assert (3, "rule_cut") in said(decided)
    assert next(r for r in decided.remarks if r.series == 3 and r.code == "rule_cut").details["rule"] == "d"


def test_caps_of_position_and_cover_count_what_is_there_and_coming() -> None:
    snapshot, demand = SHOP.build()
    snapshot = with_receipt(snapshot, 2, 3)
    base = Fixed(50, 50, 50, 50)
    position = Rio(rules(rule("cap_position: 20")), base).decide(snapshot, demand)  # type: ignore[arg-type]
    assert position.quantity.tolist() == [12, 0, 17, 7]
    assert position.order_up_to.tolist() == [20] * 4
    assert position.reorder_point.tolist() == [0] * 4  # the algorithm's own, which lies below
    cover = Rio(rules(rule("cap_days: 28")), base).decide(snapshot, demand)  # type: ignore[arg-type]
    assert cover.quantity.tolist() == [32, 0, 0, 50]  # four weeks' demand less the position


def test_a_cap_cuts_to_whole_packs_and_to_nothing_below_the_moq() -> None:
    shop = replace(SHOP, pack=6, moq=12)
    assert ruled(rule("cap: 23"), 24, 12, 48, 0, shop=shop).quantity.tolist() == [18, 12, 18, 0]
    assert ruled(rule("cap: 11"), 24, 12, 48, 0, shop=shop).quantity.tolist() == [0, 0, 0, 0]


def test_hold_wins_over_whatever_is_asked() -> None:
    text = rule("order: 40", name="a") + rule("hold: true", when="quantity > 5", name="b")
    decided = ruled(text, 6, 5, 6, 0)
    assert decided.quantity.tolist() == [0, 40, 0, 40]
    assert (0, "rule_held") in said(decided)
    assert ruled(rule("hold: true"), 0, 0, 0, 0).quantity.tolist() == [0] * 4


def test_what_is_held_before_leaves_its_money_to_the_others() -> None:
    snapshot, demand = replace(SHOP, budget=80.0).build()
    held = Rio(rules(rule("hold: true", when="on_hand == 10")), MinCost(SAMPLING)).decide(snapshot, demand)
    plain = MinCost(SAMPLING).decide(snapshot, demand)
    assert held.quantity[3] == 0 < plain.quantity[3]
    assert held.quantity[0] > plain.quantity[0]


def test_the_higher_priority_wins_and_the_loser_is_named() -> None:
    text = rule("order: 10", name="low") + rule("order: 20", name="high", when="on_hand < 8", more="  priority: 5\n")
    decided = ruled(text, 0, 0, 0, 0)
    assert decided.quantity.tolist() == [20, 10, 20, 10]
    overruled = [r for r in decided.remarks if r.code == "rule_overruled"]
    assert [(r.series, r.details["rule"], r.details["winner"]) for r in overruled] == [
        (0, "low", "high"),
        (2, "low", "high"),
    ]


def test_of_equal_priority_the_first_written_wins() -> None:
    text = rule("order: 10", name="first") + rule("order: 20", name="second", when="on_hand >= 0")
    assert ruled(text, 0, 0, 0, 0).quantity.tolist() == [10] * 4


def test_a_number_without_a_value_changes_nothing_and_is_told() -> None:
    decided = ruled(rule("order: 10 / on_hand, cap: shelf_life_days"), 1, 1, 1, 1)
    assert decided.quantity.tolist() == [2, 1, 1, 1]
    assert [s for s, code in said(decided) if code == "rule_no_value"] == [0, 1, 2, 2, 3]


def test_expedite_moves_the_order_to_the_faster_supplier_and_its_lots() -> None:
    snapshot, demand = SHOP.build()
    snapshot = two_offers(snapshot, arrival_period=1, arrival_day=7, next_arrival_period=2, pack=8.0, unit_cost=9.0)
    policy = Rio(rules(rule("expedite: true", when="on_hand < 8")), Fixed(10, 10, 0, 10))  # type: ignore[arg-type]
    decided = policy.decide(snapshot, demand)
    check_decisions(snapshot, decided)
    assert decided.quantity.tolist() == [16, 10, 0, 10]
    assert decided.offer.tolist() == [1, 2, 5, 6]
    assert decided.remarks[0].details == {"rule": "r", "action": "expedite", "after": "Brisk", "days": "7"}
    assert said(ruled(rule("expedite: true"), 1, 0, 1, 0)) == [(0, "rule_no_faster"), (2, "rule_no_faster")]


def test_mark_downs_and_alerts_are_proposals_with_their_numbers() -> None:
    text = rule("mark_down: 0.125", when="on_hand > 30") + rule(
        'alert: "{item}: {on_hand} on hand, {price} each, {category}."', when="on_hand > 8", name="看"
    )
    decided = ruled(text, 3, 3, 3, 3)
    assert decided.quantity.tolist() == [3] * 4
    assert [r.details.get("after", r.details.get("text")) for r in decided.remarks] == [
        "12.5%",
        "item 0001: 40 on hand, 10 each, .",
        "item 0003: 10 on hand, 10 each, .",
    ]


def test_limits_before_get_tighter_only_and_the_maximum_holds() -> None:
    text = rule("min_stock: 20, max_stock: 50", name="a") + rule("min_stock: 70", when="on_hand == 5", name="b")
    snapshot, demand = replace(SHOP, min_stock=(5, 30, 0, 0), max_stock=(90, 90, 40, 90)).build()
    run = Rio(rules(text)).dry_run(snapshot, demand)
    assert run.seen.costs.min_stock.tolist() == [50, 30, 20, 20]
    assert run.seen.costs.max_stock.tolist() == [50, 50, 40, 50]
    assert run.decided.quantity.tolist() == [45, 0, 20, 10]
    assert "rule_maximum_holds" in {effect.code for effect in run.of(0)}
    assert snapshot.costs.min_stock.tolist() == [5, 30, 0, 0]


def test_a_service_target_is_what_the_algorithm_plans_with() -> None:
    snapshot, demand = replace(SHOP, service_target=0.5).build()
    text = rule("service_target: 0.99", when="on_hand < 8", name="a") + rule("service_target: 0.6", name="b")
    run = Rio(rules(text), MinCost(SAMPLING)).dry_run(snapshot, demand)
    assert run.seen.costs.service_target.tolist() == [0.99, 0.6, 0.99, 0.6]
    assert {(e.rule, e.code) for e in run.of(0)} == {
        ("a", "rule_service_target"),
        ("b", "rule_overruled"),
    }


def test_only_the_suppliers_allowed_take_orders() -> None:
    snapshot, demand = SHOP.build()
    snapshot = two_offers(snapshot, unit_cost=9.0)
    text = rule("suppliers: Brisk", when="on_hand < 8", name="a") + rule("suppliers: [Nobody]", name="b")
    run = Rio(rules(text), MinCost(SAMPLING)).dry_run(snapshot, demand)
    assert run.decided.quantity[0] > 0
    assert run.decided.offer[0] == 1
    assert run.decided.quantity[[1, 3]].tolist() == [0, 0]
    assert {e.code for e in run.of(3)} == {"rule_no_supplier"}
    assert {e.code for e in run.of(0)} == {"rule_suppliers", "rule_overruled"}


def test_a_split_order_that_a_rule_changes_is_bought_from_one_offer() -> None:
    snapshot, demand = SHOP.build()
    snapshot = two_offers(snapshot)

    class Split(Fixed):
        def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
            lines = OrderLines(np.array([0, 3]), np.array([1, 7]), np.array([4.0, 9.0]))
            return replace(super().decide(snapshot, demand), further=lines)

    decided = Rio(rules(rule("cap: 8")), Split(3, 3, 3, 3)).decide(snapshot, demand)  # type: ignore[arg-type]
    assert decided.quantity.tolist() == [3, 3, 3, 8]
    assert decided.further is not None
    assert decided.further.series.tolist() == [0]
    held = Rio(rules(rule("hold: true", when="quantity > 0")), Split(3, 3, 3, 3)).decide(snapshot, demand)  # type: ignore[arg-type]
    assert held.further is None
    assert held.quantity.sum() == 0


def test_what_rules_ask_for_is_paid_before_the_rest() -> None:
    shop = replace(SHOP, budget=130.0, stockout=(0.5, 1.0, 1.0, 1.0))
    decided = ruled(rule("at_least: 20", when="on_hand == 40"), 6, 0, 0, 10, shop=shop)
    assert decided.quantity.tolist() == [0, 20, 0, 6]  # a unit of the fourth saves more than one of the first
    assert said(decided)[-2:] == [(0, "rule_budget"), (3, "rule_budget")]


def test_a_price_break_that_is_lost_by_cutting_keeps_the_budget() -> None:
    shop = replace(SHOP, budget=150.0, price_breaks=PriceBreaks(((40, 4.0),)))
    snapshot, demand = shop.build()
    decided = Rio(rules(rule("order: 40", when="on_hand == 5"))).decide(snapshot, demand)
    assert decided.quantity.tolist() == [30, 0, 0, 0]
    assert value_of(snapshot, decided) == 150.0


def test_without_rules_a_policy_is_left_as_it_is() -> None:
    snapshot, demand = replace(SHOP, budget=100.0).build()
    for base in (MinCost(SAMPLING), MaxServ(SAMPLING)):
        decided, plain = Rio(RuleSet(), base).decide(snapshot, demand), base.decide(snapshot, demand)
        for name in ("quantity", "offer", "reorder_point", "order_up_to", "shadow_price"):
            assert np.array_equal(getattr(decided, name), getattr(plain, name)), name


def test_every_remark_has_its_sentence_in_both_languages() -> None:
    text = (
        GUARDS + rule("order: 10 / on_hand, expedite: true, mark_down: 0.2", name="x") + rule("order: 3", "on_hand < 8")
    )
    text += rule("at_least: 200", "on_hand == 0", "y") + rule("max_stock: 150, suppliers: ACME", "on_hand > 8", "z")
    decided = ruled(text, 3, 3, 3, 3)
    assert len({remark.code for remark in decided.remarks}) >= 7
    for remark in decided.remarks:
        for language in LANGUAGES:
            assert "{" not in say(RULES, remark.code, language, **remark.details)


@pytest.mark.parametrize("category", ["饮料", "食品"])
def test_chinese_names_of_fields_values_are_read(category: str) -> None:
    snapshot, demand = SHOP.build()
    catalog = replace(snapshot.catalog, category=("饮料", "食品", "饮料", None))
    text = f'- {{name: 停订, when: category == "{category}", then: {{hold: true}}}}\n'
    decided = Rio(rules(text), Fixed(3, 3, 3, 3)).decide(replace(snapshot, catalog=catalog), demand)  # type: ignore[arg-type]
    held = [r.series for r in decided.remarks]
    assert held == [k for k, word in enumerate(catalog.category) if word == category]


LIMITS = ("cap", "cap_position", "cap_days", "at_least", "order", "order_up_to")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(LIMITS), st.integers(0, 60), st.integers(0, 40)), min_size=1, max_size=5),
    st.lists(st.integers(0, 12).map(lambda k: 6.0 * k), min_size=4, max_size=4),
    st.sampled_from([0, 5, 10, 40]),
    st.one_of(st.none(), st.integers(0, 600).map(float)),
)
def test_no_cap_is_passed_and_what_is_held_is_never_ordered(
    actions: list[tuple[str, int, int]], quantity: list[float], held: int, budget: float | None
) -> None:
    text = "".join(
        rule(f"{name}: {number}", f"on_hand >= {least}", f"r{k}") for k, (name, number, least) in enumerate(actions)
    )
    text += rule("hold: true", f"quantity >= 0 and on_hand == {held}", "held")
    shop = replace(SHOP, pack=6, moq=12, max_stock=80, max_quantity=72)
    snapshot, demand = replace(shop, budget=budget).build()
    try:
        parsed = rules(text)
    except InputFaults:  # two of them contradict each other
        assume(False)
    base = np.where(np.array(quantity) + snapshot.stock.on_hand <= 80, np.array(quantity), 0.0)
    base = np.where(base >= 12, base, 0.0)
    decided = Rio(parsed, Fixed(*base)).decide(snapshot, demand)  # type: ignore[arg-type]
    on_hand = snapshot.stock.on_hand
    if budget is not None:
        assert value_of(snapshot, decided) <= budget
    assert (decided.quantity % 6 == 0).all()
    assert ((decided.quantity == 0) | (decided.quantity >= 12)).all()
    assert (decided.quantity <= 72).all()
    assert (on_hand + decided.quantity <= 80).all()
    assert (decided.quantity[on_hand == held] == 0).all()
    per_day = np.array([10.0, 3.0, 0.4, 25.0]) / 7.0
    for name, number, least in actions:
        rows = on_hand >= least
        cap = {
            "cap": np.full(4, float(number)),
            "cap_position": np.maximum(number - on_hand, 0.0),
            "cap_days": np.maximum(number * per_day - on_hand, 0.0),
        }.get(name, np.full(4, np.inf))
        assert (decided.quantity <= cap + 1e-9)[rows].all(), name


def test_remarks_come_by_priority_and_then_by_item() -> None:
    text = rule('alert: "low"', when="on_hand > 8", name="low") + rule('alert: "also low"', name="also low")
    text += rule('alert: "high"', name="high") + "  priority: 5\n"
    decided = ruled(text, 3, 3, 3, 3)
    told = [(remark.details["rule"], remark.series) for remark in decided.remarks]
    assert told[:4] == [("high", k) for k in range(4)]
    assert [series for _, series in told[4:]] == sorted(series for _, series in told[4:])
    assert [name for name, series in told[4:] if series == 3] == ["low", "also low"]
