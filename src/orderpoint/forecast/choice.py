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
"""What a later candidate has to come below, of the cost of the best before it: less is chance."""


class Money(Protocol):
    """What a stock decision costs, handed in by those who know the shop's costs."""

    def of(self, index: SeriesIndex) -> tuple[Floats, Floats]:
        """(left, short) (n,): money per unit left over after the sum's periods, and per unit short, of each series."""
        ...


@dataclass(frozen=True, eq=False)
class Candidate:
    """A forecast at the held-out origins: its errors, and the spread that it would say."""

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


def choose(candidates: Mapping[str, Candidate], money: tuple[Floats, Floats]) -> Choice:
    """The first candidate, unless a later one is cheaper by more than chance (BETTER). Costs are sums over all origins.

    `money`: (left, short) (n,), see `Money`. Raises ValueError without candidates.
    """
    if not candidates:
        raise ValueError("choose: expected at least one candidate")
    cost = {name: _cost(one, money) for name, one in candidates.items()}
    wape = {name: _wape(one.errors) for name, one in candidates.items()}
    used = next(iter(cost))
    for name, value in cost.items():
        if value < BETTER * cost[used]:
            used = name
    return Choice(used, cost, wape)


def _cost(candidate: Candidate, money: tuple[Floats, Floats]) -> float:
    said, came, row = _sums(candidate.errors)
    left, short = (each[row] for each in money)
    spread = candidate.spread
    variance = spread.ratio[row] * said + spread.level_cv2[row] * said**2
    share = np.divide(short, short + left, out=np.zeros_like(short), where=short > 0.0)
    level = Distribution.single(Family.COUNT, said, variance).quantile(np.minimum(share, 1.0 - 1e-9))
    return float((left * np.maximum(level - came, 0.0) + short * np.maximum(came - level, 0.0)).sum())


def _wape(errors: Errors) -> float:
    said, came, _ = _sums(errors)
    whole = came.sum()
    return float(np.abs(said - came).sum() / whole) if whole > 0.0 else float("nan")


def _sums(errors: Errors) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """(said, came, row) of the sums of which enough was seen."""
    outcome: Outcome = errors.outcome
    fine = outcome.share >= LEAST_SHARE
    return errors.total[fine].astype(np.float64), outcome.total[fine].astype(np.float64), np.nonzero(fine)[0]
