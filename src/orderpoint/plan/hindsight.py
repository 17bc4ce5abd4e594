"""Forecasts of the past as they could have been made then: with nothing that was learned or written later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.catalog import Status
from orderpoint.forecast.base import Fitted, Forecaster
from orderpoint.ingest.stockouts import infer
from orderpoint.simulate.backtest import Forecast
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State

SELLING_DAYS = 28.0
"""An item that sold so many days before an origin was not yet known to be discontinued or frozen there."""


@dataclass(frozen=True, eq=False)
class AsKnownThen:
    """A forecaster that learns no more than could be known at the end of the history it is given."""

    forecaster: Forecaster

    @property
    def name(self) -> str:
        """The name of the forecaster."""
        return self.forecaster.name

    def fit(self, sales: Sales, known: Known) -> Fitted:
        """Learn from the history as it was seen at its end."""
        return self.forecaster.fit(as_seen_then(sales), known_then(known, sales))


class ForecastWith:
    """Fit on what is handed in, then forecast; without overrides, as nobody knows when they were written."""

    def __init__(self, forecaster: Forecaster, known: Known) -> None:
        self.forecaster = AsKnownThen(forecaster)
        self.known = replace(known, overrides=())

    def __call__(self, past: Sales, periods: int) -> Demand:
        """Demand of the `periods` periods that follow `past`."""
        return self.forecaster.fit(past, self.known).demand(periods, self.known)


class Remembered:
    """A forecast that is made once for each day, for replays of the same series that differ in their orders only."""

    def __init__(self, forecast: Forecast) -> None:
        self.forecast = forecast
        self.made: dict[tuple[date, int], Demand] = {}

    def __call__(self, past: Sales, periods: int) -> Demand:
        """Demand of the `periods` periods that follow `past`."""
        key = past.timeline.end, periods
        if key not in self.made:
            self.made[key] = self.forecast(past, periods)
        return self.made[key]


def as_seen_then(past: Sales) -> Sales:
    """The past with its stockouts inferred anew: an inference from the whole history would know what came after."""
    inferred = past.state == State.STOCKOUT_INFERRED
    if not inferred.any():
        return past
    flagged = (past.state == State.STOCKOUT).any(axis=1)
    plain = replace(past, state=np.where(inferred, np.uint8(State.OBSERVED), past.state))
    return infer(plain, flagged=flagged)


def known_then(known: Known, past: Sales) -> Known:
    """What is known, but for what bears no date and is of today.

    Items that were selling at the end of `past` were active then, whatever their status is now; one that had not begun,
    and of which no launch is stated, was not yet known to replace another.
    """
    catalog, line = known.catalog, past.timeline
    if all(status is Status.ACTIVE for status in catalog.status) and not any(catalog.replaces):
        return known
    recent = max(1, round(SELLING_DAYS / line.period.mean_days))
    selling = _items(past, np.asarray((past.quantity[:, -recent:] > 0).any(axis=1), np.bool_))
    begun = _items(past, np.asarray((past.state != State.OFF).any(axis=1), np.bool_))
    status = tuple(
        Status.ACTIVE if item in selling else was for item, was in zip(catalog.items, catalog.status, strict=True)
    )
    replaces = tuple(
        word if item in begun or launch is not None else None
        for item, word, launch in zip(catalog.items, catalog.replaces, catalog.launch, strict=True)
    )
    return replace(known, catalog=replace(catalog, status=status, replaces=replaces))


def _items(past: Sales, rows: NDArray[np.bool_]) -> set[str]:
    """The items of some rows."""
    return {past.index.items[k] for k in np.unique(past.index.item_of[rows]).tolist()}
