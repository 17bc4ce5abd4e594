"""The mixed-integer program of lot sizing with limits, in its facility-location form.

Source: the facility-location form of J. Krarup & O. Bilde (1977), "Plant location, set covering and economic lot
sizes", whose relaxation is integral where there is no limit, so that it stays tight with limits (Y. Pochet & L. Wolsey,
Production Planning by Mixed Integer Programming, 2006, section 7.4). Legend:

    x(i, k, t)   units that the order of period k gives to item i's demand of period t (k > t: the demand waits)
    y(i, k)      1 where item i is ordered in period k
    d(i, t)      demand that the initial stock does not serve; a, s: capacity a unit and a setup of the item take
    sum_k x(i, k, t) = d(i, t),   x(i, k, t) <= d(i, t) y(i, k)
    sum_i a(i) sum_t x(i, k, t) + s(i) y(i, k) <= capacity(k)
    sum_t x(i, k, t) <= most(i, k) y(i, k),   sum_{k <= l < t} x(i, k, t) <= room(i, l)
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from orderpoint.optimize.irreducible import irreducible
from orderpoint.optimize.lot_sizing.limits import Limits
from orderpoint.optimize.lot_sizing.problem import LotSizing

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

INFEASIBLE = 2
"""What `scipy.optimize.milp` calls a problem without a solution."""


class FacilityModel:
    """The mixed-integer program of a problem."""

    def __init__(self, problem: LotSizing, limits: Limits) -> None:
        self.shape = problem.shape
        n, periods = self.shape
        tables = problem.tables()
        self.limits = limits.full(n, periods)
        start = tables.initial_stock
        asked = np.maximum(np.cumsum(tables.demand, axis=1) - start, 0.0)
        self.demand = np.diff(asked, axis=1, prepend=0.0)
        self.can_wait = tables.can_wait
        orders, demands = np.arange(periods)[None, :, None], np.arange(periods)[None, None, :]
        kept = (self.demand[:, None, :] > 0.0) & ((orders <= demands) | self.can_wait)
        self.item, self.order, self.target = (a.astype(np.int64) for a in np.nonzero(kept))
        self.columns = len(self.item)
        full = [np.broadcast_to(a, self.shape) for a in (tables.setup, tables.unit, tables.holding, tables.backlog)]
        self.setup, self.unit, holding, backlog = full
        held = np.concatenate([np.zeros((n, 1)), np.cumsum(holding, axis=1)], axis=1)
        waited = np.concatenate([np.zeros((n, 1)), np.cumsum(backlog, axis=1)], axis=1)
        i, k, t = self.item, self.order, self.target
        carried = np.where(k <= t, held[i, t] - held[i, k], waited[i, k] - waited[i, t])
        self.costs = np.concatenate([self.unit[i, k] + carried, self.setup.ravel()])
        self.whole = np.concatenate([np.zeros(self.columns), np.ones(n * periods)])
        upper = np.concatenate([np.full(self.columns, np.inf), np.ones(n * periods)])
        self.bounds = Bounds(np.zeros(len(upper)), upper)
        idle = np.maximum(start - np.cumsum(tables.demand, axis=1), 0.0)
        self.idle = idle
        self.fixed = float((holding * idle).sum())

    @cached_property
    def _gives(self) -> csr_array:
        """(n T, columns): sum_t x(i, k, t), a row for each item and order."""
        return self._rows(self.item * self.shape[1] + self.order, np.ones(self.columns), self.shape[0] * self.shape[1])

    def _rows(self, row: IntArray, values: FloatArray, count: int) -> csr_array:
        width = self.columns + self.shape[0] * self.shape[1]
        return csr_array(coo_array((values, (row, np.arange(self.columns))), shape=(count, width)))

    def _setups(self, row: IntArray, values: FloatArray, count: int) -> csr_array:
        """Rows of y: entry k of `row` and `values` speaks for the k-th setup, items before periods."""
        width = self.columns + len(row)
        return csr_array(coo_array((values, (row, self.columns + np.arange(len(row)))), shape=(count, width)))

    def constraints(self) -> list[LinearConstraint]:
        """All rows."""
        return [self._opened(), *(self._limit(name, np.arange(rows)) for name, rows in self._groups())]

    def _groups(self) -> list[tuple[str, int]]:
        n, periods = self.shape
        return [("demand", n * periods), ("capacity", periods), ("most", n * periods), ("room", n * periods)]

    def _opened(self) -> LinearConstraint:
        """x(i, k, t) <= d(i, t) y(i, k)."""
        which = np.arange(self.columns)
        given = self._rows(which, np.ones(self.columns), self.columns)
        place = self.columns + self.item * self.shape[1] + self.order
        opened = coo_array((self.demand[self.item, self.target], (which, place)), shape=given.shape)
        return LinearConstraint(given - csr_array(opened), -np.inf, 0.0)

    def _limit(self, name: str, rows: IntArray) -> LinearConstraint:
        """Some rows of one kind of limit, or of the demand."""
        n, periods = self.shape
        capacity, unit_use, setup_use, most, room = self.limits
        size, cells = n * periods, np.arange(n * periods)
        if name == "demand":
            served = self._rows(self.item * periods + self.target, np.ones(self.columns), size)
            asked = self.demand.ravel()[rows]
            return LinearConstraint(served[rows], asked, asked)
        if name == "capacity":
            used = self._rows(self.order, unit_use[self.item], periods)
            set_up = self._setups(cells % periods, np.repeat(setup_use, periods), periods)
            return LinearConstraint((used + set_up)[rows], -np.inf, capacity[rows])
        if name == "most":
            bounded = np.where(np.isfinite(most), most, 0.0).ravel()
            rows = rows[np.isfinite(most.ravel()[rows])]
            return LinearConstraint((self._gives - self._setups(cells, bounded, size))[rows], -np.inf, 0.0)
        rows = rows[np.isfinite(room.ravel()[rows])]
        free = np.maximum(room - self.idle, 0.0).ravel()[rows]
        after = self.target - self.order
        spans = np.maximum(after, 0)  # the order of k is left at the ends of periods k..t-1
        column = np.repeat(np.arange(self.columns), spans)
        begun = np.repeat(np.cumsum(spans) - spans, spans)
        place = self.item[column] * periods + self.order[column] + np.arange(len(column)) - begun
        held = csr_array(coo_array((np.ones(len(column)), (place, column)), shape=(size, self.columns + size)))
        return LinearConstraint(held[rows], -np.inf, free)

    def quantity(self, x: FloatArray) -> FloatArray:
        """The orders (n, T) of a solution, so that each demand is met to the last digit."""
        n, periods = self.shape
        opened = x[self.columns :].reshape(self.shape) > 0.5
        given = np.maximum(x[: self.columns], 0.0) * opened[self.item, self.order]
        met = np.zeros(self.shape)
        np.add.at(met, (self.item, self.target), given)
        share = np.divide(self.demand, met, out=np.ones_like(met), where=met > 0.0)
        given *= share[self.item, self.target]
        total = np.zeros((n, periods))
        np.add.at(total, (self.item, self.order), given)
        return total

    def conflict(self) -> tuple[str, ...]:
        """A smallest set of demands and limits that no plan keeps together."""
        periods = self.shape[1]
        capacity, _, setup_use, most, room = self.limits
        finite = {
            "demand": self.demand.ravel() > 0.0,
            "capacity": np.isfinite(capacity),
            "most": np.isfinite(most).ravel(),
            "room": np.isfinite(room).ravel(),
        }
        parts = [(name, int(row)) for name, _ in self._groups() for row in np.flatnonzero(finite[name])]
        whole = self.whole if setup_use.any() else np.zeros_like(self.whole)

        def feasible(chosen: frozenset[tuple[str, int]]) -> bool:
            kept = [self._opened()]
            for name, _ in self._groups():
                rows = np.array(sorted(row for kind, row in chosen if kind == name), dtype=np.int64)
                if len(rows):
                    kept.append(self._limit(name, rows))
            found = milp(np.zeros_like(self.costs), constraints=kept, integrality=whole, bounds=self.bounds)
            return bool(found.status != INFEASIBLE)

        return tuple(
            f"{name}[{row}]" if name == "capacity" else f"{name}[{row // periods},{row % periods}]"
            for name, row in irreducible(parts, feasible)
        )
