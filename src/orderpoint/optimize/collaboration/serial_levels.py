"""Base stocks of places in a row by Clark and Scarf (`orderpoint.optimize.network.serial`), for many items at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.profile import Profile
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.optimize.network.serial import SerialSystems

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_SHARE = 0.01
"""Of the holding cost: what a stage adds to it at least, so that goods do not wait at the last one without reason."""
NEARLY_POISSON = 1.05
"""The dispersion up to which demand is taken for Poisson; wider demand is taken for normal."""
MOST_UNITS = 300.0
"""Mean demand over the whole way above which demand is taken for normal."""


def serial_levels(structure: Structure, profile: Profile, rows: IntArray) -> tuple[IntArray, FloatArray]:
    """(series, their local base stocks) of the chains among `rows` whose customers all come to the last place."""
    chains = _chains(structure, profile, rows)
    found, levels = [np.zeros(0, np.int64)], [np.zeros(0)]
    for length in sorted({len(chain) for chain in chains}):
        places = np.array([chain for chain in chains if len(chain) == length], np.int64)
        echelon = _echelons(profile, places)
        local = np.maximum(np.diff(echelon, axis=1, prepend=0.0), 0.0)
        found.append(places.ravel())
        levels.append(local.ravel())
    return np.concatenate(found), np.concatenate(levels)


def _chains(structure: Structure, profile: Profile, rows: IntArray) -> list[list[int]]:
    """The chains among `rows`, each from the customers' end upwards."""
    above = dict(zip(structure.target.tolist(), structure.source.tolist(), strict=True))
    chains = []
    for last in rows[~structure.feeds[rows]].tolist():
        chain = [last]
        while chain[-1] in above:
            chain.append(above[chain[-1]])
        if profile.rate[last] > 0.0 and not (profile.rate[chain[1:]] > 0.0).any():
            chains.append(chain)
    return chains


def _echelons(profile: Profile, places: IntArray) -> FloatArray:
    """(chains, stages): the best echelon levels, none above that of the stage before it."""
    held = profile.holding[places]
    before = np.concatenate([held[:, 1:], np.zeros((len(held), 1))], axis=1)
    added = np.maximum(held - before, LEAST_SHARE * held)
    last = places[:, 0]
    mean, wide = profile.rate[last], profile.dispersion[last]
    waiting = np.maximum(profile.waiting[last], LEAST_SHARE * held[:, 0])
    way = np.maximum(profile.cover_days[places], 0.0)
    counted = (wide <= NEARLY_POISSON) & (mean * way.sum(axis=1) <= MOST_UNITS)
    levels = np.zeros(held.shape)
    for part in (counted, ~counted):
        if part.any():
            system = SerialSystems(added[part], way[part], waiting[part], mean[part])
            found = system.optimal_poisson() if part is counted else system.optimal_normal(np.sqrt(mean * wide)[part])
            levels[part] = np.maximum(np.ceil(found.echelon_level - 1e-9), 0.0)
    return np.minimum.accumulate(levels[:, ::-1], axis=1)[:, ::-1]
