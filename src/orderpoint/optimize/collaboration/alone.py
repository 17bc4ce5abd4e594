"""What each transfer does by itself: the plan played with it and without it, the orders and all other transfers kept.

Two places change with a transfer, so only they are played again, on the same paths. Units left over count as held to
the last day of the paths wherever they are, and those on their way as held where they go, as when transfers are chosen
(`unit_values`): so nothing gains by where it waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.evaluation import COLUMNS, END, HOLDING, RISK, SHORT, STOCKOUT, Orders, appraise
from orderpoint.optimize.protection import Lines, Setting, periods_needed
from orderpoint.optimize.sampling import Sampling
from orderpoint.stockflow.placed import moved
from orderpoint.tables.decisions import Decisions, Transfers
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_PATHS = 512


@dataclass(frozen=True, eq=False)
class Alone:
    """Of each of m transfers: `gain`, money that it saves at both its ends, less what moving costs.

    `risk`, `short` (m, 2): chance of running out and units short at its target, without it and with it.
    """

    gain: FloatArray
    risk: FloatArray
    short: FloatArray


@runtime_checkable
class WeighsTransfers(Protocol):
    """A policy that moves goods between places."""

    def alone(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Alone | None:
        """What each of today's transfers does by itself; None where there are none."""
        ...


def alone(snapshot: Snapshot, demand: Demand, decisions: Decisions, sampling: Sampling) -> Alone | None:
    """What each of today's transfers does by itself, where `snapshot` is the one that is judged by."""
    moves = decisions.transfers
    if moves is None:
        return None
    every = np.arange(len(moves.source))
    series = np.concatenate([moves.source, moves.target])
    table, plain = np.zeros((len(series), COLUMNS)), np.zeros((len(series), COLUMNS))
    after = np.zeros(len(series))
    count = sampling.paths_for(len(snapshot.index), periods_needed(snapshot))
    sampling = replace(sampling, paths=min(count, MOST_PATHS))
    for paths, rows, setting in sampling.sampled(moved(snapshot, decisions), demand):
        here = np.flatnonzero((series >= rows.start) & (series < rows.stop))
        if not len(here):
            continue
        own = series[here] - rows.start
        orders = Orders(decisions.quantity[series[here]].astype(np.float64), decisions.offer[series[here]])
        lines = Lines._make(array[own] for array in setting.lines)
        mine, without = np.ascontiguousarray(paths[own]), _without(lines, moves, here)
        for changed, out in ((lines, plain), (without, table)):
            found = np.zeros((len(here), COLUMNS))
            appraise(mine, changed, setting.offers, setting.clock, orders, found)
            out[here] = found
        after[here] = _days_after(setting, decisions.offer[series[here]])
    holding = snapshot.costs.holding_cost_per_unit_day[series]
    spared = (table - plain) @ _money() + holding * after * (table - plain)[:, END]
    source, target = spared[every], spared[every + len(every)]
    days = snapshot.period_days()
    starts = np.concatenate([[0.0], np.cumsum(days)])
    way = starts[np.minimum(moves.arrival_period, len(days))] * holding[len(every) :] * moves.quantity
    paid = 0.0 if moves.extra_cost is None else moves.extra_cost
    both = np.stack([table[len(every) :], plain[len(every) :]], axis=1)
    return Alone(source + target - way - paid, both[:, :, RISK], both[:, :, SHORT])


def _without(lines: Lines, moves: Transfers, here: IntArray) -> Lines:
    """The lines of the ends `here` (sources, then targets) as they are without their transfer."""
    count = len(moves.source)
    on_hand, receipts = lines.on_hand.copy(), lines.receipts.copy()
    for k, end in enumerate(here.tolist()):
        if end < count:
            on_hand[k] += moves.leaving[end]
        elif moves.arrival_period[end - count] < receipts.shape[1]:
            receipts[k, moves.arrival_period[end - count]] -= moves.quantity[end - count]
    return lines._replace(on_hand=on_hand, receipts=receipts)


def _days_after(setting: Setting, offer: IntArray) -> FloatArray:
    """Days from the end of each series' window to the end of the paths."""
    starts = setting.clock.starts
    then = np.minimum(setting.offers.next_arrival[offer], len(starts) - 1)
    return np.asarray(starts[-1] - starts[then])


def _money() -> FloatArray:
    """The columns of an appraisal that are money."""
    weights = np.zeros(COLUMNS)
    weights[[HOLDING, STOCKOUT]] = 1.0
    return weights
