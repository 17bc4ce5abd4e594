"""Money and limits of each series, in home currency, after defaults were filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.errors import InfeasibleError
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs of n series, float64 arrays of shape (n,).

    `price` is money per unit sold (NaN where unknown). `holding_cost_per_unit_day` is charged on the stock left at a
    period's end for each of its days. `stockout_cost_per_unit` is per unit lost, or with backlog per unit and day of
    waiting (`backlog`, bool). `service_target` is a fill rate in (0, 1), NaN where none. `min_stock`/`max_stock` are
    levels in units (0 / inf where none).
    """

    price: FloatArray
    unit_cost: FloatArray
    holding_cost_per_unit_day: FloatArray
    stockout_cost_per_unit: FloatArray
    backlog: NDArray[np.bool_]
    service_target: FloatArray
    min_stock: FloatArray
    max_stock: FloatArray

    def __post_init__(self) -> None:
        n = len(self.unit_cost)
        for name in self.__dataclass_fields__:
            checks.shape(f"costs.{name}", getattr(self, name), (n,))
        for name in ("unit_cost", "holding_cost_per_unit_day", "stockout_cost_per_unit", "min_stock"):
            checks.finite(f"costs.{name}", getattr(self, name), least=0.0)

    def take(self, rows: NDArray[np.intp]) -> Costs:
        """The costs of some series, in the given order of rows."""
        return Costs(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    @property
    def crossed(self) -> NDArray[np.bool_]:
        """(n,): where the minimum stock is above the maximum, so that no stock keeps both."""
        above: NDArray[np.bool_] = self.min_stock > self.max_stock
        return above

    def bounded(self, min_stock: float | None, max_stock: float | None) -> Costs:
        """The bounds of a whole run on top of the items' own; a bound of the run wins over an item's opposite one.

        None: not set. Raises InfeasibleError where the two contradict each other.
        """
        require_agreement(min_stock, max_stock)
        least = self.min_stock if min_stock is None else np.maximum(self.min_stock, min_stock)
        most = self.max_stock if max_stock is None else np.minimum(self.max_stock, max_stock)
        if max_stock is not None:
            least = np.minimum(least, max_stock)
        return replace(self, min_stock=least, max_stock=most if min_stock is None else np.maximum(most, least))


def require_agreement(min_stock: float | None, max_stock: float | None) -> None:
    """Raises InfeasibleError where the bounds of a whole run (--min-stock, --max-stock) contradict each other."""
    if min_stock is not None and max_stock is not None and min_stock > max_stock:
        raise InfeasibleError((f"--min-stock {min_stock:g}", f"--max-stock {max_stock:g}"))
