"""The currency between forecast and decision: a distribution of every period and of every sum of periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.tables import checks
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.families import empirical, periods, spans
from orderpoint.tables.families.level import Series
from orderpoint.tables.families.paths import all_paths
from orderpoint.tables.series import SeriesIndex

FloatArray = NDArray[np.float64]
SEED_MASK = (1 << 64) - 1


@dataclass(frozen=True, eq=False)
class Demand:
    """Demand of n series over the H periods of `timeline`, which starts today.

    One period's demand, given the series' level L, has mean `L * mean[i, t]` and variance `ratio[i] * L * mean[i, t]`,
    and periods are independent given L. For ZERO_INFLATED, `mean` is of the whole (extra zeros included) and `ratio` is
    of the count behind the zeros, whose mean is `mean / (1 - zero)`. L has mean 1 and variance `level_cv2[i]` (gamma):
    it is what the forecast does not know, it is shared by all periods, and it is why a sum of periods is wider than the
    periods are. So the sum of a span has mean M = sum of means and variance ratio * M + level_cv2 * M^2, and its family
    is closed: negative binomial with one ratio, or Poisson with a gamma level, exactly; in between by its two moments.
    A sum with extra zeros is a mixture over how many periods are active (`families.active`).

    `mean` float64 (n, H); `family` uint8 (n,), values of `Family`; `ratio` (n,), at least 1 for counts; `level_cv2`
    (n,); `zero` (n,) extra probability of zero in each period (ZERO_INFLATED), below 1; `knots` (n, K) as in
    `Distribution`: the shape of a period's residual given the level (what it is over all levels blends in a gamma's).
    """

    index: SeriesIndex
    timeline: Timeline
    mean: FloatArray
    family: NDArray[np.uint8]
    ratio: FloatArray
    level_cv2: FloatArray
    zero: FloatArray
    knots: FloatArray

    def __post_init__(self) -> None:
        n = len(self.index)
        checks.shape("demand.mean", self.mean, (n, self.timeline.count))
        checks.finite("demand.mean", self.mean, least=0.0)
        checks.shape("demand.family", self.family, (n,))
        for name in ("ratio", "level_cv2", "zero"):
            checks.shape(f"demand.{name}", getattr(self, name), (n,))
            checks.finite(f"demand.{name}", getattr(self, name), least=0.0)
        if (self.family > Family.EMPIRICAL).any():
            raise ValueError("demand.family: expected values of Family (0..3)")
        if ((self.family <= Family.ZERO_INFLATED) & (self.ratio < 1.0)).any():
            raise ValueError("demand.ratio: expected at least 1 for counts; a Poisson has 1")
        if (self.zero >= 1.0).any():
            raise ValueError("demand.zero: expected probabilities below 1; say mean 0 for a series without demand")
        self._check_knots(n)

    def _check_knots(self, n: int) -> None:
        checks.shape("demand.knots", self.knots, (n, self.knots.shape[1]))
        rows = self.family == Family.EMPIRICAL
        if not rows.any():
            return
        if self.knots.shape[1] < 2:
            raise ValueError("demand.knots: expected at least 2 quantiles of the residual for EMPIRICAL series")
        checks.finite("demand.knots", self.knots[rows])
        if (np.diff(self.knots[rows], axis=1) < 0.0).any():
            raise ValueError("demand.knots: expected ascending quantiles; sort each row")

    @classmethod
    def poisson(cls, index: SeriesIndex, timeline: Timeline, mean: ArrayLike, level_cv2: ArrayLike = 0.0) -> Demand:
        """Poisson demand around a level of the given variance; `mean` broadcasts to (n, H), `level_cv2` to (n,)."""
        n = len(index)
        return cls(
            index=index,
            timeline=timeline,
            mean=np.array(np.broadcast_to(np.asarray(mean, np.float64), (n, timeline.count))),
            family=np.full(n, Family.COUNT, np.uint8),
            ratio=np.ones(n),
            level_cv2=np.array(np.broadcast_to(np.asarray(level_cv2, np.float64), (n,))),
            zero=np.zeros(n),
            knots=np.empty((n, 0)),
        )

    def arrays(self) -> Series:
        """The same as one argument of a compiled loop (`families.paths.fill_paths(arrays, row, seed, out)`)."""
        return Series(
            np.ascontiguousarray(self.mean, dtype=np.float64),
            np.ascontiguousarray(self.family, dtype=np.uint8),
            *(np.ascontiguousarray(a, dtype=np.float64) for a in (self.ratio, self.level_cv2, self.zero, self.knots)),
        )

    def sum_over(self, first: NDArray[np.int64] | int, last: NDArray[np.int64] | int) -> Distribution:
        """Distribution of the demand of periods first..last, both included, each an int or one int per series (n,).

        An empty span (last < first) is zero with certainty. Raises ValueError where a span leaves the timeline.
        """
        begins, ends = self._rows(first), self._rows(last)
        full = ends >= begins
        if ((begins < 0) | (ends >= self.timeline.count))[full].any():
            raise ValueError(
                f"demand.sum_over: expected periods in 0..{self.timeline.count - 1}; forecast a longer horizon"
            )
        begins, ends = np.where(full, begins, 0), np.where(full, ends, -1)
        series = self.arrays()
        return self._distribution(*spans.span_sums(series, begins, ends, spans.components_of(series)))

    def sum_over_random(self, lead_time: FloatArray, first: NDArray[np.int64] | int = 0) -> Distribution:
        """Distribution of the demand from period `first` (an int or one per series) over a random number of periods.

        `lead_time` float64 (n, m): probability that the span has k = 0..m-1 periods; rows sum to 1.
        Raises ValueError where the longest span leaves the timeline.
        """
        longest = lead_time.shape[1] - 1
        begins = self._rows(first)
        if (begins < 0).any() or (begins + longest > self.timeline.count).any():
            raise ValueError(
                f"demand.sum_over_random: spans of up to {longest} periods leave the {self.timeline.count} periods"
            )
        series = self.arrays()
        chances = np.ascontiguousarray(lead_time, dtype=np.float64)
        return self._distribution(*spans.random_sums(series, begins, chances, spans.components_of(series)))

    def period(self, index: int) -> Distribution:
        """Distribution of one period's demand."""
        return self.sum_over(index, index)

    def quantile(self, probability: float) -> FloatArray:
        """(n, H): the quantile of each period's demand."""
        if not 0.0 <= probability <= 1.0:
            raise ValueError(f"demand.quantile: expected a probability in [0, 1], got {probability}")
        return periods.all_period_quantiles(self.arrays(), float(probability))

    def sample(self, paths: int, seed: int, rows: slice = slice(None)) -> NDArray[np.float32]:
        """(rows, paths, H): joint demand paths, with one level for each path, stratified over the paths.

        The numbers of a series depend on its row, the seed, the path and the period alone: not on `rows`, threads or
        machine. (The strata of the levels are as many as there are paths, so another number of paths gives other
        paths.)
        """
        chosen = np.arange(len(self.index), dtype=np.int64)[rows]
        return all_paths(self.arrays(), chosen, paths, np.uint64(seed & SEED_MASK))

    def _rows(self, value: NDArray[np.int64] | int) -> NDArray[np.int64]:
        return np.array(np.broadcast_to(np.asarray(value, dtype=np.int64), (len(self.index),)))

    def _distribution(self, components: FloatArray, shape: FloatArray) -> Distribution:
        """From weights, means and variances (n, 3, m) and the shapes (n, 2) of empirical sums."""
        empirical_rows = self.family == Family.EMPIRICAL
        knots = np.ascontiguousarray(self.knots, dtype=np.float64)
        if empirical_rows.any():
            shape[~empirical_rows, 0] = 1.0
            knots = empirical.all_blends(knots, empirical.normal_nodes(knots.shape[1]), shape)
        return Distribution(
            # extra zeros became components of their own
            family=np.where(self.family == Family.ZERO_INFLATED, Family.COUNT, self.family).astype(np.uint8),
            weight=np.ascontiguousarray(components[:, 0]),
            mean=np.ascontiguousarray(components[:, 1]),
            variance=np.ascontiguousarray(components[:, 2]),
            zero=np.zeros(components[:, 0].shape),
            knots=knots,
        )
