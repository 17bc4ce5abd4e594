"""What a shop sees under a stationary policy: money, service and stock, exact from the law of the inventory position.

Legend: w(y) the share of reviews after which the position is y; X the demand at the moments when stock is charged, A
and B the demand after and before a period (or a customer), f that between reviews, D(L) that of the lead time.

    on hand, backlog   sum w(y) E[(y - X)+], sum w(y) E[(X - y)+]
    fill rate          1 - sum w(y) (E[(A - y)+] - E[(B - y)+]) / (E A - E B): units newly short are the growth of the
                       backlog while no order arrives
    cycle service      P(Z >= D(L)), Z the position that triggers an order: net stock just before an arrival is the
                       least of its cycle
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.reorder.costs import ReorderCosts
from orderpoint.optimize.reorder.exposure import Exposure
from orderpoint.optimize.reorder.loss import at_most, left, loss_of, short
from orderpoint.optimize.reorder.tables import AFTER, BEFORE, DURING, LEAD, REVIEW, ExposureTables, law_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StockFigures:
    """Long-run figures of n series, float64 (n,), for each unit of time (a period, with periodic review).

    `cost` = `ordering_cost` + `holding_cost` + `backlog_cost`, money. `on_hand` and `backlog`: mean units on the shelf
    and waiting, at the ends of periods or over time. `orders`: orders placed. `fill_rate`: share of demanded units
    served at once (1 without demand). `cycle_service`: share of replenishment cycles that end without a unit waiting
    (NaN with independent lead times, where cycles overlap). `period_service`: share of periods (or customers) whose
    demand is all served at once. `stockout_share`: share of periods that end, or of time, with nothing on the shelf.
    """

    cost: FloatArray
    ordering_cost: FloatArray
    holding_cost: FloatArray
    backlog_cost: FloatArray
    on_hand: FloatArray
    backlog: FloatArray
    orders: FloatArray
    fill_rate: FloatArray
    cycle_service: FloatArray
    period_service: FloatArray
    stockout_share: FloatArray


def figures(
    costs: ReorderCosts, exposure: Exposure, law: FloatArray, law_at: IntArray, lowest: IntArray
) -> StockFigures:
    """The figures of positions with probabilities law[law_at[i]:law_at[i + 1]] at lowest[i], lowest[i] + 1, ..

    An order is placed where the position before a review is below lowest[i].
    """
    found = _all_figures(exposure.tables, exposure.idle, law, law_at, lowest)
    on_hand, backlog, ordering, fill, cycle, served, empty = (found[:, k].copy() for k in range(7))
    rows = costs.rows(len(exposure))
    orders = ordering * exposure.reviews
    ordering_cost, holding_cost, backlog_cost = rows[:, 0] * orders, rows[:, 1] * on_hand, rows[:, 2] * backlog
    if exposure.crossing:
        cycle[:] = np.nan
    return StockFigures(
        cost=ordering_cost + holding_cost + backlog_cost,
        ordering_cost=ordering_cost,
        holding_cost=holding_cost,
        backlog_cost=backlog_cost,
        on_hand=on_hand,
        backlog=backlog,
        orders=orders,
        fill_rate=fill,
        cycle_service=cycle,
        period_service=served,
        stockout_share=empty,
    )


@njit(cache=True, parallel=True, error_model="numpy")
def _all_figures(
    tables: ExposureTables, idle: FloatArray, law: FloatArray, law_at: IntArray, lowest: IntArray
) -> FloatArray:
    out = np.empty((len(lowest), 7))
    for i in prange(len(lowest)):
        w = law[law_at[i] : law_at[i + 1]]
        _levels(tables, i, (w, int(lowest[i])), idle[i], out[i])
        _cycles(law_of(tables, REVIEW, i), law_of(tables, LEAD, i), (w, int(lowest[i])), out[i])
    return out


@njit(cache=True, error_model="numpy")
def _levels(tables: ExposureTables, i: int, law: tuple[FloatArray, int], idle: float, out: FloatArray) -> None:
    """On hand, backlog, fill rate, service of a period, share of empty shelves."""
    w, lowest = law
    during, before, after = (
        loss_of(law_of(tables, DURING, i)),
        loss_of(law_of(tables, BEFORE, i)),
        loss_of(law_of(tables, AFTER, i)),
    )
    out[:] = 0.0
    unserved = 0.0
    for k in range(len(w)):
        y = lowest + k
        out[0] += w[k] * left(during, y)
        out[1] += w[k] * short(during, y)
        unserved += w[k] * (short(after, y) - short(before, y))
        out[5] += w[k] * (at_most(after, y) + idle * (1.0 - at_most(before, y)))
        out[6] += w[k] * (1.0 - at_most(during, y - 1))
    demand = after.mean - before.mean
    out[3] = 1.0 - unserved / demand if demand > 0.0 else 1.0


@njit(cache=True, error_model="numpy")
def _cycles(f: FloatArray, lead: FloatArray, law: tuple[FloatArray, int], out: FloatArray) -> None:
    """Orders for each review, and the share of cycles without a stockout."""
    w, lowest = law
    below = np.cumsum(lead)
    ordering, served = 0.0, 0.0
    for k in range(len(w)):
        for d in range(k + 1, len(f)):
            z = lowest + k - d
            ordering += w[k] * f[d]
            if z >= 0:
                served += w[k] * f[d] * min(1.0, below[min(z, len(below) - 1)])
    out[2] = ordering
    out[4] = served / ordering if ordering > 0.0 else 1.0
