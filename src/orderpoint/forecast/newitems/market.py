"""How busy the shop is: demand of long-lived series by category, past and ahead, over their usual level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVEL_DAYS = 364
"""Days over which a series' usual level is taken."""
PRIOR_UNITS = 50.0
"""Units per period at which a category's own index counts as much as the shop's, and the shop's as much as 1."""
CUT_FACTOR, CUT_UNITS = 5.0, 5.0
"""A cell counts for at most CUT_FACTOR times its level plus CUT_UNITS, lest one large order become a season."""


@dataclass(frozen=True, eq=False)
class Market:
    """`group` int64 (n,): category of each series, 0..G-1; `teachers` int64: rows that the index is taken from.

    `level` (n,): mean units per seen period of the last LEVEL_DAYS, NaN where none was seen. `past` (G, T): index.
    """

    group: Ints
    teachers: Ints
    level: Floats
    past: Floats

    def ahead(self, mean: Floats) -> Floats:
        """Index (G, H) of the periods ahead, from the teachers' forecast means (n, H) over the same levels."""
        level = np.repeat(self.level[self.teachers][:, None], mean.shape[1], axis=1)
        return _index(mean[self.teachers], level, self.group[self.teachers], len(self.past))


def market_of(sales: Sales, mature: NDArray[np.bool_], category: Ints) -> Market:
    """The market of a shop; `category` int64 (n,), -1 where unknown, which is a group of its own."""
    _, group = np.unique(category, return_inverse=True)
    group = group.astype(np.int64).ravel()
    back = max(1, round(LEVEL_DAYS / sales.timeline.period.mean_days))
    seen = sales.observed()[:, -back:]
    had = seen.sum(axis=1)
    units = np.where(seen, sales.quantity[:, -back:], 0.0).sum(axis=1, dtype=np.float64)
    level = np.divide(units, had, out=np.full(len(had), np.nan), where=had > 0)
    teachers = np.flatnonzero(mature & (np.nan_to_num(level) > 0))
    groups = int(group.max(initial=0)) + 1
    seen = sales.observed()[teachers]
    own = level[teachers][:, None]
    demand = np.where(seen, np.minimum(sales.quantity[teachers], CUT_FACTOR * own + CUT_UNITS), 0.0)
    return Market(group, teachers, level, _index(demand, np.where(seen, own, 0.0), group[teachers], groups))


def _index(demand: Floats, level: Floats, group: Ints, groups: int) -> Floats:
    """Demand over level (both (m, T)) by group, each drawn to the whole, the whole to 1."""
    whole = (demand.sum(axis=0) + PRIOR_UNITS) / (level.sum(axis=0) + PRIOR_UNITS)
    out = np.empty((groups, demand.shape[1]))
    for g in range(groups):
        mine = group == g
        top, bottom = demand[mine].sum(axis=0), level[mine].sum(axis=0)
        out[g] = (top + PRIOR_UNITS * whole) / (bottom + PRIOR_UNITS)
    return out
