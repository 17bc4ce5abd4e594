"""Confidence intervals from paths as replicates: of a mean, and of a ratio of two means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and half the width of its confidence interval (level `confidence`), in the same unit."""

    mean: float
    half_width: float
    confidence: float = CONFIDENCE

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width

    def holds(self, value: float) -> bool:
        """Whether `value` lies inside, but for rounding."""
        slack = 1e-9 * max(1.0, abs(value))
        return self.low - slack <= value <= self.high + slack


def score_of(replicates: int, confidence: float = CONFIDENCE) -> float:
    """Student's quantile for the mean of `replicates`. Raises ValueError where there are fewer than two."""
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to import, needed once

    if replicates < 2:
        raise ValueError(f"paths: expected at least 2 for a confidence interval, got {replicates}; play more paths")
    return float(stdtrit(replicates - 1, 0.5 + confidence / 2.0))


def half_widths(values: FloatArray, confidence: float = CONFIDENCE) -> FloatArray:
    """Half width for the mean over the last axis, shape without it."""
    count = values.shape[-1]
    width: FloatArray = score_of(count, confidence) * values.std(axis=-1, ddof=1) / np.sqrt(count)
    return width


def interval_of(values: FloatArray, confidence: float = CONFIDENCE) -> Interval:
    """The mean of replicates (paths,)."""
    return Interval(float(values.mean()), float(half_widths(values, confidence)), confidence)


def ratios(top: FloatArray, bottom: FloatArray, confidence: float = CONFIDENCE) -> tuple[FloatArray, FloatArray]:
    """(ratio, half width) of the sums of `top` over those of `bottom` along the last axis; 0 where `bottom` is 0.

    The width is that of the linearised ratio (W. Cochran, Sampling Techniques, 3rd ed., section 6.4).
    """
    total = bottom.sum(axis=-1)
    ratio = np.divide(top.sum(axis=-1), total, out=np.zeros_like(total), where=total > 0)
    mean = np.where(total > 0, total, 1.0) / bottom.shape[-1]
    return ratio, half_widths(top - ratio[..., None] * bottom, confidence) / mean


def ratio_of(top: FloatArray, bottom: FloatArray, confidence: float = CONFIDENCE) -> Interval:
    """The ratio of two means over replicates (paths,)."""
    ratio, width = ratios(top, bottom, confidence)
    return Interval(float(ratio), float(width), confidence)
