"""Exponential smoothing: simple, as a discounted ratio that starts itself, Holt with a damped trend, Holt-Winters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.form import Form
from orderpoint.forecast.panel import Cells, FloatArray, Panel, Rolled, exposure, level_ahead


def as_tuple(value: float | tuple[float, ...]) -> tuple[float, ...]:
    """One number or several, as several."""
    return value if isinstance(value, tuple) else (float(value),)


def check_shares(owner: str, **named: float | tuple[float, ...]) -> None:
    """Raises ValueError unless every value is a share from 0 to 1."""
    for name, value in named.items():
        if not as_tuple(value) or any(not 0.0 <= v <= 1.0 for v in as_tuple(value)):
            raise ValueError(f"{owner}: expected {name} from 0 to 1, got {value}")


@dataclass(frozen=True, slots=True)
class DiscountedRatio(Form):
    """Level = discounted demand / discounted season, for several discounts at once.

    After each seen period S <- (1 - alpha) S + y and W <- (1 - alpha) W + f, level = S / W. With f = 1 and W started
    at 1 / alpha this is simple smoothing, l <- l + alpha (y - l), to the last bit of arithmetic (Brown 1959). Started
    at the prior's small weight instead, the first periods count as in a plain mean; and a period of low season moves
    the level little, as it should: its noise divided by its factor is large. Periods not seen leave S and W as they
    are.
    """

    alpha: float | tuple[float, ...] = (0.02, 0.05, 0.1, 0.2, 0.4)

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_shares("discounted ratio", alpha=self.alpha)

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "discounted ratio"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time for all discounts."""
        keep = 1.0 - np.asarray(as_tuple(self.alpha))
        start = (panel.prior, panel.prior_weight)
        one, total, level = _roll_ratio(panel.cells, keep, panel.origins, panel.span, start)
        labels = tuple(f"{self.name} {a:g}" for a in as_tuple(self.alpha))
        return Rolled(labels, one, total, level_ahead(level, panel.cells.group))


@dataclass(frozen=True, slots=True)
class SimpleSmoothing(Form):
    """Textbook simple exponential smoothing, l <- l + alpha (y / f - l), from `initial` or the first period seen.

    Worked example: alpha 0.5, forecast 110, demand 120 gives 115. (Hyndman & Athanasopoulos, Forecasting: principles
    and practice, 3rd ed., eq. 8.1.)
    """

    alpha: float | tuple[float, ...] = 0.1
    initial: float | None = None

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_shares("simple smoothing", alpha=self.alpha)
        if self.initial is not None and not 0.0 <= self.initial < np.inf:
            raise ValueError(f"simple smoothing: expected an initial level of at least 0, got {self.initial}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "simple smoothing"

    def roll(self, panel: Panel) -> Rolled:
        """A damped trend without a trend."""
        return _trend(panel, self.name, Holt(self.alpha, 0.0, 0.0), self.initial)


@dataclass(frozen=True, slots=True)
class Holt(Form):
    """Level and damped trend: l' = alpha y + (1 - alpha)(l + phi b); b' = beta (l' - l) + (1 - beta) phi b.

    Mean h periods ahead: l + (phi + ... + phi^h) b, cut at zero, times the season. Started at the first period seen
    without a trend. (Hyndman & Athanasopoulos, 3rd ed., section 8.2; Gardner & McKenzie 1985.)
    """

    alpha: float | tuple[float, ...] = 0.2
    beta: float | tuple[float, ...] = 0.1
    phi: float | tuple[float, ...] = 0.9

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_shares("Holt", alpha=self.alpha, beta=self.beta, phi=self.phi)

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "Holt"

    @property
    def sets(self) -> NDArray[np.float64]:
        """Parameter sets, float64 (C, 3): single numbers are repeated beside tuples."""
        columns = [np.asarray(as_tuple(v)) for v in (self.alpha, self.beta, self.phi)]
        return np.stack(np.broadcast_arrays(*columns), axis=1)

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time for all parameter sets."""
        return _trend(panel, self.name, self, None)


@dataclass(frozen=True, slots=True)
class HoltWinters(Form):
    """Level, damped trend and a season of the series' own: `season` periods, additive or multiplicative.

    Additive: l' = alpha (y - s) + (1 - alpha)(l + phi b), b' = beta (l' - l) + (1 - beta) phi b, s' = gamma (y - l -
    phi b) + (1 - gamma) s; multiplicative with ratios in place of differences. (Hyndman & Athanasopoulos, 3rd ed.,
    section 8.3.) The first two seasons start it: the level is the first season's mean, the trend the difference of
    the two means over the season, the indices the means of the deviations from their season's mean. A shorter history
    is forecast by its mean. Pooled factors divide the demand first.
    """

    alpha: float = 0.2
    beta: float = 0.0
    gamma: float = 0.1
    phi: float = 1.0
    season: int = 7
    multiplicative: bool = False

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_shares("Holt-Winters", alpha=self.alpha, beta=self.beta, gamma=self.gamma, phi=self.phi)
        if self.season < 2:
            raise ValueError(f"Holt-Winters: expected a season of at least 2 periods, got {self.season}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "Holt-Winters"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time."""
        gains = np.array([self.alpha, self.beta, self.gamma, self.phi])
        shape = (self.season, self.multiplicative)
        one, total, state = _roll_winters(panel.cells, gains, shape, panel.origins, panel.span)
        periods, group = panel.cells.demand.shape[1], panel.cells.group

        def ahead(factor: FloatArray) -> FloatArray:
            steps = np.cumsum(self.phi ** np.arange(1, factor.shape[1] + 1))
            line = state[:, :1] + state[:, 1:2] * steps
            index = state[:, 2:][:, (periods + np.arange(factor.shape[1])) % self.season]
            mean = line * index if self.multiplicative else line + index
            return np.asarray(np.maximum(mean, 0.0) * factor[group], np.float32)[None]

        return Rolled((f"{self.name} {self.season}",), one, total, ahead)


def _trend(panel: Panel, name: str, sets: Holt, initial: float | None) -> Rolled:
    """Roll a level and a damped trend."""
    gains = sets.sets
    start = -1.0 if initial is None else initial
    one, total, level, trend = _roll_trend(panel.cells, gains, panel.origins, panel.span, start)
    group = panel.cells.group
    labels = tuple(f"{name} " + " ".join(f"{v:g}" for v in row) for row in gains)

    def ahead(factor: FloatArray) -> FloatArray:
        steps = np.cumsum(gains[:, 2:3] ** np.arange(1, factor.shape[1] + 1), axis=1)
        line = level[:, :, None] + trend[:, :, None] * steps[:, None, :]
        return np.asarray(np.maximum(line, 0.0) * factor[group][None], np.float32)

    return Rolled(labels, one, total, ahead)


@njit(cache=True, parallel=True)
def _roll_ratio(
    cells: Cells,
    keep: NDArray[np.float64],
    origins: NDArray[np.int64],
    span: int,
    start: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    sets, count = len(keep), len(origins)
    one = np.zeros((sets, n, count), np.float32)
    total = np.zeros((sets, n, count), np.float32)
    level = np.zeros((sets, n), np.float32)
    for i in prange(n):
        f, seen = cells.factor[cells.group[i]], cells.seen[i]
        units = np.full(sets, np.float64(start[0][i]) * start[1][i])
        weight = np.full(sets, np.float64(start[1][i]))
        o = 0
        for t in range(periods):
            if o < count and origins[o] == t:
                some = exposure(seen, f, t, span)
                for c in range(sets):
                    now = units[c] / weight[c] if weight[c] > 0.0 else 0.0
                    one[c, i, o] = now * f[t]
                    total[c, i, o] = now * some
                o += 1
            if seen[t]:
                y, w = cells.demand[i, t], f[t]
                for c in range(sets):
                    units[c] = keep[c] * units[c] + y
                    weight[c] = keep[c] * weight[c] + w
        for c in range(sets):
            level[c, i] = units[c] / weight[c] if weight[c] > 0.0 else 0.0
    return one, total, level


@njit(cache=True, parallel=True)
def _roll_trend(
    cells: Cells, gains: NDArray[np.float64], origins: NDArray[np.int64], span: int, initial: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    sets, count = len(gains), len(origins)
    one = np.zeros((sets, n, count), np.float32)
    total = np.zeros((sets, n, count), np.float32)
    level = np.full((sets, n), max(initial, 0.0), np.float32)
    trend = np.zeros((sets, n), np.float32)
    for i in prange(n):
        f, seen = cells.factor[cells.group[i]], cells.seen[i]
        for c in range(sets):
            alpha, beta, phi = gains[c]
            now, slope, o = max(initial, 0.0), 0.0, 0
            begun = initial >= 0.0
            for t in range(periods):
                if o < count and origins[o] == t:
                    line, step, held = now, phi, 0.0
                    for h in range(span):
                        line += step * slope
                        step *= phi
                        if h == 0:
                            one[c, i, o] = max(line, 0.0) * f[t]
                        if seen[t + h]:
                            held += max(line, 0.0) * f[t + h]
                    total[c, i, o] = held
                    o += 1
                if seen[t]:
                    y = cells.demand[i, t] / f[t]
                    if begun:
                        before = now
                        now = alpha * y + (1.0 - alpha) * (before + phi * slope)
                        slope = beta * (now - before) + (1.0 - beta) * phi * slope
                    else:
                        now, begun = y, True
            level[c, i] = now
            trend[c, i] = slope
    return one, total, level, trend


@njit(cache=True)
def _start_winters(cells: Cells, i: int, shape: tuple[int, bool], gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """State (level, trend, indices) of series i after its first two seasons; what was not seen counts as its mean."""
    season, multiplicative = shape
    f, seen = cells.factor[cells.group[i]], cells.seen[i]
    means = np.zeros(2)
    state = np.zeros(2 + season)
    for k in range(2):
        units, had = 0.0, 0
        for t in range(k * season, (k + 1) * season):
            if seen[t]:
                units += cells.demand[i, t] / f[t]
                had += 1
        means[k] = units / had if had > 0 else 0.0
    state[0] = means[0]
    state[1] = (means[1] - means[0]) / season if gains[1] > 0.0 else 0.0
    for t in range(2 * season):
        mean = means[t // season]
        y = cells.demand[i, t] / f[t] if seen[t] else mean
        if multiplicative:
            state[2 + t % season] += 0.5 * (y / mean if mean > 0.0 else 1.0)
        else:
            state[2 + t % season] += 0.5 * (y - mean)
    for t in range(2 * season):  # run through them as through the rest
        if seen[t]:
            _step_winters(cells.demand[i, t] / f[t], t, state, shape, gains)
    return state


@njit(cache=True)
def _step_winters(
    y: float, t: int, state: NDArray[np.float64], shape: tuple[int, bool], gains: NDArray[np.float64]
) -> None:
    """One step of Holt-Winters at period t; changes `state`."""
    season, multiplicative = shape
    alpha, beta, gamma, phi = gains
    line, at = state[0] + phi * state[1], 2 + t % season
    s = state[at]
    if multiplicative:
        new = alpha * (y / s if s > 1e-9 else y) + (1.0 - alpha) * line
        state[at] = gamma * (y / line if line > 1e-9 else 1.0) + (1.0 - gamma) * s
    else:
        new = alpha * (y - s) + (1.0 - alpha) * line
        state[at] = gamma * (y - line) + (1.0 - gamma) * s
    state[1] = beta * (new - state[0]) + (1.0 - beta) * phi * state[1]
    state[0] = new


@njit(cache=True)
def _say_winters(
    cells: Cells, i: int, ahead: tuple[int, int], state: NDArray[np.float64], model: tuple[int, bool, float]
) -> tuple[float, float]:
    """Mean of period `ahead[0]` and of the seen ones among the `ahead[1]` periods from it on."""
    season, multiplicative, phi = model
    f = cells.factor[cells.group[i]]
    line, step, first, total = state[0], phi, 0.0, 0.0
    for h in range(ahead[1]):
        t = ahead[0] + h
        line += step * state[1]
        step *= phi
        s = state[2 + t % season]
        mean = max(line * s if multiplicative else line + s, 0.0) * f[t]
        if h == 0:
            first = mean
        if cells.seen[i, t]:
            total += mean
    return first, total


@njit(cache=True, parallel=True)
def _roll_winters(
    cells: Cells, gains: NDArray[np.float64], shape: tuple[int, bool], origins: NDArray[np.int64], span: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    season, multiplicative = shape
    count = len(origins)
    model = (season, multiplicative, gains[3])
    one = np.zeros((1, n, count), np.float32)
    total = np.zeros((1, n, count), np.float32)
    out = np.zeros((n, 2 + season), np.float32)
    for i in prange(n):
        f = cells.factor[cells.group[i]]
        state = np.full(2 + season, 1.0 if multiplicative else 0.0)
        state[:2] = 0.0
        units, had, o = 0.0, 0, 0
        for t in range(periods + 1):
            if t == 2 * season:
                state = _start_winters(cells, i, shape, gains)
            if o < count and origins[o] == t:
                one[0, i, o], total[0, i, o] = _say_winters(cells, i, (t, span), state, model)
                o += 1
            if t < periods and cells.seen[i, t]:
                y = cells.demand[i, t] / f[t]
                if t >= 2 * season:
                    _step_winters(y, t, state, shape, gains)
                else:  # the mean so far
                    units += y
                    had += 1
                    state[0] = units / had
        out[i] = state
    return one, total, out
