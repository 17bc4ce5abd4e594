"""Ratios of demand to what was expected, drawn to 1 as far as their repeats disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_FACTOR = 0.05
"""No ratio is believed to be less."""
GROUP_PRIOR_CELLS = 13.0
"""How many cells say as much about the reliability as the guess."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Demand and level of G groups in B parts of a season, in each of its R repeats; float64 (G, B, R)."""

    units: Floats
    level: Floats


@dataclass(frozen=True, slots=True)
class Trust:
    """How deviations are drawn to 1: `units` at which a cell, `reliability` with which a single repeat is believed.

    The reliability is a guess that repeats correct, though not below `floor`.
    """

    units: float
    reliability: float
    floor: float = 0.02


def shrunken(sums: Sums, trust: Trust, *, centred: bool = True) -> Floats:
    """Ratios (G, B) of demand to the level, around 1, drawn towards 1 as far as their repeats disagree.

    In repeat r the deviation d = units / level - 1 has weight w = level / (level + trust.units). The reliability of a
    single repeat, rho = signal / (signal + noise), is the weighted mean product of two repeats' deviations over the
    mean square (all groups together, then each drawn towards that); the deviation of a part is sum(w d) / (sum(w) +
    c) with c = (1 - rho) / rho: the credibility of Buehlmann (1967) with repeats for observations. Where `centred` a
    group's own ratio over all parts is taken out first.
    """
    whole = sums.units.sum(axis=(1, 2)) / np.maximum(sums.level.sum(axis=(1, 2)), 1e-12)
    level = sums.level
    if centred:  # a group's own level is not season
        level = level * np.where(whole > 0, whole, 1.0)[:, None, None]
    weight = level / (level + trust.units)
    d = np.where(level > 1e-9, np.clip(sums.units / np.maximum(level, 1e-9) - 1.0, -1.0, 4.0), 0.0)
    sum_w, sum_d, sum_d2 = weight.sum(axis=2), (weight * d).sum(axis=2), (weight * d * d).sum(axis=2)
    cross = (sum_d**2 - ((weight * d) ** 2).sum(axis=2)).sum(axis=1)
    square = (sum_d2 * sum_w - (weight**2 * d * d).sum(axis=2)).sum(axis=1)
    cells = (sum_w > 1.2).sum(axis=1).mean()
    together = np.clip(cross.sum() / square.sum(), 0.0, 0.95) if square.sum() > 0 else 0.0
    together = (together * cells + trust.reliability * GROUP_PRIOR_CELLS) / (cells + GROUP_PRIOR_CELLS)
    typical = max(float(square.mean()), 1e-12)
    rho = np.clip((cross + typical * together) / (square + typical), max(trust.floor, 0.02), 0.95)
    drawn = 1.0 + sum_d / (sum_w + ((1.0 - rho) / rho)[:, None])
    return np.asarray(np.maximum(drawn, LEAST_FACTOR))
