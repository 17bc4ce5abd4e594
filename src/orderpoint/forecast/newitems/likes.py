"""What is believed of an item before it sells: the levels of its like, with the weights that past items support."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from orderpoint.forecast.newitems.likeness import ASPECTS, Attributes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHARPNESS = (0.0, 1.5, 3.0, 6.0, 10.0)
"""How much more an item counts that is alike in one aspect: exp(sharpness), tried in turn."""
CV2 = np.geomspace(0.03, 6.0, 24)
"""Variances of a level around the level of its like that are tried."""
WHOLE_WEIGHT = 1.0
"""The mean of all teachers counts as so many items that are wholly alike."""
MOST_LEARNED, MOST_TEACHERS = 600, 4000
SWEEPS = 2


@dataclass(frozen=True, eq=False)
class Teachers:
    """Items (k,) that have shown their level: `item`, `units` sold, and the `exposure` at which level 1 sells one unit.

    Units are in counts of Poisson noise (units over the variance ratio), and so is the exposure.
    """

    item: Ints
    units: Floats
    exposure: Floats

    @property
    def level(self) -> Floats:
        """Level (k,) of each."""
        return np.asarray(self.units / self.exposure)

    def some(self, most: int) -> Teachers:
        """At most `most` of them, evenly spread."""
        if len(self.item) <= most:
            return self
        at = np.linspace(0, len(self.item) - 1, most).astype(np.int64)
        return Teachers(self.item[at], self.units[at], self.exposure[at])


@dataclass(frozen=True, eq=False)
class Likes:
    """`sharpness` of each of ASPECTS, and `cv2` of an item's level around that of its like."""

    attributes: Attributes
    teachers: Teachers
    sharpness: tuple[float, ...]
    cv2: float

    def weights(self, items: Ints) -> Floats:
        """Weight (items, k) of each teacher, 1 where it is wholly alike; an item does not teach itself."""
        aspects = self.attributes.between(items, self.teachers.item)
        return np.asarray(_weights(aspects, self.sharpness) * (items[:, None] != self.teachers.item[None]))

    def level(self, items: Ints, chunk: int = 256) -> Floats:
        """Mean level of the like of each of `items`."""
        parts = [self.weights(items[a : a + chunk]) for a in range(0, len(items), chunk)]
        return np.concatenate([_mean(w, self.teachers.level) for w in parts]) if parts else np.zeros(0)


def learn(attributes: Attributes, teachers: Teachers) -> Likes:
    """Choose sharpness and variance by how well each teacher is foretold by the others.

    Given the mean m of its like, a level is gamma with mean m and variance cv2 m^2, so that its units are negative
    binomial; the sum of their log likelihoods, each item left out in turn, decides (empirical Bayes, Efron and Morris
    1975). One aspect after the other is tried. Needs at least one teacher.
    """
    teachers = teachers.some(MOST_TEACHERS)
    few = teachers.some(MOST_LEARNED)
    aspects = attributes.between(few.item, few.item)
    others = ~np.eye(len(few.item), dtype=np.bool_)
    best = [0.0] * len(ASPECTS)

    def score(sharpness: tuple[float, ...]) -> tuple[float, float]:
        mean = _mean(_weights(aspects, sharpness) * others, few.level)
        return max((likelihood(few, mean, float(cv2)), float(cv2)) for cv2 in CV2)

    found = score(tuple(best))
    for _ in range(SWEEPS):
        for k in range(len(ASPECTS)):
            for value in SHARPNESS:
                tried = (*best[:k], value, *best[k + 1 :])
                now = score(tried)
                if now[0] > found[0] + 1e-9:
                    found, best = now, list(tried)
    # A handful of teachers cannot say that items are all alike.
    doubt = 5.0
    cv2 = (found[1] * len(few.item) + doubt) / (len(few.item) + doubt)
    return Likes(attributes, teachers, tuple(best), cv2)


def _weights(aspects: Floats, sharpness: tuple[float, ...]) -> Floats:
    """exp(sum of sharpness x likeness), over its greatest possible value."""
    score = sum((s * (aspects[k] - 1.0) for k, s in enumerate(sharpness)), np.zeros(aspects.shape[1:]))
    return np.asarray(np.exp(score))


def _mean(weight: Floats, level: Floats) -> Floats:
    """Weighted mean of levels (rows,), with the mean of all as WHOLE_WEIGHT more."""
    whole = float(level.mean())
    return np.asarray((weight @ level + WHOLE_WEIGHT * whole) / (weight.sum(axis=1) + WHOLE_WEIGHT))


def likelihood(teachers: Teachers, mean: Floats, cv2: float) -> float:
    """Log likelihood of the teachers' units, without what depends on neither mean nor cv2."""
    k, y = 1.0 / cv2, teachers.units
    m = np.maximum(mean * teachers.exposure, 1e-12)
    parts = gammaln(y + k) - gammaln(k) + k * np.log(k / (k + m)) + y * np.log(m / (k + m))
    return float(parts.sum())
