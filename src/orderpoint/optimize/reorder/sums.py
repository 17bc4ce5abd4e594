"""Sums of periods by convolution, for demand of any law."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.reorder.convolution import accumulate, convolved, row_of, trimmed
from orderpoint.optimize.reorder.demand_tables import stacked
from orderpoint.optimize.reorder.tables import ExposureTables, packed
from orderpoint.tables.families.masses import Masses

FloatArray = NDArray[np.float64]


def spans(period: Masses, chances: FloatArray, review_periods: int) -> ExposureTables:
    """The laws where the lead time is k periods with probability chances[:, k] (n, m)."""
    rows = [_spans(row_of(period, i), chances[i], review_periods) for i in range(len(chances))]
    review, lead, before, after = (stacked([row[k] for row in rows]) for k in range(4))
    return packed((review, lead, before, after, after))


def added(a: Masses, b: Masses) -> Masses:
    """Row by row the sum of two independent demands. Raises ValueError for unequal numbers of rows."""
    if len(a.offsets) != len(b.offsets):
        raise ValueError(f"reorder: expected as many lead times as reviews, got {len(a.offsets)} and {len(b.offsets)}")
    return stacked([trimmed(convolved(row_of(a, i), row_of(b, i))) for i in range(len(a.offsets) - 1)])


def mixed(parts: list[Masses], weights: FloatArray) -> Masses:
    """Row by row the mixture of some tables; `weights` (n, parts)."""
    if len(parts) == 1:
        return parts[0]
    rows = []
    for i in range(len(weights)):
        tables = [row_of(part, i) for part in parts]
        out = np.zeros(max(len(t) for t in tables))
        for table, weight in zip(tables, weights[i], strict=True):
            out[: len(table)] += weight * table
        rows.append(trimmed(out))
    return stacked(rows)


@njit(cache=True, error_model="numpy")
def _spans(
    d: FloatArray, chances: FloatArray, review_periods: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """(review, lead, before, after) of one series, from the sums of 0, 1, .. periods in turn."""
    review, lead, before, after = np.ones(1), np.zeros(1), np.zeros(1), np.zeros(1)
    total = np.ones(1)
    for periods in range(max(len(chances) + review_periods, review_periods + 1)):
        if periods == review_periods:
            review = total
        if periods < len(chances):
            lead = accumulate(lead, chances[periods], total)
        before = accumulate(before, _share(chances, periods, review_periods), total)
        after = accumulate(after, _share(chances, periods - 1, review_periods), total)
        total = trimmed(convolved(total, d))
    return review, trimmed(lead), trimmed(before), trimmed(after)


@njit(cache=True, error_model="numpy")
def _share(chances: FloatArray, periods: int, review_periods: int) -> float:
    """Probability that a begin of a period lies `periods` after the order it depends on."""
    share = 0.0
    for k in range(max(0, periods - len(chances) + 1), min(review_periods, periods + 1)):
        share += chances[periods - k]
    return share / review_periods
