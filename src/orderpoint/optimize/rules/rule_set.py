"""Rules as a planner means them: conditions, actions, and the order in which they are heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from orderpoint.optimize.rules.expression import Expression


class Stage(StrEnum):
    """When a rule is heard: before the algorithm decides, or after it has proposed orders."""

    BEFORE = "before"
    AFTER = "after"


class Takes(StrEnum):
    """What stands behind an action."""

    NUMBER = "number"
    YES = "true"
    TEXT = "text"
    NAMES = "names"


@dataclass(frozen=True)
class ActionForm:
    """What an action takes and when it can be done.

    `settles`: it sets something, so the first rule wins; else it is a bound, and the tightest holds. `above`, `below`:
    numbers have to lie between them, both excluded.
    """

    takes: Takes
    stages: tuple[Stage, ...]
    settles: bool = False
    above: float | None = None
    below: float | None = None


BEFORE, AFTER = (Stage.BEFORE,), (Stage.AFTER,)

ACTIONS: Mapping[str, ActionForm] = {
    "min_stock": ActionForm(Takes.NUMBER, BEFORE),
    "max_stock": ActionForm(Takes.NUMBER, BEFORE),
    "service_target": ActionForm(Takes.NUMBER, BEFORE, settles=True, above=0.0, below=1.0),
    "suppliers": ActionForm(Takes.NAMES, BEFORE, settles=True),
    "hold": ActionForm(Takes.YES, (Stage.BEFORE, Stage.AFTER)),
    "order": ActionForm(Takes.NUMBER, AFTER, settles=True),
    "order_up_to": ActionForm(Takes.NUMBER, AFTER, settles=True),
    "at_least": ActionForm(Takes.NUMBER, AFTER),
    "cap": ActionForm(Takes.NUMBER, AFTER),
    "cap_position": ActionForm(Takes.NUMBER, AFTER),
    "cap_days": ActionForm(Takes.NUMBER, AFTER),
    "expedite": ActionForm(Takes.YES, AFTER),
    "mark_down": ActionForm(Takes.NUMBER, AFTER, settles=True, above=0.0, below=1.0),
    "alert": ActionForm(Takes.TEXT, AFTER),
}
"""Every action by its name; docs/algorithms/rio.md explains each."""

ORDERING = frozenset({"order", "order_up_to"})
"""The actions that set the order; a rule has one of them at most, and no series two."""


@dataclass(frozen=True)
class Action:
    """One thing that a rule does: a number (`expression`), or words (a text, names of suppliers), or neither."""

    name: str
    expression: Expression | None = None
    words: tuple[str, ...] = ()

    @property
    def settles(self) -> str:
        """What it sets, "" for a bound: of two rules that set the same the first wins."""
        if self.name in ORDERING:
            return "order"
        return self.name if ACTIONS[self.name].settles else ""


@dataclass(frozen=True)
class Rule:
    """What is done where `when` is true (always, where it is None)."""

    name: str
    then: tuple[Action, ...]
    when: Expression | None = None
    stage: Stage = Stage.AFTER
    priority: float = 0.0


@dataclass(frozen=True)
class RuleSet:
    """Rules in the order in which they are heard: by priority, highest first, then as they were written."""

    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", tuple(sorted(self.rules, key=lambda rule: -rule.priority)))

    def at(self, stage: Stage) -> tuple[Rule, ...]:
        """The rules of one stage."""
        return tuple(rule for rule in self.rules if rule.stage is stage)
