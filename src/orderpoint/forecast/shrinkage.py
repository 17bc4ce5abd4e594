"""Ratios of demand to what was expected, drawn to 1 as far as their repeats disagree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_FACTOR = 0.05
"""No ratio is believed to be less."""
GROUP_PRIOR_CELLS = 13.0
"""How many cells say as much about the reliability as the guess."""
LEAST_RELIABILITY, MOST_RELIABILITY = 0.02, 0.95
LEAST_DEVIATION, MOST_DEVIATION = -1.0, 4.0
TINY = 1e-9
SEVERAL = 1.2
"""Weight of a part's repeats from which they say something about their disagreement."""


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
    return drawn(sums.units, sums.level, (trust.units, trust.reliability, max(trust.floor, LEAST_RELIABILITY)), centred)


@njit(cache=True)
def drawn(units: Floats, level: Floats, trust: tuple[float, float, float], centred: bool) -> Floats:  # noqa: FBT001
    """`shrunken` for kernels: one pass over the cells, no arrays between."""
    count, parts, repeats = units.shape
    sum_w, sum_d = np.zeros((count, parts)), np.zeros((count, parts))
    cross, square, told = np.zeros(count), np.zeros(count), 0
    for g in range(count):
        whole = 1.0
        if centred:  # a group's own level is not season
            own = units[g].sum() / max(level[g].sum(), 1e-12)
            whole = own if own > 0.0 else 1.0
        for b in range(parts):
            w, d, d2, dd, ww = 0.0, 0.0, 0.0, 0.0, 0.0
            for r in range(repeats):
                expected = level[g, b, r] * whole
                if expected <= TINY:
                    w += expected / (expected + trust[0])
                    continue
                weight = expected / (expected + trust[0])
                off = min(max(units[g, b, r] / expected - 1.0, LEAST_DEVIATION), MOST_DEVIATION)
                w += weight
                d += weight * off
                d2 += weight * off * off
                dd += weight * off * weight * off
                ww += weight * weight * off * off
            sum_w[g, b], sum_d[g, b] = w, d
            cross[g] += d * d - dd
            square[g] += d2 * w - ww
            told += 1 if w > SEVERAL else 0
    together = min(max(cross.sum() / square.sum(), 0.0), MOST_RELIABILITY) if square.sum() > 0.0 else 0.0
    cells = told / count
    together = (together * cells + trust[1] * GROUP_PRIOR_CELLS) / (cells + GROUP_PRIOR_CELLS)
    typical = max(square.mean(), 1e-12)
    out = np.empty((count, parts))
    for g in range(count):
        rho = (cross[g] + typical * together) / (square[g] + typical)
        rho = min(max(rho, trust[2]), MOST_RELIABILITY)
        for b in range(parts):
            out[g, b] = max(1.0 + sum_d[g, b] / (sum_w[g, b] + (1.0 - rho) / rho), LEAST_FACTOR)
    return out
