"""Rules that are heard after the algorithm has proposed orders: what they set, and the guard rails around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.rules.claims import Claims
from orderpoint.optimize.rules.effects import Effect, percent
from orderpoint.optimize.rules.hearing import NOBODY, Hearing, Voice, first_heard, tightest
from orderpoint.optimize.rules.lots import Allowed, allowed
from orderpoint.optimize.rules.rule_set import RuleSet, Stage
from orderpoint.optimize.rules.scene import Scene
from orderpoint.optimize.rules.sooner import faster_offers
from orderpoint.optimize.rules.within_limits import Case, within_limits
from orderpoint.stockflow.spoilage import keeping
from orderpoint.tables.decisions import Decisions, OrderLines
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


def guarded(rules: RuleSet, case: Case, proposed: Decisions) -> tuple[Decisions, list[Effect]]:
    """The orders that the rules leave of a proposal, and what the rules did.

    Every condition is read on the proposal as it came. First the order is moved to a faster offer and set, then raised
    to the highest lower bound, then cut to the lowest upper bound; whole packs from the MOQ on and within maxima, all
    the way. At last it is brought within the limits that all lines share.
    """
    snapshot = case.snapshot
    hearing = Hearing(rules.at(Stage.AFTER), Scene(snapshot, case.demand, proposed))
    guard = _Guard(hearing, list(hearing.silent()))
    offer = guard.moved()
    lots = allowed(keeping(snapshot, case.demand), offer)
    before = hearing.scene.quantity
    quantity = np.where(offer == proposed.offer, before, lots.nearest_up(before))
    quantity, level, setters = guard.settled(quantity, lots)
    quantity, raisers = guard.raised(quantity, lots)
    quantity, most, highest = guard.cut(quantity, lots)
    guard.report_moves(offer, quantity)
    guard.say()
    decided = _merged(proposed, (quantity, offer), before)
    claims = Claims(tuple(first or last for first, last in zip(raisers, setters, strict=True)), most)
    decided = within_limits(case, decided, claims, guard.effects)
    return _with_levels(snapshot, decided, level, highest), guard.effects


def _merged(proposed: Decisions, orders: tuple[FloatArray, IntArray], before: FloatArray) -> Decisions:
    """The proposal with the quantities of the rules: an order that they changed is bought from one offer."""
    quantity, offer = orders
    changed = (quantity != before) | (offer != proposed.offer)
    further = proposed.further
    if further is not None:
        kept = ~changed[further.series]
        lines = OrderLines(further.series[kept], further.offer[kept], further.quantity[kept])
        further = lines if kept.any() else None
    return replace(
        proposed,
        quantity=np.where(changed, quantity, proposed.quantity),
        offer=np.where(changed, offer, proposed.offer),
        shadow_price=np.where(changed, 0.0, proposed.shadow_price),
        further=further,
        network_gain=_scaled_gain(proposed, quantity, changed),
    )


def _scaled_gain(proposed: Decisions, quantity: FloatArray, changed: BoolArray) -> FloatArray | None:
    """What orders save that are sent on, in proportion to the units that the rules left of them."""
    gain = proposed.network_gain
    if gain is None:
        return None
    part = np.divide(quantity, proposed.quantity, out=np.full(len(gain), np.nan), where=proposed.quantity > 0.0)
    return np.where(changed, gain * part, gain)


def _with_levels(snapshot: Snapshot, decided: Decisions, level: FloatArray, highest: FloatArray) -> Decisions:
    """The levels that the rules leave: `level` where they set one (else NaN), at most `highest`, units (n,)."""
    most = np.floor(np.maximum(np.minimum(snapshot.costs.max_stock, highest), 0.0))
    is_set = ~np.isnan(level)
    wanted = np.where(snapshot.orderable, np.ceil(np.maximum(level, 0.0)), 0.0)
    up_to = np.minimum(np.where(is_set, wanted, decided.order_up_to), most)
    below = np.maximum(up_to - 1.0, 0.0)
    lowered = np.where(up_to < decided.order_up_to, np.minimum(decided.reorder_point, below), decided.reorder_point)
    return replace(decided, order_up_to=up_to, reorder_point=np.where(is_set, below, lowered))


@dataclass(frozen=True, eq=False)
class _Guard:
    """Does the actions of one hearing, and notes what they did."""

    hearing: Hearing
    effects: list[Effect]

    def note(self, voice: Voice, code: str, where: BoolArray, **blanks: FloatArray | list[str] | str) -> None:
        """Note what an action did on the rows of `where`."""
        if where.any():
            self.effects.append(voice.effect(code, where, **blanks))

    def moved(self) -> IntArray:
        """The offer that each series buys from: the fastest that takes orders today where rules ask for that."""
        scene = self.hearing.scene
        offer = scene.offer.copy()
        faster = faster_offers(scene.snapshot, offer)
        for voice in self.hearing.of("expedite"):
            offer = np.where(voice.where, faster, offer)
        return offer

    def report_moves(self, offer: IntArray, quantity: FloatArray) -> None:
        """Note which orders were moved to a faster offer, and which could not be."""
        scene = self.hearing.scene
        supply, unsaid = scene.snapshot.supply, quantity > 0.0
        for voice in self.hearing.of("expedite"):
            where = voice.where & unsaid
            moved = where & (offer != scene.offer)
            days = (supply.arrival_day[scene.offer] - supply.arrival_day[offer]).astype(np.float64)
            names = [supply.supplier[k] for k in offer[moved]]
            self.note(voice, "rule_expedite", moved, after=names, days=days)
            self.note(voice, "rule_no_faster", where & (offer == scene.offer))
            unsaid = unsaid & ~voice.where

    def settled(self, quantity: FloatArray, lots: Allowed) -> tuple[FloatArray, FloatArray, list[str]]:
        """(quantity, level that rules order up to, NaN where none, the rule that has set each order)."""
        voices = self.hearing.of("order", "order_up_to")
        winner, overruled = first_heard(voices, self.hearing.count)
        self.effects.extend(overruled)
        level = np.full(self.hearing.count, np.nan)
        for k, voice in enumerate(voices):
            won, wanted = winner == k, voice.number
            if voice.action.name == "order_up_to":
                level = np.where(won, voice.number, level)
                wanted = np.ceil(voice.number - 1e-9) - lots.position
            after = np.where(won, lots.nearest_up(np.where(won, wanted, 0.0)), quantity)
            self.note(voice, "rule_order", after != quantity, before=quantity, after=after)
            quantity = after
        return quantity, level, _rules_of(voices, winner)

    def raised(self, quantity: FloatArray, lots: Allowed) -> tuple[FloatArray, list[str]]:
        """(quantity, the rule that raised it) after the lower bounds."""
        voices = self.hearing.of("at_least")
        winner, bound = tightest(voices, self.hearing.count, least=True)
        after = np.where(bound > quantity, np.maximum(lots.nearest_up(bound), quantity), quantity)
        for k, voice in enumerate(voices):
            self.note(voice, "rule_raised", (winner == k) & (after != quantity), before=quantity, after=after)
        return after, _rules_of(voices, np.where(after > quantity, winner, NOBODY))

    def cut(self, quantity: FloatArray, lots: Allowed) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(quantity after the upper bounds, these bounds, the highest position that they allow); inf where none is."""
        voices = [self._as_quantity(v, lots) for v in self.hearing.of("cap", "cap_position", "cap_days", "hold")]
        winner, bound = tightest(voices, self.hearing.count, least=False)
        after = np.where(bound < quantity, lots.at_most(quantity, bound), quantity)
        for k, voice in enumerate(voices):
            code = "rule_held" if voice.action.name == "hold" else "rule_cut"
            self.note(voice, code, (winner == k) & (after != quantity), before=quantity, after=after)
        _, highest = tightest(self.hearing.of("cap_position"), self.hearing.count, least=False)
        return after, bound, highest

    def _as_quantity(self, voice: Voice, lots: Allowed) -> Voice:
        """An upper bound as units of today's order."""
        match voice.action.name:
            case "hold":
                number = np.where(voice.where, 0.0, np.nan)
            case "cap":
                number = voice.number
            case "cap_position":
                number = voice.number - lots.position
            case _:
                per_day = self.hearing.scene.demand_per_day
                endless = np.isinf(voice.number)
                days = np.where(endless, 0.0, voice.number)
                number = np.where(endless, np.inf, days * per_day - lots.position)
        return replace(voice, number=number)

    def say(self) -> None:
        """Mark-downs and alerts, which change no order."""
        voices = self.hearing.of("mark_down")
        winner, overruled = first_heard(voices, self.hearing.count)
        self.effects.extend(overruled)
        for k, voice in enumerate(voices):
            won = winner == k
            self.note(voice, "rule_mark_down", won, after=percent(voice.number[won]))
        for voice in self.hearing.of("alert"):
            text = self.hearing.sentences(voice.action.words[0], voice.where)
            self.note(voice, "rule_alert", voice.where, text=text)


def _rules_of(voices: list[Voice], winner: IntArray) -> list[str]:
    """The name of the rule that won each series, "" where none did."""
    names = [*(voice.rule.name for voice in voices), ""]
    return [names[k] for k in winner.tolist()]
