"""Holding a plan to its word: its decisions on fresh demand until the next order arrives, beside what it expected."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.simulate.intervals import Interval, half_widths, interval_of, ratio_of, ratios
from orderpoint.stockflow import window
from orderpoint.stockflow.lead_times import LATEST_SD
from orderpoint.stockflow.placed import fixed_costs, moved
from orderpoint.stockflow.spoilage import keeping
from orderpoint.stockflow.window import Orders, play_windows
from orderpoint.tables.ahead import ended, stretched
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

CHUNK_DRAWS = 1 << 24
"""Demand draws held in memory at a time (64 MiB as float32)."""

SEED_SHIFT = 0x5EED
"""Added to the caller's seed for lead times, so that they are independent of demand."""


UNCLEAR = 0.1
"""Half width of a cost's interval, as a share of the cost, above which nothing is confirmed."""

NEVER_SEEN = 3.0
"""What is seen on none of N paths has a probability of at most 3 / N (95 %, the rule of three)."""


@dataclass(frozen=True, eq=False)
class Compared:
    """A figure of each of n series as expected and as played, all float64 (n,).

    `half_width`: half of the 95 % confidence interval of `simulated`.
    """

    expected: FloatArray
    simulated: FloatArray
    half_width: FloatArray

    @property
    def inside(self) -> NDArray[np.bool_]:
        """(n,): whether the expected figure lies in the interval of the simulated one."""
        slack = 1e-9 * np.maximum(1.0, np.abs(self.expected))
        return np.abs(self.expected - self.simulated) <= self.half_width + slack


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of all series together as expected and as played."""

    expected: float
    simulated: Interval

    @property
    def inside(self) -> bool:
        """Whether the expected figure lies in the interval of the simulated one."""
        return self.simulated.holds(self.expected)


@dataclass(frozen=True, eq=False)
class Confirmation:
    """What a plan expects and what `paths` fresh paths show, until each series' next order arrives.

    Money: `cost` (holding + ordering + stockout) of each series, and the totals `total_cost`, `total_holding`,
    `total_stockout`. Shares: `fill_rate` of each series from the arrival of today's order on, `stockout_risk` over the
    same periods, `total_fill_rate` from today on, all series together.
    """

    paths: int
    seed: int
    cost: Compared
    fill_rate: Compared
    stockout_risk: Compared
    total_cost: Total
    total_holding: Total
    total_stockout: Total
    total_fill_rate: Total

    @property
    def unclear(self) -> bool:
        """Whether the paths are too few to tell: the interval of the cost is wider than a fifth of it."""
        cost = self.total_cost.simulated
        return cost.half_width > UNCLEAR * abs(cost.mean)

    @property
    def holds(self) -> bool:
        """Whether cost and service of all series together are as expected."""
        return self.total_cost.inside and self.total_fill_rate.inside


def confirm(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, evaluation: Evaluation, paths: int, seed: int
) -> Confirmation:
    """Play `decisions` on `paths` paths that no policy has seen.

    `demand` is that of the horizon, whose last week is repeated where a late order needs more; `seed` should differ
    from the plan's. Lead times follow the law the policies use (`stockflow.lead_times`), drawn anew on each path.
    Raises ValueError for fewer than two paths.
    """
    if paths < 2:
        raise ValueError(f"paths: expected at least 2, got {paths}; an interval needs replicates")
    before = moved(snapshot, decisions)
    starts = _starts(snapshot, _periods_needed(snapshot, decisions))
    orders = _orders(keeping(before, demand), decisions, starts)
    played = _played(ended(stretched(demand, len(starts) - 1), snapshot.catalog), orders, starts, paths, seed)
    holding, stockout = _money(snapshot, played)
    fixed = fixed_costs(snapshot, decisions)
    cost = holding + stockout + fixed[:, None]
    missed, missed_width = ratios(played[..., window.WINDOW_SHORT], played[..., window.WINDOW_DEMAND])
    risk = played[..., window.STOCKED_OUT]
    return Confirmation(
        paths=paths,
        seed=seed,
        cost=Compared(evaluation.cost, cost.mean(axis=1), half_widths(cost)),
        fill_rate=Compared(evaluation.fill_rate, 1.0 - missed, missed_width),
        stockout_risk=Compared(
            evaluation.stockout_risk, risk.mean(axis=1), np.maximum(half_widths(risk), NEVER_SEEN / paths)
        ),
        total_cost=Total(float(evaluation.cost.sum()), interval_of(cost.sum(axis=0))),
        total_holding=Total(float(evaluation.holding_cost.sum()), interval_of(holding.sum(axis=0))),
        total_stockout=Total(float(evaluation.stockout_cost.sum()), interval_of(stockout.sum(axis=0))),
        total_fill_rate=_total_fill(evaluation, played),
    )


def _total_fill(evaluation: Evaluation, played: FloatArray) -> Total:
    wanted, short = float(evaluation.demand.sum()), float(evaluation.short.sum())
    missed = ratio_of(played[..., window.SHORT].sum(axis=0), played[..., window.DEMAND].sum(axis=0))
    return Total(1.0 - short / wanted if wanted > 0 else 1.0, replace(missed, mean=1.0 - missed.mean))


def _periods_needed(snapshot: Snapshot, decisions: Decisions) -> int:
    """Periods until the next order has surely arrived, for every series."""
    supply, offer = snapshot.supply, decisions.offer
    late = np.ceil(LATEST_SD * supply.lead_time_sd_days[offer] / snapshot.timeline.period.mean_days)
    return int((supply.next_arrival_period[offer] + late).max(initial=1))


def _starts(snapshot: Snapshot, periods: int) -> FloatArray:
    """First day of each period and of the one after the last, from today, (periods + 1,)."""
    first = snapshot.timeline.first
    return np.array([(snapshot.timeline.start(k) - first).days for k in range(periods + 1)], dtype=np.float64)


def _orders(snapshot: Snapshot, decisions: Decisions, starts: FloatArray) -> Orders:
    """Today's orders and the stock they meet; the next order comes one review later, in the period supply names."""
    supply, offer, stock = snapshot.supply, decisions.offer, snapshot.stock
    periods = len(starts) - 1
    receipts = np.zeros((len(offer), periods))
    shared = min(periods, snapshot.timeline.count)
    receipts[:, :shared] = stock.receipts[:, :shared]
    following = supply.next_arrival_period[offer].astype(np.int64)
    after = (supply.arrival_day + supply.review_days)[offer]
    return Orders(
        opening=stock.on_hand.astype(np.float64),
        receipts=receipts,
        quantity=decisions.quantity.astype(np.float64),
        backlog=snapshot.costs.backlog,
        arrival=supply.arrival_period[offer].astype(np.int64),
        next_arrival=following,
        arrival_day=supply.arrival_day[offer].astype(np.float64),
        next_day=np.clip(
            after, starts[np.minimum(following, periods) - 1] + 1.0, starts[np.minimum(following, periods)]
        ),
        lead_days=supply.lead_time_days[offer].astype(np.float64),
        sd_days=supply.lead_time_sd_days[offer].astype(np.float64),
    )


def _played(demand: Demand, orders: Orders, starts: FloatArray, paths: int, seed: int) -> FloatArray:
    """(n, paths, window.COLUMNS), some series at a time."""
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import, needed once

    n, periods = demand.mean.shape
    size = max(CHUNK_DRAWS // (paths * periods), 1)
    parts = []
    for first in range(0, n, size):
        rows = slice(first, min(first + size, n))
        few = Orders._make(array[rows] for array in orders)
        rng = np.random.default_rng([seed, SEED_SHIFT, first])
        shape = (len(few.opening), paths, 2)
        scores = ndtri(rng.random(shape)) if few.sd_days.any() else np.zeros(shape)
        parts.append(play_windows(few, demand.sample(paths, seed, rows), scores, starts))
    return np.concatenate(parts) if parts else np.zeros((0, paths, window.COLUMNS))


def _money(snapshot: Snapshot, played: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(holding, stockout) cost of each series and path, (n, paths)."""
    costs = snapshot.costs
    units = np.where(costs.backlog[:, None], played[..., window.WAITED_DAYS], played[..., window.SHORT])
    return (
        played[..., window.HELD_DAYS] * costs.holding_cost_per_unit_day[:, None],
        units * costs.stockout_cost_per_unit[:, None],
    )
