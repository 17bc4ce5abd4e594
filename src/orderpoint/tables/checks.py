"""Checks at the door of every table: expected, got, remedy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def shape(name: str, array: NDArray[np.generic], expected: tuple[int, ...]) -> None:
    """Raises ValueError unless `array` has the `expected` shape."""
    if array.shape != expected:
        raise ValueError(f"{name}: expected shape {expected}, got {array.shape}; align it with the series index")


def finite(name: str, array: NDArray[np.floating] | NDArray[np.integer], *, least: float | None = None) -> None:
    """Raises ValueError unless every number is finite and at least `least` (where given).

    Naming the first that is not.
    """
    bad = ~np.isfinite(array)
    if least is not None:
        bad |= array < least
    if bad.any():
        where = tuple(int(k) for k in np.argwhere(bad)[0])
        wanted = "a finite number" if least is None else f"a finite number of at least {least}"
        raise ValueError(
            f"{name}: expected {wanted}, got {array[where]} at {where}; clean it before building the table"
        )
