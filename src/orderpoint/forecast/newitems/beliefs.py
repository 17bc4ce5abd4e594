"""From what is believed of a series and what it sold to a gamma distribution of its level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Belief:
    """Gamma levels (n,): `mean` in units per usual period, squared coefficient of variation `cv2`."""

    mean: Floats
    cv2: Floats

    def seeing(self, units: Floats, exposure: Floats, own_way_cv2: float) -> Belief:
        """The belief after `units` sold over `exposure` (both (n,), in counts of Poisson noise): gamma-Poisson.

        What was seen differs from what it stands for by a factor of variance `own_way_cv2` (an item's own way around
        the launch curve), so it never counts for more than 1 / own_way_cv2 units.
        """
        shape = 1.0 / self.cv2
        rate = shape / np.maximum(self.mean, 1e-12)
        expected = exposure * (shape + units) / (rate + exposure)
        trust = 1.0 / (1.0 + own_way_cv2 * expected)
        after = shape + units * trust
        return Belief(after / (rate + exposure * trust), 1.0 / after)

    def hearing(self, other: Belief, heard: NDArray[np.bool_]) -> Belief:
        """Where `heard` (n,), both beliefs as if each had been seen in sales: shapes add, and periods do."""
        one, two = 1.0 / self.cv2, np.where(heard, 1.0 / np.maximum(other.cv2, 1e-9), 0.0)
        periods = one / np.maximum(self.mean, 1e-12) + two / np.maximum(other.mean, 1e-12)
        both = one + two
        return Belief(both / periods, 1.0 / both)

    def choose(self, other: Belief, where: NDArray[np.bool_]) -> Belief:
        """The `other` belief where `where`."""
        return Belief(np.where(where, other.mean, self.mean), np.where(where, other.cv2, self.cv2))


def with_cut_periods(units: Floats, exposure: Floats, bound: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Units and exposure (n,) from cells (n, K), with the periods cut short by stock that sold more than `level` says.

    What stock cut short is a lower bound: at or below the expected it says nothing, above it at least that much.
    """
    above = (bound > 0) & (units > level[:, None] * bound)
    counted = (exposure > 0) | above
    return np.where(counted, units, 0.0).sum(axis=1), (exposure + np.where(above, bound, 0.0)).sum(axis=1)
