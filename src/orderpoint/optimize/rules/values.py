"""Reads what stands behind an action: an expression, a word of consent, a text, or names."""

from __future__ import annotations

import re

from ruamel.yaml.nodes import ScalarNode, SequenceNode

from orderpoint.optimize.rules.fields import FIELDS, Kind
from orderpoint.optimize.rules.kinds import nearest
from orderpoint.optimize.rules.places import Node, place_in, place_of
from orderpoint.optimize.rules.rule_set import ACTIONS, Action, Takes
from orderpoint.optimize.rules.rule_text import RuleText

BLANK = re.compile(r"\{([^{}]*)\}")
"""A field in the text of an alert."""


def read_action(source: RuleText, name: str, node: Node) -> Action | None:
    """The action `name` with what stands behind it, None where that has faults."""
    match ACTIONS[name].takes:
        case Takes.NUMBER:
            return _number(source, name, node)
        case Takes.YES:
            return _consent(source, name, node)
        case Takes.TEXT:
            return _text(source, name, node)
        case Takes.NAMES:
            return _names(source, name, node)


def constant_of(action: Action) -> float | None:
    """The number of an action that is the same for every series, else None."""
    if action.expression is None or action.expression.fields:
        return None
    try:
        return float(action.expression.text)
    except ValueError:
        return None


def _number(source: RuleText, name: str, node: Node) -> Action | None:
    expression = source.expression(node, Kind.NUMBER)
    if expression is None:
        return None
    action, form = Action(name, expression), ACTIONS[name]
    number = constant_of(action)
    if number is not None:
        low = 0.0 if form.above is None else form.above
        high = float("inf") if form.below is None else form.below
        within = low <= number if form.above is None else low < number
        if not within or not number < high:
            code = "rule_out_of_range" if form.below is not None else "rule_negative"
            source.report(place_of(node), code, str(node.value), low=f"{low:g}", high=f"{high:g}")
            return None
    return action


def _consent(source: RuleText, name: str, node: Node) -> Action | None:
    if isinstance(node, ScalarNode) and node.style is None and node.value.lower() == "true":
        return Action(name)
    source.report(place_of(node), "rule_not_true", _shown(node), action=name)
    return None


def _text(source: RuleText, name: str, node: Node) -> Action | None:
    if not isinstance(node, ScalarNode) or not node.value.strip():
        source.report(place_of(node), "rule_no_text", _shown(node), action=name)
        return None
    good = True
    for blank in BLANK.finditer(node.value):
        if blank[1] not in FIELDS:
            place = place_in(source.text, node, blank.start(1))
            source.report(place, "rule_unknown_field", blank[1], nearest=nearest(blank[1], list(FIELDS)))
            good = False
    return Action(name, words=(node.value.strip(),)) if good else None


def _names(source: RuleText, name: str, node: Node) -> Action | None:
    entries = node.value if isinstance(node, SequenceNode) else [node]
    good = [entry for entry in entries if isinstance(entry, ScalarNode) and entry.value.strip()]
    if not entries or len(good) < len(entries):
        source.report(place_of(node), "rule_not_names", _shown(node), action=name)
        return None
    return Action(name, words=tuple(entry.value.strip() for entry in good))


def _shown(node: Node) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""
