"""The contract that every forecaster keeps; `orderpoint.testing` ships the suite that checks it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales


class Fitted(Protocol):
    """A forecaster that has seen a history."""

    def demand(self, periods: int, known: Known) -> Demand:
        """Demand of the `periods` periods that follow the history, for the series of the history in their order.

        `periods` is at least 1. Prices, promotions, calendar, drivers and overrides of the periods ahead come in
        `known`. Means are finite and not negative; no quantile is negative; quantiles do not cross.
        """
        ...


@runtime_checkable
class Weighted(Protocol):
    """A fitted forecaster in which several models speak."""

    def weights(self) -> dict[str, NDArray[np.float64]]:
        """Weight (n,) of each model by its label; they add up to 1 for each series."""
        ...


@runtime_checkable
class Updatable(Protocol):
    """A fitted forecaster that takes further periods without learning everything anew."""

    def updated(self, sales: Sales, known: Known, *, hand_over: bool = False) -> Fitted:
        """The same after the periods of `sales`, which follow its history.

        `sales` are of the same series in the same order, `known` what is known of their periods. It stays as it is;
        with `hand_over` it gives its memory away, which is quicker, and raises RuntimeError when it is asked again.
        Raises ValueError where the sales do not follow.
        """
        ...


class Forecaster(Protocol):
    """Learns demand from sales. Cells that are not `State.OBSERVED` are never taken for demand."""

    @property
    def name(self) -> str:
        """The field's name of the method, as users write it."""
        ...

    def fit(self, sales: Sales, known: Known) -> Fitted:
        """Learn from the whole of `sales`; the caller has cut it (`tables.cutoff`). Same input, same bits."""
        ...
