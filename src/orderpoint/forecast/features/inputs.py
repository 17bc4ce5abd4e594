"""From tables to what the kernel reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.features import drivers
from orderpoint.forecast.features.kernel import Around, Inputs
from orderpoint.forecast.features.layout import WINDOWS, Layout
from orderpoint.forecast.features.past import Past
from orderpoint.forecast.features.planned import Planned, plan_of
from orderpoint.forecast.features.when import EventNames, when_of
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the features of a history are, kept so that those of the periods ahead are the same."""

    layout: Layout
    events: EventNames
    horizon: int

    @classmethod
    def of(cls, sales: Sales, known: Known, horizon: int) -> Recipe:
        """The features that this history and what is known ahead allow."""
        plan = plan_of(sales, known, sales.timeline)
        events = EventNames.of(known.calendar, sales.timeline)
        period = sales.timeline.period
        layout = Layout(
            WINDOWS[period],
            priced=plan.price.size > 0,
            promoted=plan.promotion.size > 0,
            when=events.columns(period),
            drivers=drivers.names_of(known.drivers),
        )
        return cls(layout, events, horizon)

    def inputs(self, past: Past, sales: Sales, known: Known, ahead: int = 0) -> Inputs:
        """What the kernel reads, over the history and `ahead` periods beyond it.

        Raises InputFaults where a driver says nothing of the periods ahead.
        """
        timeline = Timeline(sales.timeline.first, sales.timeline.period, sales.timeline.count + ahead)
        plan = plan_of(sales, known, timeline)
        shape = (len(sales.index), timeline.count)
        if self.layout.priced and not plan.price.size:
            plan = plan._replace(price=np.full(shape, np.nan, np.float32))
        if self.layout.promoted and not plan.promotion.size:
            plan = plan._replace(promotion=np.zeros(shape, np.float32))
        when = when_of(timeline, known.calendar, sales.index.locations, self.events)
        table, owner = drivers.table_of(known.drivers, self.layout.drivers, sales.index, timeline, sales.timeline.count)
        if ahead:
            table = drivers.reaching(table, owner, self.layout.drivers, sales, timeline)
        region = when.row[sales.index.location_of]
        like = _like(plan, past, sales.timeline.count)
        return Inputs(past, plan, Around(when.table, region, like, table, owner, self.horizon))


def _like(plan: Planned, past: Past, periods: int) -> FloatArray:
    """Mean log price of each category (C,) in the last period of the history."""
    category = past.codes[:, 2]
    if not plan.price.size:
        return np.zeros(int(category.max(initial=0)) + 1, np.float32)
    price = plan.price[:, periods - 1]
    there = price > 0
    size = np.bincount(category[there], minlength=int(category.max()) + 1)
    total = np.bincount(category[there], np.log(price[there]), int(category.max()) + 1)
    return np.asarray(total / np.maximum(size, 1), np.float32)
