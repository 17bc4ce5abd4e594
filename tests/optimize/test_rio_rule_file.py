"""A file of rules: all its faults at once, each where it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orderpoint.domain.errors import Fault, InputFaults
from orderpoint.messages import Language
from orderpoint.messages.faults import FAULTS, fault_line
from orderpoint.messages.rules import RULE_FAULTS
from orderpoint.optimize.rules import default_rules, parse_rules
from orderpoint.optimize.rules.fields import FIELDS
from orderpoint.optimize.rules.rule_set import ACTIONS, Stage

PAGE = Path(__file__).parents[2] / "docs" / "algorithms" / "rio.md"


def faults(text: str) -> list[Fault]:
    with pytest.raises(InputFaults) as caught:
        parse_rules(text, "rules.yaml")
    return list(caught.value.faults)


def places(text: str) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.row, fault.column) for fault in faults(text)]


MANY = """\
- name: first
  when: on_hnd < 3 and status == "activ"
  then: {order: 3, hold: true}
- name: first
  when: >-
    on_hand <
      (3 + "甲") and
    categroy == "食品"
  then:
    cap: -4
    capp: 3
    alert: "only {on_hnd} left"
- nam: third
  priority: high
  then:
    mark_down: 3
- name: 饮料
  when: 'contains("饮料", category) and hand < 3'
  then: {order: 1e9, min_stock: 2}
- name: last
  when: "on_hand < 3 )"
  then: {hold: yes}
"""


def test_all_faults_are_shown_at_once_with_row_and_column() -> None:
    assert places(MANY) == [
        ("rule_unknown_field", 2, "9"),
        ("rule_not_a_choice", 2, "34"),
        ("rule_contradiction", 3, "20"),
        ("rule_name_twice", 4, "9"),
        ("rule_not_a_number", 7, "12"),
        ("rule_unknown_field", 8, "5"),
        ("rule_negative", 10, "10"),
        ("rule_unknown_action", 11, "5"),
        ("rule_unknown_field", 12, "19"),
        ("rule_unknown_key", 13, "3"),
        ("rule_missing_key", 13, "3"),
        ("rule_no_priority", 14, "13"),
        ("rule_out_of_range", 16, "16"),
        ("rule_unknown_field", 18, "39"),
        ("rule_two_stages", 19, "3"),
        ("rule_syntax", 21, "22"),
        ("rule_not_true", 22, "16"),
    ]
    rows = MANY.splitlines()
    for fault in faults(MANY):
        if fault.value and fault.row and fault.column:
            assert rows[fault.row - 1][int(fault.column) - 1 :].lstrip('"').startswith(fault.value.lstrip('"'))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("rule_no_rules", 1, "1")),
        ("# nothing yet\n", ("rule_no_rules", 1, "1")),
        ("name: x\n", ("rule_no_rules", 1, "1")),
        ("- 3\n", ("rule_not_a_rule", 1, "3")),
        ("- name: a\n  then: {cap: [1\n", ("rule_yaml", 3, "1")),
        ("- name: a: b\n", ("rule_yaml", 1, "10")),
        ("- name: \x07\n", ("rule_yaml", 1, "9")),
        ("- name: a\n  then: 3\n", ("rule_no_actions", 2, "9")),
        ("- name: a\n  then: {cap: 3, cap: 4}\n", ("rule_key_twice", 2, "18")),
        ("- name: ''\n  then: {cap: 3}\n", ("rule_no_name", 1, "9")),
        ("- name: a\n  stage: during\n  then: {cap: 3}\n", ("rule_unknown_stage", 2, "10")),
        ("- name: a\n  stage: before\n  then: {cap: 3}\n", ("rule_wrong_stage", 2, "10")),
        ("- name: a\n  when: quantity > 3\n  then: {max_stock: 3}\n", ("rule_two_stages", 3, "3")),
        ("- name: a\n  then: {cap: {x: 3}}\n", ("rule_not_an_expression", 2, "15")),
        ("- name: a\n  then: {alert: ''}\n", ("rule_no_text", 2, "17")),
        ("- name: a\n  then: {suppliers: []}\n", ("rule_not_names", 2, "21")),
        ("- name: a\n  when: on_hand\n  then: {cap: 3}\n", ("rule_not_a_flag", 2, "9")),
        ("- name: a\n  then: {cap: category}\n", ("rule_not_a_number", 2, "15")),
        ("- name: a\n  then: {cap: 'maxi(1, 2)'}\n", ("rule_unknown_function", 2, "16")),
        ("- name: a\n  then: {cap: 'max(1)'}\n", ("rule_arguments", 2, "16")),
        ("- name: a\n  when: item in category\n  then: {cap: 3}\n", ("rule_not_a_list", 2, "17")),
        ("- name: a\n  when: item == 3\n  then: {cap: 3}\n", ("rule_not_a_text", 2, "17")),
        ("- name: a\n  then: {cap: item.x}\n", ("rule_not_allowed", 2, "15")),
    ],
)
def test_each_fault_is_told_where_it_stands(text: str, expected: tuple[str, int, str]) -> None:
    assert places(text) == [expected]


TWO = "- name: a\n  when: on_hand < 3\n  then: {%s}\n- name: b\n  when: (on_hand  <  3)\n  then: {%s}\n"


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("hold: true", "order_up_to: 9", "rule_contradiction"),
        ("at_least: 9", "cap: 5", "rule_contradiction"),
        ("min_stock: 9", "max_stock: 5", "rule_contradiction"),
        ("order: 3", "order_up_to: 9", "rule_never_heard"),
        ("service_target: 0.9", "service_target: 0.8", "rule_never_heard"),
    ],
)
def test_rules_that_cannot_both_be_meant_are_a_fault(one: str, other: str, code: str) -> None:
    found = faults(TWO % (one, other))
    assert [(f.code, f.row, f.column, f.details["other"]) for f in found] == [(code, 6, "10", "a")]


@pytest.mark.parametrize(("one", "other"), [("cap: 9", "cap: 5"), ("at_least: 5", "cap: 9"), ("hold: true", "cap: 5")])
def test_bounds_under_the_same_condition_combine(one: str, other: str) -> None:
    assert len(parse_rules(TWO % (one, other), "rules.yaml").rules) == 2


def test_rules_are_heard_by_priority_then_as_written() -> None:
    text = "".join(
        f"- {{name: r{k}, priority: {priority}, then: {{cap: {k}}}}}\n" for k, priority in enumerate((0, 5, -1, 5))
    )
    assert [rule.name for rule in parse_rules(text, "x").rules] == ["r1", "r3", "r0", "r2"]


def test_limits_are_heard_before_and_what_concerns_the_order_after() -> None:
    text = """
- {name: a, then: {max_stock: 3}}
- {name: b, then: {hold: true}}
- {name: c, when: quantity > 3, then: {hold: true}}
- {name: d, stage: after, when: on_hand > 3, then: {hold: true}}
- {name: e, when: on_hand > 4, then: {hold: true, alert: look}}
"""
    rules = parse_rules(text, "x")
    assert [rule.name for rule in rules.at(Stage.BEFORE)] == ["a", "b"]
    assert [rule.name for rule in rules.at(Stage.AFTER)] == ["c", "d", "e"]


def test_a_fault_names_the_column_by_its_number_in_both_languages() -> None:
    first = faults(MANY)[0]
    assert fault_line(first).startswith(
        "rules.yaml, row 2, column 9 'on_hnd': there is no such field. Did you mean: on_hand?"
    )
    assert fault_line(first, Language.ZH).startswith(
        "rules.yaml\uff0c第 2 行\uff0c第 9 列 'on_hnd'\uff1a没有这个字段。是否指\uff1aon_hand\uff1f"
    )


def test_every_fault_has_a_remedy() -> None:
    codes = {key for key in RULE_FAULTS if "." not in key}
    assert {f"{code}.remedy" for code in codes} == set(RULE_FAULTS) - codes
    assert set(RULE_FAULTS) <= set(FAULTS)


def test_the_shipped_rules_can_be_read() -> None:
    assert len(default_rules().rules) >= 5
    assert default_rules() == default_rules()


def test_every_field_and_every_action_stands_in_the_manual() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    named = {word.strip().strip("`") for row in rows for word in row[1].split(",")}
    assert set(FIELDS) | set(ACTIONS) <= named
    assert named <= set(FIELDS) | set(ACTIONS)


def test_the_rules_in_the_manual_can_be_read() -> None:
    written = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert written
    for text in written:
        assert len(parse_rules(text, "rio.md").rules) == 3
