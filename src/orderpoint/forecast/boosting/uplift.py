"""Known uplifts of the calendar: taken out of the history before it is learned from, put back on what is forecast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast import judgement
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales, State

LEAST_UPLIFT = 0.05
"""Periods with a lower known uplift are closed: what was sold in them says nothing."""


def has_uplift(calendar: tuple[CalendarEvent, ...]) -> bool:
    """Whether any event has a known uplift."""
    return any(event.uplift_factor is not None for event in calendar)


def without(sales: Sales, known: Known) -> Sales:
    """The sales as they would have been without known uplifts; closed periods are off sale."""
    if not has_uplift(known.calendar):
        return sales
    factor = of_series(sales, known, sales.timeline)
    closed = factor < LEAST_UPLIFT
    return replace(
        sales,
        quantity=np.where(closed, np.float32(0), sales.quantity / np.maximum(factor, LEAST_UPLIFT)).astype(np.float32),
        state=np.where(closed, np.uint8(State.OFF), sales.state).astype(np.uint8),
    )


def of_series(sales: Sales, known: Known, timeline: Timeline) -> FloatArray:
    """Known uplift float32 (n, count) of each series' periods."""
    return judgement.uplift(timeline, known.calendar, sales.index.locations)[sales.index.location_of]
