"""Serial systems: stages in a row, each fed by the one before, the last by a supplier who always has stock.

Source: A. J. Clark and H. Scarf, "Optimal policies for a multi-echelon inventory problem", Management Science 6
(1960), 475-490, in the form of F. Chen and Y.-S. Zheng, "Lower bounds for multi-echelon stochastic inventory systems",
Management Science 40 (1994), 1426-1443; Snyder and Shen, "Fundamentals of Supply Chain Theory" (2nd ed., 2019),
section 6.2; bounds and heuristic: K. H. Shang and J.-S. Song, "Newsvendor bounds and heuristic for optimal policies in
serial supply chains", Management Science 49 (2003), 618-638. Stage 1 serves the customers; demand that finds no stock
waits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from orderpoint.optimize.network.serial_counts import count_levels
from orderpoint.optimize.network.serial_normal import normal_levels
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SerialLevels:
    """`echelon_level` (n, N): echelon base-stock levels, units.

    `cost` (n,): money per period, the holding of goods on their way from stage to stage included.
    """

    echelon_level: FloatArray
    cost: FloatArray


@dataclass(frozen=True, eq=False)
class SerialSystems:
    """n systems of N stages, stage 1 (which serves the customers) in the first column.

    `echelon_holding_cost` (n, N) money per unit and period, above 0: what holding costs at a stage more than at the
    stage that feeds it. `lead_time` (n, N) periods, at least 0 and above 0 at stage 1. `stockout_cost` (n,) money per
    unit that waits and period, above 0. `mean` (n,) units per period. Where orders come before demand in each period,
    the lead time of stage 1 includes that period.
    """

    echelon_holding_cost: FloatArray
    lead_time: FloatArray
    stockout_cost: FloatArray
    mean: FloatArray

    def __post_init__(self) -> None:
        n, tiny = len(self.mean), float(np.finfo(np.float64).tiny)
        if self.echelon_holding_cost.ndim != 2 or self.echelon_holding_cost.shape[1] == 0:
            raise ValueError(
                f"serial.echelon_holding_cost: expected shape (systems, stages), got {self.echelon_holding_cost.shape}"
            )
        checks.shape("serial.lead_time", self.lead_time, (n, self.echelon_holding_cost.shape[1]))
        checks.shape("serial.echelon_holding_cost", self.echelon_holding_cost, self.lead_time.shape)
        checks.shape("serial.stockout_cost", self.stockout_cost, (n,))
        checks.finite("serial.echelon_holding_cost", self.echelon_holding_cost, least=tiny)
        checks.finite("serial.stockout_cost", self.stockout_cost, least=tiny)
        checks.finite("serial.lead_time", self.lead_time, least=0.0)
        checks.finite("serial.lead_time of stage 1", self.lead_time[:, 0], least=tiny)
        checks.finite("serial.mean", self.mean, least=tiny)

    def optimal_normal(self, sd: FloatArray) -> SerialLevels:
        """The best levels for normal demand with standard deviation `sd` (n,) per period, above 0."""
        return self._normal(sd, None)

    def evaluate_normal(self, sd: FloatArray, echelon_level: ArrayLike) -> SerialLevels:
        """The cost of any echelon base-stock levels, (n, N) or one row for all, for normal demand."""
        return self._normal(sd, self._levels(echelon_level))

    def optimal_poisson(self) -> SerialLevels:
        """The best levels, whole units, for Poisson demand; the lowest where several are equally good."""
        return SerialLevels(*count_levels(self._costs(), self.mean, None))

    def evaluate_poisson(self, echelon_level: ArrayLike) -> SerialLevels:
        """The cost of any echelon base-stock levels, whole units, for Poisson demand."""
        levels = self._levels(echelon_level)
        if (levels != np.round(levels)).any():
            raise ValueError("serial.echelon_level: expected whole units for Poisson demand; round the levels")
        return SerialLevels(*count_levels(self._costs(), self.mean, levels))

    def bounds_normal(self, sd: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Lower and upper bounds of the best levels, (n, N) each: newsvendors (Shang and Song)."""
        self._check_sd(sd)
        low, high = self._ratios()
        time = np.cumsum(self.lead_time, axis=1)
        mean, deviation = self.mean[:, None] * time, sd[:, None] * np.sqrt(time)
        return mean + special.ndtri(low) * deviation, mean + special.ndtri(high) * deviation

    def bounds_poisson(self) -> tuple[FloatArray, FloatArray]:
        """The same for Poisson demand, whole units."""
        mean = self.mean[:, None] * np.cumsum(self.lead_time, axis=1)
        from scipy import stats  # noqa: PLC0415 - slow to import, seldom needed

        low, high = (np.asarray(stats.poisson.ppf(ratio, mean), np.float64) for ratio in self._ratios())
        return low, high

    def _ratios(self) -> tuple[FloatArray, FloatArray]:
        """Critical ratios of the bounds: (p + h_{j+1..N}) over p + h_{1..N}, and over p + h_{j..N}."""
        h, p = self.echelon_holding_cost, self.stockout_cost[:, None]
        above = np.cumsum(h[:, ::-1], axis=1)[:, ::-1]
        return (p + above - h) / (p + above[:, :1]), (p + above - h) / (p + above)

    def _normal(self, sd: FloatArray, levels: FloatArray | None) -> SerialLevels:
        self._check_sd(sd)
        demand = np.stack([self.mean, np.asarray(sd, np.float64)], axis=1)
        return SerialLevels(*normal_levels(self._costs(), demand, levels))

    def _check_sd(self, sd: FloatArray) -> None:
        checks.shape("serial.sd", sd, self.mean.shape)
        checks.finite("serial.sd", sd, least=float(np.finfo(np.float64).tiny))

    def _costs(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        return self.echelon_holding_cost, self.lead_time, self.stockout_cost

    def _levels(self, echelon_level: ArrayLike) -> FloatArray:
        levels = np.array(np.broadcast_to(np.asarray(echelon_level, np.float64), self.lead_time.shape))
        checks.finite("serial.echelon_level", levels)
        return levels
