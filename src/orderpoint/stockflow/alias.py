"""Random demand by one look-up: Walker's alias tables, packed so that a 32-bit number gives a draw.

A table has 2^b cells. The top b bits of a random number choose a cell; the other 32 - b bits, as a fraction, are
compared with the cell's threshold: below it the draw is the cell itself, else the cell's alias. Threshold (32 - b
bits) and alias (b bits) share one 32-bit word. Every probability is met to within 2^-32. Source: A. Walker, "An
efficient method for generating discrete random variables with general distributions", ACM TOMS 3 (1977), 253-256;
built as in M. Vose, IEEE TSE 17 (1991), 972-975.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.tables import checks
from orderpoint.tables.distribution import Distribution

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_BITS = 12
"""Tables of at most 4,096 cells: where demand takes more values, neighbours share a cell."""


@dataclass(frozen=True, eq=False)
class DemandTables:
    """Demand of n series by level and phase: the draw of cell c is `base + stride * c` units.

    `words` uint32 (n, g, cycle, 2^b); `base`, `stride` int32 (n, g, cycle). Period t has phase t mod cycle; the paths
    are split evenly over the g equally likely levels.
    """

    words: NDArray[np.uint32]
    base: NDArray[np.int32]
    stride: NDArray[np.int32]

    def __post_init__(self) -> None:
        cells = self.words.shape[-1]
        if cells & (cells - 1) or not 2 <= cells <= 1 << MOST_BITS:
            raise ValueError(f"demand tables: expected a power of two up to {1 << MOST_BITS} cells, got {cells}")
        checks.shape("demand tables.base", self.base, self.words.shape[:3])
        checks.shape("demand tables.stride", self.stride, self.words.shape[:3])

    @property
    def bits(self) -> int:
        """The b of 2^b cells."""
        return int(self.words.shape[-1]).bit_length() - 1

    @classmethod
    def of(cls, demand: Distribution) -> DemandTables:
        """The same distribution in every period, for each row; continuous ones are rounded to whole units."""
        masses = demand.masses()
        offsets = np.asarray(masses.offsets)
        return cls.of_masses([masses.values[offsets[i] : offsets[i + 1]] for i in range(len(offsets) - 1)])

    @classmethod
    def of_masses(cls, rows: list[FloatArray], levels: int = 1, cycle: int = 1) -> DemandTables:
        """From P(D = 0), P(D = 1), ... of each series, level and phase, in that order; each row sums to 1."""
        spans = [_span(row) for row in rows]
        widest = max((last - first for first, last in spans), default=1)
        bits = min(max(math.ceil(math.log2(max(widest, 2))), 1), MOST_BITS)
        base, stride = np.zeros(len(rows), np.int32), np.ones(len(rows), np.int32)
        masses = np.zeros((len(rows), 1 << bits))
        for i, (row, (first, last)) in enumerate(zip(rows, spans, strict=True)):
            step = math.ceil((last - first) / (1 << bits))
            cell, part = np.divmod(np.arange(last - first), step)
            np.add.at(masses[i], cell, row[first:last] * (1.0 - part / step))
            inner = part > 0  # between two cells a probability is split so that the mean holds
            np.add.at(masses[i], np.minimum(cell[inner] + 1, (1 << bits) - 1), (row[first:last] * part / step)[inner])
            base[i], stride[i] = first, step
        shape = (len(rows) // (levels * cycle), levels, cycle)
        words = packed(masses / masses.sum(axis=1, keepdims=True))
        return cls(words.reshape(*shape, -1), base.reshape(shape), stride.reshape(shape))


def _span(row: FloatArray) -> tuple[int, int]:
    """First and one past the last value with a probability that a 32-bit number can meet."""
    seen = np.flatnonzero(row > 2.0**-33)
    return (int(seen[0]), int(seen[-1]) + 1) if len(seen) else (0, 1)


def packed(masses: FloatArray) -> NDArray[np.uint32]:
    """Alias tables of rows of probabilities (k, 2^b), each of which sums to 1: uint32 (k, 2^b)."""
    words = np.empty(masses.shape, np.uint32)
    _pack(np.ascontiguousarray(masses, np.float64), int(masses.shape[1]).bit_length() - 1, words)
    return words


@njit(cache=True, parallel=True)
def _pack(masses: FloatArray, bits: int, words: NDArray[np.uint32]) -> None:
    cells = masses.shape[1]
    most = 2.0 ** (32 - bits)
    for i in prange(len(masses)):
        share = masses[i] * cells
        order = np.empty(cells, np.int64)  # cells below their share from the left, the others from the right
        low, high = 0, cells
        for c in range(cells):
            if share[c] < 1.0:
                order[low] = c
                low += 1
            else:
                high -= 1
                order[high] = c
        threshold, alias = np.ones(cells), np.arange(cells)
        while low > 0 and high < cells:
            small, large = order[low - 1], order[high]
            threshold[small], alias[small] = share[small], large
            share[large] -= 1.0 - share[small]
            low -= 1
            if share[large] < 1.0:
                order[low] = large
                low += 1
                high += 1
        for c in range(cells):
            part = np.uint64(min(np.round(threshold[c] * most), most - 1.0))
            words[i, c] = np.uint32((part << np.uint64(bits)) | np.uint64(alias[c]))
