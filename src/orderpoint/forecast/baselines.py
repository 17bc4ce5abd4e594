"""The rules of thumb that every other model has to beat: the last value, the last season, the last few' mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.form import Form
from orderpoint.forecast.panel import Cells, FloatArray, Panel, Rolled, exposure, level_ahead


@dataclass(frozen=True, slots=True)
class MovingAverage(Form):
    """Mean of the last `window` periods that were seen (with a season: their demand over their factors).

    Worked example: the last three of 100, 110, 120, 130, 140 give 130, the first three 110.
    """

    window: int | tuple[int, ...] = 3

    def __post_init__(self) -> None:
        """Check the parameters."""
        if not self.windows or min(self.windows) < 1:
            raise ValueError(f"window: expected at least 1 period, got {self.window}")

    @property
    def windows(self) -> tuple[int, ...]:
        """All windows, in periods."""
        return (self.window,) if isinstance(self.window, int) else self.window

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "moving average"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time for all windows."""
        windows = np.asarray(self.windows, np.int64)
        one, total, level = _roll_mean(panel.cells, windows, panel.origins, panel.span, panel.prior)
        labels = tuple(f"{self.name} {w}" for w in self.windows)
        return Rolled(labels, one, total, level_ahead(level, panel.cells.group))


@dataclass(frozen=True, slots=True)
class Naive(Form):
    """The last period that was seen."""

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "naive"

    def roll(self, panel: Panel) -> Rolled:
        """A moving average of one period."""
        rolled = MovingAverage(1).roll(panel)
        return Rolled((self.name,), rolled.one, rolled.total, rolled.ahead)


@dataclass(frozen=True, slots=True)
class SeasonalNaive(Form):
    """The same phase of the last season in which it was seen: `season` is 7 for weekdays, 52 for weeks, 12 for months.

    A phase that was never seen gets the mean of those that were. Pooled factors are not used: the season is in the
    data.
    """

    season: int = 7

    def __post_init__(self) -> None:
        """Check the parameters."""
        if self.season < 1:
            raise ValueError(f"season: expected at least 1 period, got {self.season}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "seasonal naive"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time."""
        one, total, last = _roll_season(panel.cells, self.season, panel.origins, panel.span, panel.prior)
        periods = panel.cells.demand.shape[1]

        def ahead(factor: FloatArray) -> FloatArray:
            phase = (periods + np.arange(factor.shape[1])) % self.season
            return np.ascontiguousarray(last[None, :, phase])

        return Rolled((f"{self.name} {self.season}",), one, total, ahead)


@njit(cache=True, parallel=True)
def _roll_mean(
    cells: Cells, windows: NDArray[np.int64], origins: NDArray[np.int64], span: int, prior: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    sets, count = len(windows), len(origins)
    one = np.zeros((sets, n, count), np.float32)
    total = np.zeros((sets, n, count), np.float32)
    level = np.zeros((sets, n), np.float32)
    for i in prange(n):
        f, seen = cells.factor[cells.group[i]], cells.seen[i]
        units = np.zeros(periods + 1)  # prefix sums over the seen periods
        weight = np.zeros(periods + 1)
        had, o = 0, 0
        for t in range(periods + 1):
            scored = o < count and origins[o] == t
            if scored or t == periods:
                some = exposure(seen, f, t, span) if scored else 0.0
                for c in range(sets):
                    first = max(0, had - windows[c])
                    below = weight[had] - weight[first]
                    now = (units[had] - units[first]) / below if below > 0.0 else prior[i]
                    if scored:
                        one[c, i, o] = now * f[t]
                        total[c, i, o] = now * some
                    else:
                        level[c, i] = now
                o += 1
            if t < periods and seen[t]:
                units[had + 1] = units[had] + cells.demand[i, t]
                weight[had + 1] = weight[had] + f[t]
                had += 1
    return one, total, level


@njit(cache=True, parallel=True)
def _roll_season(
    cells: Cells, season: int, origins: NDArray[np.int64], span: int, prior: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    count = len(origins)
    one = np.zeros((1, n, count), np.float32)
    total = np.zeros((1, n, count), np.float32)
    out = np.zeros((n, season), np.float32)
    for i in prange(n):
        last = np.full(season, -1.0, np.float32)
        o, had, held = 0, 0, 0.0
        for t in range(periods):
            if o < count and origins[o] == t:
                other = held / had if had > 0 else prior[i]
                for h in range(span):
                    value = last[(t + h) % season]
                    value = value if value >= 0.0 else other
                    if h == 0:
                        one[0, i, o] = value
                    if cells.seen[i, t + h]:
                        total[0, i, o] += value
                o += 1
            if cells.seen[i, t]:
                phase = t % season
                if last[phase] < 0.0:
                    had += 1
                    held += cells.demand[i, t]
                else:
                    held += cells.demand[i, t] - last[phase]
                last[phase] = cells.demand[i, t]
        for phase in range(season):
            other = max(held, 0.0) / had if had > 0 else prior[i]
            out[i, phase] = last[phase] if last[phase] >= 0.0 else other
    return one, total, out
