"""How long an order takes: a number, or a law, with or without orders that overtake one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LeadTime:
    """Lead times of n series (or one row for all), in review periods' base unit, or in time for continuous review.

    `values` (n, m) not negative and `probability` (n, m), whose rows sum to 1. With `crossing` False an order never
    arrives before an earlier one, and lead times do not depend on demand (Kaplan 1970; Zipkin 1986): the time each
    order takes has the given law, but successive ones hang together. With `crossing` True all are independent.
    Raises ValueError for laws that are none.
    """

    values: FloatArray
    probability: FloatArray
    crossing: bool = False

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape != self.probability.shape or not self.values.size:
            raise ValueError(
                f"lead_time: expected values and probability of one shape (n, m), got {self.values.shape} and "
                f"{self.probability.shape}; use LeadTime.of"
            )
        if not np.isfinite(self.values).all() or (self.values < 0.0).any():
            raise ValueError("lead_time.values: expected finite times of at least 0; clean the history of receipts")
        sums = self.probability.sum(axis=1)
        if not ((self.probability >= 0.0).all() and (np.abs(sums - 1.0) <= 1e-9).all()):
            raise ValueError("lead_time.probability: expected rows that sum to 1; divide each row by its sum")

    @classmethod
    def of(cls, values: ArrayLike, probability: ArrayLike | None = None, *, crossing: bool = False) -> LeadTime:
        """From a number or (n,) where it is fixed; from (m,) or (n, m) with probabilities of that shape."""
        times = np.asarray(values, np.float64)
        if probability is None:
            column = np.atleast_1d(times)[:, None]
            return cls(column, np.ones_like(column), crossing)
        chances = np.asarray(probability, np.float64)
        times, chances = np.broadcast_arrays(np.atleast_2d(times), np.atleast_2d(chances))
        return cls(np.array(times), np.array(chances), crossing)

    def mean(self) -> FloatArray:
        """(n,): expected time."""
        mean: FloatArray = (self.values * self.probability).sum(axis=1)
        return mean

    def is_random(self) -> bool:
        """Whether any series has more than one possible time."""
        likely = self.probability > 0.0
        low = np.where(likely, self.values, np.inf).min(axis=1)
        high = np.where(likely, self.values, -np.inf).max(axis=1)
        return bool((low < high).any())

    def chances(self, n: int) -> FloatArray:
        """(n, longest + 1): probability of 0, 1, .. whole periods. Raises ValueError for parts of periods."""
        if (self.values % 1.0).any():
            raise ValueError("lead_time.values: expected whole periods for periodic review; use a finer period")
        rows = self.values.shape[0]
        out = np.zeros((rows, int(self.values.max()) + 1))
        for k in range(self.values.shape[1]):
            np.add.at(out, (np.arange(rows), self.values[:, k].astype(np.int64)), self.probability[:, k])
        out /= out.sum(axis=1, keepdims=True)
        return np.array(np.broadcast_to(out, (n, out.shape[1])))
