"""Least squares on lags and season: one set of coefficients for all series, learned from all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.baselines import MovingAverage, SeasonalNaive
from orderpoint.forecast.form import Form
from orderpoint.forecast.panel import FloatArray, Panel, Rolled

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LagRegression(Form):
    """Demand of the span ahead on the means of the last 1, 2, 4, ... periods and on the season's last value.

    Lags are de-seasonalised by the pooled factors, and every row is divided by the root of its mean, so that large
    series do not decide alone. Coefficients b minimise |y - X b|^2 + ridge rows |b - e|^2 with e the even weights, by
    the normal equations (Hoerl & Kennard 1970, drawn to e in place of 0). What is said at the origins of one half of
    the history uses the coefficients of the other half, so that the scores are not flattered.
    """

    windows: tuple[int, ...] = (1, 2, 4, 8, 16, 32)
    season: int | None = None
    ridge: float = 0.01

    def __post_init__(self) -> None:
        """Check the parameters."""
        if not self.windows or min(self.windows) < 1 or (self.season is not None and self.season < 1):
            raise ValueError(f"lag regression: expected windows and season of at least 1 period, got {self}")
        if not self.ridge > 0.0:
            raise ValueError(f"lag regression: expected a positive ridge, got {self.ridge}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "lag regression"

    def roll(self, panel: Panel) -> Rolled:
        """Roll the lags, solve for the coefficients, and mix."""
        lags = [MovingAverage(self.windows).roll(panel)]
        if self.season is not None:
            lags.append(SeasonalNaive(self.season).roll(panel))
        one = np.concatenate([r.one for r in lags])
        total = np.concatenate([r.total for r in lags])
        half = len(panel.origins) // 2
        everything = slice(None)
        late, early = (slice(half, None), slice(half)) if half else (everything, everything)
        of_late, of_early = self._solve(panel, total, late), self._solve(panel, total, early)
        mixed = [
            np.concatenate((_mix(x[:, :, :half], of_late), _mix(x[:, :, half:], of_early)), axis=1)
            for x in (one, total)
        ]
        final = self._solve(panel, total, everything)
        aheads = [r.ahead for r in lags]

        def ahead(factor: FloatArray) -> FloatArray:
            return _mix(np.concatenate([said(factor) for said in aheads]), final)[None]

        return Rolled((self.name,), mixed[0][None], mixed[1][None], ahead)

    def _solve(self, panel: Panel, total: FloatArray, origins: slice) -> Floats:
        """Coefficients (C,) from the sums at some of the origins."""
        x = total[:, :, origins].reshape(len(total), -1).astype(np.float64)
        y = panel.outcome.total[:, origins].ravel().astype(np.float64)
        mean = x.mean(axis=0)
        rows = (panel.outcome.share[:, origins].ravel() >= 0.5) & (mean > 1e-6)
        x, y, scale = x[:, rows], y[rows], 1.0 / np.sqrt(mean[rows])
        y = np.minimum(y, 5.0 * mean[rows] + 5.0)  # one large order is no law
        even = np.full(len(x), 1.0 / len(x))
        gram, cross = (x * scale**2) @ x.T, (x * scale**2) @ (y - even @ x)
        pull = self.ridge * max(float(np.trace(gram)) / len(x), 1.0)
        return np.asarray(even + np.linalg.solve(gram + pull * np.eye(len(x)), cross))


def _mix(parts: FloatArray, coefficients: Floats) -> FloatArray:
    """Sum of C parts, not negative."""
    return np.asarray(np.maximum(np.tensordot(coefficients, parts, axes=1), 0.0), np.float32)
