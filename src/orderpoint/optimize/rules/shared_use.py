"""What orders take of the limits that many lines share, second offers and transfers included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.feasibility import Breach, breaches
from orderpoint.optimize.limits.problem import Lines, Terms, loads_of
from orderpoint.optimize.sampling import moved
from orderpoint.optimize.shared_curves import shares_limits
from orderpoint.optimize.shared_terms import CONTAINER_FILL, spent, terms_of
from orderpoint.tables.decisions import Binding, Decisions
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SharedUse:
    """Orders of a snapshot (whose transfers have been made) beside the limits of today."""

    snapshot: Snapshot
    decisions: Decisions

    @classmethod
    def of(cls, snapshot: Snapshot, decisions: Decisions) -> SharedUse:
        """The use after the transfers of `decisions`."""
        return cls(moved(snapshot, replace(decisions, further=None)), decisions)

    @property
    def asked(self) -> bool:
        """Whether there is anything to keep: a limit is set and stock is known."""
        return shares_limits(self.snapshot) and self.snapshot.stock.known

    @cached_property
    def terms(self) -> Terms:
        """The limits."""
        found = terms_of(self.snapshot, CONTAINER_FILL)
        if found is not None:
            return found
        shared = self.snapshot.shared
        count = 0 if shared is None else len(shared.suppliers)
        budget = np.inf if self.snapshot.budget is None else float(self.snapshot.budget)
        places = np.full(len(self.snapshot.index.locations), np.inf)
        return Terms(budget, places, np.zeros(count), np.full(count, np.inf), CONTAINER_FILL)

    @cached_property
    def lines(self) -> Lines:
        """The order lines, those of second offers at the end, each of one choice beside none."""
        snapshot, further = self.snapshot, self.decisions.further
        series, offer = np.arange(len(self.decisions.quantity)), self.decisions.offer
        quantity = self.decisions.quantity.astype(np.float64)
        if further is not None:
            series = np.concatenate([series, further.series])
            offer, quantity = np.concatenate([offer, further.offer]), np.concatenate([quantity, further.quantity])
        shared, none = snapshot.shared, np.zeros(len(quantity))
        money = spent(snapshot, quantity, offer)
        volume = none if shared is None else shared.unit_volume[series]
        supplier = np.full(len(quantity), -1) if shared is None else shared.supplier_of(snapshot.supply)[offer]
        place = snapshot.index.location_of[series].astype(np.int64)
        units, cost = (np.stack([none, values], axis=1) for values in (quantity, money))
        return Lines(units, cost, np.zeros_like(cost), volume, place, supplier.astype(np.int64))

    @cached_property
    def broken(self) -> tuple[Breach, ...]:
        """The limits that the orders break."""
        return breaches(self.lines, self.terms, self._all())

    def binding(self, prices: tuple[Binding, ...]) -> tuple[Binding, ...]:
        """All limits that are set, how far they are used, with the shadow prices of `prices`, 0 where it has none."""
        terms, loads = self.terms, loads_of(self.lines, self.terms, self._all())
        places, shared = self.snapshot.index.locations, self.snapshot.shared
        names = () if shared is None else shared.suppliers
        known = {(limit.kind, limit.of): limit.shadow_price for limit in prices}
        kinds = (
            ("budget", ("",), np.array([terms.budget]), loads.money),
            ("space", places, terms.room, loads.room),
            ("supplier_minimum", names, np.where(terms.minimum > 0.0, terms.minimum, np.inf), loads.order_money),
            ("container", names, terms.container, loads.order_volume),
        )
        return tuple(
            Binding(kind, of, float(limit), float(used), known.get((kind, of), 0.0))
            for kind, owners, limits, taken in kinds
            for of, limit, used in zip(owners, limits, taken, strict=True)
            if np.isfinite(limit)
        )

    def _all(self) -> IntArray:
        return np.ones(len(self.lines.quantity), np.int64)
