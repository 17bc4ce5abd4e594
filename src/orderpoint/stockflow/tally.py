"""What is counted at a place on a path, and how: the columns that every form of the simulator fills."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

COLUMNS = 23
(
    DEMAND,  # units wanted
    DEMAND_SQUARES,  # sum of their squares by period
    SHORT,  # units that found no stock
    SHORT_PERIODS,  # periods in which any did
    SHIPPED,  # units that left to customers
    REVENUE,  # money for them
    HELD_DAYS,  # unit-days on hand, by period ends
    WAITED_DAYS,  # unit-days that customers waited
    PEAK,  # most units at a period's end
    ORDERS,  # orders placed with suppliers
    ORDERED,  # units ordered, from other places too
    ORDERED_SQUARES,  # sum of the squares of the units ordered in a period
    BOUGHT,  # units received from outside
    TAKEN,  # units received from other places
    SENT,  # units sent to other places
    RETURNED,  # units that customers brought back
    WASTE,  # units that became too old here
    SPOILED_ON_WAY,  # units that became too old on their way here
    CYCLES,  # times that goods arrived
    COVERED,  # of these, how often nothing had been short since the arrival before
    LEFT,  # units on hand at the end
    OPENED,  # units on hand when counting began
    SHORT_SINCE,  # whether anything was short since the last arrival (a note of the loop)
) = range(COLUMNS)


@njit(cache=True)
def ordered(row: FloatArray, units: float, outside: bool) -> None:  # noqa: FBT001 - a kernel's plain arguments
    """An order was placed, with a supplier or (not `outside`) with another place."""
    row[ORDERS] += 1.0 if outside else 0.0
    row[ORDERED] += units
    row[ORDERED_SQUARES] += units * units


@njit(cache=True)
def arrived(row: FloatArray, bought: float, taken: float) -> None:
    """Goods came in; a replenishment cycle ends."""
    row[BOUGHT] += bought
    if bought + taken > 0.0:
        row[CYCLES] += 1.0
        row[COVERED] += 1.0 - row[SHORT_SINCE]
        row[SHORT_SINCE] = 0.0


@njit(cache=True)
def served(row: FloatArray, period: tuple[float, float, float, float], price: float, days: float) -> None:
    """A period ended: `period` is (wanted, short, shipped, left) in units."""
    wanted, short, shipped, left = period
    row[DEMAND] += wanted
    row[DEMAND_SQUARES] += wanted * wanted
    row[SHORT] += short
    row[SHIPPED] += shipped
    row[REVENUE] += price * shipped
    row[HELD_DAYS] += days * max(left, 0.0)
    row[WAITED_DAYS] += days * max(-left, 0.0)
    row[PEAK] = max(row[PEAK], left)
    row[LEFT] = max(left, 0.0)
    if short > 0.0:
        row[SHORT_PERIODS] += 1.0
        row[SHORT_SINCE] = 1.0
