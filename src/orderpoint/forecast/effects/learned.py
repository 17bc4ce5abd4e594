"""Coefficients of every series, drawn to those of its category, and those to all (empirical Bayes)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.effects.design import PRICE, RIVAL, Design
from orderpoint.forecast.effects.kernel import moments
from orderpoint.forecast.panel import Cells, FloatArray
from orderpoint.forecast.pooling import Groups

Floats = NDArray[np.float64]

PASSES = 4
"""Level and effects are learned in turns, each without the other; half as often from where another learning ended."""
LEAST_SPREAD, MOST_SPREAD = 0.05, 1.0
"""Standard deviation of a coefficient among series, by how far their estimates differ beyond their noise."""
FIRST_SPREAD = 0.3
OVERALL_PRECISION = 1.0
"""Precision with which, before any data, all coefficients are believed to be 0."""
GREATEST = 2.5
"""No column moves log demand by more, and no price by more than GREATEST_ELASTICITY times its log ratio."""
GREATEST_ELASTICITY = 6.0
LEAST_FACTOR, MOST_FACTOR = 0.1, 10.0


@dataclass(frozen=True, eq=False)
class Effects:
    """`coefficients` float64 (n, K) of log demand on the columns of `design`; `overall` (K,): of all series together.

    `error` float64 (n, K): posterior standard deviation of each coefficient. `spread` (K,): their standard deviation
    among series.
    """

    design: Design
    coefficients: Floats
    overall: Floats
    error: Floats
    spread: Floats

    def only(self, columns: NDArray[np.bool_]) -> Effects:
        """These effects with those of other columns than `columns` (n, K) left out."""
        return replace(self, coefficients=np.where(columns, self.coefficients, 0.0))

    def factor(self, design: Design, columns: NDArray[np.bool_] | None = None) -> FloatArray:
        """Multiplier of demand, float32 (n, S), over the periods of `design`; of `columns` (K,) alone where given."""
        beta = self.coefficients if columns is None else np.where(columns, self.coefficients, 0.0)
        return _factor(design, beta)


def learn(cells: Cells, groups: Groups, design: Design, keep: float, begun: Effects | None = None) -> Effects:
    """Learn the effects of `design` on the seen cells, around each series' own moving level and season.

    Demand is quasi-Poisson with mean level x season x exp(x b); the level of a period is the discounted mean of its
    neighbours both ways (`keep` kept per period), so that only changes within its memory teach. One Newton step a pass
    on the profile likelihood (columns less their local mean), each series' coefficients drawn to its category's, with
    the precision that the spread among series beyond their noise supports (Buehlmann 1967; Efron and Morris 1975).
    `begun`: what was learned of nearly the same cells, to go on from.
    """
    n, count = len(cells.demand), design.count
    beta = np.zeros((n, count)) if begun is None else begun.coefficients
    overall, error = np.zeros(count), np.full((n, count), FIRST_SPREAD)
    least, most = _limits(design)
    category = groups.category[groups.of]
    spread = np.full(count, FIRST_SPREAD) if begun is None else begun.spread
    for _ in range((PASSES if begun is None else PASSES // 2) if count else 0):
        gradient, information, ratio = moments(cells, (design.own, design.shared, design.place), beta, keep)
        noise = np.maximum(ratio, 1.0)
        weight = information / noise[:, None, None]
        pull = np.einsum("nkl,nl->nk", weight, beta) + gradient / noise[:, None]
        overall = np.clip(_solve(weight.sum(axis=0) + np.eye(count) * OVERALL_PRECISION, pull.sum(axis=0)), least, most)
        middle = _by_category(weight, pull, category, overall, spread)
        spread = _spread(weight, pull, middle, spread)
        precision = np.diag(1.0 / spread**2)
        posterior = np.linalg.inv(weight + precision)
        beta = np.einsum("nkl,nl->nk", posterior, pull + middle / spread**2)
        beta = np.clip(beta, least, most)
        error = np.sqrt(np.maximum(np.diagonal(posterior, axis1=1, axis2=2), 0.0))
    return Effects(design, beta, overall, error, spread)


def _limits(design: Design) -> tuple[Floats, Floats]:
    """Least and greatest coefficient of each column: a higher price of one's own sells no more, a rival's no less."""
    most = np.array([GREATEST_ELASTICITY if name in (PRICE, RIVAL) else GREATEST for name in design.names])
    least = np.where([name == RIVAL for name in design.names], 0.0, -most)
    return least, np.where([name == PRICE for name in design.names], 0.0, most)


def _by_category(weight: Floats, pull: Floats, category: NDArray[np.int64], overall: Floats, spread: Floats) -> Floats:
    """Coefficients (n, K) of each series' category: its series together, drawn to all."""
    out = np.empty_like(pull)
    precision = np.diag(1.0 / spread**2)
    for name in np.unique(category):
        mine = category == name
        together = weight[mine].sum(axis=0) + precision
        out[mine] = np.linalg.solve(together, pull[mine].sum(axis=0) + overall / spread**2)
    return out


def _spread(weight: Floats, pull: Floats, middle: Floats, before: Floats) -> Floats:
    """Standard deviation (K,) of coefficients among series: squared distances to the middle, less their noise.

    Each column is looked at alone, weighed by how much of its series' word is its own.
    """
    information = np.diagonal(weight, axis1=1, axis2=2)
    apart = np.divide(
        pull - np.einsum("nkl,nl->nk", weight, middle),
        information,
        out=np.zeros_like(pull),
        where=information > 1e-9,
    )
    share = information / (information + 1.0 / before**2)
    excess = (share**2 * (apart**2 - 1.0 / np.maximum(information, 1e-9))).sum(axis=0)
    told = (share**2).sum(axis=0)
    variance = (excess + FIRST_SPREAD**2) / (told + 1.0)  # the first guess counts as one series
    return np.asarray(np.clip(np.sqrt(np.maximum(variance, 0.0)), LEAST_SPREAD, MOST_SPREAD))


def _solve(matrix: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(matrix, right))


def _factor(design: Design, beta: Floats) -> FloatArray:
    n, own = len(beta), len(design.own)
    size = design.own.shape[2] if own else design.shared.shape[2]
    log = np.zeros((n, size), np.float32)
    for k in range(own):
        log += design.own[k] * beta[:, k : k + 1].astype(np.float32)
    if design.count > own:
        for place in range(len(design.shared)):
            mine = design.place == place
            log[mine] += (beta[mine, own:] @ design.shared[place].astype(np.float64)).astype(np.float32)
    return np.clip(np.exp(log), LEAST_FACTOR, MOST_FACTOR).astype(np.float32)
