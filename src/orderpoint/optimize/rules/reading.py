"""Reads a file of rules and says all that is wrong with it at once, each fault with its row and column."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from orderpoint.domain.errors import InputFaults
from orderpoint.optimize.rules.agreement import Read, disagreements
from orderpoint.optimize.rules.expression import Expression
from orderpoint.optimize.rules.fields import Kind
from orderpoint.optimize.rules.places import Node, Place, place_of
from orderpoint.optimize.rules.rule_set import ACTIONS, Action, Rule, RuleSet, Stage
from orderpoint.optimize.rules.rule_text import RuleText
from orderpoint.optimize.rules.values import read_action

KEYS = ("name", "when", "then", "priority", "stage")


def parse_rules(text: str, file: str) -> RuleSet:
    """The rules written in `text` (docs/algorithms/rio.md says how); `file` is what faults call it.

    Raises InputFaults with every fault of the text, in the order of the file.
    """
    source = RuleText(text, file)
    rules = _rules(source)
    if source.faults:
        raise InputFaults(tuple(sorted(source.faults, key=lambda f: (f.row or 0, int(f.column or 0)))))
    return RuleSet(tuple(rules))


def _rules(source: RuleText) -> list[Rule]:
    """The rules that could be read."""
    root = source.composed()
    if root is None and source.faults:
        return []
    if not isinstance(root, SequenceNode) or not root.value:
        source.report(Place(1, 1) if root is None else place_of(root), "rule_no_rules")
        return []
    found = [read for node in root.value if (read := _rule(source, node)) is not None]
    for place, code, value, details in disagreements(found):
        source.report(place, code, value, **details)
    return [read.rule for read in found]


def _rule(source: RuleText, node: Node) -> Read | None:
    """One rule, None where nothing can be made of it."""
    if not isinstance(node, MappingNode):
        source.report(place_of(node), "rule_not_a_rule")
        return None
    before = len(source.faults)
    parts = source.entries(node, KEYS, "rule_unknown_key")
    for key in ("name", "then"):
        if key not in parts:
            source.report(place_of(node), "rule_missing_key", key=key)
    name = _name(source, parts)
    when = source.expression(parts["when"][1], Kind.FLAG) if "when" in parts else None
    priority = _priority(source, parts)
    actions = _actions(source, parts["then"][1]) if "then" in parts else {}
    stage = _stage(source, parts, [action for action, _ in actions.values()], when)
    rule = Rule(name, tuple(action for action, _ in actions.values()), when, stage, priority)
    places = {word: place for word, (_, place) in actions.items()}
    named = place_of(parts["name"][1]) if "name" in parts else place_of(node)
    return Read(rule, named, places, whole=len(source.faults) == before)


def _name(source: RuleText, parts: dict[str, tuple[Node, Node]]) -> str:
    value = parts["name"][1] if "name" in parts else None
    if value is None:
        return ""
    if not isinstance(value, ScalarNode) or not value.value.strip():
        source.report(place_of(value), "rule_no_name")
        return ""
    return str(value.value).strip()


def _priority(source: RuleText, parts: dict[str, tuple[Node, Node]]) -> float:
    if "priority" not in parts:
        return 0.0
    node: Any = parts["priority"][1]
    try:
        number = float(node.value)
    except (TypeError, ValueError):
        number = float("nan")
    if not abs(number) < float("inf"):
        source.report(place_of(node), "rule_no_priority", str(node.value) if isinstance(node, ScalarNode) else "")
        return 0.0
    return number


def _actions(source: RuleText, node: Node) -> dict[str, tuple[Action, Place]]:
    """Action -> (what it does, where it stands)."""
    if not isinstance(node, MappingNode) or not node.value:
        source.report(place_of(node), "rule_no_actions")
        return {}
    found = {}
    for word, (key, value) in source.entries(node, list(ACTIONS), "rule_unknown_action").items():
        action = read_action(source, word, value)
        if action is not None:
            found[word] = (action, place_of(key))
    return found


def _stage(source: RuleText, parts: dict[str, tuple[Node, Node]], then: list[Action], when: Expression | None) -> Stage:
    """The stage that is written, or the first in which all that the rule says can be done."""
    expressions = [when, *(action.expression for action in then)]
    waits = any(expression is not None and expression.is_proposed for expression in expressions)
    able = [
        stage
        for stage in Stage
        if all(stage in ACTIONS[action.name].stages for action in then) and (stage is Stage.AFTER or not waits)
    ]
    if "stage" in parts:
        node = parts["stage"][1]
        word = str(node.value) if isinstance(node, ScalarNode) else ""
        if word not in tuple(Stage):
            source.report(place_of(node), "rule_unknown_stage", word)
        elif Stage(word) not in able:
            source.report(place_of(node), "rule_wrong_stage", word)
        else:
            return Stage(word)
    elif not able:
        source.report(place_of(parts["then"][0]), "rule_two_stages")
    return able[0] if able else Stage.AFTER
