"""Page's test: a sum of standardised errors that only a lasting change can carry over its limit (Page 1954).

    S+(t) = max(0, S+(t - 1) + z(t) - K)    K = 1/2: the slack, half the change in standard deviations that is sought
    S-(t) = max(0, S-(t - 1) - z(t) - K)    alarm where either exceeds h; both begin anew after it

One bad week must not raise an alarm, so z is cut at +-CUT (winsorised; Lucas and Crosier 1982 ask the same of a robust
CUSUM): each week adds CUT - K at most, and h is above that. h follows from the mean number of weeks between false
alarms (Siegmund 1985): L = (exp(2 K b) - 2 K b - 1) / (2 K^2) with b = h + 1.166, of each side of each chart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Floats = NDArray[np.float64]
SLACK = 0.5
CUT = 3.0
WEEKS_BETWEEN = 1000.0
"""Weeks between two false alarms of a whole shop, where errors are normal, independent and of the given spread."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """`at`: the step of the alarm; `began`: the step after which the sum did not return to 0; `up`: demand above."""

    at: int
    began: int
    up: bool


def limit(charts: int, between: float = WEEKS_BETWEEN) -> float:
    """The h at which `charts` two-sided charts together give a false alarm every `between` steps."""
    if charts < 1:
        raise ValueError(f"charts: expected at least 1, got {charts}")
    wanted = 2.0 * charts * between
    b = brentq(lambda b: (np.exp(2 * SLACK * b) - 2 * SLACK * b - 1.0) / (2 * SLACK**2) - wanted, 1.2, 50.0)
    return float(b) - 1.166


def alarms(z: Floats, h: float) -> list[Alarm]:
    """All alarms of one chart, `z` (T,) standardised errors, above 0 where demand was above the forecast.

    A NaN says nothing and leaves the sums as they are.
    """
    found: list[Alarm] = []
    sums, began = [0.0, 0.0], [0, 0]
    for t, value in enumerate(z):
        if not np.isfinite(value):
            continue
        cut = float(np.clip(value, -CUT, CUT))
        for side, step in enumerate((cut, -cut)):
            if sums[side] == 0.0:
                began[side] = t
            sums[side] = max(0.0, sums[side] + step - SLACK)
        if max(sums) > h:
            side = int(sums[1] > sums[0])
            found.append(Alarm(t, began[side], up=side == 0))
            sums = [0.0, 0.0]
    return found
