"""The figures a shop judges its stock by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import DAYS_PER_YEAR
from orderpoint.tables.costs import Costs

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kpis:
    """What a way of ordering achieved over a stretch of days, summed over all series.

    Units: `demand`, `short` (demand that found no stock), `average_stock`. Money: `average_stock_value`,
    `holding_cost`, `ordering_cost` (None where orders are not known), `stockout_cost`. `fill_rate` and `stockout_share`
    (of series-periods in which stock ran out) lie in 0..1. `turnover` is cost of goods sold per year over average stock
    value. None where it cannot be known.
    """

    name: str
    days: float
    demand: float
    short: float
    fill_rate: float
    stockout_share: float
    average_stock: float
    average_stock_value: float
    turnover: float | None
    orders: int | None
    holding_cost: float
    ordering_cost: float | None
    stockout_cost: float

    @property
    def cost(self) -> float:
        """The identity C = holding + ordering + stockout, money over the stretch."""
        return self.holding_cost + (self.ordering_cost or 0.0) + self.stockout_cost


@dataclass(frozen=True, eq=False)
class Observed:
    """What happened to n series over T periods, float64 in units: what `kpis_of` judges.

    `scored` bool (n, T): the cells that count; `days` (T,): length of each period. `demand`, `short`, `out` (bool:
    stock ran out) (n, T). Over the scored cells, (n,): `stock_days` held and `waiting_days`, unit-days. `orders`:
    (how many, money), None where they are not known.
    """

    scored: NDArray[np.bool_]
    days: FloatArray
    demand: FloatArray
    short: FloatArray
    out: NDArray[np.bool_]
    stock_days: FloatArray
    waiting_days: FloatArray
    orders: tuple[int, float] | None


def kpis_of(name: str, seen: Observed, costs: Costs) -> Kpis:
    """The figures of the scored cells."""
    scored = seen.scored
    length = float((scored * seen.days).sum()) / max(1, int(scored.any(axis=1).sum()))
    demand, short = np.where(scored, seen.demand, 0.0), np.where(scored, seen.short, 0.0)
    total, missed = float(demand.sum()), float(short.sum())
    served_value = float(((demand - short).sum(axis=1) * costs.unit_cost).sum())
    value_days = float((seen.stock_days * costs.unit_cost).sum())
    units = np.where(costs.backlog, seen.waiting_days, short.sum(axis=1))
    return Kpis(
        name=name,
        days=length,
        demand=total,
        short=missed,
        fill_rate=1.0 - missed / total if total > 0 else 1.0,
        stockout_share=float((seen.out & scored).sum()) / max(1, int(scored.sum())),
        average_stock=float(seen.stock_days.sum()) / length if length else 0.0,
        average_stock_value=value_days / length if length else 0.0,
        turnover=served_value * DAYS_PER_YEAR / value_days if value_days > 0 else None,
        orders=None if seen.orders is None else seen.orders[0],
        holding_cost=float((seen.stock_days * costs.holding_cost_per_unit_day).sum()),
        ordering_cost=None if seen.orders is None else seen.orders[1],
        stockout_cost=float((units * costs.stockout_cost_per_unit).sum()),
    )
