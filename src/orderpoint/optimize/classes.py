"""ABC-XYZ: which items carry the money, and whose demand is hard to foresee; found from the data.

Source: Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th ed., section 2.5 (ABC by
annual usage value); XYZ by the coefficient of variation of a period's demand (Scholz-Reiter et al. 2012, "Integration
of demand forecasts in ABC-XYZ analysis", International Journal of Productivity and Performance Management 61(4)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ClassBounds:
    """Where the classes part.

    `a`, `b`: A is the dearest series that together make up to the share `a` of the usage value, B up to `b`, C the
    rest. `x`, `y`: X has a coefficient of variation of a period's demand up to `x`, Y up to `y`, Z above.
    """

    a: float = 0.8
    b: float = 0.95
    x: float = 0.5
    y: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.a < self.b <= 1.0 or not 0.0 < self.x < self.y:
            raise ValueError(
                f"class bounds: expected 0 < a < b <= 1 and 0 < x < y, got {self}; 0.8, 0.95, 0.5, 1 is usual"
            )


def abc_classes(snapshot: Snapshot, demand: Demand, bounds: ClassBounds | None = None) -> NDArray[np.str_]:
    """The letter A, B or C of each series, (n,), by its expected demand over the horizon at unit cost."""
    chosen = bounds or ClassBounds()
    value = demand.mean.sum(axis=1) * snapshot.costs.unit_cost
    order = np.argsort(-value, kind="stable")
    total = value.sum()
    before = np.concatenate([[0.0], np.cumsum(value[order])[:-1]]) / total if total > 0.0 else np.ones(len(value))
    letters = np.where(before < chosen.a, "A", np.where(before < chosen.b, "B", "C"))
    result = np.empty(len(value), "<U1")
    result[order] = np.where(value[order] > 0.0, letters, "C")
    return result


def xyz_classes(demand: Demand, bounds: ClassBounds | None = None) -> NDArray[np.str_]:
    """The letter X, Y or Z of each series, (n,), by the coefficient of variation of its mean period."""
    chosen = bounds or ClassBounds()
    mean = demand.mean.mean(axis=1)
    inner = np.divide(mean, 1.0 - demand.zero)
    extra = demand.zero * inner * mean  # periods that are zero beyond what the count behind them says
    variance = demand.ratio * mean + demand.level_cv2 * mean * mean + extra
    spread = np.divide(np.sqrt(variance), mean, out=np.full_like(mean, np.inf), where=mean > 0.0)
    return np.where(spread <= chosen.x, "X", np.where(spread <= chosen.y, "Y", "Z"))


def classes_of(snapshot: Snapshot, demand: Demand, bounds: ClassBounds | None = None) -> NDArray[np.str_]:
    """The two letters of each series, (n,): AX to CZ."""
    return np.char.add(abc_classes(snapshot, demand, bounds), xyz_classes(demand, bounds))
