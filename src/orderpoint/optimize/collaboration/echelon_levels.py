"""Base stocks by echelon: newsvendor bounds of every stage's echelon level, and their mean.

K. Shang and J.-S. Song, "Newsvendor bounds and heuristic for optimal policies in serial supply chains", Management
Science 49 (2003), 618-638: the best echelon level of stage j in a series lies between two newsvendor quantities for the
demand over its way to the customers,

    F_j^-1((b + H_up) / (b + H_1))  <=  S_j  <=  F_j^-1((b + H_up) / (b + H_j)),

b the cost of waiting, H_j the holding cost per unit at stage j, H_up that of the stage before it (0 at the first), H_1
that of the last. Their heuristic is the mean of the two. In a tree, the demand of a
stage is that of all customers below it, and b and H_1 are their means weighted by demand; a stage is
given no more than the one before it has.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.counts import count_masses, table_length
from orderpoint.optimize.collaboration.profile import Profile
from orderpoint.optimize.collaboration.structure import Structure

FloatArray = NDArray[np.float64]


def echelon_levels(structure: Structure, profile: Profile) -> FloatArray:
    """(n,): local levels, S_j less the levels of the stages that j feeds, at least 0."""
    order, source, target = structure.graph.order, structure.source, structure.target
    share = structure.share
    n = len(profile.rate)
    rate, spread = profile.rate.copy(), profile.rate * profile.dispersion
    waiting, holding = profile.rate * profile.waiting, profile.rate * profile.holding
    way = profile.cover_days.copy()
    above = np.zeros(n)
    np.maximum.at(above, target, profile.holding[source])
    out: list[list[int]] = [[] for _ in range(n)]
    for k, s in enumerate(source.tolist()):
        out[s].append(k)
    for s in order[::-1].tolist():
        longest = 0.0
        for k in out[s]:
            t, part = target[k], share[k]
            rate[s] += part * rate[t]
            spread[s] += part * spread[t]
            waiting[s] += part * waiting[t]
            holding[s] += part * holding[t]
            longest = max(longest, float(way[t]))
        way[s] += longest
    paid = np.maximum(rate, 1e-300)
    levels = np.zeros((n, 2))
    ratios = np.stack(
        [
            (waiting / paid + above) / (waiting / paid + np.maximum(holding / paid, above)),
            (waiting / paid + above) / (waiting / paid + np.maximum(profile.holding, above)),
        ]
    )
    _quantiles(rate * way, spread * way, np.minimum(ratios, 1.0 - 1e-9), levels)
    echelon = np.floor(levels.mean(axis=1) + 0.5)
    for s in order.tolist():
        _hold_down(echelon, s, [(int(target[k]), float(share[k])) for k in out[s]])
    below = np.bincount(source, share * echelon[target], n) if len(source) else np.zeros(n)
    local: FloatArray = np.maximum(echelon - below, 0.0)
    return local


def _hold_down(echelon: FloatArray, stage: int, fed: list[tuple[int, float]]) -> None:
    """Lower the echelon levels of the stages that `stage` feeds until it can fill them.

    Where stock costs the same before and after a way, the last stages want all there is: their bounds are without end.
    """
    wanted = sum(part * echelon[t] for t, part in fed)
    if wanted > echelon[stage]:
        for t, _ in fed:
            echelon[t] *= echelon[stage] / wanted


@njit(cache=True)
def _quantiles(mean: FloatArray, variance: FloatArray, ratio: FloatArray, levels: FloatArray) -> None:
    """Fill `levels` (n, 2) with the quantiles of counts at two `ratio` (2, n)."""
    for i in range(len(mean)):
        masses = count_masses(mean[i], variance[i], table_length(mean[i], variance[i]))
        for c in range(2):
            k, below = 0, masses[0]
            while below < ratio[c, i] and k < len(masses) - 1:
                k += 1
                below += masses[k]
            levels[i, c] = k
