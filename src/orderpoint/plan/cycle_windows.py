"""The windows of a planned season, one after the other, and how they join into cycles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.build_up.plan import STEADY, CyclePlan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

KINDS = ("run_down", "steady", "build_up", "waiting")
WAITING = 3


@dataclass(frozen=True, eq=False)
class Cycles:
    """m cycles, those of a series adjacent and in order.

    `series` row of the index; `begin`, `end` periods from today, `end` not included; `name` a row of some list of
    names, -1 while today's order is on its way. In units: `opening`, `order`, `incoming` (open orders of today),
    `demand`, `short`, `closing`.
    """

    series: IntArray
    begin: IntArray
    end: IntArray
    name: IntArray
    opening: FloatArray
    order: FloatArray
    incoming: FloatArray
    demand: FloatArray
    short: FloatArray
    closing: FloatArray

    def before(self, period: int) -> Cycles:
        """Those that begin before `period`."""
        rows = self.begin < period
        return Cycles(**{name: values[rows] for name, values in vars(self).items()})

    def joined(self, slot: IntArray) -> Cycles:
        """Adjacent windows of a series that have the same name and begin in the same `slot` (m,), as one cycle."""
        new = np.arange(len(self.series)) == 0
        for key in (self.series, self.name, slot):
            new[1:] |= key[1:] != key[:-1]
        first = np.flatnonzero(new)
        if not len(first):
            return self
        last = np.append(first[1:], len(new)) - 1
        return Cycles(
            series=self.series[first],
            begin=self.begin[first],
            end=self.end[last],
            name=self.name[first],
            opening=self.opening[first],
            order=np.add.reduceat(self.order, first),
            incoming=np.add.reduceat(self.incoming, first),
            demand=np.add.reduceat(self.demand, first),
            short=np.add.reduceat(self.short, first),
            closing=self.closing[last],
        )

    def kind(self) -> IntArray:
        """(m,): rows of KINDS; stock that changes by less than a tenth of the cycle's demand is steady."""
        change = self.closing - self.opening
        moved = np.where(np.abs(change) > STEADY * np.maximum(self.demand, 1.0), np.sign(change), 0.0)
        return np.where(self.name < 0, WAITING, 1 + moved.astype(np.int64))


def windows_of(plan: CyclePlan, on_hand: FloatArray, review: IntArray) -> Cycles:
    """Every window of `plan`, before it the wait for the first order; names are 0, or -1 for the wait.

    `on_hand` (n,) units today, `review` (n,) periods of a window. Series that hold, order and sell nothing are left
    out.
    """
    n, count = plan.order.shape
    first = plan.arrival_period[:, :1]
    asked, short, came = plan.waiting.T[:, :, None]
    none, nobody = np.zeros((n, 1)), np.full((n, 1), -1)
    columns = {
        "begin": np.concatenate([np.zeros((n, 1), np.int64), plan.arrival_period], axis=1),
        "end": np.concatenate([first, plan.arrival_period + review[:, None]], axis=1),
        "name": np.concatenate([nobody, np.zeros((n, count), np.int64)], axis=1),
        "opening": np.concatenate([np.maximum(on_hand, 0.0)[:, None], plan.stock_before()], axis=1),
        "order": np.concatenate([none, plan.order], axis=1),
        "incoming": np.concatenate([came, plan.receipts], axis=1),
        "demand": np.concatenate([asked, plan.demand], axis=1),
        "short": np.concatenate([short, plan.short], axis=1),
        "closing": np.concatenate([plan.opening[:, None], plan.stock_at_end], axis=1),
    }
    there = np.concatenate([first > 0, plan.arrival_period >= 0], axis=1)
    busy = sum(np.nansum(columns[name], axis=1) for name in ("opening", "order", "incoming", "demand")) > 0.0
    there &= np.asarray(busy)[:, None]
    series = np.broadcast_to(np.arange(n)[:, None], there.shape)
    return Cycles(series[there], **{name: values[there] for name, values in columns.items()})
