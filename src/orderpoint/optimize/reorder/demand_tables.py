"""Probability tables of demand that no family of `tables` has: given, observed, or orders of random size.

Source of the compound table: H. H. Panjer, "Recursive evaluation of a family of compound distributions", ASTIN Bulletin
12 (1981), 22-26: with customers Poisson of mean a and sizes b, g(0) = exp(-a (1 - b(0))) and
g(k) = (a / k) sum_{j = 1..k} j b(j) g(k - j). All terms are positive, so no digits are lost; where exp(-a) would
underflow, the table of a / 2^m is doubled m times.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.reorder.convolution import convolved, row_of, trimmed
from orderpoint.tables import checks
from orderpoint.tables.distribution import Distribution
from orderpoint.tables.families.masses import Masses

FloatArray = NDArray[np.float64]
MOST_CUSTOMERS = 300.0  # exp(-300) is far from underflow
ENOUGH = 1e-14  # what lies beyond the last entry is added to it


def masses_of(rows: list[ArrayLike]) -> Masses:
    """Probability tables P(D = 0), P(D = 1), .. of any lengths.

    Raises ValueError where a table is empty, has a negative entry or does not sum to 1.
    """
    arrays = [np.asarray(row, np.float64) for row in rows]
    for k, array in enumerate(arrays):
        if array.ndim != 1 or not array.size or (array < 0.0).any() or abs(array.sum() - 1.0) > 1e-9:
            raise ValueError(f"reorder.masses_of: expected probabilities that sum to 1 in row {k}; divide by their sum")
    return stacked(arrays)


def observed(samples: list[ArrayLike]) -> Masses:
    """Empirical demand: the shares of what was observed, one array of whole units (not negative) for each series.

    Raises ValueError where a series was never observed or has an entry that is no whole unit.
    """
    tables = []
    for k, sample in enumerate(samples):
        units = np.asarray(sample, np.float64)
        if units.ndim != 1 or not units.size or not np.isfinite(units).all() or (units < 0).any() or (units % 1).any():
            raise ValueError(f"reorder.observed: expected whole units, at least one, in row {k}; round them first")
        tables.append(np.bincount(units.astype(np.int64)) / len(units))
    return stacked(tables)


def compound_poisson(customers: ArrayLike, sizes: Masses | None = None) -> Masses:
    """Demand of customers that come as a Poisson process and take whole units, independently.

    `customers` expected number, one or (n,); `sizes` P(size = 0), P(size = 1), .. of each series, or one row for all;
    None for one unit each. Geometric sizes (`geometric`) give the stuttering Poisson.
    """
    if sizes is None:
        sizes = stacked([np.array([0.0, 1.0])])
    means = np.atleast_1d(np.asarray(customers, np.float64))
    checks.finite("reorder.compound_poisson.customers", means, least=0.0)
    rows = len(sizes.offsets) - 1
    n = np.broadcast_shapes(means.shape, (rows,))[0]
    means = np.broadcast_to(means, (n,))
    return stacked([_compound(float(means[i]), row_of(sizes, i if rows > 1 else 0)) for i in range(n)])


def geometric(mean: ArrayLike) -> Masses:
    """Sizes 1, 2, .. of geometric law and given mean (at least 1), one number or (n,)."""
    means = np.atleast_1d(np.asarray(mean, np.float64))
    checks.finite("reorder.geometric.mean", means, least=1.0)
    return stacked([_geometric(float(m)) for m in means])


def masses(demand: Distribution | Masses) -> Masses:
    """The tables of either; continuous families are rounded to whole units."""
    return demand.masses() if isinstance(demand, Distribution) else demand


def stacked(rows: list[FloatArray]) -> Masses:
    """Rows of any lengths as one `Masses`."""
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    return Masses(offsets, np.concatenate(rows) if rows else np.empty(0))


def _geometric(mean: float) -> FloatArray:
    stop = 1.0 / mean
    if stop >= 1.0:
        return np.array([0.0, 1.0])
    length = math.ceil(math.log(ENOUGH) / math.log1p(-stop)) + 1
    table = np.zeros(length + 1)
    table[1:] = stop * (1.0 - stop) ** np.arange(length)
    table[-1] += 1.0 - table.sum()
    return table


@njit(cache=True, error_model="numpy")
def _compound(customers: float, sizes: FloatArray) -> FloatArray:
    """The table of one series, to where less than 1e-14 is left, which is added to the last entry."""
    doublings = 0
    while customers > MOST_CUSTOMERS:
        customers *= 0.5
        doublings += 1
    table = _panjer(customers, sizes)
    for _ in range(doublings):
        table = trimmed(convolved(table, table))
    return table


@njit(cache=True, error_model="numpy")
def _panjer(customers: float, sizes: FloatArray) -> FloatArray:
    table = np.empty(64)
    table[0] = math.exp(-customers * (1.0 - sizes[0]))
    total, k = table[0], 0
    mean = 0.0
    for j in range(len(sizes)):
        mean += customers * j * sizes[j]
    while total < 1.0 - ENOUGH:
        k += 1
        if k == len(table):
            longer = np.empty(2 * k)
            longer[:k] = table
            table = longer
        part = 0.0
        for j in range(1, min(k, len(sizes) - 1) + 1):
            part += j * sizes[j] * table[k - j]
        table[k] = customers / k * part
        total += table[k]
        if k > mean and table[k] > 0.0 and table[k] < 1e-18:  # rounding keeps the sum from 1: nothing more comes
            break
    table[k] += max(0.0, 1.0 - total)
    return table[: k + 1].copy()
