"""All that a history says about launches, successors and ends of life, learned once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.newitems import curves, levels
from orderpoint.forecast.newitems.ages import Ages, ages_of
from orderpoint.forecast.newitems.beliefs import Belief
from orderpoint.forecast.newitems.curves import Curves, Young, since_launch
from orderpoint.forecast.newitems.likeness import attributes_of
from orderpoint.forecast.newitems.market import Market, market_of
from orderpoint.forecast.newitems.phase_out import PhaseOut, steady_and_falling
from orderpoint.forecast.newitems.succession import Pairs, pairs_of
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]

PRIOR_PERIODS = 50.0
"""Seen periods of its own that a series needs to be half believed about its variance over mean."""


@dataclass(frozen=True, slots=True)
class Launches:
    """`own_days`, `full_days`: days seen from which a young series' base forecast begins to count, and counts alone.

    `false_alarms`: probability with which a steady series is called falling (0: falls are not
    looked for, and the base alone says how demand goes on).
    """

    own_days: float = 56.0
    full_days: float = 182.0
    false_alarms: float = 0.0

    def __post_init__(self) -> None:
        """Check the parameters."""
        if not 0.0 <= self.own_days < self.full_days or not 0.0 <= self.false_alarms < 0.5:
            raise ValueError(f"launches: expected 0 <= own_days < full_days, 0 <= false_alarms < 0.5, got {self}")


@dataclass(frozen=True, eq=False)
class Learned:
    """Of n series: `ratio` (n,) variance over mean of a period; `young` their first periods, `belief` before them.

    `belief` is None where nobody can teach. `falls` is None where falls are not looked for.
    """

    sales: Sales
    ages: Ages
    market: Market
    ratio: Floats
    curves: Curves
    young: Young
    belief: Belief | None
    pairs: Pairs
    falls: PhaseOut | None
    options: Launches


def learn(sales: Sales, known: Known, options: Launches) -> Learned:
    """Learn from `sales`, which the caller has cut."""
    ages, attributes = ages_of(sales, known.catalog), attributes_of(sales, known)
    category, falls = attributes.category[sales.index.item_of], None
    if options.false_alarms:
        ages, market, falls = steady_and_falling(sales, ages, category, options.false_alarms)
    else:
        market = market_of(sales, ages.mature, category)
    ratio = _ratios(sales, market)
    begun = since_launch(sales, ages, market, np.flatnonzero(ages.launch >= -_periods(sales)))
    over = ratio[begun.rows][:, None]
    begun = replace(begun, units=begun.units / over, exposure=begun.exposure / over)  # in counts of Poisson noise
    learned = curves.learn(begun, market.group[begun.rows], len(market.past), sales.timeline.period)
    young = since_launch(sales, ages, market, np.flatnonzero(ages.young))
    background = levels.teach(sales, ages, market, attributes, ratio)
    belief = None
    if background is not None:
        belief = levels.before_sales(background, sales, young, ratio, (learned, market.group))
    pairs = pairs_of(sales, known.catalog, ages, market)
    return Learned(sales, ages, market, ratio, learned, young, belief, pairs, falls, options)


def _periods(sales: Sales) -> int:
    return round(curves.LEARNED_DAYS / sales.timeline.period.mean_days)


def _ratios(sales: Sales, market: Market) -> Floats:
    """Variance over mean (n,), at least 1: Pearson's around level x index of the last year, drawn to all series'."""
    back = max(1, round(curves.LEARNED_DAYS / sales.timeline.period.mean_days))
    out = np.ones(len(sales.index))
    rows = market.teachers
    if not len(rows):
        return out
    seen = sales.observed()[rows, -back:]
    mean = market.level[rows][:, None] * market.past[market.group[rows], -back:]
    off = (np.minimum(sales.quantity[rows, -back:], 5.0 * mean + 5.0) - mean) ** 2 / np.maximum(mean, 1e-9)
    had, total = seen.sum(axis=1), np.where(seen, off, 0.0).sum(axis=1)
    # The median, as one series of huge lots says nothing about a new item.
    pooled = max(1.0, float(np.median(total / np.maximum(had, 1))))
    out[:] = pooled
    out[rows] = np.maximum(1.0, (total + PRIOR_PERIODS * pooled) / (had + PRIOR_PERIODS))
    return out
