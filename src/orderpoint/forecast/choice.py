"""Which of several forecasts is used: the one whose stock would have cost least at held-out origins.

The stock decision that a forecast feeds is how much to have for a sum of periods (lead time and review). What was said
of the sum at an origin gives the level that costs least, its quantile at short / (short + left); what came says what
that level cost (Arrow, Harris and Marschak 1951, "Optimal inventory policy", the newsvendor). Accuracy is written
beside it and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.distributions import Errors, Spread
from orderpoint.forecast.panel import Outcome
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]

LEAST_SHARE = 0.5
"""A sum with less of its span seen says nothing."""
BETTER = 0.98
"""What a later candidate has to come below, of the cost of the best before it."""
LEAST_ORIGINS = 3
"""Origins without which no later candidate is believed: all series share what happened after an origin."""


class Money(Protocol):
    """What a stock decision costs, handed in by those who know the shop's costs."""

    def of(self, index: SeriesIndex) -> tuple[Floats, Floats]:
        """(left, short) (n,): money per unit left over after the sum's periods, and per unit short, of each series."""
        ...


@dataclass(frozen=True, eq=False)
class Candidate:
    """A forecast at the held-out origins: its errors, and the spread that they ask for."""

    errors: Errors
    spread: Spread


@dataclass(frozen=True)
class Choice:
    """`used`: the candidate that speaks. `cost`: money of each candidate's stock; `wape`: error of its sums."""

    used: str
    cost: Mapping[str, float]
    wape: Mapping[str, float]


@runtime_checkable
class Chosen(Protocol):
    """A fitted forecaster that chose among candidates."""

    @property
    def choice(self) -> Choice | None:
        """What was chosen, and the evidence; None where nothing could be held out, or nobody said what stock costs."""
        ...


def choice_of(fitted: object) -> Choice | None:
    """The choice of a fitted forecaster, None where it made none."""
    return fitted.choice if isinstance(fitted, Chosen) else None


def choose(candidates: Mapping[str, Candidate], money: tuple[Floats, Floats]) -> Choice | None:
    """The first candidate, unless a later one is clearly cheaper: by BETTER, and by more than a standard error.

    The error is that of the mean gain of an origin; `cost` is the sum over origins. `money`: (left, short) (n,), see
    `Money`. None where no sum was seen. Raises ValueError without candidates.
    """
    if not candidates:
        raise ValueError("choose: expected at least one candidate")
    costs = {name: _costs(one, money) for name, one in candidates.items()}
    if not any(len(each) for each in costs.values()):
        return None
    cost = {name: float(each.sum()) for name, each in costs.items()}
    wape = {name: _wape(one.errors) for name, one in candidates.items()}
    used = next(iter(cost))
    for name, value in cost.items():
        if value < BETTER * cost[used] and _clear(costs[used] - costs[name]):
            used = name
    return Choice(used, cost, wape)


def _clear(gain: Floats) -> bool:
    """Whether the gains of the origins are above nothing by more than a standard error of their mean."""
    count = len(gain)
    return count >= LEAST_ORIGINS and bool(gain.mean() > gain.std(ddof=1) / np.sqrt(count))


def _costs(candidate: Candidate, money: tuple[Floats, Floats]) -> Floats:
    """Cost of each origin of which anything was seen."""
    said, came, row, origin = _sums(candidate.errors)
    left, short = (each[row] for each in money)
    spread = candidate.spread
    variance = spread.ratio[row] * said + spread.level_cv2[row] * said**2
    share = np.divide(short, short + left, out=np.zeros_like(short), where=short > 0.0)
    level = Distribution.single(Family.COUNT, said, variance).quantile(np.minimum(share, 1.0 - 1e-9))
    cost = left * np.maximum(level - came, 0.0) + short * np.maximum(came - level, 0.0)
    return np.array([cost[origin == one].sum() for one in np.unique(origin)])


def _wape(errors: Errors) -> float:
    said, came, *_ = _sums(errors)
    whole = came.sum()
    return float(np.abs(said - came).sum() / whole) if whole > 0.0 else float("nan")


def _sums(errors: Errors) -> tuple[Floats, Floats, NDArray[np.intp], NDArray[np.intp]]:
    """(said, came, row, origin) of the sums of which enough was seen."""
    outcome: Outcome = errors.outcome
    fine = outcome.share >= LEAST_SHARE
    row, origin = np.nonzero(fine)
    return errors.total[fine].astype(np.float64), outcome.total[fine].astype(np.float64), row, origin
