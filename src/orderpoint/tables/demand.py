"""The currency between forecast and decision: for each series a distribution of every period and of every sum of periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.tables.distribution import Distribution
from orderpoint.tables.series import SeriesIndex

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Demand:
    """Demand of n series over the H periods of `timeline`, which starts today.

    One period's demand, given the series' level L, has mean `L * mean[i, t]` and variance `ratio[i] * L * mean[i, t]` (for ZERO_INFLATED:
    of the count behind the extra zeros), and periods are independent given L. L has mean 1 and variance `level_cv2[i]`
    (gamma): it is what the forecast does not know, it is shared by all periods, and it is why a sum of periods is wider
    than the periods are. So the sum of a span has mean M = sum of means and variance ratio * M + level_cv2 * M^2, and its
    family is closed: negative binomial with one ratio, or Poisson with a gamma level, exactly; in between by its two moments.

    `mean` float64 (n, H); `family` uint8 (n,), values of `Family`; `ratio` (n,), at least 1 for counts; `level_cv2` (n,);
    `zero` (n,) extra probability of zero in each period (ZERO_INFLATED); `knots` (n, K) as in `Distribution`.
    """

    index: SeriesIndex
    timeline: Timeline
    mean: FloatArray
    family: NDArray[np.uint8]
    ratio: FloatArray
    level_cv2: FloatArray
    zero: FloatArray
    knots: FloatArray

    def sum_over(self, first: NDArray[np.int64] | int, last: NDArray[np.int64] | int) -> Distribution:
        """Distribution of the demand of periods first..last, both included, each an int or one int per series (n,).

        An empty span (last < first) is zero with certainty.
        """
        raise NotImplementedError

    def sum_over_random(self, lead_time: FloatArray, first: int = 0) -> Distribution:
        """Distribution of the demand from period `first` over a random number of periods.

        `lead_time` float64 (n, m): probability that the span has k = 0..m-1 periods; rows sum to 1.
        """
        raise NotImplementedError

    def period(self, index: int) -> Distribution:
        """Distribution of one period's demand."""
        return self.sum_over(index, index)

    def quantile(self, probability: float) -> FloatArray:
        """(n, H): the quantile of each period's demand."""
        raise NotImplementedError

    def sample(self, paths: int, seed: int, rows: slice = slice(None)) -> NDArray[np.float32]:
        """(rows, paths, H): joint demand paths, with one level for each path, stratified over the paths.

        The numbers of a series depend on its row, the seed, the path and the period alone: not on `rows`, threads or machine.
        """
        raise NotImplementedError
