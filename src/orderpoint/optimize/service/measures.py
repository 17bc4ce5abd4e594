"""Three measures of service, each as something short that falls with the quantity ordered.

Fill rate: units that find no stock. Cycle service: the chance that a window has any shortage. Response time: days that
customers wait for a unit, each unit that finds no stock waiting until stock comes in (for demand that does not wait it
is the wait of one who would). All are sums over series, so that the service of the whole shop is 1 - (sum of what is
short) / (sum of what is asked for).
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.kinks import Kinks
from orderpoint.optimize.protection import Setting, arrivals

FloatArray = NDArray[np.float64]

FILL_RATE, CYCLE_SERVICE, RESPONSE_TIME = range(3)


class Measure(StrEnum):
    """What is meant by service."""

    FILL_RATE = "fill_rate"
    CYCLE_SERVICE = "cycle_service"
    RESPONSE_TIME = "response_time"

    @property
    def code(self) -> int:
        """The number that compiled loops know it by."""
        return list(Measure).index(self)


@njit(cache=True)
def shortfall(kinks: Kinks, measure: int, waiting: FloatArray, quantity: float) -> float:
    """What is short when `quantity` is ordered; `kinks` with backlog and a stockout cost of 1 for RESPONSE_TIME.

    `waiting` (K,): demand of the period of each kink where demand waits, so that a unit that waits for long is short
    once; empty where sales are lost. Units, a probability, or unit-days of waiting; falling in the quantity, and convex
    but for CYCLE_SERVICE and for units that wait.
    """
    total = 0.0
    if measure == RESPONSE_TIME:
        for k in range(len(kinks.at)):
            total += kinks.down[k] * max(kinks.at[k] - quantity, 0.0)
        return float(total)
    if measure == FILL_RATE and len(waiting) > 0:
        for k in range(len(kinks.at)):
            total += min(max(kinks.at[k] - quantity, 0.0), waiting[k])
        return float(total / len(kinks.end))
    for j in range(len(kinks.end)):
        missing = kinks.end[j] - quantity
        if missing > 1e-9:
            total += missing if measure == FILL_RATE else 1.0
    return float(total / len(kinks.end))


@njit(cache=True)
def waiting_of(paths: NDArray[np.float32], setting: Setting, i: int, o: int) -> FloatArray:
    """The demand of each kink's period, in the order of the kinks; empty where sales of series `i` are lost."""
    if not setting.lines.backlog[i]:
        return np.empty(0)
    demand = np.empty(paths.size)
    k = 0
    for j in range(len(paths)):
        first, then = arrivals(setting, o, j)
        for t in range(first, then):
            demand[k] = paths[j, t]
            k += 1
    return demand[:k]


@njit(cache=True)
def asked_for(kinks: Kinks, measure: int) -> float:
    """What the shortfall is a share of: the window's demand, or 1 for a series that is asked for at all.

    `kinks` of the inventory position: for RESPONSE_TIME it is the waiting when nothing is on hand nor ordered.
    """
    if measure == RESPONSE_TIME:
        return shortfall(kinks, measure, np.empty(0), 0.0)
    if measure == FILL_RATE:
        return kinks.demand
    return 1.0 if kinks.demand > 0.0 else 0.0
