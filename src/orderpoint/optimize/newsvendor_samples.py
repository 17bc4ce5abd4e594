"""The newsvendor from what was observed: empirical demand, some of it seen only as "at least so much".

Sources: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American
Statistical Association 53 (1958), 457-481; W. T. Huh, R. Levi, P. Rusmevichientong and J. B. Orlin, "Adaptive
data-driven inventory control with censored demand based on Kaplan-Meier estimator", Operations Research 59 (2011).

A day that sold out says that demand was at least what was sold: it counts among the days at risk below its sales, and
not at them. P(D > x) is the product over observed y <= x of 1 - d(y) / n(y), d(y) the days with demand y, n(y)
those and all with larger sales. Without sold-out days that is the share of days above x.

Where the days of largest sales all sold out, the product stays above zero: the data say how likely a demand beyond the
last one seen is, and nothing about how large it is. If the critical ratio lies there, no quantity can be called best;
`identified` is False, and the quantity is the largest that was sold, as the best is no less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.newsvendor import Newsvendor
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ROUNDING = 1e-12  # a share of days that misses the critical ratio by this much reaches it


@dataclass(frozen=True, eq=False)
class SampledDemand:
    """Observations of n series: those of series i are `values[offsets[i]:offsets[i + 1]]`, at least one.

    `values` float64, units demanded, not negative; `censored` bool of the same length: True where the shelf was empty,
    so that demand was at least the value.
    """

    offsets: IntArray
    values: FloatArray
    censored: NDArray[np.bool_]

    def __post_init__(self) -> None:
        checks.finite("samples.values", self.values, least=0.0)
        checks.shape("samples.censored", self.censored, self.values.shape)
        if self.offsets[0] != 0 or self.offsets[-1] != len(self.values) or (np.diff(self.offsets) < 1).any():
            raise ValueError(
                f"samples.offsets: expected to rise from 0 to {len(self.values)}; leave out series never observed"
            )

    @classmethod
    def of(cls, samples: list[ArrayLike], censored: list[ArrayLike] | None = None) -> SampledDemand:
        """From one array of observations for each series, and one of the same length that says which sold out."""
        rows = [np.asarray(sample, np.float64) for sample in samples]
        marks = [np.zeros(len(row), np.bool_) for row in rows] if censored is None else censored
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=offsets[1:])
        return cls(offsets, np.concatenate(rows), np.concatenate([np.asarray(mark, np.bool_) for mark in marks]))

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass(frozen=True, eq=False)
class SampledOrder:
    """`quantity` (n,) in units, `cost` (n,) money over the period, and how far the observations bear them.

    `identified` bool (n,): False where the critical ratio lies beyond what the observations tell; then `quantity` and
    `cost` are the least that the best may be. `known_share` (n,): the probability up to which quantiles are known.
    """

    quantity: FloatArray
    cost: FloatArray
    identified: NDArray[np.bool_]
    known_share: FloatArray


def optimal(newsvendor: Newsvendor, demand: SampledDemand) -> SampledOrder:
    """The best quantity for the observed law of each series."""
    n = len(demand)
    h, p = _costs(newsvendor, n)
    found = _answers(demand.offsets, *_ascending(demand), (h, p), np.full(n, np.nan))
    return SampledOrder(found[:, 0].copy(), found[:, 1].copy(), found[:, 2] > 0.0, found[:, 3].copy())


def evaluate(newsvendor: Newsvendor, demand: SampledDemand, quantity: ArrayLike) -> FloatArray:
    """(n,): expected cost of given quantities, one number or (n,).

    Demand beyond what was seen counts as the largest sale, or as the quantity where that is more: the cost is then the
    least that agrees with the observations.
    """
    n = len(demand)
    asked = np.array(np.broadcast_to(np.asarray(quantity, np.float64), (n,)))
    checks.finite("samples.quantity", asked)
    return _answers(demand.offsets, *_ascending(demand), _costs(newsvendor, n), asked)[:, 1].copy()


def _ascending(demand: SampledDemand) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Values and their flags, ascending within each series."""
    row = np.repeat(np.arange(len(demand)), np.diff(demand.offsets))
    order = np.lexsort((demand.values, row))
    return demand.values[order], demand.censored[order]


def _costs(newsvendor: Newsvendor, n: int) -> tuple[FloatArray, FloatArray]:
    given = (newsvendor.holding_cost, newsvendor.stockout_cost)
    h, p = (np.array(np.broadcast_to(np.asarray(a, np.float64), (n,))) for a in given)
    return h, p


@njit(cache=True, error_model="numpy")
def _masses(values: FloatArray, censored: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray, float]:
    """(ascending `values`, the Kaplan-Meier probability of each, what is left beyond them)."""
    points, mass = values, np.zeros(len(values))
    left = 1.0
    first = 0
    while first < len(points):
        last, seen = first, 0
        while last < len(points) and points[last] == points[first]:
            seen += 0 if censored[last] else 1
            last += 1
        if seen > 0:
            mass[first] = left * seen / (seen + len(points) - last)
            left -= mass[first]
            if last == len(points):
                left = 0.0
        first = last
    return points, mass, left


@njit(cache=True, error_model="numpy")
def _answers(
    offsets: IntArray,
    values: FloatArray,
    censored: NDArray[np.bool_],
    costs: tuple[FloatArray, FloatArray],
    asked: FloatArray,
) -> FloatArray:
    """(n, 4): quantity (the best where `asked` is nan), cost, whether it is identified, known share."""
    out = np.empty((len(asked), 4))
    for i in range(len(asked)):
        points, mass, beyond = _masses(values[offsets[i] : offsets[i + 1]], censored[offsets[i] : offsets[i + 1]])
        h, p = costs[0][i], costs[1][i]
        quantity, known = asked[i], 1.0
        if np.isnan(quantity):
            quantity, known = _quantile(points, mass, p / (h + p))
        cost = p * beyond * max(points[-1] - quantity, 0.0)
        for k in range(len(points)):
            cost += mass[k] * (h * max(quantity - points[k], 0.0) + p * max(points[k] - quantity, 0.0))
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = quantity, cost, known, 1.0 - beyond
    return out


@njit(cache=True, error_model="numpy")
def _quantile(points: FloatArray, mass: FloatArray, ratio: float) -> tuple[float, float]:
    """(the least point whose share reaches `ratio`, 1); (the largest point, 0) where none does."""
    total = 0.0
    for k in range(len(points)):
        total += mass[k]
        if total >= ratio - ROUNDING and (mass[k] > 0.0 or ratio <= 0.0):
            return (points[k] if ratio > 0.0 else 0.0), 1.0
    return float(points[-1]), 0.0
