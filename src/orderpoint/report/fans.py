"""Which series the page draws, and their fans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from orderpoint.plan.result import Plan
from orderpoint.report.fan_chart import Fan, fan_svg

MOST_FANS = 8
MOST_PAST_PERIODS = 120
BANDS = ("q05", "q25", "q75", "q95")


@dataclass(frozen=True)
class FanPicture:
    """One drawn series."""

    item: str
    label: str
    svg: str


def fans(plan: Plan) -> list[FanPicture]:
    """Pictures of the series that matter most.

    The greatest gain of today's orders, else the most money in expected demand.
    """
    return [_picture(plan, row) for row in _chosen(plan)]


def _chosen(plan: Plan) -> list[int]:
    costs = plan.case.snapshot.costs
    price = np.where(np.isfinite(costs.price), costs.price, costs.unit_cost)
    weight = plan.demand.mean.sum(axis=1) * price
    gain = plan.before.cost - plan.after.cost
    score = np.where(plan.decisions.quantity > 0, gain, 0.0) if (plan.decisions.quantity > 0).any() else weight
    return [int(row) for row in np.argsort(-score, kind="stable")[:MOST_FANS] if weight[row] > 0]


def _picture(plan: Plan, row: int) -> FanPicture:
    sales, demand, snapshot = plan.case.sales, plan.demand, plan.case.snapshot
    past = min(MOST_PAST_PERIODS, sales.timeline.count)
    item = snapshot.index.items[snapshot.index.item_of[row]]
    place = snapshot.index.locations[snapshot.index.location_of[row]]
    name = snapshot.catalog.name[snapshot.catalog.items.index(item)] or ""
    fan = Fan(
        title=f"{item} {place}",
        past_days=sales.timeline.starts()[-past:],
        past=sales.quantity[row, -past:].astype(np.float64),
        hidden=sales.censored()[row, -past:],
        future_days=demand.timeline.starts()[: _shown(plan)],
        median=_quantile(plan, row, "q50"),
        bands=np.stack([_quantile(plan, row, name) for name in BANDS]),
        arrival=_arrival(plan, row),
    )
    return FanPicture(
        item,
        " · ".join(part for part in (name, place if len(snapshot.index.locations) > 1 else "") if part),
        fan_svg(fan),
    )


def _quantile(plan: Plan, row: int, name: str) -> NDArray[np.float64]:
    """One series' quantile of each period of the horizon, (H,), from the forecast table, which is sorted by series."""
    periods = _shown(plan)
    return plan.forecast[name].slice(row * periods, periods).to_numpy()


def _shown(plan: Plan) -> int:
    """Periods of the forecast table."""
    return plan.forecast.height // len(plan.demand.index)


def _arrival(plan: Plan, row: int) -> date | None:
    if plan.decisions.quantity[row] <= 0:
        return None
    supply = plan.case.snapshot.supply
    return plan.case.snapshot.timeline.first + timedelta(days=int(supply.arrival_day[plan.decisions.offer[row]]))
