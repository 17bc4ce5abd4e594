"""Random numbers by counter: each is a hash of where it is used, so no order of work can change it.

The hash is the finaliser of SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators",
OOPSLA 2014).
"""

from __future__ import annotations

import numpy as np
from numba import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
SHIFT_30 = np.uint64(30)
SHIFT_27 = np.uint64(27)
SHIFT_31 = np.uint64(31)
SHIFT_11 = np.uint64(11)
TO_UNIT = 2.0**-53


@njit(cache=True)
def hashed(x: np.uint64) -> np.uint64:
    """64 well-mixed bits of x."""
    x = (x ^ (x >> SHIFT_30)) * FIRST
    x = (x ^ (x >> SHIFT_27)) * SECOND
    return x ^ (x >> SHIFT_31)


@njit(cache=True)
def key(seed: np.uint64, row: int, stream: int) -> np.uint64:
    """The key of one row's numbers; different streams of a row are independent."""
    return hashed(hashed(hashed(np.uint64(seed) + GOLDEN) ^ (np.uint64(row) * FIRST)) ^ (np.uint64(stream) * SECOND))


@njit(cache=True)
def uniform(row_key: np.uint64, counter: int) -> float:
    """Number `counter` of a key, uniform in (0, 1), never 0 or 1."""
    bits = hashed(row_key + np.uint64(counter) * GOLDEN) >> SHIFT_11
    return (np.float64(bits) + 0.5) * TO_UNIT
