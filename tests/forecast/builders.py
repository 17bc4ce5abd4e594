"""Small panels and sales histories for the tests of forecasting."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.panel import Cells, Panel
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

FIRST = date(2023, 1, 2)  # a Monday


def sales_of(quantity: Any, state: Any = None, period: Any = Period.DAY, places: Any = ("main",)) -> Sales:
    """Sales of items "i000", "i001" ... at each place, from a list of rows in the order of items, then places."""
    rows = np.atleast_2d(np.asarray(quantity, np.float32))
    names = [f"i{k:03d}" for k in range(len(rows) // len(places))]
    index = SeriesIndex.of([(name, place) for name in names for place in places])
    cells = np.full(rows.shape, State.OBSERVED, np.uint8) if state is None else np.asarray(state, np.uint8)
    return Sales(index, Timeline(FIRST, period, rows.shape[1]), rows, cells.reshape(rows.shape))


def known_of(sales: Sales) -> Known:
    return Known(Catalog.bare(sales.index.items))


def panel_of(demand: Any, seen: Any, factor: Any, origins: Any, span: Any) -> Panel:
    """Series of one group; nothing is believed before the first period."""
    demand = np.atleast_2d(np.asarray(demand, np.float32))
    n = len(demand)
    cells = Cells(
        np.ascontiguousarray(demand),
        np.ascontiguousarray(np.atleast_2d(seen).astype(np.bool_)),
        np.asarray(factor, np.float32)[None, :].copy(),
        np.zeros(n, np.int32),
    )
    return Panel(cells, np.asarray(origins, np.int64), span, np.full(n, 3.0, np.float32), np.full(n, 0.5, np.float32))


def mean_of(forecaster: Any, quantity: Any, periods: Any = 1, state: Any = None, period: Any = Period.DAY) -> Any:
    """Means (periods,) that a forecaster gives a single series."""
    sales = sales_of([quantity], None if state is None else [state], period)
    return forecaster.fit(sales, known_of(sales)).demand(periods, known_of(sales)).mean[0]
