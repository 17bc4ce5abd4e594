"""How the demand of a group moves against what its items' own slow levels expect: learned from all of them at once.

For each gain of the items' levels: expected and sold units of a group's seen cells are summed by period; their ratio,
discounted by each gain of the group's, says by how much the group runs above or below its items' levels. An item's
forecast is its own slow level times that: slow where its own data are few, quick where the group's are many.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells
from orderpoint.forecast.threads import in_chunks

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Plane = NDArray[np.float32]

PARTS = 16
"""Series are added up in so many parts, whatever the number of threads, so that the sums have the same bits."""
BLOCK = 32
FEW_CELLS = 200_000
"""Cells that are not worth a thread."""
CUT_FACTOR, CUT_UNITS = np.float32(5.0), np.float32(5.0)
"""A cell counts for at most CUT_FACTOR times what is expected plus CUT_UNITS, lest one large order move a group."""
HALF_UNITS = 20.0
"""Expected units of a group at which its movement is half believed."""


@dataclass(eq=False)
class Movement:
    """Of K groups in all (the groups of each table one behind the other).

    `keep` float32 (A,) of the items' levels, `fast` float64 (B,) kept of the groups' sums. `level` float32 (n, 2, A):
    discounted demand and season of each series. `sums` float64 (K, A, 2, B): discounted sold and expected units.
    `key` int64 (tables, n): the group of a series in each table, counted through all tables.
    """

    keep: NDArray[np.float32]
    fast: Floats
    level: NDArray[np.float32]
    sums: Floats
    key: Ints

    @classmethod
    def before(
        cls, keep: NDArray[np.float32], fast: Floats, key: Ints, prior: tuple[NDArray[np.float32], NDArray[np.float32]]
    ) -> Movement:
        """Before the first period; `prior` level and weight (n,)."""
        n, groups = key.shape[1], int(key.max()) + 1 if key.size else 0
        level = np.zeros((n, 2, len(keep)), np.float32)
        level[:, 0] = (prior[0] * prior[1])[:, None]
        level[:, 1] = prior[1][:, None]
        return cls(keep, fast, level, np.zeros((groups, len(keep), 2, len(fast))), key)

    def advance(self, cells: Cells, begin: int, end: int) -> None:
        """Take the periods from `begin` up to `end`."""
        for first in range(begin, end, BLOCK):
            last = min(first + BLOCK, end)
            parts = np.zeros((PARTS, len(self.sums), last - first, len(self.keep), 2))
            when, carried = (first, last), (self.keep, self.level)
            size = 1 if self.level.shape[0] * (last - first) > FEW_CELLS else PARTS
            in_chunks(partial(_expected, cells, when, carried, self.key, parts), PARTS, size)
            _discount(parts.sum(axis=0), self.fast, self.sums)

    def copy(self) -> Movement:
        """Another that stands where this one stands."""
        return replace(self, level=self.level.copy(), sums=self.sums.copy())

    def ratios(self) -> NDArray[np.float32]:
        """Movement now, float32 (K, A x B)."""
        sold, expected = self.sums[:, :, 0], self.sums[:, :, 1]
        out = (sold + HALF_UNITS) / (expected + HALF_UNITS)
        return np.asarray(out.reshape(len(out), -1), np.float32)


@njit(cache=True, nogil=True, error_model="numpy")
def _expected(
    cells: Cells,
    when: tuple[int, int],
    carried: tuple[NDArray[np.float32], NDArray[np.float32]],
    key: Ints,
    parts: Floats,
    some: tuple[int, int],
) -> None:
    """Sold and expected units into `parts` (PARTS, K, periods, A, 2), for those from `some[0]` up to `some[1]`.

    `carried`: what is kept, and the levels, which are carried on.
    """
    begin, end = when
    keep, level = carried
    n, gains = len(level), len(keep)
    said = np.zeros(gains, np.float32)
    for part in range(some[0], some[1]):
        for i in range(n * part // PARTS, n * (part + 1) // PARTS):
            f = cells.factor[cells.group[i]]
            for t in range(begin, end):
                if not cells.seen[i, t]:
                    continue
                y = cells.demand[i, t]
                for a in range(gains):
                    weight = level[i, 1, a]
                    said[a] = f[t] * level[i, 0, a] / weight if weight > 0 else np.float32(0.0)
                    level[i, 0, a] = keep[a] * level[i, 0, a] + y
                    level[i, 1, a] = keep[a] * weight + f[t]
                for table in range(len(key)):
                    g = key[table, i]
                    for a in range(gains):
                        parts[part, g, t - begin, a, 0] += min(y, CUT_FACTOR * said[a] + CUT_UNITS)
                        parts[part, g, t - begin, a, 1] += said[a]


@njit(cache=True)
def _discount(units: Floats, fast: Floats, sums: Floats) -> None:
    """Carry the discounted sums on over the periods of `units`."""
    for g in range(units.shape[0]):
        for t in range(units.shape[1]):
            for a in range(units.shape[2]):
                for k in range(2):
                    for b in range(len(fast)):
                        sums[g, a, k, b] = fast[b] * sums[g, a, k, b] + units[g, t, a, k]
