"""Curves of gain for orders that something else has set: a level of a network, a rule of the planner.

The curve of a line says what each quantity saves on the paths of its own demand (`choose.trace`). Where the order comes
from elsewhere that curve may have its best at another quantity; shared limits would then not only cut the order but
also argue with it. Here the order is taken at its word: as much is added to every unit up to it as makes it the best.
Units beyond it gain nothing: they are there for a supplier's minimum or a container alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize import choose
from orderpoint.optimize.mincost import patience
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.shared_curves import CURVE_POINTS, Wanted
from orderpoint.optimize.shared_terms import position_by
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

LEAST_WORTH = 1e-6
"""Of its unit cost: what a unit that was ordered is worth at least, and one beyond loses, so that nothing is a tie."""


def traced(snapshot: Snapshot, demand: Demand, orders: Decisions, most: FloatArray, sampling: Sampling) -> Wanted:
    """The curves of the first offers of `orders` up to `most` (n,) units, each order's own quantity among them."""
    n = len(snapshot.index)
    table = np.zeros((n, choose.COLUMNS))
    table[:, choose.QUANTITY], table[:, choose.OFFER] = most, orders.offer
    table[:, choose.REORDER_POINT], table[:, choose.ORDER_UP_TO] = orders.reorder_point, orders.order_up_to
    units, saving = np.zeros((n, CURVE_POINTS)), np.zeros((n, CURVE_POINTS))
    costs = snapshot.costs
    weighed = replace(costs, holding_cost_per_unit_day=costs.holding_cost_per_unit_day * patience(snapshot))
    for paths, rows, setting in sampling.sampled(replace(snapshot, costs=weighed), demand):
        choose.trace(paths, *setting, table[rows], units[rows], saving[rows])
    _with_point(units, saving, orders.quantity)
    return Wanted(orders.quantity, orders.offer, units, saving, position_by(snapshot, demand, orders.offer))


def _with_point(units: FloatArray, saving: FloatArray, quantity: FloatArray) -> None:
    """Put each `quantity` (n,) in the place of the next greater one of its curve, by a straight line between both."""
    rows = np.arange(len(quantity))
    after = np.minimum((units < quantity[:, None]).sum(axis=1), units.shape[1] - 1)
    before = np.maximum(after - 1, 0)
    width = units[rows, after] - units[rows, before]
    part = np.where(width > 0.0, (quantity - units[rows, before]) / np.where(width > 0.0, width, 1.0), 1.0)
    moved = (quantity > 0.0) & (part < 1.0)
    between = saving[rows, before] + part * (saving[rows, after] - saving[rows, before])
    units[rows[moved], after[moved]] = quantity[moved]
    saving[rows[moved], after[moved]] = between[moved]


def at_their_word(wanted: Wanted, unit_cost: FloatArray, worth: FloatArray) -> Wanted:
    """The curves with the quantities wanted as their best, each unit up to them worth at least `worth` (n,) money."""
    units, set_to = wanted.units, wanted.quantity[:, None]
    least = np.maximum(worth, LEAST_WORTH * unit_cost)
    there = np.take_along_axis(
        wanted.saving, (units < set_to).sum(axis=1, keepdims=True).clip(max=units.shape[1] - 1), 1
    )
    there = np.where(set_to > 0.0, there, 0.0)
    short = set_to - units
    chord = np.where(short > 0.0, (wanted.saving - there) / np.where(short > 0.0, short, 1.0), -np.inf)
    added = np.maximum(chord.max(axis=1), -least) + least
    lifted = wanted.saving + added[:, None] * np.minimum(units, set_to)
    best = there + added[:, None] * set_to
    beyond = np.minimum(lifted, best + LEAST_WORTH * unit_cost[:, None] * short)
    return replace(wanted, saving=np.where(units > set_to, beyond, lifted))
