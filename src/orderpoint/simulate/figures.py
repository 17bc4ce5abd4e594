"""The figures a shop judges its stock by, from paths: each with its confidence interval, and paired differences."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import DAYS_PER_YEAR
from orderpoint.simulate.intervals import Interval, interval_of
from orderpoint.simulate.sums import Sums

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Values:
    """Each figure on each path, (paths,); the mean over paths is the figure.

    A ratio (`fill_rate`, say) is linearised, so that its mean is the ratio of the sums over all paths and its spread
    that of the ratio (W. Cochran, Sampling Techniques, 3rd ed., section 6.4). Units and money as in `Figures`.
    """

    fill_rate: FloatArray
    cycle_service: FloatArray
    stockout_days: FloatArray
    turnover: FloatArray
    days_of_cover: FloatArray
    average_stock: FloatArray
    average_stock_value: FloatArray
    peak_stock: FloatArray
    orders: FloatArray
    waste: FloatArray
    holding_cost: FloatArray
    ordering_cost: FloatArray
    stockout_cost: FloatArray
    cost: FloatArray
    purchase_cost: FloatArray
    revenue: FloatArray
    profit: FloatArray
    bullwhip: FloatArray


@dataclass(frozen=True, slots=True)
class Figures:
    """What a way of ordering achieves over `days` days on `paths` paths, `series` series together; 95 % intervals.

    Shares: `fill_rate` (units served at once), `cycle_service` (receipts before which nothing had been short).
    `stockout_days`: days a series is short, mean over series. `turnover`: cost of goods sold a year over average stock
    value. `days_of_cover`: stock value over cost of goods sold a day. Units: `average_stock`, `peak_stock` (each
    series at its peak), `waste`. `orders`: order lines. Money over the stretch: `holding_cost`, `ordering_cost`,
    `stockout_cost`, `cost` (their sum), `purchase_cost` of what arrived, `revenue`, `profit`: revenue less the cost of
    what was sold or wasted, holding, ordering and waiting (a lost sale is missing in revenue already). `bullwhip`:
    variance of orders over variance of demand, by period, summed over series. Differences have the same units.
    """

    name: str
    days: float
    series: int
    paths: int
    fill_rate: Interval
    cycle_service: Interval
    stockout_days: Interval
    turnover: Interval
    days_of_cover: Interval
    average_stock: Interval
    average_stock_value: Interval
    peak_stock: Interval
    orders: Interval
    waste: Interval
    holding_cost: Interval
    ordering_cost: Interval
    stockout_cost: Interval
    cost: Interval
    purchase_cost: Interval
    revenue: Interval
    profit: Interval
    bullwhip: Interval


FIGURES = tuple(field.name for field in fields(Values))
"""Names of the figures, in order."""


def values_of(sums: Sums) -> Values:
    """The figures on each path."""
    days = sums.days
    cost = sums.holding + sums.ordering + sums.stockout
    return Values(
        fill_rate=1.0 - _ratio(sums.short, sums.demand),
        cycle_service=1.0 - _ratio(sums.cycles - sums.covered, sums.cycles),
        stockout_days=sums.short_days / max(sums.series, 1),
        turnover=_ratio(sums.sold_value * DAYS_PER_YEAR, sums.held_value_days),
        days_of_cover=_ratio(sums.held_value_days, sums.sold_value),
        average_stock=sums.held_days / days,
        average_stock_value=sums.held_value_days / days,
        peak_stock=sums.peak,
        orders=sums.orders,
        waste=sums.waste,
        holding_cost=sums.holding,
        ordering_cost=sums.ordering,
        stockout_cost=sums.stockout,
        cost=cost,
        purchase_cost=sums.purchase,
        revenue=sums.revenue,
        profit=sums.revenue - sums.sold_value - sums.waste_value - sums.holding - sums.ordering - sums.waiting,
        bullwhip=_ratio(sums.order_variance, sums.demand_variance),
    )


def figures_of(name: str, sums: Sums) -> Figures:
    """The figures with their intervals."""
    return _figures(name, sums, values_of(sums))


def differences(name: str, sums: Sums, against: Sums) -> Figures:
    """Figures of `sums` less those of `against`, path by path: the paths must be the same ones."""
    mine, other = values_of(sums), values_of(against)
    pairs = {figure: getattr(mine, figure) - getattr(other, figure) for figure in FIGURES}
    return _figures(name, sums, Values(**pairs))


def _figures(name: str, sums: Sums, values: Values) -> Figures:
    intervals = {figure: interval_of(getattr(values, figure)) for figure in FIGURES}
    return Figures(name, sums.days, sums.series, len(sums.demand), **intervals)


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Top over bottom, linearised around the ratio of their means; 0 where there is nothing below."""
    mean = bottom.mean()
    if mean <= 0.0:
        return np.zeros_like(top)
    ratio = top.mean() / mean
    return np.asarray(ratio + (top - ratio * bottom) / mean)
