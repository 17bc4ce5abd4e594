"""Exponential smoothing: simple (as a discounted ratio that starts itself), Holt damped, Holt-Winters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.form import Form, Rolled, level_ahead
from orderpoint.forecast.panel import Cells, FloatArray, Panel


@dataclass(frozen=True, slots=True)
class DiscountedRatio(Form):
    """Level = discounted demand / discounted season, for several discounts at once.

    After each seen period S <- (1 - alpha) S + y and W <- (1 - alpha) W + f, level = S / W. With f = 1 and W started at 1 / alpha
    this is simple smoothing, l <- l + alpha (y - l), exactly (Brown 1959, eq. 7.3); started at the prior's weight instead, the first periods
    count as in a plain mean, and a period of low season moves the level little, as it should: its noise divided by its
    factor is large. Periods not seen leave S and W as they are.
    """

    alphas: tuple[float, ...] = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)

    def __post_init__(self) -> None:
        if not self.alphas or any(not 0.0 <= a <= 1.0 for a in self.alphas):
            raise ValueError(f"alphas: expected numbers from 0 to 1, got {self.alphas}")

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time for all discounts."""
        keep = (1.0 - np.asarray(self.alphas)).astype(np.float64)
        one, total, level = _roll_ratio(panel.cells, keep, panel.origins, panel.span, panel.prior, panel.prior_weight)
        labels = tuple(f"simple smoothing {a:g}" for a in self.alphas)
        return Rolled(labels, one, total, level_ahead(level, panel.cells.group))


@njit(cache=True, parallel=True)
def _roll_ratio(
    cells: Cells,
    keep: NDArray[np.float64],
    origins: NDArray[np.int64],
    span: int,
    prior: FloatArray,
    prior_weight: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    sets, count = len(keep), len(origins)
    one = np.zeros((sets, n, count), np.float32)
    total = np.zeros((sets, n, count), np.float32)
    level = np.zeros((sets, n), np.float32)
    for i in prange(n):
        f = cells.factor[cells.group[i]]
        units = np.full(sets, prior[i] * prior_weight[i], np.float64)
        weight = np.full(sets, prior_weight[i], np.float64)
        o = 0
        for t in range(periods):
            if o < count and origins[o] == t:
                some = 0.0
                for h in range(t, t + span):
                    if cells.seen[i, h]:
                        some += f[h]
                for c in range(sets):
                    now = units[c] / weight[c] if weight[c] > 0.0 else 0.0
                    one[c, i, o] = now * f[t]
                    total[c, i, o] = now * some
                o += 1
            if cells.seen[i, t]:
                y, w = cells.demand[i, t], f[t]
                for c in range(sets):
                    units[c] = keep[c] * units[c] + y
                    weight[c] = keep[c] * weight[c] + w
        for c in range(sets):
            level[c, i] = units[c] / weight[c] if weight[c] > 0.0 else 0.0
    return one, total, level
