"""How much of the level's variance to say, by size of series: what makes quantiles cost least at rolling origins.

Squared errors are matched by `distributions.fit`, but stock is held by quantiles. Where a few series leave their level
and most keep it, a gamma level with the variance of all says a middle that is too wide; where hardly anything was sold,
one that is too narrow. So each class of size takes the factor on its level's variance whose quantile loss (Koenker and
Bassett 1978, "Regression quantiles") is least: a proper score, which rewards a spread that is as narrow as it can be
and still holds (Gneiting and Raftery 2007, "Strictly proper scoring rules"). Means stay as they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast import distributions, selection
from orderpoint.forecast.distributions import Errors, Learning, Spread
from orderpoint.forecast.panel import Outcome

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.9, 0.95)
FACTORS = np.array([1.0, 0.35, 0.5, 0.7, 0.85, 1.2, 1.5, 2.0, 2.8])
"""What may be done to the level's variance; the first is nothing."""
PRIOR_SERIES = 20.0
"""So many series' worth of what all say is mixed into what a class says."""
MOST_SERIES = 400
"""Series of a class that are looked at, evenly over all of it."""


def calibrated(errors: Errors, spread: Spread, learning: Learning) -> Spread:
    """The spread with the level's variance of each class of size scaled; as it is where no origin says anything."""
    kind = distributions.size_class(errors, learning.least_share)
    rows = _sample(kind)
    losses = _losses(errors, spread, rows)
    fine = losses[0] > 0.0
    if not fine.any():
        return spread
    relative, kinds = losses[:, fine] / losses[0, fine], kind[rows][fine]
    everyone = relative.mean(axis=1)
    factor = np.ones(len(kind))
    for one in np.unique(kinds):
        mine = kinds == one
        drawn = (relative[:, mine].sum(axis=1) + PRIOR_SERIES * everyone) / (mine.sum() + PRIOR_SERIES)
        factor[kind == one] = FACTORS[drawn.argmin()]
    return Spread(spread.ratio, np.minimum(spread.level_cv2 * factor, distributions.MOST_CV2))


def _sample(kind: NDArray[np.int64]) -> Rows:
    """Rows of at most MOST_SERIES series of each class, ascending."""
    parts = [np.flatnonzero(kind == one) for one in np.unique(kind)]
    return np.sort(
        np.concatenate([p[np.linspace(0, len(p) - 1, min(len(p), MOST_SERIES)).astype(np.intp)] for p in parts])
    )


def _losses(errors: Errors, spread: Spread, rows: Rows) -> Floats:
    """Quantile loss (factors, rows) of the sums under each factor."""
    one, seen, came, share = errors.outcome
    outcome = Outcome(one[rows], seen[rows], came[rows], share[rows])
    total = np.ascontiguousarray(errors.total[rows][None])
    ratio, cv2 = spread.ratio[rows], spread.level_cv2[rows]
    return np.concatenate(
        [
            selection.pinball_losses(
                total, outcome, Spread(ratio, np.minimum(f * cv2, distributions.MOST_CV2)), PROBABILITIES
            )
            for f in FACTORS
        ]
    )
