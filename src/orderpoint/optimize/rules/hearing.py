"""Hears rules on a scene: where each applies, what numbers it asks for, which of two wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.rules.effects import Effect, shown
from orderpoint.optimize.rules.evaluate import column_of
from orderpoint.optimize.rules.expression import Expression
from orderpoint.optimize.rules.fields import FIELDS, Column
from orderpoint.optimize.rules.rule_set import ACTIONS, ORDERING, Action, Rule
from orderpoint.optimize.rules.scene import Scene
from orderpoint.optimize.rules.values import BLANK

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

NOBODY = -1


@dataclass(frozen=True, eq=False)
class Voice:
    """One action of one rule: where it is to be done, bool (n,), and its number there, (n,), NaN elsewhere."""

    rule: Rule
    action: Action
    where: BoolArray
    number: FloatArray

    def effect(self, code: str, where: BoolArray, **blanks: FloatArray | Sequence[str] | str) -> Effect:
        """What it did on the rows of `where`; a blank given as an array (n,) is cut to them."""
        rows = np.flatnonzero(where)
        cut = {name: blank[rows] if isinstance(blank, np.ndarray) else blank for name, blank in blanks.items()}
        return Effect(self.rule.name, self.action.name, code, rows.astype(np.int64), cut)


@dataclass(frozen=True, eq=False)
class Hearing:
    """The rules of one stage on one scene."""

    rules: tuple[Rule, ...]
    scene: Scene

    @property
    def count(self) -> int:
        """How many series there are."""
        return len(self.scene.snapshot.index)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The fields that the rules read; the others are not computed."""
        read: set[str] = set()
        for rule in self.rules:
            for expression in (rule.when, *(action.expression for action in rule.then)):
                read |= expression.fields if expression is not None else set()
            for action in rule.then:
                read |= {blank for text in action.words for blank in BLANK.findall(text) if action.name == "alert"}
        return {name: FIELDS[name].column(self.scene) for name in sorted(read)}

    def values(self, expression: Expression) -> Column:
        """The value of an expression for each series."""
        return column_of(expression.tree, self.columns, self.count)

    @cached_property
    def applies(self) -> tuple[BoolArray, ...]:
        """Where each rule applies."""
        everywhere = np.ones(self.count, np.bool_)
        return tuple(everywhere if rule.when is None else self.values(rule.when) for rule in self.rules)

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """Every action of every rule, in the order of the rules, also where its number has no value."""
        return tuple(
            Voice(rule, action, where, self._number(action, where))
            for rule, where in zip(self.rules, self.applies, strict=True)
            for action in rule.then
        )

    def of(self, *names: str) -> list[Voice]:
        """The voices of some actions, only where they can be heard: a number that has no value asks for nothing."""
        chosen = [voice for voice in self.voices if voice.action.name in names]
        return [Voice(v.rule, v.action, v.where & ~self._speechless(v), v.number) for v in chosen]

    def sentences(self, text: str, where: BoolArray) -> list[str]:
        """The text of an alert with its fields filled in, for the rows of `where`."""
        rows = np.flatnonzero(where)
        columns = {name: self.columns[name][rows].tolist() for name in set(BLANK.findall(text))}
        filled = []
        for k in range(len(rows)):
            words = {name: shown(v[k]) if isinstance(v[k], float) else str(v[k]) for name, v in columns.items()}
            filled.append(BLANK.sub(lambda blank, words=words: words[blank[1]], text))  # type: ignore[misc]
        return filled

    def silent(self) -> Iterator[Effect]:
        """What could not be done because its number has no value."""
        for voice in self.voices:
            mute = voice.where & self._speechless(voice)
            if mute.any():
                yield voice.effect("rule_no_value", mute)

    def _number(self, action: Action, where: BoolArray) -> FloatArray:
        if action.expression is None:
            return np.full(self.count, np.nan)
        return np.where(where, self.values(action.expression), np.nan)

    def _speechless(self, voice: Voice) -> BoolArray:
        """Where the number of an action has no value, or none that it may have."""
        form, number = ACTIONS[voice.action.name], voice.number
        if voice.action.expression is None:
            return np.zeros(self.count, np.bool_)
        endless = np.isinf(number) if voice.action.name in ORDERING | {"at_least", "min_stock"} else False
        mute = np.isnan(number) | endless
        if form.above is not None:
            mute |= number <= form.above
        if form.below is not None:
            mute |= number >= form.below
        return mute


def first_heard(voices: Sequence[Voice], n: int) -> tuple[IntArray, list[Effect]]:
    """Which voice settles each series, int64 (n,), NOBODY where none does; and who was overruled by whom."""
    winner = np.full(n, NOBODY, np.int64)
    overruled = []
    for k, voice in enumerate(voices):
        for w in np.unique(winner[voice.where]):
            if w != NOBODY:
                lost = voice.where & (winner == w)
                overruled.append(voice.effect("rule_overruled", lost, winner=voices[w].rule.name))
        winner[voice.where & (winner == NOBODY)] = k
    return winner, overruled


def tightest(voices: Sequence[Voice], n: int, *, least: bool) -> tuple[IntArray, FloatArray]:
    """(which voice has the tightest bound, NOBODY where none; the bound) of each series.

    `least`: the bounds are lower ones, so the highest holds (0 where none); else the lowest (inf where none). The first
    of equals wins.
    """
    winner, bound = np.full(n, NOBODY, np.int64), np.full(n, 0.0 if least else np.inf)
    for k, voice in enumerate(voices):
        tighter = voice.number > bound if least else np.maximum(voice.number, 0.0) < bound
        taken = voice.where & tighter
        winner[taken], bound[taken] = k, np.maximum(voice.number[taken], 0.0)
    return winner, bound
