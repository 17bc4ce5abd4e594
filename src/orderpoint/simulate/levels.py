"""A level rule over a long horizon: what (R, s, S) costs and serves when it is kept up, demand as forecast."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import DAYS_PER_YEAR
from orderpoint.simulate.by_levels import LEAD_TIMES, money_of, shelf_lives
from orderpoint.simulate.compare_policies import CategoryFigures, add, categories_of, together
from orderpoint.simulate.figures import Figures, figures_of
from orderpoint.simulate.sums import Sums, sums_of
from orderpoint.stockflow import tally
from orderpoint.stockflow.alias import DemandTables
from orderpoint.stockflow.block import Rule
from orderpoint.stockflow.lead_times import lead_time_table
from orderpoint.stockflow.long_run import MOST_UNITS, Span, play_long, rule
from orderpoint.tables.ahead import ended
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

CHUNK_SERIES = 2048
"""Series whose tables are held in memory at a time."""


@dataclass(frozen=True, eq=False)
class LongRun:
    """Figures of a rule over `periods` counted periods after `warm_up` others; `by_category` in the order of names."""

    periods: int
    warm_up: int
    paths: int
    seed: int
    figures: Figures
    by_category: tuple[CategoryFigures, ...]


def simulate_levels(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, paths: int, seed: int, years: float = 1.0
) -> LongRun:
    """Play the levels of `decisions` for `years` years, after a warm-up of four lead times and reviews.

    Each period's demand has the distribution of the horizon's average period, levels and spread included, drawn anew
    each time: a stationary shop, whatever season the forecast knows. Fractions are rounded to whole units. Lead times,
    MOQ, pack, maximum and shelf life are those of the chosen offers; price breaks, closures and shared limits are not
    played. Series that may not be ordered are left out. Raises ValueError for fewer than two paths, or no series.
    """
    rows = np.flatnonzero(snapshot.orderable)
    if paths < 2 or len(rows) == 0:
        raise ValueError(f"simulate: expected at least 2 paths and 1 orderable series, got {paths} and {len(rows)}")
    period = snapshot.timeline.period.mean_days
    counted = max(round(years * DAYS_PER_YEAR / period), 1)
    how = rule_of(snapshot, decisions)
    warm_up = 4 * int((how.leads.max(axis=1) + how.review).max())
    span = Span(counted + warm_up, paths, warm_up, detailed=True)
    law, money = average_period(ended(demand, snapshot.catalog)), money_of(snapshot, decisions)
    price = np.where(np.isnan(snapshot.costs.price), snapshot.costs.unit_cost, snapshot.costs.price)
    categories = categories_of(snapshot)
    sums: dict[str, Sums] = {}
    for first in range(0, len(rows), CHUNK_SERIES):
        some = rows[first : first + CHUNK_SERIES]
        mine = Rule._make(column[some] for column in how)
        table = play_long(DemandTables.of(law.take(some)), mine, span, seed + first)
        table[..., [tally.HELD_DAYS, tally.WAITED_DAYS]] *= period
        table[..., tally.REVENUE] = table[..., tally.SHIPPED] * price[some, None]
        for category in np.unique(categories[some]):
            chosen = np.flatnonzero(categories[some] == category)
            part = sums_of(
                table[chosen],
                replace(money, fixed=np.zeros_like(money.fixed)).take(some[chosen]),
                np.full(counted, period),
            )
            add(sums, str(category), part)
    by_category = tuple(CategoryFigures(name, (figures_of("", sums[name]),)) for name in sorted(sums))
    return LongRun(counted, warm_up, paths, seed, figures_of("", together(sums)), by_category)


def rule_of(snapshot: Snapshot, decisions: Decisions) -> Rule:
    """The levels of `decisions` with the lead times and lots of their offers; opens full."""
    supply, offer, period = snapshot.supply, decisions.offer, snapshot.timeline.period.mean_days
    sd = supply.lead_time_sd_days[offer]
    up_to = np.clip(decisions.order_up_to, 0, MOST_UNITS - 1)
    return rule(
        up_to,
        np.clip(decisions.reorder_point, -1, MOST_UNITS - 1),
        lead_time_table(supply.lead_time_days[offer], sd, period, LEAD_TIMES if sd.any() else 1),
        review=(supply.next_arrival_period - supply.arrival_period)[offer],
        moq=supply.moq[offer],
        pack=np.maximum(supply.pack[offer], 1.0),
        most=supply.max_quantity[offer],
        shelf_life=shelf_lives(snapshot, period),
        backlog=snapshot.costs.backlog,
    )


def average_period(demand: Demand) -> Distribution:
    """The distribution of one period whose mean is the horizon's average, (n,): the level's spread blended in."""
    timeline = replace(demand.timeline, count=1)
    return replace(demand, timeline=timeline, mean=demand.mean.mean(axis=1, keepdims=True)).period(0)
