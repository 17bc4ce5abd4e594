"""The spread of demand around its mean, learned from what the same model got wrong at rolling origins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy.special import ndtri

from orderpoint.forecast.panel import FloatArray, Outcome
from orderpoint.tables.distribution import Family

Floats = NDArray[np.float64]

KNOTS = 24
"""Quantiles of an empirical residual: enough for a 97.9 % point, few enough to be told from 48 origins."""
LARGE_MEAN = 200.0
"""Units per period above which whole numbers no longer matter."""
LEAST_EXTRA = 0.1
"""Extra probability of zero below which it is not worth a family of its own."""
LEAST_RATIO, MOST_CV2 = 0.01, 9.0
MOST_POOLED_CV2 = 4.0
"""No class of series is believed to be less steady: a few wild ones would make all of it so."""
SIZE_CLASSES = np.array([0.0, *(m * 10.0**k for k in range(-2, 4) for m in (1.0, 2.0, 5.0)), np.inf])
"""Units said of a span at which classes of series end, each about twice as large as the last."""
CLASS_ORIGINS = 300.0
"""Origins of its series that a class needs to be half believed beside all series."""


@dataclass(frozen=True, slots=True)
class Learning:
    """How the spread is learned.

    `prior_origins`: how many origins of its own a series needs to be half believed. `cut_sd`: errors are cut at so many
    standard deviations, lest one large order decide. `least_share`: sums with less of their span seen are left out.
    """

    prior_origins: float = 15.0
    cut_sd: float = 3.0
    least_share: float = 0.5

    def __post_init__(self) -> None:
        """Check the parameters."""
        if self.prior_origins < 0 or self.cut_sd <= 1 or not 0 < self.least_share <= 1:
            raise ValueError(f"learning: expected prior_origins >= 0, cut_sd > 1, 0 < least_share <= 1, got {self}")


@dataclass(frozen=True, eq=False)
class Errors:
    """What a model said, `one` and `total` float32 (n, O) as in `Rolled`, and what came; sums span `span` periods."""

    one: FloatArray
    total: FloatArray
    outcome: Outcome
    span: int


@dataclass(frozen=True, eq=False)
class Spread:
    """`ratio` and `level_cv2` (n,): the variance of a sum with mean M is ratio M + level_cv2 M^2."""

    ratio: Floats
    level_cv2: Floats


@dataclass(frozen=True, eq=False)
class Shape:
    """`family` uint8 (n,), `ratio` (n,), `zero` (n,) and `knots` (n, K) as in `tables.demand`."""

    family: NDArray[np.uint8]
    ratio: Floats
    zero: Floats
    knots: Floats


def fit(errors: Errors, learning: Learning) -> Spread:
    """Match squared errors of single periods and of sums to ratio M + level_cv2 M^2 by weighted moments.

    First over all series, then over those of a size, then each by itself, each drawn towards the last: large items are
    steadier than small ones. Single periods say the ratio, what the sums have beyond it says the level's variance. The
    errors are out of sample for level and trend, so what these do not know is in them; season, effects and weights have
    seen the same history, so the spread is a little narrow.
    """
    n = len(errors.one)
    spread = Spread(np.full(n, 2.0), np.full(n, 0.3))
    kind = size_class(errors, learning.least_share)
    for _ in range(5):
        sums = _moments(
            (errors.one, errors.total, errors.outcome.one, errors.outcome.total),
            (errors.outcome.one_seen, errors.outcome.share),
            (spread.ratio, spread.level_cv2),
            learning.cut_sd**2,
            learning.least_share,
        )
        top, bottom, had, top2, bottom2, had2 = sums.T
        if not had.any():
            break
        like, weight = _of_class(top, bottom, had, kind)
        weight *= learning.prior_origins
        ratio = np.maximum((top + weight * np.maximum(like, LEAST_RATIO)) / (bottom + weight), LEAST_RATIO)
        cv2 = spread.level_cv2
        if had2.any():
            like, weight = _of_class(top2, bottom2, had2, kind)
            weight *= learning.prior_origins * min(errors.span, 4)  # overlapping sums say less than their number
            cv2 = np.clip((top2 + weight * np.clip(like, 0.0, MOST_POOLED_CV2)) / (bottom2 + weight), 0.0, MOST_CV2)
        spread = Spread(ratio, cv2)
    return spread


def size_class(errors: Errors, least_share: float) -> NDArray[np.int64]:
    """Class (n,) of each series by the mean of what was said of its spans; the lowest where nothing was."""
    share = errors.outcome.share
    fine = share >= least_share
    said = np.where(fine, errors.total / np.where(fine, share, np.float32(1.0)), np.float32(0.0)).sum(axis=1)
    return np.asarray(np.digitize(said / np.maximum(fine.sum(axis=1), 1), SIZE_CLASSES) - 1)


def _of_class(top: Floats, bottom: Floats, had: Floats, kind: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Of the class of each series (n,): sum of `top` over that of `bottom`, drawn to all, and `bottom` of an origin."""
    tops, bottoms, hads = (np.bincount(kind, part, len(SIZE_CLASSES) - 1) for part in (top, bottom, had))
    each = np.where(hads > 0, bottoms / np.maximum(hads, 1.0), bottom.sum() / had.sum())
    drawn = (tops + CLASS_ORIGINS * each * top.sum() / bottom.sum()) / (bottoms + CLASS_ORIGINS * each)
    return drawn[kind], each[kind]


def shape(errors: Errors, spread: Spread, whole: NDArray[np.bool_], mean: Floats) -> Shape:
    """The family of each series; `whole` (n,): all its sales are whole numbers; `mean` (n,): units per period.

    Whole numbers in ordinary amounts are counts (negative binomial; Poisson where the ratio is 1), with extra zeros
    where clearly more periods sold nothing than such a count says. Where amounts are large or not whole, the residuals
    themselves are the shape, or a gamma distribution where there are too few of them. Counts stay counts: a shop that
    sold the very same number every day was lucky, and Poisson's variance is the least that arrivals of customers have.
    """
    n = len(mean)
    enough = (errors.outcome.one_seen & (errors.one > 1e-9)).sum(axis=1) >= KNOTS // 2
    continuous = ~whole | (mean > LARGE_MEAN)
    family = np.full(n, Family.COUNT, np.uint8)
    family[continuous] = Family.GAMMA
    family[continuous & enough] = Family.EMPIRICAL
    count = family == Family.COUNT
    zero, behind = _extra_zeros(errors, spread.ratio)
    family[count & (zero > 0)] = Family.ZERO_INFLATED
    zero = np.where(family == Family.ZERO_INFLATED, zero, 0.0)
    ratio = np.where(count, np.maximum(np.where(zero > 0, behind, spread.ratio), 1.0), spread.ratio)
    empirical = family == Family.EMPIRICAL
    knots = _knots(errors, spread, empirical) if empirical.any() else np.zeros((n, 0))
    return Shape(family, ratio, zero, knots)


def _extra_zeros(errors: Errors, ratio: Floats) -> tuple[Floats, Floats]:
    """Extra probability of zero (n,), 0 where none is clear, and the ratio of the count behind it.

    With extra zeros z the count behind has mean m / (1 - z), and the whole the same variance as before where its
    ratio is `ratio` - m z / (1 - z). The z is found by halving at which as many zeros are expected as came.
    """
    seen = errors.outcome.one_seen & (errors.one > 1e-6)
    n = np.maximum(seen.sum(axis=1), 1)
    m = np.where(seen, errors.one, 0.0).sum(axis=1, dtype=np.float64) / n
    came = (seen & (errors.outcome.one == 0)).sum(axis=1) / n
    said = _zero_share(m, ratio)
    clear = came - said > np.maximum(LEAST_EXTRA, 2.0 * np.sqrt(said * (1.0 - said) / n))
    low, high = np.zeros(len(m)), np.maximum(ratio - 1.0, 0.0) / (np.maximum(ratio - 1.0, 0.0) + np.maximum(m, 1e-9))
    for _ in range(30):
        z = 0.5 * (low + high)
        few = z + (1.0 - z) * _zero_share(m / (1.0 - z), ratio - m * z / (1.0 - z)) < came
        low, high = np.where(few, z, low), np.where(few, high, z)
    zero = np.where(clear & (low > LEAST_EXTRA), low, 0.0)
    return zero, np.maximum(ratio - m * zero / (1.0 - zero), 1.0)


def _zero_share(mean: Floats, ratio: Floats) -> Floats:
    """Probability of zero of a negative binomial count, ratio^(-mean / (ratio - 1)); of a Poisson count at ratio 1."""
    above = np.maximum(ratio - 1.0, 1e-9)
    return np.asarray(np.exp(-mean * np.log1p(above) / above))


def _knots(errors: Errors, spread: Spread, wanted: NDArray[np.bool_]) -> Floats:
    """Quantiles of standardised residuals of a period, own drawn to the normal's; mean 0 and variance 1 in each row."""
    points = (np.arange(KNOTS) + 0.5) / KNOTS
    normal = ndtri(points)
    knots = np.tile(normal, (len(wanted), 1))
    for i in np.flatnonzero(wanted):
        seen = errors.outcome.one_seen[i] & (errors.one[i] > 1e-9)
        m = errors.one[i, seen].astype(np.float64)
        own = np.quantile((errors.outcome.one[i, seen] - m) / np.sqrt(spread.ratio[i] * m), points)
        scale = own.std()
        share = len(m) / (len(m) + KNOTS) if scale > 1e-9 else 0.0
        knots[i] = share * (own - own.mean()) / max(scale, 1e-9) + (1 - share) * normal
    knots -= knots.mean(axis=1, keepdims=True)
    return np.asarray(knots / np.sqrt((knots**2).mean(axis=1, keepdims=True)))


@njit(cache=True, parallel=True)
def _moments(
    means: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    seen: tuple[NDArray[np.bool_], FloatArray],
    spread: tuple[Floats, Floats],
    cut: float,
    least_share: float,
) -> Floats:
    """Weighted sums per series, (n, 6): for the ratio its numerator, denominator and count; the same for level_cv2."""
    one, total, one_came, total_came = means
    one_seen, share = seen
    n, count = one.shape
    out = np.zeros((n, 6))
    for i in prange(n):
        ratio, cv2 = spread[0][i], spread[1][i]
        for o in range(count):
            m = np.float64(one[i, o])
            if one_seen[i, o] and m > 1e-6:
                square = min((one_came[i, o] - m) ** 2, cut * (ratio * m + cv2 * m * m + 0.25))
                weight = 1.0 / (max(m, 0.05) * (1.0 + 0.2 * m))
                out[i, 0] += weight * (square - cv2 * m * m)
                out[i, 1] += weight * m
                out[i, 2] += 1.0
            m = np.float64(total[i, o])
            if share[i, o] >= least_share and m > 1e-6:
                square = min((total_came[i, o] - m) ** 2, cut * (ratio * m + cv2 * m * m + 0.25))
                weight = 1.0 / (max(m, 0.05) * (1.0 + 0.2 * m)) ** 2
                out[i, 3] += weight * (square - ratio * m) * m * m
                out[i, 4] += weight * m**4
                out[i, 5] += 1.0
    return out
