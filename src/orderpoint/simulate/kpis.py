"""The figures a shop judges its stock by."""

from __future__ import annotations

from dataclasses import dataclass


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
