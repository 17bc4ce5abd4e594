"""The default parameter sets: 32 of each form, for days, weeks and months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.forecast.statistical.bank import Run
from orderpoint.forecast.statistical.lanes import FEATURES, LANES, Kind, Shape, Voice

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scale:
    """What is slow and fast for a period: least and greatest gain, `windows` of means, year and season in periods."""

    slow: float
    fast: float
    longest: int
    season: int
    year: int
    step: int


SCALES = {
    Period.DAY: Scale(0.005, 0.4, 112, 7, 364, 7),
    Period.WEEK: Scale(0.02, 0.6, 52, 52, 52, 1),
    Period.MONTH: Scale(0.05, 0.8, 24, 12, 12, 0),
}
SLOW, FAST = 8, 4
"""Of the pooled form: gains of an item's own level, and of its group's movement."""


def gains(scale: Scale, count: int) -> NDArray[np.float64]:
    """Gains from slow to fast, evenly in their logarithms."""
    return np.geomspace(scale.slow, scale.fast, count)


def crossed(*columns: NDArray[np.float64] | tuple[float, ...]) -> Plane:
    """All combinations, float32 (rows, sets)."""
    mesh = np.meshgrid(*[np.asarray(column) for column in columns], indexing="ij")
    return np.stack([part.ravel() for part in mesh]).astype(np.float32)


def product_of_gains(sets: Plane) -> Plane:
    """Alpha and beta as the trend's step takes them: alpha and alpha beta."""
    out = sets.copy()
    out[1] *= out[0]
    return out


def default_runs(period: Period, tables: tuple[str, ...], coefficients: Plane | None) -> dict[str, Run]:
    """All forms by the name of their slot. `tables`: the levels that groups' movements were taken on.

    `coefficients` (3 x FEATURES, sets) of the lag regression, where it was learned.
    """
    scale = SCALES[period]
    eight, four = gains(scale, 8), gains(scale, 4)
    plain = Voice.PLAIN

    def one(shape: tuple[Kind, int, int], params: Plane, name: str) -> Run:
        return Run(Shape(*shape), params, ((name, plain, -1),))

    season = scale.season
    runs = {
        "simple": one((Kind.RATIO, 1, 0), 1 - crossed(gains(scale, LANES)), "simple smoothing"),
        "mean": one((Kind.MEAN, scale.longest, 0), windows(scale), "moving average"),
        "tsb": one((Kind.TSB, 1, 0), crossed(four, eight), "TSB"),
        "croston": Run(
            Shape(Kind.CROSTON, 1, 0),
            crossed(four, eight),
            (("Croston", plain, -1), ("SBA", Voice.CORRECTED, -1)),
        ),
        "buckets": Run(
            Shape(Kind.BUCKETS, 1, 0),
            crossed(eight, (0.0, 4.0, 12.0, 24.0)),
            (("ADIDA", plain, -1), ("IMAPA", Voice.MEAN_OF_BUCKETS, -1)),
        ),
        "holt": one((Kind.TREND, 1, 0), product_of_gains(crossed(eight, (0.005, 0.02, 0.05, 0.15), (1.0,))), "Holt"),
        "damped": one(
            (Kind.TREND, 1, 0),
            product_of_gains(crossed(four, (0.05, 0.2), (0.8, 0.9, 0.95, 0.98))),
            "Holt, damped",
        ),
        "theta": one((Kind.THETA, 1, 0), crossed(eight, (0.25, 0.5, 0.667, 0.75)), "Theta"),
        "naive": one((Kind.NAIVE, 1, 0), naive_sets(), "naive"),
        "winters_add": one((Kind.WINTERS_ADD, season, 0), winters_sets(four), "Holt-Winters additive"),
        "winters_times": one((Kind.WINTERS_TIMES, season, 0), winters_sets(four), "Holt-Winters multiplicative"),
        "seasonal": one(
            (Kind.SEASONAL, season, 0),
            crossed((0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0), (0.25, 0.5, 0.75, 1.0)),
            "seasonal naive",
        ),
        "last_year": one((Kind.LAST_YEAR, scale.year, scale.step), year_sets(four), "last year"),
    }
    if tables:
        runs["pooled"] = Run(
            Shape(Kind.RATIO, 1, 0),
            np.repeat(1 - crossed(gains(scale, SLOW)), FAST, axis=1),
            tuple((f"pooled by {name}", Voice.POOLED, k) for k, name in enumerate(tables)),
        )
    if coefficients is not None:
        if len(coefficients) != 3 * FEATURES:
            raise ValueError(f"lag regression: expected {3 * FEATURES} rows, got {len(coefficients)}")
        runs["lags"] = one((Kind.LAGS, season, 0), coefficients, "lag regression")
    return runs


def windows(scale: Scale) -> Plane:
    """Windows from 2 to the longest, in even steps of their logarithms, none twice while there are others."""
    wanted = np.geomspace(2, scale.longest, LANES)
    out = np.unique(np.maximum.accumulate(np.round(wanted)))
    rest = np.setdiff1d(np.arange(2, scale.longest + 1), out)[: LANES - len(out)]
    return np.sort(np.concatenate((out, rest)))[None].astype(np.float32)


def naive_sets() -> Plane:
    """No drift, and shares of the drift damped more or less."""
    drifts = crossed((0.1, 0.25, 0.5, 0.75, 1.0), (0.5, 0.8, 0.9, 0.95, 0.98, 1.0))
    return np.concatenate((np.array([[0.0], [1.0]], np.float32), drifts), axis=1)


def winters_sets(four: NDArray[np.float64]) -> Plane:
    """Alpha, alpha beta, gamma, phi: without a trend, and with a damped one."""
    return product_of_gains(crossed(four, (0.0, 0.05), (0.02, 0.05, 0.1, 0.3), (0.95,)))


def year_sets(four: NDArray[np.float64]) -> Plane:
    """Share of the year ago, one period or three of it, and what the level keeps."""
    return crossed((0.25, 0.5, 0.75, 1.0), (0.0, 1.0), 1 - four)
