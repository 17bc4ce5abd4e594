"""The mixed-integer program behind `possible`: lots, orders and containers under some of the limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from orderpoint.optimize.limits.claim import BUDGET, CONTAINER, FLOOR, MAXIMUM, MINIMUM, SPACE, Claim, Key

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Rows = tuple[csr_array, float, float]
"""low <= matrix @ variables <= high, as (matrix, low, high)."""


@dataclass(frozen=True, eq=False)
class Program:
    """n lines that matter, of which `row` (n,) are in `claim`; `most` (n,) units; `whole`: lots are not split.

    Variables: packs of each line; whether it is ordered (where `whole`); the money of each line `priced` whose money is
    only bounded; an order, and containers, of each supplier.
    """

    claim: Claim
    row: IntArray
    most: FloatArray
    priced: IntArray
    whole: bool
    floors: bool

    @classmethod
    def of(cls, claim: Claim, kept: frozenset[Key], most_whole: int) -> Program:
        """Lines that are asked for something or help to reach a supplier's terms; whole up to `most_whole` of them."""
        asked, terms = claim.asked, claim.terms
        line, seller = claim.sellers[:, 0], claim.sellers[:, 1]
        helps = np.zeros(len(asked.units), np.bool_)
        helps[line[terms.of_suppliers[seller]]] = True
        row = np.flatnonzero((asked.units > 0.0) | (helps & (asked.most > 0.0)))
        most = np.minimum(asked.most_held if (MAXIMUM, 0) in kept else asked.most, _enough(claim))[row]
        priced = np.flatnonzero(~asked.whole[row])
        return cls(claim, row, most, priced, len(row) <= most_whole, (FLOOR, 0) in kept)

    @property
    def blocks(self) -> tuple[int, int, int, int, int]:
        """Where the orders of lines, the money, the orders and the containers of suppliers begin, and the width."""
        n, suppliers = len(self.row), len(self.claim.terms.minimum)
        money = 2 * n if self.whole else n
        orders = money + len(self.priced)
        return n, money, orders, orders + suppliers, orders + 2 * suppliers

    def integral(self) -> FloatArray:
        """(width,): 1 where a variable is whole: all but money."""
        _, money, orders, _, width = self.blocks
        at = np.arange(width)
        return np.where((at >= money) & (at < orders), 0.0, 1.0)

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """What is asked of each line, while floors are kept, and the most that each may take."""
        asked, terms = self.claim.asked, self.claim.terms
        units = asked.units[self.row] * float(self.floors)
        pack, ordered = asked.pack[self.row], (units > 0.0).astype(np.float64)
        open_ = np.zeros(len(terms.minimum))
        for s in np.flatnonzero(terms.of_suppliers).tolist():
            open_[s] = ordered[self._sold(s, only=True)].max(initial=0.0)
        of_lines = [np.floor(units / pack + 1e-9), *([ordered] if self.whole else [])]
        money = asked.money[self.row[self.priced]] * float(self.floors)
        low = np.concatenate([*of_lines, money, open_, np.zeros(len(open_))])
        volume = float((self.most * self.claim.unit_volume[self.row]).sum())
        boxes = np.where(np.isfinite(terms.container), np.ceil(volume / terms.container + 1.0), 0.0)
        most = [np.floor(self.most / pack + 1e-9), *([np.ones(len(pack))] if self.whole else [])]
        free = np.full(len(self.priced), np.inf)
        return low, np.maximum(np.concatenate([*most, free, np.ones(len(open_)), boxes]), low)

    def towards(self, aim: Key) -> FloatArray:
        """What is made least: money, the volume at a place, or less the money or volume of a supplier's order."""
        kind, of = aim
        every = np.arange(len(self.row))
        if kind == BUDGET:
            return self._cost(*self._money(every), 1.0)
        if kind == SPACE:
            mine = np.flatnonzero(self.claim.place[self.row] == of)
            return self._cost(mine, self._volume()[mine], 1.0)
        if kind == MINIMUM:
            return self._cost(*self._money(self._sold(of)), -1.0)
        if kind == CONTAINER:
            mine = self._sold(of)
            return self._cost(mine, self._volume()[mine], -1.0)
        return np.zeros(self.blocks[-1])

    def rows(self, kept: frozenset[Key]) -> list[Rows]:
        """Every limit of `kept`, divided by itself so that a tolerance means the same in all."""
        terms, found = self.claim.terms, [*self._of_lots(), *self._of_prices()]
        if (BUDGET, 0) in kept:
            at, value = self._money(np.arange(len(self.row)))
            scale = max(terms.budget, 1.0)
            found.append((self._one(at, value / scale), -np.inf, terms.budget / scale))
        for _, place in sorted(k for k in kept if k[0] == SPACE):
            scale = max(float(terms.room[place]), 1e-9)
            mine = np.flatnonzero(self.claim.place[self.row] == place)
            found.append((self._one(mine, self._volume()[mine] / scale), -np.inf, float(terms.room[place]) / scale))
        for kind, s in sorted(k for k in kept if k[0] in {MINIMUM, CONTAINER}):
            found += self._of_supplier(kind, s)
        return found

    def _of_lots(self) -> list[Rows]:
        """A line that is ordered takes its least lot at least and its most at most."""
        if not self.whole:
            return []
        at, pack = np.arange(len(self.row)), self.claim.asked.pack[self.row]
        orders = self.blocks[0] + at
        least = self._each((at, pack), (orders, -self.claim.asked.lot[self.row]))
        return [(least, 0.0, np.inf), (self._each((at, pack), (orders, -self.most)), -np.inf, 0.0)]

    def _of_prices(self) -> list[Rows]:
        """Where money is only bounded, it lies between the lowest and the highest price of all units."""
        if not len(self.priced):
            return []
        asked, rows = self.claim.asked, self.row[self.priced]
        money = self.blocks[1] + np.arange(len(self.priced)), np.ones(len(self.priced))
        low, high = (asked.pack[rows] * price[rows] for price in (asked.low, asked.high))
        return [
            (self._each(money, (self.priced, -low)), 0.0, np.inf),
            (self._each(money, (self.priced, -high)), -np.inf, 0.0),
        ]

    def _of_supplier(self, kind: str, s: int) -> list[Rows]:
        """An order that is placed reaches its minimum, or fills its containers."""
        terms, blocks = self.claim.terms, self.blocks
        may, must = self._sold(s), self._sold(s, only=True)
        order, boxes, found = blocks[2] + s, blocks[3] + s, []
        if self.whole and len(must):
            ones = np.ones(len(must))
            found.append((self._each((blocks[0] + must, ones), (np.full(len(must), order), -ones)), -np.inf, 0.0))
        if kind == MINIMUM:
            at, value = self._money(may)
            return [*found, (self._one([*at, order], [*(value / terms.minimum[s]), -1.0]), 0.0, np.inf)]
        volume = self._volume() / terms.container[s]
        most = self._one([*must, boxes], [*volume[must], -1.0])
        least = self._one([*may, boxes, order], [*volume[may], -1.0, 1.0 - terms.fill])
        placed = self._one([boxes, order], [1.0, -1.0])
        return [*found, (most, -np.inf, 0.0), (least, 0.0, np.inf), (placed, 0.0, np.inf)]

    def _sold(self, supplier: int, *, only: bool = False) -> IntArray:
        """Lines, as they stand here, that may be bought from a supplier, or `only` from it."""
        line = self.claim.sellers[self.claim.sellers[:, 1] == supplier, 0]
        offers = np.bincount(self.claim.asked.offers[:, 0], minlength=len(self.claim.place))
        return np.flatnonzero(np.isin(self.row, line[offers[line] == 1] if only else line)).astype(np.int64)

    def _money(self, lines: IntArray) -> tuple[IntArray, FloatArray]:
        """(variables, factors) that add up to the money of `lines`."""
        asked, priced = self.claim.asked, np.isin(lines, self.priced)
        plain = lines[~priced]
        price = asked.pack[self.row[plain]] * asked.low[self.row[plain]]
        at = np.concatenate([plain, self.blocks[1] + np.searchsorted(self.priced, lines[priced])])
        return at.astype(np.int64), np.concatenate([price, np.ones(int(priced.sum()))])

    def _volume(self) -> FloatArray:
        """Volume of a pack of each line."""
        volume: FloatArray = self.claim.unit_volume[self.row] * self.claim.asked.pack[self.row]
        return volume

    def _cost(self, at: IntArray, value: FloatArray, sign: float) -> FloatArray:
        """Factors of all variables, those of `at` given."""
        cost = np.zeros(self.blocks[-1])
        cost[at] = sign * value
        return cost

    def _one(self, at: IntArray | list[int], values: FloatArray | list[float]) -> csr_array:
        """One row over all variables."""
        return coo_array((values, (np.zeros(len(at), np.int64), at)), shape=(1, self.blocks[-1])).tocsr()

    def _each(self, *parts: tuple[IntArray, FloatArray]) -> csr_array:
        """A row for each of some lines: variables and their factors, part by part."""
        count = len(parts[0][0])
        at = np.concatenate([variables for variables, _ in parts])
        values = np.concatenate([factors for _, factors in parts])
        return coo_array((values, (np.tile(np.arange(count), len(parts)), at)), (count, self.blocks[-1])).tocsr()


def _enough(claim: Claim) -> FloatArray:
    """Units of each line beyond which no supplier's terms can ask, (n,): its minimum and one container more."""
    asked, terms = claim.asked, claim.terms
    line, seller = claim.sellers[:, 0], claim.sellers[:, 1]
    size = np.where(np.isfinite(terms.container), terms.container, 0.0)[seller]
    volume, price = claim.unit_volume[line], asked.low[line]
    more = np.where(price > 0.0, terms.minimum[seller] / np.where(price > 0.0, price, 1.0), 0.0)
    more += np.where(volume > 0.0, size / np.where(volume > 0.0, volume, 1.0), 0.0)
    beyond = np.zeros(len(asked.units))
    np.maximum.at(beyond, line, more)
    pack = np.maximum(asked.pack, 1.0)
    enough: FloatArray = np.maximum(asked.units, asked.lot) + (np.ceil(beyond / pack) + 1.0) * pack
    return enough
