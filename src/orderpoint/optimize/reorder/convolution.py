"""Sums of independent demands: convolutions of probability tables, term by term, so that no digit is lost."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.tables.families.masses import Masses

FloatArray = NDArray[np.float64]
TAIL = 1e-15  # a tail of less is added to the last entry that is kept


@njit(cache=True, error_model="numpy")
def row_of(masses: Masses, i: int) -> FloatArray:
    """The table of row i."""
    return masses.values[masses.offsets[i] : masses.offsets[i + 1]]


@njit(cache=True, error_model="numpy")
def convolved(a: FloatArray, b: FloatArray) -> FloatArray:
    """The table of the sum of two independent demands."""
    if len(a) < len(b):
        a, b = b, a
    out = np.zeros(len(a) + len(b) - 1)
    for j in range(len(b)):
        if b[j] > 0.0:
            out[j : j + len(a)] += b[j] * a
    return out


@njit(cache=True, error_model="numpy")
def trimmed(table: FloatArray) -> FloatArray:
    """The table without an end of less than 1e-15, which is added to the last entry kept."""
    tail, last = 0.0, len(table) - 1
    while last > 0 and tail + table[last] < TAIL:
        tail += table[last]
        last -= 1
    out = table[: last + 1].copy()
    out[last] += tail
    return out


@njit(cache=True, error_model="numpy")
def thinned(table: FloatArray, share: float) -> FloatArray:
    """The table of a demand that counts with probability `share`, as a whole or not at all."""
    out = share * table
    out[0] += 1.0 - share
    return out


@njit(cache=True, error_model="numpy")
def accumulate(total: FloatArray, weight: float, table: FloatArray) -> FloatArray:
    """`total` + weight * `table`, in a longer array where necessary."""
    if len(table) > len(total):
        longer = np.zeros(max(len(table), 2 * len(total)))
        longer[: len(total)] = total
        total = longer
    total[: len(table)] += weight * table
    return total
