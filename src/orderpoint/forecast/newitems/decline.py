"""Decline of long-lived items: an exponential fall of demand against a constant level, by likelihood ratio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]

STEPS = 12
LEAST_UNITS = 20.0
"""Units in the window below which nothing is said."""
MOST_RATE = 1.0


@dataclass(frozen=True, eq=False)
class Decline:
    """Of n series, log demand `level + rate x t` per usual block, where t = 0 is the middle of the window's last block.

    `falling` bool (n,): a constant level is refused. `z` (n,): signed root of the likelihood ratio, over the noise.
    `level_var`, `rate_var`, `covariance` (n,): of the two estimates; `ratio` (n,): variance over mean, at least 1.
    """

    level: Floats
    rate: Floats
    falling: NDArray[np.bool_]
    z: Floats
    level_var: Floats
    rate_var: Floats
    covariance: Floats
    ratio: Floats


def detect(units: Floats, exposure: Floats, false_alarms: float, wander: float = 1.0) -> Decline:
    """Fit both by Newton's method to `units` (n, W) sold over `exposure` (n, W), and compare them.

    Demand is quasi-Poisson: the likelihood ratio, 2 (l1 - l0), over Pearson's variance ratio of the fall, is compared
    as a signed root with Student's t of W - 2 degrees (McCullagh and Nelder 1989, ch. 9). A steady series whose periods
    are independent is called falling with probability `false_alarms` at most; one whose level wanders, more often,
    unless `wander` says by how much wider z is then: it divides z, and widens the variances by its square.
    """
    w = units.shape[1]
    t = np.arange(w) - (w - 1.0)
    had = exposure > 0
    total, over = units.sum(axis=1), exposure.sum(axis=1)
    enough = (total >= LEAST_UNITS) & (had.sum(axis=1) >= max(6, w // 2))
    exposure = np.where(had, exposure, 0.0)
    flat = np.log(np.maximum(total, 1e-9) / np.maximum(over, 1e-9))
    level, rate = flat.copy(), np.zeros(len(units))
    for _ in range(STEPS):
        mean = exposure * np.exp(level[:, None] + rate[:, None] * t)
        s0, s1, s2 = mean.sum(axis=1), (mean * t).sum(axis=1), (mean * t * t).sum(axis=1)
        g0, g1 = total - s0, ((units - mean) * t).sum(axis=1)
        det = np.maximum(s0 * s2 - s1 * s1, 1e-12)
        rate_step = np.clip((s0 * g1 - s1 * g0) / det, -0.5, 0.5)
        rate = np.clip(rate + rate_step, -MOST_RATE, MOST_RATE)
        # The level that fits the total exactly, given the rate, keeps the step from overshooting.
        shaped = (exposure * np.exp(rate[:, None] * t)).sum(axis=1)
        level = np.log(np.maximum(total, 1e-9) / np.maximum(shaped, 1e-9))
    mean = exposure * np.exp(level[:, None] + rate[:, None] * t)
    s0, s1, s2 = mean.sum(axis=1), (mean * t).sum(axis=1), (mean * t * t).sum(axis=1)
    det = np.maximum(s0 * s2 - s1 * s1, 1e-12)
    freedom = np.maximum(had.sum(axis=1) - 2, 1)
    ratio = np.maximum((np.where(had, (units - mean) ** 2, 0.0) / np.maximum(mean, 1e-9)).sum(axis=1) / freedom, 1.0)
    gain = (units * (level - flat)[:, None] + units * rate[:, None] * t).sum(axis=1)
    z = np.sign(rate) * np.sqrt(np.maximum(2.0 * gain, 0.0) / ratio)
    z = z / wander
    falling = enough & (z < stdtrit(freedom, false_alarms))
    wide = ratio * wander**2
    return Decline(level, rate, falling, z, wide * s2 / det, wide * s0 / det, -wide * s1 / det, ratio)
