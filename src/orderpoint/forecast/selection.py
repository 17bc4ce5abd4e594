"""Which model speaks for a series: scores that matter for stock, drawn towards the choice for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy.special import ndtri

from orderpoint.forecast.distributions import Spread
from orderpoint.forecast.panel import FloatArray, Outcome

Floats = NDArray[np.float64]

PROBABILITIES = (0.5, 0.8, 0.95)
"""Where the pinball loss of the sum over the span is taken: the median, and where stock is held."""

RATE_CLASSES = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0)
"""Mean units per period at which one class of series ends; series of a class share a pooled choice of models."""
EVERYONE = 20.0
"""So many series' worth of the choice for all is mixed into a class's."""


@dataclass(frozen=True, slots=True)
class Selection:
    """How scores become weights.

    `prior_spans`: how many disjoint spans of its own a series needs until its scores count as much as the pooled ones.
    `temperature`: relative loss at which a model's weight falls to 1/e of the best one's (0: the best alone).
    """

    prior_spans: float = 20.0
    temperature: float = 0.02

    def __post_init__(self) -> None:
        """Check the parameters."""
        if self.prior_spans < 0 or self.temperature < 0:
            raise ValueError(f"selection: expected prior_spans >= 0 and temperature >= 0, got {self}")


def weights(losses: Floats, scored: Floats, classes: NDArray[np.int64], selection: Selection) -> Floats:
    """Weights (C, n) of C models, adding up to 1 for each series.

    `losses` (C, n): mean loss of each model; `scored` (n,): how many disjoint spans they were taken over; `classes`
    (n,): series of one class share a pooled choice. A loss is taken relative to the mean of all models on the same
    series, so that a large item does not decide for a small one.
    """
    models, n = losses.shape
    mean = losses.mean(axis=0)
    fine = (scored > 0) & (mean > 0)
    relative = np.ones((models, n))
    relative[:, fine] = losses[:, fine] / mean[fine]
    pooled = np.ones((models, n))
    everyone = relative[:, fine].mean(axis=1) if fine.any() else np.ones(models)
    for c in np.unique(classes):
        mine = classes == c
        some = mine & fine
        pooled[:, mine] = ((relative[:, some].sum(axis=1) + EVERYONE * everyone) / (some.sum() + EVERYONE))[:, None]
    own = np.where(fine, scored, 0.0)
    drawn = (own * relative + selection.prior_spans * pooled) / np.maximum(own + selection.prior_spans, 1e-12)
    excess = drawn - drawn.min(axis=0)
    if selection.temperature == 0:
        out = (np.arange(models)[:, None] == drawn.argmin(axis=0)).astype(np.float64)
    else:
        out = np.exp(-np.minimum(excess / selection.temperature, 700.0))
    return np.asarray(out / out.sum(axis=0))


def pinball_losses(
    total: FloatArray, outcome: Outcome, spread: Spread, at: tuple[float, ...] = PROBABILITIES
) -> Floats:
    """Mean pinball loss (C, n) of the sums `total` (C, n, O), over quantiles `at` and origins with half a span seen.

    Quantiles are those of a gamma distribution with the sum's mean and variance, by Wilson and Hilferty (1931).
    """
    probabilities = np.asarray(at)
    came, share = outcome.total, outcome.share
    return np.asarray(
        _pinball(total, came, share, (spread.ratio, spread.level_cv2), (probabilities, ndtri(probabilities)))
    )


@njit(cache=True, parallel=True)
def _pinball(
    total: FloatArray,
    came: FloatArray,
    share: FloatArray,
    spread: tuple[Floats, Floats],
    points: tuple[Floats, Floats],
) -> Floats:
    models, n, count = total.shape
    out = np.zeros((models, n))
    for i in prange(n):
        for c in range(models):
            loss, had = 0.0, 0
            for o in range(count):
                if share[i, o] < 0.5:
                    continue
                had += 1
                m = max(np.float64(total[c, i, o]), 1e-6)
                cv2 = (spread[0][i] + spread[1][i] * m) / m
                root = np.sqrt(cv2 / 9.0)
                for k in range(len(points[0])):
                    p = points[0][k]
                    base = 1.0 - cv2 / 9.0 + points[1][k] * root
                    error = came[i, o] - m * max(base, 0.0) ** 3
                    loss += p * error if error > 0.0 else (p - 1.0) * error
            out[c, i] = loss / (had * len(points[0])) if had > 0 else 0.0
    return out
