"""Checks of what policies are given: whole levels, and lead times for which the policy has an exact answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.reorder.exposure import Exposure


def whole_rows(value: ArrayLike, n: int, name: str) -> NDArray[np.int64]:
    """One whole number or (n,) as int64 (n,). Raises ValueError for anything that is not whole."""
    given = np.asarray(value, np.float64)
    if not (np.isfinite(given).all() and (given % 1.0 == 0.0).all()):
        raise ValueError(f"reorder.{name}: expected whole units; round them")
    return np.array(np.broadcast_to(given.astype(np.int64), (n,)))


def refuse_crossing(exposure: Exposure, policy: str) -> None:
    """Raises ValueError where orders may overtake one another."""
    if exposure.crossing:
        raise ValueError(
            f"reorder: {policy} with independent lead times has no exact answer, for a base stock alone one is known; "
            "take LeadTime(crossing=False), or simulate"
        )
