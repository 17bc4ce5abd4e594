"""How good a forecast was, in the field's measures, each over the cells that were seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def wape(actual: Floats, mean: Floats, seen: Mask) -> float:
    """Sum of absolute errors over the sum of demand; NaN where nothing was sold."""
    return _ratio(np.abs(actual - mean)[seen].sum(), actual[seen].sum())


def bias(actual: Floats, mean: Floats, seen: Mask) -> float:
    """Sum of (forecast - demand) over the sum of demand: above 0 means too high; NaN where nothing was sold."""
    return _ratio((mean - actual)[seen].sum(), actual[seen].sum())


def rmsse(actual: Floats, mean: Floats, seen: Mask, history: Floats) -> Floats:
    """Root mean squared scaled error of each series, (n,): the scale is the mean squared step of `history` (n, T).

    `history` has NaN where not seen. NaN where nothing was seen or the history never moves. (Hyndman & Koehler 2006; M5
    guide, eq. 1.)
    """
    scale = _mean(np.diff(history, axis=1) ** 2)
    return np.asarray(np.sqrt(_over(_mean(np.where(seen, (actual - mean) ** 2, np.nan)), scale)))


def mase(actual: Floats, mean: Floats, seen: Mask, history: Floats, season: int = 1) -> Floats:
    """Mean absolute scaled error of each series, (n,): the scale is the mean absolute seasonal step of `history`."""
    if history.shape[1] <= season:
        return np.full(len(actual), np.nan)
    scale = _mean(np.abs(history[:, season:] - history[:, :-season]))
    return _over(_mean(np.where(seen, np.abs(actual - mean), np.nan)), scale)


def pinball(actual: Floats, quantile: Floats, probability: float) -> Floats:
    """Pinball loss of each forecast (Koenker & Bassett 1978): p (y - q) where y > q, (1 - p)(q - y) elsewhere."""
    error = actual - quantile
    return np.asarray(np.maximum(probability * error, (probability - 1.0) * error))


def coverage(actual: Floats, quantile: Floats, seen: Mask) -> float:
    """Share of the seen outcomes at or below the quantile: p where the forecast is right; of counts, a little more."""
    return _ratio((actual <= quantile)[seen].sum(), seen.sum())


def _ratio(top: float, bottom: float) -> float:
    return float(top) / float(bottom) if bottom else float("nan")


def _mean(values: Floats) -> Floats:
    """Mean of each row over its numbers, NaN where there is none."""
    there = np.isfinite(values)
    return _over(np.where(there, values, 0.0).sum(axis=1), there.sum(axis=1).astype(np.float64))


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))
