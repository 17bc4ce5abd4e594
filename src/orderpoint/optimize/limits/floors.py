"""Minimum stocks within shared limits: kept by all lines where they can be, before money goes to what saves most."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Raised(NamedTuple):
    """Curves in which reaching a floor is worth `reward` more: `units`, `saving` (n, P)."""

    units: FloatArray
    saving: FloatArray
    reward: float

    def gap_without(self, gap: float, saving: FloatArray, kept: int) -> float:
        """The relative gap of lines that save `saving` (n,) in all, from that found with `kept` rewards among it."""
        rewards, saved = kept * self.reward, float(saving.sum())
        bound = (saved + rewards) / max(1.0 - gap, 1e-300) - rewards
        return float(max(bound - saved, 0.0) / bound) if bound > 0.0 else 0.0


def raised(units: FloatArray, saving: FloatArray, floor: FloatArray) -> Raised:
    """Curves that reach `floor` (n,) units first; 0 where a line has none.

    The reward of each is more than all lines together can lose by it. The choice just above a floor becomes the floor
    itself, so that a limit that has room for the floors is not missed by the columns shown.
    """
    shown = np.where(np.isfinite(saving), saving, np.nan)
    spread = np.nanmax(shown, axis=1, initial=0.0) - np.nanmin(shown, axis=1, initial=0.0)
    reward = 1.0 + float(spread.sum())
    units, saving = units.copy(), saving.copy()
    asked = np.flatnonzero((floor > 0.0) & (units.max(axis=1) >= floor))
    above = (units[asked] >= floor[asked, None]).argmax(axis=1)
    high, low = units[asked, above], units[asked, above - 1]
    share = np.where(high > low, (floor[asked] - low) / np.where(high > low, high - low, 1.0), 1.0)
    between = (1.0 - share) * saving[asked, above - 1] + share * saving[asked, above]
    saving[asked, above] = np.where(share < 1.0, between, saving[asked, above])
    units[asked, above] = floor[asked]
    reached = (units >= floor[:, None]) & (floor[:, None] > 0.0)
    return Raised(units, np.where(reached, saving + reward, saving), reward)
