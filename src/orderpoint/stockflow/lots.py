"""Lots by the period in which they expire: receipts, the first or the last out, and what spoils.

The lots of a place are a row of slots; slot e % A holds what cannot be sold any more from period e on, and slot A what
keeps. A exceeds every shelf life, so no two dates meet in one slot.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@njit(cache=True)
def slot_of(t: int, shelf_life: int, slots: int) -> int:
    """Where goods that arrive new in period t belong; `slots` is A."""
    return (t + shelf_life) % slots if shelf_life > 0 else slots


@njit(cache=True)
def take(lots: FloatArray, units: float, t: int, newest_first: bool, taken: FloatArray) -> None:  # noqa: FBT001 - a compiled kernel takes plain arguments
    """Move `units` out of `lots` (A + 1,) into `taken`, the oldest or the newest first; what keeps is the newest."""
    slots = len(lots) - 1
    if newest_first:
        units = _from(lots, slots, units, taken)
    for k in range(slots):
        if units <= 0.0:
            return
        age = slots - 1 - k if newest_first else k
        units = _from(lots, (t + 1 + age) % slots, units, taken)
    if not newest_first:
        _from(lots, slots, units, taken)


@njit(cache=True)
def _from(lots: FloatArray, slot: int, units: float, taken: FloatArray) -> float:
    """Take from one slot; what is still wanted."""
    part = float(min(lots[slot], units))
    if part <= 0.0:
        return units
    lots[slot] -= part
    taken[slot] += part
    return float(units - part)
