"""The renewal function of demand between reviews: how often a cycle visits each position below S.

m(0) = 1 / (1 - f(0)),  m(j) = sum_{l = 1..j} f(l) m(j - l) / (1 - f(0))
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IDLE = 1e-12  # demand between reviews of less probability is none


@njit(cache=True, error_model="numpy")
def extended(visits: FloatArray, known: int, needed: int, f: FloatArray) -> FloatArray:
    """m(0..needed - 1), of which `known` values are there; in a longer array where necessary."""
    if needed > len(visits):
        longer = np.empty(max(needed, 2 * len(visits)))
        longer[:known] = visits[:known]
        visits = longer
    stay = 1.0 - f[0]
    for j in range(known, needed):
        if j == 0:
            visits[0] = 1.0 / stay
            continue
        total = 0.0
        for k in range(1, min(j, len(f) - 1) + 1):
            total += f[k] * visits[j - k]
        visits[j] = total / stay
    return visits
