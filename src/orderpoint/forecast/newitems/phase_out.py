"""Ends of life: which items run out, when, and how much they will still sell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.newitems.ages import Ages, ages_of
from orderpoint.forecast.newitems.decline import LEAST_UNITS, Decline, detect
from orderpoint.forecast.newitems.likeness import attributes_of
from orderpoint.forecast.newitems.market import Market, market_of
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FALSE_ALARMS = 0.001
"""Probability with which a steady series is called falling, at each look."""
WINDOW = {Period.DAY: 26, Period.WEEK: 26, Period.MONTH: 12}
"""Blocks that are looked at: weeks (of days too), or months."""
BLOCK = {Period.DAY: 7, Period.WEEK: 1, Period.MONTH: 1}
LAST_UNITS = 1.0
"""An item is phased out when no more than so many units are expected of it for ever."""
MOST_CV2 = 2.0
LEAST_SERIES = 20
"""Series from which a shop tells how much levels wander."""
LONGEST_DAYS = 365 * 10


@dataclass(frozen=True, eq=False)
class PhaseOut:
    """Falling series, F of them: `rows` int64; `rate` (F,) growth of log demand per period, below 0.

    `level` (F,): units per usual period in the first period after the history; `cv2` (F,) of that level.
    `last_day`: when at most LAST_UNITS are expected to follow (None beyond ten years). `remaining`: distribution (F) of
    all demand to come.
    """

    rows: Ints
    rate: Floats
    level: Floats
    cv2: Floats
    last_day: tuple[date | None, ...]
    remaining: Distribution

    def take(self, which: Ints) -> PhaseOut:
        """Some of them."""
        days = tuple(self.last_day[k] for k in which.tolist())
        rate, level, cv2 = (part[which] for part in (self.rate, self.level, self.cv2))
        return PhaseOut(self.rows[which], rate, level, cv2, days, self.remaining.take(which))


def phase_outs(sales: Sales, known: Known, false_alarms: float = FALSE_ALARMS) -> PhaseOut:
    """The long-lived series of a history whose demand falls, against how busy their category is.

    Raises ValueError where `false_alarms` is not between 0 and 0.5.
    """
    ages = ages_of(sales, known.catalog)
    category = attributes_of(sales, known).category[sales.index.item_of]
    return steady_and_falling(sales, ages, category, false_alarms)[2]


def steady_and_falling(sales: Sales, ages: Ages, category: Ints, false_alarms: float) -> tuple[Ages, Market, PhaseOut]:
    """Ages in which no falling series is a teacher, the market of the others, and the falling series against it."""
    market = market_of(sales, ages.mature, category)
    found = falling(sales, ages, market, false_alarms)
    if not len(found.rows):
        return ages, market, found
    steady = ages.mature.copy()
    steady[found.rows] = False
    market = market_of(sales, steady, category)
    return replace(ages, mature=steady), market, falling(sales, ages, market, false_alarms)


def falling(sales: Sales, ages: Ages, market: Market, false_alarms: float) -> PhaseOut:
    """The long-lived series of `ages` that fall against a market."""
    if not 0.0 < false_alarms < 0.5:
        raise ValueError(f"phase-out: expected false_alarms between 0 and 0.5, got {false_alarms}")
    period = sales.timeline.period
    block, window = BLOCK[period], WINDOW[period]
    rows = np.flatnonzero(ages.mature)
    if sales.timeline.count < block * window or not len(rows):
        return _taken(np.zeros(0, np.int64), detect(np.zeros((0, window)), np.zeros((0, window)), 0.1), sales.timeline)
    seen = sales.observed()[rows, -block * window :]
    units = np.where(seen, sales.quantity[rows, -block * window :], 0.0).astype(np.float64)
    exposure = np.where(seen, market.past[market.group[rows], -block * window :], 0.0)
    shape = (len(rows), window, block)
    blocks = units.reshape(shape).sum(axis=2), exposure.reshape(shape).sum(axis=2)
    found = detect(*blocks, false_alarms)
    return _taken(rows, detect(*blocks, false_alarms, _wander(found, blocks[0])), sales.timeline)


def _wander(found: Decline, units: Floats) -> float:
    """By how much z is wider over a shop's series than noise makes it (empirical null, Efron 2004), at least 1."""
    z = found.z[units.sum(axis=1) >= LEAST_UNITS]
    if len(z) < LEAST_SERIES:
        return 1.0
    return max(1.0, float(np.median(np.abs(z - np.median(z)))) * 1.4826)


def _taken(rows: Ints, found: Decline, line: Timeline) -> PhaseOut:
    """Those that fall, with the rest of their demand: R = L / (1 - e^rate), log R's variance by the delta method."""
    keep, block = found.falling, BLOCK[line.period]
    rate, middle = found.rate[keep], (block + 1) / (2.0 * block)  # blocks from the last one's middle to the next period
    level = np.exp(found.level[keep] + rate * middle)
    level_var, rate_var, both = found.level_var[keep], found.rate_var[keep], found.covariance[keep]
    cv2 = level_var + middle**2 * rate_var + 2.0 * middle * both
    per = rate / block
    left = level / -np.expm1(per)
    slope = middle + np.exp(per) / -np.expm1(per) / block
    left_cv2 = np.minimum(level_var + slope**2 * rate_var + 2.0 * slope * both, MOST_CV2)
    longest = LONGEST_DAYS / line.period.mean_days
    after = np.maximum(np.log(LAST_UNITS / np.maximum(left, 1e-9)) / per, 0.0)
    days = tuple(None if k > longest else line.start(line.count + int(np.ceil(k))) for k in after)
    variance = found.ratio[keep] * left + left_cv2 * left**2
    remaining = Distribution.single(Family.COUNT, left, variance)
    if not len(left):
        remaining = replace(remaining, family=np.zeros(0, np.uint8))
    return PhaseOut(rows[keep], per, level, np.minimum(cv2, MOST_CV2), days, remaining)
