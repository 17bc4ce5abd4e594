"""Whether some limits can be kept together with what a minimum stock asks, and what each would have to be.

A mixed-integer program through HiGHS: lots and orders are whole for few lines; for many they may be split, and price
steps and several offers of a line only bound its money, so that what is called impossible is so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from orderpoint.optimize.limits.asked import Asked
from orderpoint.optimize.limits.exact import unheard
from orderpoint.optimize.limits.problem import Terms

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_WHOLE = 400
"""Lines up to which lots are whole."""
NODES = 5000
"""Nodes of a search; one that needs more is taken to have an answer."""
IMPOSSIBLE = 2
"""HiGHS: there is no answer."""

FLOOR, BUDGET, SPACE, MINIMUM, CONTAINER, MAXIMUM = (
    "min_stock",
    "budget",
    "space",
    "supplier_minimum",
    "container",
    "max_stock",
)
Key = tuple[str, int]
"""A limit: its kind, and its place or supplier (0 where there is one of the kind)."""


@dataclass(frozen=True, eq=False)
class Claim:
    """What is asked of n lines, the limits that they share, and where each belongs.

    `unit_volume` (n,); `place` (n,) row of `terms.room`; `sellers` (m, 2): lines and rows of `terms.minimum` that they
    may be bought from.
    """

    asked: Asked
    terms: Terms
    unit_volume: FloatArray
    place: IntArray
    sellers: IntArray

    def limits(self) -> list[Key]:
        """All limits that there are, what is asked first."""
        terms, found = self.terms, [(FLOOR, 0)]
        found += [(BUDGET, 0)] if np.isfinite(terms.budget) else []
        found += [(SPACE, int(k)) for k in np.flatnonzero(np.isfinite(terms.room))]
        found += [(MINIMUM, int(s)) for s in np.flatnonzero(terms.minimum > 0.0)]
        found += [(CONTAINER, int(s)) for s in np.flatnonzero(np.isfinite(terms.container))]
        return [*found, (MAXIMUM, 0)]

    def possible(self, kept: frozenset[Key]) -> bool:
        """Whether some orders keep the limits `kept`; without what is asked, ordering nothing does."""
        return (FLOOR, 0) not in kept or self._solved(kept, (FLOOR, 0)) is not None

    def needed(self, kept: frozenset[Key], key: Key) -> float:
        """What `key` would have to be while the others of `kept` hold: the least budget, space or the most of an order.

        NaN where nothing helps.
        """
        found = self._solved(kept - {key}, key)
        return np.nan if found is None else abs(found)

    def _solved(self, kept: frozenset[Key], aim: Key) -> float | None:
        """What `aim` comes to at its best under `kept`, 0 for what has no figure; None where that is impossible.

        Where there is no answer HiGHS is asked again without its presolve, which has been seen to give up; without a
        word that it is impossible, it is not.
        """
        program = _Program.of(self, kept)
        whole = np.zeros(program.width)
        lines = len(program.line)
        whole[3 * lines + len(self.terms.minimum) :] = 1.0
        if lines <= MOST_WHOLE:
            whole[: 2 * lines] = 1.0
            whole[3 * lines :] = 1.0
        for presolve in (True, False):
            with unheard():
                found = milp(
                    program.towards(aim),
                    constraints=[LinearConstraint(row, low, high) for row, low, high in program.rows(kept)],
                    integrality=whole,
                    bounds=program.bounds(kept),
                    options={"node_limit": NODES, "mip_rel_gap": 1e-6, "presolve": presolve},
                )
            if found.x is not None:
                return float(found.fun)
        return None if found.status == IMPOSSIBLE else 0.0


Rows = tuple[csr_array, float | FloatArray, float | FloatArray]


@dataclass(frozen=True, eq=False)
class _Program:
    """Variables: packs, ordered or not, and money of each of `line`; an order and containers of each supplier."""

    claim: Claim
    line: IntArray
    most: FloatArray

    @classmethod
    def of(cls, claim: Claim, kept: frozenset[Key]) -> _Program:
        """The lines that matter: what is asked for, and what helps to reach a supplier's terms."""
        asked, terms = claim.asked, claim.terms
        line, seller = claim.sellers[:, 0], claim.sellers[:, 1]
        helps = np.zeros(len(asked.units), np.bool_)
        helps[line[terms.of_suppliers[seller]]] = True
        rows = np.flatnonzero((asked.units > 0.0) | (helps & (asked.most > 0.0)))
        beyond = np.zeros(len(asked.units))
        size = np.where(np.isfinite(terms.container), terms.container, 0.0)[seller]
        volume, price = claim.unit_volume[line], asked.low[line]
        more = np.where(price > 0.0, terms.minimum[seller] / np.where(price > 0.0, price, 1.0), 0.0)
        more += np.where(volume > 0.0, size / np.where(volume > 0.0, volume, 1.0), 0.0)
        np.maximum.at(beyond, line, more)
        least = np.maximum(asked.units, asked.lot)
        enough = least + (np.ceil(beyond / asked.pack.clip(1.0)) + 1.0) * asked.pack
        most = asked.most_held if (MAXIMUM, 0) in kept else asked.most
        return cls(claim, rows, np.minimum(most, enough)[rows])

    @property
    def width(self) -> int:
        """Number of variables."""
        return 3 * len(self.line) + 2 * len(self.claim.terms.minimum)

    def bounds(self, kept: frozenset[Key]) -> Bounds:
        """What is asked of each line, while that is kept, and the most that each may take."""
        asked, suppliers = self.claim.asked, len(self.claim.terms.minimum)
        hold = np.where((FLOOR, 0) in kept, 1.0, 0.0)
        units, pack = asked.units[self.line] * hold, asked.pack[self.line]
        money = asked.money[self.line] * hold
        low = np.concatenate([np.floor(units / pack + 1e-9), units > 0.0, money, np.zeros(2 * suppliers)])
        ones, free = np.ones(len(self.line)), np.full(len(self.line), np.inf)
        high = np.concatenate([np.floor(self.most / pack + 1e-9), ones, free, np.ones(suppliers)])
        volume = float((self.most * self.claim.unit_volume[self.line]).sum())
        boxes = np.where(np.isfinite(self.claim.terms.container), volume / self.claim.terms.container + 1.0, 0.0)
        return Bounds(low, np.maximum(np.concatenate([high, np.ceil(boxes)]), low))

    def towards(self, aim: Key) -> FloatArray:
        """What is made least: money, the volume at a place, or less the money of a supplier's order."""
        n, cost = len(self.line), np.zeros(self.width)
        kind, of = aim
        if kind == BUDGET:
            cost[2 * n : 3 * n] = 1.0
        elif kind == SPACE:
            cost[:n] = np.where(self.claim.place[self.line] == of, self._volume(), 0.0)
        elif kind in {MINIMUM, CONTAINER}:
            at = self._at(self._sold(of))
            cost[at + (2 * n if kind == MINIMUM else 0)] = -1.0 if kind == MINIMUM else -self._volume()[at]
        return cost

    def rows(self, kept: frozenset[Key]) -> list[Rows]:
        """Every limit of `kept`, divided by itself so that a tolerance means the same in all."""
        n, terms = len(self.line), self.claim.terms
        at, asked = np.arange(n), self.claim.asked
        pack = asked.pack[self.line]
        found: list[Rows] = [
            (self._lines([(0, pack), (1, -asked.lot[self.line])]), 0.0, np.inf),
            (self._lines([(0, pack), (1, -self.most)]), -np.inf, 0.0),
            (self._lines([(2, np.ones(n)), (0, -pack * asked.low[self.line])]), 0.0, np.inf),
            (self._lines([(2, np.ones(n)), (0, -pack * asked.high[self.line])]), -np.inf, 0.0),
        ]
        if (BUDGET, 0) in kept:
            scale = max(terms.budget, 1.0)
            found.append((self._row(2 * n + at, np.full(n, 1.0 / scale)), -np.inf, terms.budget / scale))
        for _, place in sorted(k for k in kept if k[0] == SPACE):
            scale = max(terms.room[place], 1e-9)
            mine = np.flatnonzero(self.claim.place[self.line] == place)
            found.append((self._row(mine, self._volume()[mine] / scale), -np.inf, terms.room[place] / scale))
        for kind, s in sorted(k for k in kept if k[0] in {MINIMUM, CONTAINER}):
            found += self._of_supplier(kind, s)
        return found

    def _of_supplier(self, kind: str, s: int) -> list[Rows]:
        """An order that is placed reaches its minimum, or fills its containers."""
        n, terms = len(self.line), self.claim.terms
        may, must = self._at(self._sold(s)), self._at(self._sold(s, only=True))
        order, boxes = 3 * n + s, 3 * n + len(terms.minimum) + s
        found = [(self._row(np.array([n + i, order]), np.array([1.0, -1.0])), -np.inf, 0.0) for i in must.tolist()]
        if kind == MINIMUM:
            share = np.append(np.full(len(may), 1.0 / terms.minimum[s]), -1.0)
            return [*found, (self._row(np.append(2 * n + may, order), share), 0.0, np.inf)]
        volume = self._volume() / terms.container[s]
        most = self._row(np.append(must, boxes), np.append(volume[must], -1.0))
        least = self._row(
            np.concatenate([may, [boxes, order]]), np.concatenate([volume[may], [-1.0, 1.0 - terms.fill]])
        )
        placed = self._row(np.array([boxes, order]), np.array([1.0, -1.0]))
        return [*found, (most, -np.inf, 0.0), (least, 0.0, np.inf), (placed, 0.0, np.inf)]

    def _sold(self, supplier: int, *, only: bool = False) -> IntArray:
        """Lines that may be bought from a supplier, or `only` from it."""
        line = self.claim.sellers[self.claim.sellers[:, 1] == supplier, 0]
        offers = np.bincount(self.claim.asked.offers[:, 0], minlength=len(self.claim.place))
        return np.unique(line[offers[line] == 1] if only else line)

    def _at(self, lines: IntArray) -> IntArray:
        """Where those of `lines` that matter stand."""
        return np.flatnonzero(np.isin(self.line, lines)).astype(np.int64)

    def _volume(self) -> FloatArray:
        """Volume of a pack of each line."""
        volume: FloatArray = self.claim.unit_volume[self.line] * self.claim.asked.pack[self.line]
        return volume

    def _row(self, at: IntArray, values: FloatArray) -> csr_array:
        """One row over all variables."""
        return coo_array((values, (np.zeros(len(at), np.int64), at)), shape=(1, self.width)).tocsr()

    def _lines(self, blocks: list[tuple[int, FloatArray]]) -> csr_array:
        """A row for each line: the coefficient of its packs (0), of being ordered (1), of its money (2)."""
        n = len(self.line)
        at = np.concatenate([block * n + np.arange(n) for block, _ in blocks])
        values = np.concatenate([value for _, value in blocks])
        return coo_array((values, (np.tile(np.arange(n), len(blocks)), at)), shape=(n, self.width)).tocsr()
