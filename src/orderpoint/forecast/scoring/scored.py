"""One forecast beside what came: errors of every series, of its periods and of the sum that stock must cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.accuracy import pinball
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.demand import Demand
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]

PROBABILITIES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.8, 0.9, 0.95)
"""Where quantiles are scored: those of the forecast table, and the four fifths of a usual service level."""
CRPS_POINTS = 39
"""Quantiles over which the pinball loss of a sum is averaged for its CRPS."""


@dataclass(frozen=True, eq=False)
class Held:
    """The history up to an origin, and the H periods after it that were held back.

    `origin`: how many periods the forecaster may see; `horizon`: how many are scored; `span`: periods of the sum that
    is scored beside them (a lead time and review), at most `horizon`.
    """

    sales: Sales
    origin: int
    horizon: int
    span: int

    def __post_init__(self) -> None:
        if not 1 <= self.span <= self.horizon:
            raise ValueError(f"held: expected a span of 1..{self.horizon} periods, got {self.span}")
        if not 1 <= self.origin <= self.sales.timeline.count - self.horizon:
            raise ValueError(f"held: {self.horizon} periods after period {self.origin} leave the history")

    @property
    def before(self) -> Sales:
        """What the forecaster sees."""
        return sales_before(self.sales, self.origin)

    @property
    def actual(self) -> Floats:
        """Units sold in the held-back periods, float64 (n, H)."""
        return self.sales.quantity[:, self.origin : self.origin + self.horizon].astype(np.float64)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Where `actual` is demand, bool (n, H): a stockout says too little, a period off sale nothing."""
        return self.sales.observed()[:, self.origin : self.origin + self.horizon]


@dataclass(frozen=True, eq=False)
class Scored:
    """Sums over the seen periods of n series, float64 (n,) unless said otherwise.

    `periods` int64: how many were seen. `demand`, `error` (forecast - demand), `absolute`, `squared`: sums over them.
    `step_squared`, `step_absolute`: mean squared and mean absolute step of the history, the scales of RMSSE and MASE
    (NaN where it never moved). `pinball` (n, P): sums at PROBABILITIES. Of the sum over the span, NaN where one of its
    periods was not seen: `total` what came, `crps`, and `pit`, its randomised probability integral transform.
    `by_step` (H, 3): demand, error and absolute error of all series by step ahead. `pit_period` (n, H): the same
    transform of each period, NaN where not seen.
    """

    periods: NDArray[np.int64]
    demand: Floats
    error: Floats
    absolute: Floats
    squared: Floats
    step_squared: Floats
    step_absolute: Floats
    pinball: Floats
    total: Floats
    crps: Floats
    pit: Floats
    by_step: Floats
    pit_period: Floats


def score(demand: Demand, held: Held, seed: int = 0) -> Scored:
    """Hold a forecast against what came.

    `demand` speaks of the series of `held.sales` and begins where `held.origin` ends. The transform of a count is
    randomised between P(D < y) and P(D <= y), so that it is uniform where the forecast is right (Czado, Gneiting and
    Held 2009); its lots depend on `seed` alone. CRPS is twice the mean pinball loss over all quantiles (Gneiting and
    Ranjan 2011), here over CRPS_POINTS of them.
    """
    actual, seen = held.actual, held.seen
    mean = demand.mean[:, : held.horizon]
    error = np.where(seen, mean - actual, 0.0)
    kept = np.where(seen, actual, 0.0)
    lots = np.random.default_rng(seed).random((len(actual), held.horizon + 1))
    losses = np.stack(
        [
            np.where(seen, pinball(actual, _quantiles(demand, p, held.horizon), p), 0.0).sum(axis=1)
            for p in PROBABILITIES
        ],
        axis=1,
    )
    step_squared, step_absolute = _steps(held.before)
    total, crps, pit = _of_the_sum(demand, held, lots[:, -1])
    return Scored(
        periods=seen.sum(axis=1),
        demand=kept.sum(axis=1),
        error=error.sum(axis=1),
        absolute=np.abs(error).sum(axis=1),
        squared=(error**2).sum(axis=1),
        step_squared=step_squared,
        step_absolute=step_absolute,
        pinball=losses,
        total=total,
        crps=crps,
        pit=pit,
        by_step=np.stack((kept.sum(axis=0), error.sum(axis=0), np.abs(error).sum(axis=0)), axis=1),
        pit_period=_of_the_periods(demand, held, lots),
    )


def _quantiles(demand: Demand, probability: float, horizon: int) -> Floats:
    return np.asarray(demand.quantile(probability)[:, :horizon])


def _steps(before: Sales) -> tuple[Floats, Floats]:
    """Mean squared and mean absolute step between neighbouring seen periods, from the first sale on."""
    quantity = before.quantity.astype(np.float64)
    seen = before.observed() & (np.cumsum(quantity, axis=1) > 0)
    both = seen[:, 1:] & seen[:, :-1]
    step = np.where(both, np.diff(quantity, axis=1), 0.0)
    count = both.sum(axis=1)
    squared, absolute = (
        np.divide(sums, count, out=np.full(len(sums), np.nan), where=(count > 0) & (sums > 0))
        for sums in ((step**2).sum(axis=1), np.abs(step).sum(axis=1))
    )
    return squared, absolute


def _of_the_sum(demand: Demand, held: Held, lots: Floats) -> tuple[Floats, Floats, Floats]:
    """What came over the span, CRPS and transform of its distribution."""
    whole = held.seen[:, : held.span].all(axis=1)
    came = np.where(whole, held.actual[:, : held.span].sum(axis=1), 0.0)
    sums = demand.sum_over(0, held.span - 1)
    points = (np.arange(CRPS_POINTS) + 0.5) / CRPS_POINTS
    crps = np.zeros(len(came))
    for p in points:
        crps += pinball(came, sums.quantile(p), p)
    crps *= 2.0 / CRPS_POINTS
    below, within = sums.cdf(np.where(_counts(came), came - 1.0, came)), sums.cdf(came)
    pit = np.where(came > 0, below, 0.0) + lots * (within - np.where(came > 0, below, 0.0))
    missing = np.where(whole, 0.0, np.nan)
    return came + missing, crps + missing, pit + missing


def _of_the_periods(demand: Demand, held: Held, lots: Floats) -> Floats:
    out = np.full(held.seen.shape, np.nan)
    actual = held.actual
    for k in range(held.horizon):
        came, period = actual[:, k], demand.period(k)
        below = np.where(came > 0, period.cdf(np.where(_counts(came), came - 1.0, came)), 0.0)
        out[:, k] = below + lots[:, k] * (period.cdf(came) - below)
    return np.where(held.seen, out, np.nan)


def _counts(values: Floats) -> NDArray[np.bool_]:
    """True where a value is a whole number, whose probability is that of a point and not of a stretch."""
    return np.asarray(values == np.floor(values))
