"""Distributions of a non-negative quantity, one for each series, with the numbers that stock decisions ask for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks
from orderpoint.tables.families import mixture
from orderpoint.tables.families.family import Family
from orderpoint.tables.families.masses import Masses, tabulate

__all__ = ["Distribution", "Family"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Distribution:
    """n distributions, each a mixture of m components (m = 1 where there is nothing to mix).

    `family` uint8 (n,), values of `Family`. `weight`, `mean`, `variance`, `zero` float64 (n, m): weight of each
    component (rows sum to 1), its mean and variance, and the extra probability of zero (ZERO_INFLATED only). `knots`
    float64 (n, K): quantiles of the residual at `(k + 0.5) / K`, ascending (EMPIRICAL only, else K = 0); they are
    standardised here.

    A component of mean 0 is zero with certainty. Counts with less variance than Poisson are taken as Poisson. An
    EMPIRICAL component that reaches below zero is cut there and moved until its mean holds, so its variance is then
    below the given one. Every question takes and gives whole arrays: `x` and `probability` are one number or one for
    each series (n,).
    """

    family: NDArray[np.uint8]
    weight: FloatArray
    mean: FloatArray
    variance: FloatArray
    zero: FloatArray
    knots: FloatArray

    def __post_init__(self) -> None:
        n, m = self.mean.shape
        checks.shape("distribution.family", self.family, (n,))
        for name in ("weight", "mean", "variance", "zero"):
            checks.shape(f"distribution.{name}", getattr(self, name), (n, m))
            checks.finite(f"distribution.{name}", getattr(self, name), least=0.0)
        if n and np.abs(self.weight.sum(axis=1) - 1.0).max() > 1e-6:
            raise ValueError("distribution.weight: expected rows that sum to 1; divide each row by its sum")
        if (self.zero > 1.0).any():
            raise ValueError("distribution.zero: expected probabilities of at most 1")
        checks.shape("distribution.knots", self.knots, (n, self.knots.shape[1]))
        if (self.family == Family.EMPIRICAL).any() and self.knots.shape[1] < 2:
            raise ValueError("distribution.knots: expected at least 2 quantiles of the residual for EMPIRICAL series")

    def __len__(self) -> int:
        return len(self.family)

    @classmethod
    def single(cls, family: Family, mean: ArrayLike, variance: ArrayLike, zero: ArrayLike = 0.0) -> Distribution:
        """Distributions of one family (not EMPIRICAL), without mixing; the arguments broadcast to (n,)."""
        means, variances, zeros = np.broadcast_arrays(
            np.atleast_1d(np.asarray(mean, dtype=np.float64)),
            np.asarray(variance, dtype=np.float64),
            np.asarray(zero, dtype=np.float64),
        )
        n = len(means)
        mean_column, variance_column, zero_column = (np.array(a).reshape(n, 1) for a in (means, variances, zeros))
        families = np.full(n, family, np.uint8)
        return cls(families, np.ones((n, 1)), mean_column, variance_column, zero_column, np.empty((n, 0)))

    def take(self, rows: NDArray[np.intp]) -> Distribution:
        """Some of the rows, in the given order."""
        parts = (self.weight, self.mean, self.variance, self.zero, self.knots)
        return Distribution(self.family[rows], *(a[rows] for a in parts))

    def arrays(self) -> mixture.Mixtures:
        """The same as one argument of a compiled loop (`families.mixture`: `mixture_cdf(arrays, row, x)` and so on)."""
        parts = (self.weight, self.mean, self.variance, self.zero, self.knots)
        return mixture.Mixtures(
            np.ascontiguousarray(self.family, dtype=np.uint8),
            *(np.ascontiguousarray(a, dtype=np.float64) for a in parts),
        )

    def means(self) -> FloatArray:
        """(n,): expected value, in units."""
        total: FloatArray = (self.weight * self.mean).sum(axis=1)
        return total

    def variances(self) -> FloatArray:
        """(n,): variance, in units squared."""
        return mixture.all_variance(self.arrays())

    def cdf(self, x: ArrayLike) -> FloatArray:
        """(n,): probability that the quantity is at most `x`."""
        return mixture.all_cdf(self.arrays(), self._each(x))

    def quantile(self, probability: ArrayLike) -> FloatArray:
        """(n,): the least x whose cdf is at least `probability`: whole for counts; 0 at 0, infinite at 1."""
        p = self._each(probability)
        if not ((p >= 0.0) & (p <= 1.0)).all():
            raise ValueError("distribution.quantile: expected probabilities in [0, 1]")
        return mixture.all_quantile(self.arrays(), p)

    def expected_shortage(self, x: ArrayLike) -> FloatArray:
        """(n,): E[(D - x)+], the units by which demand exceeds `x`; convex and falling in x."""
        short: FloatArray = mixture.all_shortage(self.arrays(), self._each(x))[0]
        return short

    def expected_left(self, x: ArrayLike) -> FloatArray:
        """(n,): E[(x - D)+], the units of `x` that demand leaves."""
        left: FloatArray = mixture.all_shortage(self.arrays(), self._each(x))[1]
        return left

    def masses(self) -> Masses:
        """P(D = k) for k = 0, 1, .. of every row; continuous families are rounded to whole units."""
        return tabulate(self.arrays())

    def _each(self, x: ArrayLike) -> FloatArray:
        return np.array(np.broadcast_to(np.asarray(x, dtype=np.float64), (len(self),)))
