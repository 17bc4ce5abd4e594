"""Rollout of a periodic-review rule: (R, s, S), and (R, S) where s = S - 1, with a fixed lead time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.stockflow.equation import shipped, step
from orderpoint.stockflow.flow import Flow
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LevelRule:
    """Every `review` periods, where the inventory position is at or below `reorder_point`, order up to `order_up_to`.

    All of shape (n,). An order placed at the start of a period is on sale `lead_time` periods later (0: in that very
    period). `review` at least 1; the first review is in the first period.
    """

    reorder_point: FloatArray
    order_up_to: FloatArray
    lead_time: IntArray
    review: IntArray

    def __post_init__(self) -> None:
        n = len(self.reorder_point)
        for name in ("order_up_to", "lead_time", "review"):
            checks.shape(f"level rule.{name}", getattr(self, name), (n,))
        checks.finite("level rule.lead_time", self.lead_time, least=0)
        checks.finite("level rule.review", self.review, least=1)


def play_levels(
    opening: FloatArray, receipts: FloatArray, demand: NDArray[np.floating], backlog: NDArray[np.bool_], rule: LevelRule
) -> tuple[Flow, FloatArray]:
    """The flow under a level rule, and the orders it places: (flow, ordered), `ordered` float64 shaped like the demand.

    Arguments as in `flow.play`. The inventory position is stock on hand (less what waits) and all that is on its way.
    """
    n, periods = receipts.shape
    checks.shape("stockflow.opening", opening, (n,))
    checks.shape("stockflow.backlog", backlog, (n,))
    checks.shape("level rule.reorder_point", rule.reorder_point, (n,))
    paths = demand[:, None, :] if demand.ndim == 2 else demand
    checks.shape("stockflow.demand", paths, (n, paths.shape[1], periods))
    left, short, out, ordered = (np.empty(paths.shape) for _ in range(4))
    state = (opening, receipts, rule.reorder_point, rule.order_up_to, rule.lead_time, rule.review)
    _play_levels(state, paths, backlog, (left, short, out, ordered))
    if demand.ndim == 2:
        left, short, out, ordered = (array[:, 0] for array in (left, short, out, ordered))
    return Flow(left, short, out), ordered


@njit(cache=True, parallel=True)
def _play_levels(
    state: tuple[FloatArray, FloatArray, FloatArray, FloatArray, IntArray, IntArray],
    demand: NDArray[np.floating],
    backlog: NDArray[np.bool_],
    result: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
) -> None:
    opening, receipts, reorder_point, order_up_to, lead_time, review = state
    left, short, out, ordered = result
    periods = demand.shape[2]
    for i in prange(demand.shape[0]):
        for j in range(demand.shape[1]):
            stock = opening[i]
            due = receipts[i].sum()  # on its way: open orders, then our own
            for t in range(periods):
                order = 0.0
                if t % review[i] == 0 and stock + due <= reorder_point[i]:
                    order = max(order_up_to[i] - stock - due, 0.0)
                ordered[i, j, t] = order
                due += order
                sent = t - lead_time[i]
                receipt = receipts[i, t] + (ordered[i, j, sent] if sent >= 0 else 0.0)
                due -= receipt
                before = stock
                stock, short[i, j, t] = step(before, receipt, float(demand[i, j, t]), backlog[i])
                left[i, j, t] = stock
                out[i, j, t] = shipped(before, receipt, stock)
