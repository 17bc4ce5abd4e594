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


@dataclass(frozen=True, slots=True)
class LastYear(Form):
    """The same time of the last year: of the periods `lag + step`, `lag`, `lag - step` ago 1/4, 1/2, 1/4.

    `lag` is 364 for days (the same weekday), 52 for weeks, 12 for months; `step` 7, 1, 0. Of a horizon beyond a year
    the same year is told again. Where none of the three was seen, `alpha` smooths the level instead and the season
    multiplies.
    """

    lag: int = 52
    step: int = 1
    alpha: float = 0.1

    def __post_init__(self) -> None:
        """Check the parameters."""
        if not 0 <= self.step < self.lag or not 0.0 <= self.alpha <= 1.0:
            raise ValueError(f"last year: expected 0 <= step < lag and alpha from 0 to 1, got {self}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "last year"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time."""
        ago = np.array([self.lag + self.step, self.lag, self.lag - self.step], np.int64)
        start = (panel.prior, panel.prior_weight)
        one, total, level, tail = _roll_year(panel.cells, (ago, 1.0 - self.alpha), panel.origins, panel.span, start)
        group = panel.cells.group

        def ahead(factor: FloatArray) -> FloatArray:
            mean = tail[:, np.arange(factor.shape[1]) % self.lag]
            return np.where(mean >= 0.0, mean, level[:, None] * factor[group])[None]

        return Rolled((f"{self.name} {self.lag}",), one, total, ahead)


@njit(cache=True)
def _year_ago(demand: FloatArray, seen: NDArray[np.bool_], t: int, ago: NDArray[np.int64], known: int) -> float:
    """Weighted mean of the periods `ago` before t that were seen before `known`; -1 where there is none."""
    units, weight = 0.0, 0.0
    for k in range(3):
        at = t - ago[k]
        if 0 <= at < known and seen[at]:
            share = 0.5 if k == 1 else 0.25
            units += share * demand[at]
            weight += share
    return units / weight if weight > 0.0 else -1.0


@njit(cache=True, parallel=True)
def _roll_year(
    cells: Cells,
    model: tuple[NDArray[np.int64], float],
    origins: NDArray[np.int64],
    span: int,
    start: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    ago, keep = model
    count, lag = len(origins), ago[1]
    one = np.zeros((1, n, count), np.float32)
    total = np.zeros((1, n, count), np.float32)
    level = np.zeros(n, np.float32)
    tail = np.zeros((n, lag), np.float32)
    for i in prange(n):
        f, seen, demand = cells.factor[cells.group[i]], cells.seen[i], cells.demand[i]
        units = np.float64(start[0][i]) * start[1][i]
        weight = np.float64(start[1][i])
        o = 0
        for t in range(periods + 1):
            now = units / weight if weight > 0.0 else 0.0
            if o < count and origins[o] == t:
                for h in range(t, t + span):
                    mean = _year_ago(demand, seen, h - lag * ((h - t) // lag), ago, t)
                    mean = mean if mean >= 0.0 else now * f[h]
                    if h == t:
                        one[0, i, o] = mean
                    if seen[h]:
                        total[0, i, o] += mean
                o += 1
            if t < periods and seen[t]:
                units = keep * units + demand[t]
                weight = keep * weight + f[t]
        level[i] = now
        for h in range(lag):
            tail[i, h] = _year_ago(demand, seen, periods + h, ago, periods)
    return one, total, level, tail


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
