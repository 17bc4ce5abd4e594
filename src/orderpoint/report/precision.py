"""How exactly an estimate is shown: as many decimals as its confidence interval bears."""

from __future__ import annotations

import math
from collections.abc import Iterable

MOST_DECIMALS = 4
PLAIN_DECIMALS = 2
"""Decimals of an estimate that has no interval."""


def decimals_for(half_widths: Iterable[float]) -> int | None:
    """Decimals that show the widest of some intervals with two figures, between 0 and 4.

    So all numbers of a row have the same. None where no interval has a width.
    """
    widest = max((width for width in half_widths if math.isfinite(width)), default=0.0)
    if widest <= 0.0:
        return None
    return min(max(1 - math.floor(math.log10(widest)), 0), MOST_DECIMALS)


def rounded(value: float, decimals: int | None) -> str:
    """A number with its thousands parted; without decimals given it is whole where it is, else has two."""
    if decimals is None:
        decimals = 0 if abs(value - round(value)) < 1e-9 else PLAIN_DECIMALS
    shown = f"{value:,.{decimals}f}"
    return shown.removeprefix("-") if float(shown.replace(",", "")) == 0 else shown
