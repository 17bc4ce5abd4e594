"""Launch curves: the share of its later level that an item of a category reaches after its launch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.forecast.newitems.ages import Ages
from orderpoint.forecast.newitems.market import Market
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EDGES_DAYS = (7, 14, 28, 56, 91, 182)
"""Ages at which one step of the curve ends; after the last the level is reached."""
LEARNED_DAYS = 364
"""A launch teaches for so long."""
PASSES = 8
GROUP_CV2, FLAT_CV2 = 0.1, 0.25
"""Variance of the steps of categories around those of all, and of these around 1: beliefs, which launches correct."""
FIRST_CV2, FIRST_ITEMS = 0.1, 3.0
"""Variance of an item's own steps around the curve, before any were seen: it counts as so many launches."""
LEAST_STEP, MOST_STEP = 0.05, 8.0


@dataclass(frozen=True, eq=False)
class Curves:
    """`steps` (G, S + 1) of each category, the last one 1; `cv2`: how far items go their own way around them."""

    steps: Floats
    cv2: float
    launches: int

    def at(self, group: Ints, age: Ints, period: Period) -> Floats:
        """Share of the level reached at `age` (n, k) periods after launch by series of `group` (n,)."""
        return np.asarray(self.steps[group[:, None], step_of(age, period)])


@dataclass(frozen=True, eq=False)
class Young:
    """The first K periods of m launches: `units`, `exposure` (m, K); exposure is 1 in a usual period, 0 if unseen.

    `bound` (m, K): exposure of the periods cut short by stock, in which `units` is a lower bound.
    """

    rows: Ints
    units: Floats
    exposure: Floats
    bound: Floats


def step_of(age: Ints, period: Period) -> Ints:
    """Step of the curve for ages in periods (negative ones count as the first)."""
    return np.asarray(np.digitize(age * period.mean_days, EDGES_DAYS), np.int64)


def since_launch(sales: Sales, ages: Ages, market: Market, rows: Ints) -> Young:
    """What `rows` sold from their launch on, for LEARNED_DAYS at most.

    Where only the first sale tells of the launch, that sale is given, and only what came on top says how much sells.
    """
    line = sales.timeline
    length = max(1, min(line.count, round(LEARNED_DAYS / line.period.mean_days)))
    at = ages.launch[rows][:, None] + np.arange(length)
    inside = (at >= 0) & (at < line.count)
    at = np.where(inside, at, 0)
    mine = rows[:, None]
    busy = market.past[market.group[rows][:, None], at]
    busy[:, 0] *= ages.share[rows]
    seen = inside & sales.observed()[mine, at]
    cut = inside & sales.censored()[mine, at]
    units = np.where(seen | cut, sales.quantity[mine, at], 0.0)
    units[:, 0] -= ages.by_sale[rows] & (units[:, 0] >= 1.0)
    return Young(rows, units, np.where(seen, busy, 0.0), np.where(cut, busy, 0.0))


def learn(young: Young, group: Ints, groups: int, period: Period) -> Curves:
    """Alternate levels of items and steps of curves under quasi-Poisson demand, level x step x exposure.

    A step of one item is its units over what its level says, known to (1 / units + cv2); steps of a category are the
    weighted mean of its items, drawn to those of all, and these to 1.
    """
    steps_count = len(EDGES_DAYS) + 1
    which = step_of(np.arange(young.units.shape[1]), period)
    seen = young.exposure > 0
    units, exposure = np.zeros((2, len(young.rows), steps_count))
    for s in range(steps_count):
        units[:, s] = np.where(seen, young.units, 0.0)[:, which == s].sum(axis=1)
        exposure[:, s] = young.exposure[:, which == s].sum(axis=1)
    # A level is only told from steps by an item that was seen on several.
    useful = ((exposure > 0).sum(axis=1) > 1) & (units.sum(axis=1) >= 5.0)
    units, exposure, own = units[useful], exposure[useful], group[useful]
    steps, cv2 = np.ones((groups, steps_count)), FIRST_CV2
    for _ in range(PASSES if len(own) else 0):
        curve = steps[own]
        level = units.sum(axis=1) / np.maximum((curve * exposure).sum(axis=1), 1e-9)
        flat = level[:, None] * exposure
        ratio = np.divide(units, flat, out=np.ones_like(flat), where=flat > 0)
        weight = np.where(flat > 0, 1.0 / (1.0 / np.maximum(flat * curve, 1e-9) + cv2), 0.0)
        steps = _steps(ratio, weight, own, groups)
        cv2 = _own_way(ratio / steps[own], flat * steps[own])
    return Curves(steps, cv2, len(own))


def _steps(ratio: Floats, weight: Floats, own: Ints, groups: int) -> Floats:
    """Steps (G, S + 1), each over the last one, which is 1."""
    flat, pull = 1.0 / FLAT_CV2, 1.0 / GROUP_CV2
    overall = ((weight * ratio).sum(axis=0) + flat) / (weight.sum(axis=0) + flat)
    out = np.empty((groups, ratio.shape[1]))
    for g in range(groups):
        w, r = weight[own == g], ratio[own == g]
        out[g] = ((w * r).sum(axis=0) + pull * overall) / (w.sum(axis=0) + pull)
    return np.asarray(np.clip(out / out[:, -1:], LEAST_STEP, MOST_STEP))


def _own_way(apart: Floats, expected: Floats) -> float:
    """Variance of items' steps around the curve beyond counting noise, by moments over steps of 5 units or more."""
    fine = expected >= 5.0
    excess = ((apart[fine] - 1.0) ** 2 - 1.0 / expected[fine]).sum()
    prior = FIRST_ITEMS * len(EDGES_DAYS)
    return float(np.clip((excess + prior * FIRST_CV2) / (fine.sum() + prior), 0.01, 1.0))
