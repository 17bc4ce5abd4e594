"""Rules that cannot both be meant: the same name twice, or opposite actions under the same condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from orderpoint.optimize.rules.places import Place
from orderpoint.optimize.rules.rule_set import ORDERING, Action, Rule
from orderpoint.optimize.rules.values import constant_of

WANTING = ORDERING | {"at_least", "expedite"}
"""Actions that nothing is left of where the order is held."""


@dataclass(frozen=True)
class Read:
    """A rule with the places of its name and of its actions; `whole`: no fault was found in it."""

    rule: Rule
    named: Place
    actions: Mapping[str, Place]
    whole: bool


Disagreement = tuple[Place, str, str, dict[str, str]]
"""Where it stands, its code, the word there, and the blanks of its sentence."""


def disagreements(found: Sequence[Read]) -> Iterator[Disagreement]:
    """All that the rules of a file contradict each other in."""
    seen: dict[str, Place] = {}
    for read in found:
        if read.rule.name and read.rule.name in seen:
            yield read.named, "rule_name_twice", read.rule.name, {"first": str(seen[read.rule.name].row)}
        seen.setdefault(read.rule.name, read.named)
    for read in found:
        yield from _between(read, read)
    for one, other in combinations([read for read in found if read.whole], 2):
        if _condition(one.rule) == _condition(other.rule):
            first, second = sorted((one, other), key=lambda read: -read.rule.priority)
            yield from _between(first, second)


def _condition(rule: Rule) -> str:
    """Equal for rules that surely apply to the same series."""
    return "" if rule.when is None else rule.when.form


def _between(first: Read, second: Read) -> Iterator[Disagreement]:
    """The actions of two rules that apply together, or of one rule, that cannot both be done; each pair once."""
    pairs = (
        combinations(first.rule.then, 2)
        if first is second
        else ((a, b) for a in first.rule.then for b in second.rule.then)
    )
    for one, other in pairs:
        details = {"action": one.name, "other": first.rule.name or second.rule.name}
        if _opposite(one, other):
            yield second.actions[other.name], "rule_contradiction", other.name, details
        elif one.settles and one.settles == other.settles:
            yield second.actions[other.name], "rule_never_heard", other.name, details


def _opposite(one: Action, other: Action) -> bool:
    names = {one.name, other.name}
    if "hold" in names and names & WANTING:
        return True
    for low, high in (("at_least", "cap"), ("min_stock", "max_stock")):
        if names == {low, high}:
            number = {action.name: constant_of(action) for action in (one, other)}
            least, most = number[low], number[high]
            return least is not None and most is not None and least > most
    return False
