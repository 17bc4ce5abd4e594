"""Least squares on lags and season: one set of coefficients for all series, learned from many of them at once.

Demand of the span ahead on the means of the last 1, 2, 4, ... periods and on the season's last value. Lags are
de-seasonalised by the pooled factors, and every row is divided by the root of its mean, so that large series do not
decide alone. Coefficients b minimise |y - X b|^2 + ridge rows |b - e|^2 with e the even weights, by the normal
equations (Hoerl & Kennard 1970, drawn to e in place of 0).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.panel import Panel
from orderpoint.forecast.statistical.bank import Run, bank_of
from orderpoint.forecast.statistical.lanes import FEATURES, LAG_WINDOWS, LANES, Kind, Shape, Voice
from orderpoint.forecast.statistical.roll import question_of, roll

Floats = NDArray[np.float64]
RIDGES = (0.001, 0.01, 0.1, 1.0)
COUNTS = (1, 2, 3, 4, 5, 6)
"""Of the windows, the longest so many are read."""


def learn(panel: Panel, season: int, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Coefficients float32 (3 x FEATURES, sets) from the series `rows`, for all ridges and numbers of windows.

    What is said at origins of the first half uses the coefficients of the second and the other way round, so that
    scores are not flattered; the third part is of the whole.
    """
    means = np.asarray(LAG_WINDOWS, np.float32)[None]
    bank = bank_of(
        {
            "mean": Run(Shape(Kind.MEAN, LAG_WINDOWS[-1], 0), means, (("mean", Voice.PLAIN, -1),)),
            "seasonal": Run(Shape(Kind.SEASONAL, season, 0), np.ones((2, 1), np.float32), (("last", Voice.PLAIN, -1),)),
        }
    )
    wanted = np.array([*range(len(LAG_WINDOWS)), LANES], np.int64)
    _, said, _ = roll(bank, panel, rows, wanted)
    early = question_of(panel).early
    whole = slice(None)
    halves = [slice(early, None), slice(early), whole] if 0 < early < len(panel.origins) else [whole] * 3
    came, share = panel.outcome.total[rows], panel.outcome.share[rows]
    parts = [_moments(said[:, :, half], came[:, half], share[:, half]) for half in halves]
    sets = [(ridge, count) for ridge in RIDGES for count in COUNTS]
    out = np.zeros((3, FEATURES, len(sets)))
    for s, (ridge, count) in enumerate(sets):
        used = np.array([*range(len(LAG_WINDOWS) - count, len(LAG_WINDOWS)), FEATURES - 1])
        for k, (gram, cross) in enumerate(parts):
            out[k, used, s] = _solve(gram[np.ix_(used, used)], cross[used], ridge)
    return out.reshape(3 * FEATURES, -1).astype(np.float32)


def _moments(x: NDArray[np.float32], y: NDArray[np.float32], share: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Gram matrix and cross moments of the rows with half a span seen and something said."""
    x = x.reshape(len(x), -1)
    mean = x.mean(axis=0)
    rows = (share.ravel() >= 0.5) & (mean > 1e-6)
    x, mean = x[:, rows], mean[rows]
    y = np.minimum(y.ravel()[rows], 5.0 * mean + 5.0)  # one large order is no law
    x, mean = x.astype(np.float64), mean.astype(np.float64)
    weighed = x / mean
    return weighed @ x.T, weighed @ y


def _solve(gram: Floats, cross: Floats, ridge: float) -> Floats:
    """Coefficients near the even weights."""
    even = np.full(len(gram), 1.0 / len(gram))
    pull = ridge * max(float(np.trace(gram)) / len(gram), 1.0)
    return np.asarray(even + np.linalg.solve(gram + pull * np.eye(len(gram)), cross - gram @ even))
