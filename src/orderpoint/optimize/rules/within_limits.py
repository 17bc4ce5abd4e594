"""Keeps the limits that lines share where rules ask for more than they hold, or leave less than a supplier takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.coordination import Coordinated, coordinate
from orderpoint.optimize.limits.curves import next_return
from orderpoint.optimize.rules.claims import Claims, Curves, curves_of
from orderpoint.optimize.rules.cut_by import cut_effects
from orderpoint.optimize.rules.effects import Effect
from orderpoint.optimize.rules.shared_use import SharedUse
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.shared_curves import Wanted
from orderpoint.optimize.shared_terms import CONTAINER_FILL, spent
from orderpoint.tables.decisions import Binding, Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

IN_MONEY = "cut_by_budget"
"""The `cut_reason` of decisions whose shadow prices are money."""


@dataclass(frozen=True, eq=False)
class Case:
    """What orders are weighed on."""

    snapshot: Snapshot
    demand: Demand
    sampling: Sampling


def within_limits(case: Case, decided: Decisions, claims: Claims, effects: list[Effect]) -> Decisions:
    """The decisions, cut or raised where they break a limit; `effects` gets what was done, and to whose rule.

    Second offers are given up first. Then all lines go through `coordination`, with what rules ask for before the rest.
    A supplier's minimum is met by the further units that lose least, or nothing is ordered there, whichever costs less.
    """
    use = SharedUse.of(case.snapshot, decided)
    if not use.asked:
        return decided
    if use.broken and decided.further is not None:
        decided = replace(decided, further=None)
        use = SharedUse(use.snapshot, decided)
    if not use.broken:
        return replace(decided, binding=use.binding(decided.binding))
    curves = curves_of(use.snapshot, case.demand, decided, claims, case.sampling)
    found = coordinate(use.snapshot, curves.weighed, CONTAINER_FILL)
    cut_effects(use, found, claims, effects)
    kept = replace(decided, quantity=found.quantity, remarks=(*decided.remarks, *found.remarks))
    shadow, prices = _in_money(use, curves.worth, found)
    before = decided.shadow_price if decided.cut_reason == IN_MONEY else np.zeros_like(shadow)
    lower = found.quantity < decided.quantity
    shadow = np.where(lower, shadow, np.where(found.quantity == decided.quantity, before, 0.0))
    used = SharedUse(use.snapshot, kept)
    kept = replace(kept, gap=_gap(curves, found), binding=used.binding(prices))
    return replace(kept, shadow_price=shadow, cut_reason=IN_MONEY)


def _gap(curves: Curves, found: Coordinated) -> float:
    """The certified gap without what claims count more: to the best that gives rules as much."""
    choice = _choice(curves.worth, found)
    rows = np.arange(len(choice))
    weighed, worth = (float(part.saving[rows, choice].sum()) for part in (curves.weighed, curves.worth))
    lacking = max(weighed, 0.0) * found.gap / (1.0 - found.gap) if found.gap < 1.0 else np.inf
    return float(min(lacking / (max(worth, 0.0) + lacking), 1.0)) if 0.0 < lacking < np.inf else float(found.gap)


def _choice(curves: Wanted, found: Coordinated) -> NDArray[np.int64]:
    """(n,): the column of each quantity."""
    column: NDArray[np.int64] = (curves.units >= found.quantity[:, None]).argmax(axis=1).astype(np.int64)
    return column


def _in_money(use: SharedUse, curves: Wanted, found: Coordinated) -> tuple[FloatArray, tuple[Binding, ...]]:
    """(what one more unit of money would save on each line, (n,); limits with what one more unit of each would save).

    Claims of rules are not counted: prices are the highest return among the lines that each limit cut.
    """
    snapshot = use.snapshot
    choice = _choice(curves, found)
    lower = found.quantity < use.decisions.quantity
    by_money = np.where(lower, next_return(spent(snapshot, curves.units, curves.offer), curves.saving, choice), 0.0)
    shared, volume = snapshot.shared, np.zeros(len(choice))
    if shared is not None:
        taken = curves.units * shared.unit_volume[:, None]
        volume = np.where(lower, next_return(taken, curves.saving, choice), 0.0)
    places = np.array(snapshot.index.location_names(), dtype=object)
    suppliers = np.array(snapshot.supply.supplier, dtype=object)[curves.offer]

    def priced(limit: Binding) -> Binding:
        mine = suppliers == limit.of if limit.kind == "container" else places == limit.of
        real = {"budget": by_money, "space": volume[mine], "container": volume[mine]}.get(limit.kind)
        if real is None or limit.shadow_price <= 0.0 or not real.any():
            return limit
        return replace(limit, shadow_price=float(real.max()))

    return by_money, tuple(priced(limit) for limit in found.binding)
