"""Minimum-trace reconciliation in the form that inverts nothing larger than the groups.

With forecasts b of n series and u of G groups, sums C (G, n), and variances V = diag(n) and W = diag(G) of their
errors, the coherent forecast with the least variance (Wickramasuriya, Athanasopoulos and Hyndman 2019, JASA 114,
Theorem 1) is S (S' Q^-1 S)^-1 S' Q^-1 (u, b) with S = (C, I) and Q = diag(W, V). By the Woodbury identity its series
are

    b~ = b + V C' (C V C' + W)^-1 (u - C b)

so only a system of the groups is solved, and a variance of zero needs no special case: such a series stays. Its error
has the covariance V - V C' (C V C' + W)^-1 C V, the Gaussian one of Panagiotelis et al. (2023, EJOR 306).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from orderpoint.forecast.hierarchy.factor import Factor

Floats = NDArray[np.float64]
MOST_STEPS = 60
SURE = 1e-9
"""Relative residual at which the search without negative values ends."""


@dataclass(frozen=True, eq=False)
class Variances:
    """Of the errors of the forecasts: `series` (n,) and `groups` (G,), at least 0, in squared units."""

    series: Floats
    groups: Floats

    @classmethod
    def structural(cls, sums: sparse.csr_matrix) -> Variances:
        """As if every series had the same variance and nothing were correlated: a group has that of its members."""
        return cls(np.ones(sums.shape[1]), np.asarray(sums.sum(axis=1), np.float64).ravel())


@dataclass(frozen=True, eq=False)
class MinT:
    """Sums C (G, n), and how far each forecast is to be believed.

    Raises ValueError where the variances do not fit the sums, are negative or not finite.
    """

    sums: sparse.csr_matrix
    variances: Variances

    def __post_init__(self) -> None:
        """Check the variances."""
        for name, found, expected in zip(
            ("groups", "series"), (self.variances.groups, self.variances.series), self.sums.shape, strict=True
        ):
            if found.shape != (expected,):
                raise ValueError(f"variances.{name}: expected shape ({expected},), got {found.shape}")
            if not (np.isfinite(found).all() and (found >= 0).all()):
                raise ValueError(f"variances.{name}: expected finite numbers of at least 0")

    @cached_property
    def factor(self) -> Factor:
        """C V C' + W, factored."""
        return Factor.of(self._matrix(self.variances.series))

    def means(self, series: Floats, groups: Floats) -> Floats:
        """Coherent forecasts (n, H) of the series from forecasts (n, H) and (G, H); groups are their sums.

        They may be negative; see `not_negative`.
        """
        gap = groups - self.sums @ series
        return np.asarray(series + self.variances.series[:, None] * (self.sums.T @ self.factor.solve(gap)))

    def shares(self) -> Floats:
        """Share (n,) of each series' variance that the reconciled error keeps, in 0..1."""
        told = self.factor.quadratic(sparse.csc_matrix(self.sums))
        return np.clip(1.0 - self.variances.series * told, 0.0, 1.0)

    def not_negative(self, series: Floats, groups: Floats) -> Floats:
        """`means` under the condition that no series is negative: the same least squares with that bound.

        (Wickramasuriya, Turlach and Hyndman 2020, Statistics and Computing 30.) For multipliers x of the groups the
        best series are max(0, b + V C' x); Newton's method on the convex dual finds the x at which
        C max(0, b + V C' x) + W x = u, each step with the matrix of the series that are above zero. The result is
        coherent as it stands, as groups are only ever sums of series. Periods without a negative value cost nothing.
        """
        x = self.factor.solve(groups - self.sums @ series)
        out = np.asarray(series + self.variances.series[:, None] * (self.sums.T @ x))
        for h in np.flatnonzero((out < 0).any(axis=0)):
            out[:, h] = self._bounded(np.maximum(series[:, h], 0.0), groups[:, h], x[:, h])
        return out

    def _bounded(self, b: Floats, u: Floats, x: Floats) -> Floats:
        """One period, from the multipliers `x` of the groups without the bound."""
        v, w, sums = self.variances.series, self.variances.groups, self.sums
        size = max(float(np.abs(u).max(initial=0.0)), float(b.sum()), 1e-300)

        def dual(x: Floats) -> tuple[float, Floats, Floats]:
            free = b + v * (sums.T @ x)
            now = np.maximum(free, 0.0)
            squares = np.divide(now**2, 2.0 * v, out=b * (sums.T @ x), where=v > 0)
            return float(squares.sum() + (0.5 * w * x - u) @ x), np.asarray(sums @ now + w * x - u), free

        value, slope, free = dual(x)
        for _ in range(MOST_STEPS):
            if np.abs(slope).max(initial=0.0) <= SURE * size:
                break
            step = -Factor.of(self._matrix(np.where(free > 0, v, 0.0))).solve(slope[:, None])[:, 0]
            length, falls = 1.0, float(slope @ step)
            while length > 1e-6:
                tried = dual(x + length * step)
                if tried[0] <= value + 1e-4 * length * falls:
                    break
                length /= 2.0
            else:
                break
            x = x + length * step
            value, slope, free = tried
        return np.maximum(free, 0.0)

    def _matrix(self, variances: Floats) -> sparse.spmatrix:
        return self.sums @ sparse.diags(variances) @ self.sums.T + sparse.diags(self.variances.groups)
