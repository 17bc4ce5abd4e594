"""The sales of groups: what stock hid is filled in each series first, as a sum of censored series is censored."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy import sparse

from orderpoint.forecast.censored import GAIN
from orderpoint.forecast.cleaned import cleaned
from orderpoint.forecast.hierarchy.tree import Tree
from orderpoint.forecast.panel import Cells, FloatArray
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

MOST_GUESSED = 0.5
"""Share of a group's period that may be guessed; a period with more counts as a stockout of the group."""
EVERYWHERE = ""
"""Location of a group that spans several: only events of all regions are known of it."""


@dataclass(frozen=True, eq=False)
class Above:
    """A history of groups, as a forecaster takes it: one series for each group, in their order."""

    sales: Sales
    known: Known


def above(tree: Tree, sales: Sales, known: Known, span: int) -> Above:
    """Sales of the groups of `tree`, and what is known of them: their level, and the calendar.

    A period is OFF for a group before any of its series is on sale, and a stockout with what was sold where more than
    half of it would be a guess. Prices, drivers and overrides are of items and are left out.
    """
    index = _index(tree, sales.index)
    cells = cleaned(sales, known, span, seasons=True, effects=False).panel.cells
    hidden = (sales.state >= State.STOCKOUT) & ~cells.seen
    guessed = _guesses(cells, hidden, 1.0 - GAIN) if hidden.any() else np.zeros_like(cells.demand)
    sums = sparse.csr_matrix(tree.sums, dtype=np.float32)
    on_sale = sums @ (sales.state != State.OFF).astype(np.float32) > 0
    sold = sums @ np.where(cells.seen, cells.demand, np.float32(0))
    unsold = sums @ guessed
    state = np.where(on_sale, State.OBSERVED, State.OFF).astype(np.uint8)
    unknown = on_sale & (unsold > MOST_GUESSED * (sold + unsold))
    state[unknown] = State.STOCKOUT
    quantity = np.where(unknown, sold, sold + unsold).astype(np.float32)
    told = Known(_catalog(tree, index, sales.index, known.catalog), calendar=known.calendar)
    return Above(Sales(index, sales.timeline, quantity, state), told)


def plain(known: Known) -> Known:
    """Without overrides and known uplifts: they are of single series and days, and say nothing of a level."""
    return replace(known, overrides=(), calendar=tuple(e for e in known.calendar if e.uplift_factor is None))


def _index(tree: Tree, index: SeriesIndex) -> SeriesIndex:
    """Groups by number; each at its location where it has one."""
    places = [np.unique(index.location_of[tree.members(g)]) for g in range(tree.count)]
    names = [index.locations[place[0]] if len(place) == 1 else EVERYWHERE for place in places]
    locations = tuple(sorted(set(names)))
    at = {name: k for k, name in enumerate(locations)}
    items = tuple(f"{g:09d}" for g in range(tree.count))
    return SeriesIndex(
        items, locations, np.arange(tree.count, dtype=np.int32), np.array([at[name] for name in names], np.int32)
    )


def _catalog(tree: Tree, index: SeriesIndex, series: SeriesIndex, catalog: Catalog) -> Catalog:
    """The level stands for the department, and for the category where series of several are summed."""
    levels = tuple(tree.levels[k] for k in tree.level)
    at = dict(zip(catalog.items, catalog.category, strict=True))
    of = [{at.get(series.items[k]) for k in np.unique(series.item_of[tree.members(g)])} for g in range(tree.count)]
    alike = tuple(next(iter(s)) if len(s) == 1 else level for s, level in zip(of, levels, strict=True))
    return replace(Catalog.bare(index.items), department=levels, category=alike)


@njit(cache=True, parallel=True)
def _guesses(cells: Cells, hidden: NDArray[np.bool_], keep: float) -> FloatArray:
    """Level times season (n, T) where demand was hidden, else 0; the level is discounted both ways in time."""
    n, periods = cells.demand.shape
    out = np.zeros((n, periods), np.float32)
    for i in prange(n):
        f = cells.factor[cells.group[i]]
        units, weight = np.zeros(periods + 1), np.zeros(periods + 1)
        for t in range(periods - 1, -1, -1):
            units[t] = keep * units[t + 1]
            weight[t] = keep * weight[t + 1]
            if cells.seen[i, t]:
                units[t] += cells.demand[i, t]
                weight[t] += f[t]
        before, had = 0.0, 0.0
        for t in range(periods):
            before *= keep
            had *= keep
            if cells.seen[i, t]:
                before += cells.demand[i, t]
                had += f[t]
            elif hidden[i, t] and had + weight[t] > 0.0:
                out[i, t] = f[t] * (before + units[t]) / (had + weight[t])
    return out
