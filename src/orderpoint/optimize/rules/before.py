"""Rules that are heard before the algorithm decides: they change the limits that it plans with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orderpoint.optimize.rules.effects import Effect, percent
from orderpoint.optimize.rules.hearing import Hearing, first_heard, tightest
from orderpoint.optimize.rules.rule_set import RuleSet, Stage
from orderpoint.optimize.rules.scene import Scene
from orderpoint.tables.costs import Costs
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot


def prepared(rules: RuleSet, snapshot: Snapshot, demand: Demand) -> tuple[Snapshot, list[Effect]]:
    """The snapshot that the algorithm sees, and what the rules changed in it.

    Every condition is read on the snapshot as it came. Minimum and maximum stock only get tighter; where they cross
    the maximum holds.
    """
    hearing = Hearing(rules.at(Stage.BEFORE), Scene(snapshot, demand))
    if not hearing.rules:
        return snapshot, []
    effects = list(hearing.silent())
    costs = _limits(hearing, snapshot.costs, effects)
    costs = replace(costs, service_target=_targets(hearing, effects))
    orderable = snapshot.orderable.copy()
    for voice in hearing.of("hold"):
        held = voice.where & orderable
        if held.any():
            effects.append(voice.effect("rule_not_ordered", held))
        orderable &= ~voice.where
    takes = _suppliers(hearing, effects)
    supply = replace(snapshot.supply, takes_orders_today=takes)
    return replace(snapshot, costs=costs, orderable=orderable, supply=supply), effects


def _limits(hearing: Hearing, costs: Costs, effects: list[Effect]) -> Costs:
    """Minimum and maximum stock."""
    changed = {}
    for name, least in (("min_stock", True), ("max_stock", False)):
        before = getattr(costs, name)
        voices = hearing.of(name)
        winner, bound = tightest(voices, hearing.count, least=least)
        after = np.maximum(before, bound) if least else np.minimum(before, bound)
        for k, voice in enumerate(voices):
            moved = (winner == k) & (after != before)
            if moved.any():
                effects.append(voice.effect(f"rule_{name}", moved, before=before, after=after))
        changed[name] = after
    crossed = (changed["min_stock"] > changed["max_stock"]) & (costs.min_stock <= costs.max_stock)
    if crossed.any():
        rows = np.flatnonzero(crossed)
        blanks = {name: changed[name][rows] for name in changed}
        effects.append(Effect("", "min_stock", "rule_maximum_holds", rows, blanks))
        changed["min_stock"] = np.where(crossed, changed["max_stock"], changed["min_stock"])
    return replace(costs, **changed)


def _targets(hearing: Hearing, effects: list[Effect]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Service targets: the first rule wins, also over what the input says."""
    voices = hearing.of("service_target")
    winner, overruled = first_heard(voices, hearing.count)
    effects.extend(overruled)
    target = hearing.scene.snapshot.costs.service_target.copy()
    for k, voice in enumerate(voices):
        moved = (winner == k) & (target != voice.number)
        if moved.any():
            effects.append(voice.effect("rule_service_target", moved, after=percent(voice.number[moved])))
        target[winner == k] = voice.number[winner == k]
    return target


def _suppliers(hearing: Hearing, effects: list[Effect]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which offers take orders today: those of the suppliers that the first rule allows."""
    supply = hearing.scene.snapshot.supply
    names = np.array(supply.supplier, dtype=np.str_)
    series = np.repeat(np.arange(hearing.count), np.diff(supply.offsets))
    takes = supply.takes_orders_today.copy()
    voices = hearing.of("suppliers")
    winner, overruled = first_heard(voices, hearing.count)
    effects.extend(overruled)
    for k, voice in enumerate(voices):
        closed = (winner[series] == k) & ~np.isin(names, voice.action.words) & takes
        takes &= ~closed
        touched = np.zeros(hearing.count, np.bool_)
        touched[series[closed]] = True
        none = touched & ~np.logical_or.reduceat(takes, supply.offsets[:-1])
        allowed = ", ".join(voice.action.words)
        for code, where in (("rule_suppliers", touched & ~none), ("rule_no_supplier", none)):
            if where.any():
                effects.append(voice.effect(code, where, after=allowed))
    return takes
