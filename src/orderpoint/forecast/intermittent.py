"""Models for demand that is zero most of the time: TSB, SBA (Croston's method, corrected), ADIDA and IMAPA."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.forecast.form import Form
from orderpoint.forecast.panel import Cells, FloatArray, Panel, Rolled, exposure, level_ahead
from orderpoint.forecast.smoothing import as_tuple, check_shares

LONGEST_BUCKET = 24


@dataclass(frozen=True, slots=True)
class TSB(Form):
    """Probability and size of a demand, smoothed apart (Teunter, Syntetos & Babai 2011, eq. 3-5).

    p <- p + beta ([y > 0] - p) in every period, z <- z + alpha (y - z) in periods with demand; mean p z. What is no
    longer sold decays.

    Gains start as 1 / k and fall to `alpha` and `beta`, so that the first periods count as in a plain mean; `initial`
    (p, z) starts them at their final values instead, as the textbook does.
    """

    alpha: float | tuple[float, ...] = 0.1
    beta: float | tuple[float, ...] = 0.05
    initial: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_shares("TSB", alpha=self.alpha, beta=self.beta)

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "TSB"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time for all parameter sets."""
        pair = np.broadcast_arrays(np.asarray(as_tuple(self.alpha)), np.asarray(as_tuple(self.beta)))
        gains = np.ascontiguousarray(np.stack(pair, axis=1))
        start = np.array(self.initial if self.initial is not None else (-1.0, -1.0))
        one, total, level = _roll_tsb(panel.cells, gains, panel.origins, panel.span, start)
        labels = tuple(f"{self.name} {a:g} {b:g}" for a, b in gains)
        return Rolled(labels, one, total, level_ahead(level, panel.cells.group))


@dataclass(frozen=True, slots=True)
class SBA(Form):
    """Croston's method with its bias corrected: mean (1 - alpha / 2) z / x (Syntetos & Boylan 2005, eq. 5).

    z is the smoothed size of a demand, x the smoothed interval between demands; both change only when there is a
    demand.

    Gains start as 1 / k and fall to `alpha`. It never forgets an item that is no longer sold: TSB does.
    """

    alpha: float | tuple[float, ...] = 0.1

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_shares("SBA", alpha=self.alpha)

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "SBA"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time for all parameter sets."""
        alphas = np.asarray(as_tuple(self.alpha))
        one, total, level = _roll_sba(panel.cells, alphas, panel.origins, panel.span)
        labels = tuple(f"{self.name} {a:g}" for a in alphas)
        return Rolled(labels, one, total, level_ahead(level, panel.cells.group))


@dataclass(frozen=True, slots=True)
class ADIDA(Form):
    """Simple smoothing of sums over buckets as long as the mean interval between demands, divided by their length.

    (Nikolopoulos et al. 2011.) The interval is the series' own over its whole history, at most 24 periods; buckets are
    counted from the first period seen.
    """

    alpha: float = 0.1

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_shares("ADIDA", alpha=self.alpha)

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "ADIDA"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time."""
        one, total, level = _roll_buckets(panel.cells, self.alpha, panel.origins, panel.span)
        return Rolled((self.name,), one[:1], total[:1], level_ahead(level[:1], panel.cells.group))


@dataclass(frozen=True, slots=True)
class IMAPA(Form):
    """The mean of ADIDA over all buckets of one period to the mean interval (Petropoulos & Kourentzes 2015)."""

    alpha: float = 0.1

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_shares("IMAPA", alpha=self.alpha)

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return "IMAPA"

    def roll(self, panel: Panel) -> Rolled:
        """One pass over time."""
        one, total, level = _roll_buckets(panel.cells, self.alpha, panel.origins, panel.span)
        return Rolled((self.name,), one[1:], total[1:], level_ahead(level[1:], panel.cells.group))


@njit(cache=True, parallel=True)
def _roll_tsb(
    cells: Cells, gains: NDArray[np.float64], origins: NDArray[np.int64], span: int, start: NDArray[np.float64]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    sets, count = len(gains), len(origins)
    one = np.zeros((sets, n, count), np.float32)
    total = np.zeros((sets, n, count), np.float32)
    level = np.zeros((sets, n), np.float32)
    given = start[0] >= 0.0
    for i in prange(n):
        f, seen = cells.factor[cells.group[i]], cells.seen[i]
        p = np.full(sets, max(start[0], 0.0))
        z = np.full(sets, max(start[1], 0.0))
        had, sold, o = 0, 0, 0
        for t in range(periods):
            if o < count and origins[o] == t:
                some = exposure(seen, f, t, span)
                for c in range(sets):
                    one[c, i, o] = p[c] * z[c] * f[t]
                    total[c, i, o] = p[c] * z[c] * some
                o += 1
            if seen[t]:
                had += 1
                y = cells.demand[i, t] / f[t]
                if y > 0.0:
                    sold += 1
                for c in range(sets):
                    gain = gains[c, 1] if given else max(gains[c, 1], 1.0 / had)
                    p[c] += gain * ((1.0 if y > 0.0 else 0.0) - p[c])
                    if y > 0.0:
                        gain = gains[c, 0] if given else max(gains[c, 0], 1.0 / sold)
                        z[c] += gain * (y - z[c])
        for c in range(sets):
            level[c, i] = p[c] * z[c]
    return one, total, level


@njit(cache=True, parallel=True)
def _roll_sba(
    cells: Cells, alphas: NDArray[np.float64], origins: NDArray[np.int64], span: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    n, periods = cells.demand.shape
    sets, count = len(alphas), len(origins)
    one = np.zeros((sets, n, count), np.float32)
    total = np.zeros((sets, n, count), np.float32)
    level = np.zeros((sets, n), np.float32)
    for i in prange(n):
        f, seen = cells.factor[cells.group[i]], cells.seen[i]
        z, x, now = np.zeros(sets), np.ones(sets), np.zeros(sets)
        sold, since, o = 0, 0, 0
        for t in range(periods):
            if o < count and origins[o] == t:
                some = exposure(seen, f, t, span)
                for c in range(sets):
                    one[c, i, o] = now[c] * f[t]
                    total[c, i, o] = now[c] * some
                o += 1
            if seen[t]:
                since += 1
                y = cells.demand[i, t] / f[t]
                if y > 0.0:
                    sold += 1
                    for c in range(sets):
                        gain = max(alphas[c], 1.0 / sold)
                        z[c] += gain * (y - z[c])
                        x[c] += gain * (since - x[c])
                        now[c] = (1.0 - 0.5 * alphas[c]) * z[c] / x[c]
                    since = 0
        for c in range(sets):
            level[c, i] = now[c]
    return one, total, level


@njit(cache=True)
def mean_interval(demand: FloatArray, seen: NDArray[np.bool_]) -> int:
    """Seen periods per period with demand, rounded, from 1 to 24."""
    had, sold = 0, 0
    for t in range(len(demand)):
        if seen[t]:
            had += 1
            if demand[t] > 0.0:
                sold += 1
    if sold == 0:
        return 1
    return min(max(int(had / sold + 0.5), 1), LONGEST_BUCKET)


@njit(cache=True, parallel=True)
def _roll_buckets(
    cells: Cells, alpha: float, origins: NDArray[np.int64], span: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Row 0: the longest bucket alone (ADIDA); row 1: the mean over all lengths (IMAPA)."""
    n, periods = cells.demand.shape
    count = len(origins)
    one = np.zeros((2, n, count), np.float32)
    total = np.zeros((2, n, count), np.float32)
    level = np.zeros((2, n), np.float32)
    for i in prange(n):
        f, seen = cells.factor[cells.group[i]], cells.seen[i]
        longest = mean_interval(cells.demand[i], seen)
        units, weight, now = np.zeros(longest), np.zeros(longest), np.zeros(longest)
        filled = np.zeros(longest, np.int64)
        closed = np.zeros(longest, np.int64)
        o = 0
        for t in range(periods + 1):
            if t == periods or (o < count and origins[o] == t):
                some, mean = 0.0, 0.0
                for k in range(longest):
                    # before the first bucket is full, what is in it so far
                    part = units[k] / weight[k] if weight[k] > 0.0 else 0.0
                    some = now[k] if closed[k] > 0 else part
                    mean += some / longest
                if t == periods:
                    level[0, i], level[1, i] = some, mean
                else:
                    seen_factor = exposure(seen, f, t, span)
                    one[0, i, o], one[1, i, o] = some * f[t], mean * f[t]
                    total[0, i, o], total[1, i, o] = some * seen_factor, mean * seen_factor
                o += 1
            if t < periods and seen[t]:
                for k in range(longest):
                    units[k] += cells.demand[i, t]
                    weight[k] += f[t]
                    filled[k] += 1
                    if filled[k] == k + 1:
                        closed[k] += 1
                        now[k] += max(alpha, 1.0 / closed[k]) * (units[k] / weight[k] - now[k])
                        units[k], weight[k], filled[k] = 0.0, 0.0, 0
    return one, total, level
