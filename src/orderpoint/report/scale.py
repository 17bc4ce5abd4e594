"""Axes of the pictures: round tick values, and the mapping from values to pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight mapping of values in `low`..`high` to pixels in `begin`..`end`."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        span = self.high - self.low or 1.0
        return self.begin + (value - self.low) / span * (self.end - self.begin)


def nice_ticks(high: float, most: int = 4) -> list[float]:
    """Round values from 0 to at least `high`, about `most` steps apart."""
    if not high > 0 or not math.isfinite(high):
        return [0.0, 1.0]
    raw = high / most
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(s * magnitude for s in NICE_STEPS if s * magnitude >= raw * (1 - 1e-9))
    count = math.ceil(high / step - 1e-9)
    return [k * step for k in range(count + 1)]


def short_number(value: float) -> str:
    """A number that fits an axis: 950, 1.2k, 3.4M."""
    for limit, suffix in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            unit = 1e3 if suffix == "k" else limit
            return f"{value / unit:.3g}{suffix}"
    return f"{value:.4g}"
