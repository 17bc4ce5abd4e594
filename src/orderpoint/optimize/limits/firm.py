"""Firm limits that no plan keeps together: the smallest set that conflicts, with its figures, as an error.

Firm are the minimum stock of a whole run against the budget, the space and the suppliers' terms of today, and every
minimum stock against the space of its place, whatever is held today. The minimum stock of single items gives way to a
budget and to suppliers' terms: it is a wish (docs/algorithms/limits.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.errors import InfeasibleError, Limit
from orderpoint.optimize.irreducible import irreducible
from orderpoint.optimize.limits.asked import asked
from orderpoint.optimize.limits.claim import BUDGET, CONTAINER, FLOOR, MAXIMUM, MINIMUM, SPACE, Claim, Key
from orderpoint.optimize.limits.feasibility import fills
from orderpoint.optimize.limits.held_floors import figure, require_space
from orderpoint.optimize.limits.possible import needed, possible
from orderpoint.optimize.limits.problem import Terms
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


def require_possible(snapshot: Snapshot, min_stock: float | None, terms: Terms | None) -> None:
    """Raises InfeasibleError with an irreducible set of limits where no orders can keep all that are firm.

    `min_stock`: that of a whole run, None where not set. `terms`: the limits that lines share today, None where there
    is at most a budget (`shared_terms.terms_of`).
    """
    require_space(snapshot, min_stock)
    if min_stock is None or min_stock <= 0.0 or not snapshot.stock.known or not len(snapshot.index):
        return
    case = _Case(snapshot, min_stock, claim_of(snapshot, min_stock, terms))
    if _plainly_possible(case.claim) or possible(case.claim, frozenset(case.claim.limits())):
        return
    limits = {case.name(key): key for key in case.claim.limits()}
    names = irreducible(tuple(limits), lambda kept: possible(case.claim, frozenset(limits[name] for name in kept)))
    conflict = frozenset(limits[name] for name in names)
    raise InfeasibleError(names, tuple(case.limit(limits[name], conflict) for name in names))


def claim_of(snapshot: Snapshot, min_stock: float, terms: Terms | None) -> Claim:
    """What a minimum stock for all lines asks of today's orders, beside the limits that they share."""
    n, shared = len(snapshot.index), snapshot.shared
    ask = asked(snapshot, np.full(n, min_stock))
    budget = np.inf if snapshot.budget is None else float(snapshot.budget)
    if shared is None or terms is None:
        none = Terms(budget, np.full(1, np.inf), np.zeros(0), np.zeros(0))
        return Claim(ask, none, np.zeros(n), np.zeros(n, np.int64), np.zeros((0, 2), np.int64))
    line, offer = ask.offers[:, 0], ask.offers[:, 1]
    sellers = np.stack([line, shared.supplier_of(snapshot.supply)[offer]], axis=1)
    return Claim(ask, terms, shared.unit_volume, shared.location_of.astype(np.int64), sellers[sellers[:, 1] >= 0])


def _plainly_possible(claim: Claim) -> bool:
    """Whether just what is asked keeps all limits already."""
    ask, terms = claim.asked, claim.terms
    room = np.bincount(claim.place, ask.units * claim.unit_volume, len(terms.room))
    if ask.money.sum() > terms.budget or (room > terms.room).any():
        return False
    if not terms.of_suppliers.any():
        return True
    if not ask.whole[ask.units > 0.0].all():
        return False
    line, seller = claim.sellers[:, 0], claim.sellers[:, 1]
    money = np.bincount(seller, ask.money[line], len(terms.minimum))
    volume = np.bincount(seller, (ask.units * claim.unit_volume)[line], len(terms.minimum))
    ordered = np.unique(seller[ask.units[line] > 0.0]).tolist()
    return all(
        money[s] >= terms.minimum[s] and fills(float(volume[s]), terms.container[s], terms.fill) for s in ordered
    )


@dataclass(frozen=True, eq=False)
class _Case:
    """A run whose limits conflict, and how each is told."""

    snapshot: Snapshot
    min_stock: float
    claim: Claim

    def name(self, key: Key) -> str:
        """A limit as the user wrote it."""
        kind, of = key
        terms = self.claim.terms
        if kind == FLOOR:
            return f"--min-stock {self.min_stock:g}"
        if kind == BUDGET:
            return f"budget {figure(terms.budget)}"
        if kind == MAXIMUM:
            return "max_stock"
        if kind == SPACE:
            return f"capacity_volume {figure(self._capacity(of))} ({self.snapshot.index.locations[of]})"
        column, value = ("min_order_value", terms.minimum) if kind == MINIMUM else ("container_volume", terms.container)
        return f"{column} {figure(value[of])} ({self._supplier(of)})"

    def limit(self, key: Key, conflict: frozenset[Key]) -> Limit:
        """A limit of the conflict with its figures: what it is, and what it would have to be with the others kept."""
        kind, of = key
        claim, terms = self.claim, self.claim.terms
        need = needed(claim, conflict, key) if kind in {BUDGET, SPACE, MINIMUM, CONTAINER} else np.nan
        details = {"limit": self.name(key), "need": figure(need)}
        if kind == FLOOR:
            lines = claim.asked.units > 0.0
            volume = float((claim.asked.units * claim.unit_volume).sum())
            details |= {"count": str(int(lines.sum())), "money": figure(float(claim.asked.money.sum()))}
            details |= {"units": figure(float(claim.asked.units.sum())), "volume": figure(volume)}
        if kind == SPACE:
            details |= {"of": self.snapshot.index.locations[of], "room": figure(terms.room[of])}
            details |= {"capacity": figure(self._capacity(of) - terms.room[of] + need)}
        if kind in {MINIMUM, CONTAINER}:
            details |= {"of": self._supplier(of), "fill": f"{terms.fill:.0%}"}
        return Limit(self.name(key), f"firm_{kind}", details)

    def _capacity(self, place: int) -> float:
        shared = self.snapshot.shared
        return np.inf if shared is None else float(shared.capacity_volume[place])

    def _supplier(self, row: int) -> str:
        shared = self.snapshot.shared
        return "" if shared is None else shared.suppliers[row]
