"""Units and money of many series on each path, summed: what the figures are made of."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from orderpoint.stockflow import tally

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Money:
    """Money of n series, (n,): per unit and day held, per unit short (backlog: and day), per order, per unit bought.

    `moving`: per unit that comes from another place. `fixed`: money of today's orders beside the first of a series, and
    of today's transfers.
    """

    holding: FloatArray
    stockout: FloatArray
    backlog: NDArray[np.bool_]
    order_cost: FloatArray
    unit_cost: FloatArray
    fixed: FloatArray
    moving: FloatArray

    def take(self, rows: NDArray[np.intp]) -> Money:
        """The money of some series."""
        return Money(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, eq=False)
class Sums:
    """`series` series over `days` days; each sum (paths,). Units, unit-days and money, as in `stockflow.tally`."""

    series: int
    days: float
    demand: FloatArray
    short: FloatArray
    short_days: FloatArray
    cycles: FloatArray
    covered: FloatArray
    held_days: FloatArray
    held_value_days: FloatArray
    peak: FloatArray
    orders: FloatArray
    waste: FloatArray
    holding: FloatArray
    ordering: FloatArray
    stockout: FloatArray
    waiting: FloatArray
    purchase: FloatArray
    sold_value: FloatArray
    waste_value: FloatArray
    revenue: FloatArray
    order_variance: FloatArray
    demand_variance: FloatArray

    def plus(self, other: Sums) -> Sums:
        """Both together; the paths and days are the same."""
        parts = {name: getattr(self, name) + getattr(other, name) for name in PER_PATH}
        return Sums(self.series + other.series, self.days, **parts)


PER_PATH = tuple(field.name for field in fields(Sums))[2:]
"""The sums that have one value for each path."""


def sums_of(table: FloatArray, money: Money, days: FloatArray) -> Sums:
    """Sums over the series of `table` (n, paths, tally.COLUMNS), for the counted periods of `days` (T,)."""
    cells = np.moveaxis(table, 2, 0)
    periods, total = len(days), float(days.sum())
    waste = cells[tally.WASTE] + cells[tally.SPOILED_ON_WAY]
    waiting = np.where(money.backlog[:, None], cells[tally.WAITED_DAYS], 0.0)
    units = np.where(money.backlog[:, None], waiting, cells[tally.SHORT])
    holding, stockout, unit_cost = money.holding[:, None], money.stockout[:, None], money.unit_cost[:, None]
    parts = {
        "demand": cells[tally.DEMAND],
        "short": cells[tally.SHORT],
        "short_days": cells[tally.SHORT_PERIODS] * (total / periods),
        "cycles": cells[tally.CYCLES],
        "covered": cells[tally.COVERED],
        "held_days": cells[tally.HELD_DAYS],
        "held_value_days": cells[tally.HELD_DAYS] * unit_cost,
        "peak": cells[tally.PEAK],
        "orders": cells[tally.ORDERS],
        "waste": waste,
        "holding": cells[tally.HELD_DAYS] * holding,
        "ordering": cells[tally.ORDERS] * money.order_cost[:, None]
        + cells[tally.TAKEN] * money.moving[:, None]
        + money.fixed[:, None],
        "stockout": units * stockout,
        "waiting": waiting * stockout,
        "purchase": cells[tally.BOUGHT] * unit_cost,
        "sold_value": (cells[tally.SHIPPED] - cells[tally.RETURNED]) * unit_cost,
        "waste_value": waste * unit_cost,
        "revenue": cells[tally.REVENUE],
        "order_variance": _variance(cells[tally.ORDERED], cells[tally.ORDERED_SQUARES], periods),
        "demand_variance": _variance(cells[tally.DEMAND], cells[tally.DEMAND_SQUARES], periods),
    }
    return Sums(len(table), total, **{name: part.sum(axis=0) for name, part in parts.items()})


def _variance(total: FloatArray, squares: FloatArray, periods: int) -> FloatArray:
    return np.maximum(squares / periods - (total / periods) ** 2, 0.0)
