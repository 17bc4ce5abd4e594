"""What is believed of a series before it has sold anything: the level of its like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.panel import FloatArray, Totals

Floats = NDArray[np.float64]
MOST_CV2 = 2.0
TYPICAL_RATIO = 1.5
MOST_TIMES = 1000.0
"""A series counts for at most so many times the median level, lest one slip of the keyboard be believed of all."""


@dataclass(frozen=True, eq=False)
class Prior:
    """Of n series: `level` float32, its `weight` float32 in periods of own history, and `cv2` of its like."""

    level: FloatArray
    weight: FloatArray
    cv2: Floats

    def unknown_share(self, periods: NDArray[np.int64]) -> Floats:
        """How much of what is said of a series with `periods` seen is the prior's: 1 without history, then falling."""
        return np.asarray(self.weight / (self.weight + periods), np.float64)


def learn(sums: Totals, group: NDArray[np.int32], groups: int) -> Prior:
    """Levels of groups, with the mean of all as one more member of each (a group of one says half).

    The weight is the number of periods whose noise is as large as the differences among the group's members: for a
    gamma distributed level under Poisson-like demand, ratio / (cv2 x level) (Buehlmann 1967).
    """
    have, level = sums.periods > 0, sums.rate
    if (level > 0).any():
        level = np.minimum(level, MOST_TIMES * np.median(level[level > 0]))
    of = group[have]
    overall = float(level[have].mean()) if have.any() else 0.0
    size = np.bincount(of, minlength=groups)
    mean = (np.bincount(of, level[have], groups) + overall) / (size + 1)
    square = np.bincount(of, (level[have] - mean[of]) ** 2, groups)
    cv2 = (square + overall**2) / (size + 1) / np.maximum(mean, 1e-9) ** 2
    cv2 = np.where(mean > 0, np.clip(cv2, 0.25, MOST_CV2), 1.0)
    weight = np.clip(TYPICAL_RATIO / np.maximum(cv2 * mean, 1e-9), 0.02, 4.0)
    return Prior(mean[group].astype(np.float32), weight[group].astype(np.float32), cv2[group])
