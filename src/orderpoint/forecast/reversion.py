"""Regression to the mean: of the series that are forecast lowest more comes than was said, of the highest less.

A level is learned from few sales, and the lowest of many such levels are low by chance as well as by nature. A model
that blends fast and slow forms still errs that way where nothing tells it how much of what it sees is chance. Its own
rolling origins do: they are sorted by what was said of the span into classes of about a factor of two, and what came in
a class, over what was said, is how much is to be given back, all classes together keeping what was said of them (F.
Galton 1886, "Regression towards mediocrity in hereditary stature"; in forecasting, the calibration regression of J.
Mincer and V. Zarnowitz 1969). It acts where the later origins, which did not teach it, are told better with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.distributions import SIZE_CLASSES, Errors, Learning, Spread

Floats = NDArray[np.float64]

PRIOR_SPANS = 30.0
"""Spans of a class that say as much as was said of them, before any is looked at."""
HELD_SHARE = 1 / 3
"""Share of the origins, the last ones, that decide whether it acts."""
BETTER = 0.998
"""Of the deviance without it: what it has to come below there."""
PASSES = 4
LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class Reversion:
    """Factors by what is said of a span: `at` (K,) ascending logarithms of units, `log_factor` (K,)."""

    at: Floats
    log_factor: Floats

    def factor(self, said: Floats) -> Floats:
        """By what to multiply the means of series of whose span `said` units are said, any shape."""
        return np.asarray(np.exp(np.interp(np.log(np.maximum(said, LEAST)), self.at, self.log_factor)))


NONE = Reversion(np.zeros(1), np.zeros(1))


def learn(errors: Errors, spread: Spread, learning: Learning) -> Reversion:
    """What the sums at the origins (n, O) teach; NONE where the held-out ones are told no better.

    Sums are cut at `learning.cut_sd` standard deviations of `spread` above what was said, lest one large order decide.
    """
    count = errors.total.shape[1]
    first = count - int(count * HELD_SHARE)
    if not 0 < first < count:
        return NONE
    early, late = slice(0, first), slice(first, count)
    found = _learned(errors, spread, learning, early)
    said, came = _cut(errors, spread, learning, late, found)
    if len(said) and _deviance(came, said * found.factor(said)) < BETTER * _deviance(came, said):
        return _learned(errors, spread, learning, slice(0, count))
    return NONE


def applied(errors: Errors, found: Reversion) -> Errors:
    """The errors of the same models with what is given back."""
    if found is NONE:
        return errors
    said = errors.total / np.maximum(errors.outcome.share, LEAST)
    factor = found.factor(said).astype(np.float32)
    return replace(errors, one=errors.one * factor, total=errors.total * factor)


def _learned(errors: Errors, spread: Spread, learning: Learning, origins: slice) -> Reversion:
    found = NONE
    for _ in range(PASSES):
        said, came = _cut(errors, spread, learning, origins, found)
        if not len(said):
            return NONE
        kind = np.digitize(said, SIZE_CLASSES) - 1
        spans = np.bincount(kind, minlength=len(SIZE_CLASSES) - 1)
        told = np.bincount(kind, said, minlength=len(spans))
        real = np.bincount(kind, came, minlength=len(spans))
        there = spans > 0
        mean = told[there] / spans[there]
        factor = (real[there] + PRIOR_SPANS * mean) / (told[there] + PRIOR_SPANS * mean)
        factor *= told.sum() / (told[there] * factor).sum()  # all together keep their level: that is the model's to say
        after = np.maximum.accumulate(mean * factor)  # more said is never less in the end
        found = Reversion(np.log(mean), np.log(after / mean))
    return found


def _cut(errors: Errors, spread: Spread, learning: Learning, origins: slice, found: Reversion) -> tuple[Floats, Floats]:
    """(said, came) of the sums of which enough was seen, as of whole spans; what came is cut."""
    share = errors.outcome.share[:, origins].astype(np.float64)
    fine = (share >= learning.least_share) & (errors.total[:, origins] > LEAST)
    row = np.nonzero(fine)[0]
    over = share[fine]
    said = errors.total[:, origins][fine] / over
    came = errors.outcome.total[:, origins][fine] / over
    mean = said * found.factor(said)
    deviation = np.sqrt(spread.ratio[row] * mean / over + spread.level_cv2[row] * mean**2 + 0.25)
    return said, np.minimum(came, mean + learning.cut_sd * deviation)


def _deviance(came: Floats, mean: Floats) -> float:
    """Of Poisson counts (McCullagh and Nelder 1989, eq. 2.3): least, on average, at the true mean."""
    some = came > 0.0
    return float(2.0 * (mean - came).sum() + 2.0 * (came[some] * np.log(came[some] / mean[some])).sum())
