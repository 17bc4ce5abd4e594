"""The spread of demand around its mean, learned from what the same model got wrong at rolling origins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.panel import Outcome

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Errors:
    """What a model said and what came, at O origins of n series; all float32 (n, O).

    `one` and `total` are the model's means for the next period and for the seen periods of the span; `outcome` what came.
    """

    one: NDArray[np.float32]
    total: NDArray[np.float32]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Spread:
    """How the spread is learned: `prior_origins` is how many origins of its own a series needs to be half believed."""

    prior_origins: float = 12.0
    cut_sd: float = 6.0
    least_share: float = 0.5

    def __post_init__(self) -> None:
        if self.prior_origins < 0 or self.cut_sd <= 1 or not 0 < self.least_share <= 1:
            raise ValueError(f"spread: expected prior_origins >= 0, cut_sd > 1, 0 < least_share <= 1, got {self}")


def fit(errors: Errors, span: int, spread: Spread) -> tuple[Floats, Floats]:
    """`ratio` and `level_cv2` of each series, (n,) each: variance of a sum with mean M is ratio M + level_cv2 M^2.

    Squared errors of single periods and of sums over the span are matched to that law by weighted moments: first over all
    series, then each series by itself, drawn towards the whole by `prior_origins`. Errors are cut at `cut_sd` standard
    deviations. As the errors are out of sample, what the parameters do not know is in them.
    """
    one, total = errors.one.astype(np.float64), errors.total.astype(np.float64)
    seen = errors.outcome.one_seen & (one > 1e-6)
    whole = (errors.outcome.share >= spread.least_share) & (total > 1e-6)
    square_one = np.where(seen, errors.outcome.one - one, 0.0) ** 2
    square_total = np.where(whole, errors.outcome.total - total, 0.0) ** 2
    n = len(one)
    ratio, cv2 = np.ones(n), np.full(n, 0.1)
    if not seen.any():
        return np.full(n, 2.0), np.full(n, 0.5)
    pooled_ratio, pooled_cv2 = 2.0, 0.1
    for step in range(4):
        k = 0.0 if step == 0 else spread.prior_origins
        limit_one = spread.cut_sd**2 * (ratio[:, None] * one + cv2[:, None] * one**2 + 0.25)
        limit_total = spread.cut_sd**2 * (ratio[:, None] * total + cv2[:, None] * total**2 + 0.25)
        r1 = np.minimum(square_one, limit_one)
        r2 = np.minimum(square_total, limit_total)
        weight = np.where(seen, 1.0 / np.maximum(one, 0.05) ** 2 / (1.0 + 0.2 * one), 0.0) * np.maximum(one, 0.05)
        top, bottom = (weight * (r1 - cv2[:, None] * one**2)).sum(1), (weight * one).sum(1)
        pooled_ratio = max(float(top.sum() / bottom.sum()), 0.05)
        mean_weight = bottom.sum() / max(seen.sum(), 1)
        ratio = np.maximum((top + k * mean_weight * pooled_ratio) / np.maximum(bottom + k * mean_weight, 1e-12), 0.01)
        if k == 0.0:
            ratio = np.full(n, pooled_ratio)
        scale = np.where(whole, 1.0 / np.maximum(total + 0.2 * total**2, 1e-9) ** 2, 0.0)
        top2 = (scale * (r2 - ratio[:, None] * total) * total**2).sum(1)
        bottom2 = (scale * total**4).sum(1)
        if bottom2.sum() > 0:
            pooled_cv2 = float(np.clip(top2.sum() / bottom2.sum(), 0.0, 4.0))
            mean_weight2 = bottom2.sum() / max(whole.sum(), 1)
            k2 = spread.prior_origins * min(span, 4)  # overlapping sums say less than their number
            cv2 = np.clip(
                (top2 + k2 * mean_weight2 * pooled_cv2) / np.maximum(bottom2 + k2 * mean_weight2, 1e-12), 0.0, 9.0
            )
    return ratio, cv2
