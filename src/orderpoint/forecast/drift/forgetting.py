"""What to do about drift: learn from the recent past alone, where held-out weeks prove it better.

How much of the past to learn from after a break is a choice between bias and noise, and no rule of thumb settles it:
candidate windows are scored on recent origins (Pesaran and Timmermann 2007, section 4: cross-validation).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.forecast.accuracy import pinball
from orderpoint.forecast.base import Fitted, Forecaster
from orderpoint.tables.contract import QUANTILE_COLUMNS
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State

Rows = NDArray[np.bool_]
HELD = {Period.DAY: 7, Period.WEEK: 1, Period.MONTH: 1}
"""Periods that are held back after each origin."""
WINDOWS = {Period.DAY: (182, 91, 42), Period.WEEK: (26, 13, 6), Period.MONTH: (12, 6)}
"""Periods of history that are tried beside what came since the drift began."""
MOST_ORIGINS = 4
BETTER = 0.95
"""The share of the loss with the whole history that a shorter one must come below."""
MOST_SERIES = 500
"""Series that windows are tried on, evenly over those that drifted."""


def shortened(sales: Sales, rows: Rows, first: int) -> Sales:
    """The sales in which the series of `rows` say nothing before period `first`: they count as off sale."""
    gone = rows[:, None] & (np.arange(sales.timeline.count) < first)[None, :]
    state = np.where(gone, np.uint8(State.OFF), sales.state).astype(np.uint8)
    return replace(sales, quantity=np.where(gone, np.float32(0), sales.quantity), state=state)


@dataclass(frozen=True, eq=False)
class Forgetting:
    """A forecaster that learns of some series from a recent window alone.

    `rows` bool (n,): which, in the order of the sales it will be given; `window`: periods before the end.
    """

    forecaster: Forecaster
    rows: Rows
    window: int

    @property
    def name(self) -> str:
        """The name of the forecaster."""
        return self.forecaster.name

    def fit(self, sales: Sales, known: Known) -> Fitted:
        """Learn from what is not forgotten."""
        return self.forecaster.fit(shortened(sales, self.rows, sales.timeline.count - self.window), known)


def window_that_helps(forecaster: Forecaster, sales: Sales, known: Known, rows: Rows, since: int) -> int | None:
    """The window (in periods) whose forecasts of recent held-out weeks were best, None where the whole history was.

    `since`: period in which the drift began; origins are the ends of the weeks that follow it, MOST_ORIGINS at most. A
    window wins where its pinball loss at the table's quantiles, over the series of `rows`, is below BETTER times that
    of the whole history, and lower at more than half of the origins. Overrides are left out: nobody knows when they
    were written.
    """
    period, count = sales.timeline.period, sales.timeline.count
    held = HELD[period]
    origins = [t for t in (count - held * k for k in range(MOST_ORIGINS, 0, -1)) if t > since + held - 1]
    if not origins or not rows.any():
        return None
    chosen = np.flatnonzero(rows)
    chosen = chosen[np.linspace(0, len(chosen) - 1, min(MOST_SERIES, len(chosen))).astype(np.intp)]
    part, known = sales.take(chosen), replace(known, overrides=())
    windows = [count, *(w for w in WINDOWS[period] if w < count - held), count - since]
    first = [[max(0, t - w) for t in origins] for w in windows[:-1]] + [[since] * len(origins)]
    losses = np.array(
        [[_loss(forecaster, part, known, *at) for at in zip(origins, begins, strict=True)] for begins in first]
    )
    total = losses.sum(axis=1)
    best = int(np.argmin(total))
    often = (losses[best] < losses[0]).mean() > 0.5
    return windows[best] if often and total[best] < BETTER * total[0] else None


def _loss(forecaster: Forecaster, sales: Sales, known: Known, origin: int, first: int) -> float:
    """Pinball loss of the periods held back after `origin`, learned from those that begin with `first`."""
    held = HELD[sales.timeline.period]
    past = sales_before(sales, origin)
    demand = forecaster.fit(shortened(past, np.ones(len(past.index), np.bool_), first), known).demand(held, known)
    came = sales.quantity[:, origin : origin + held].astype(np.float64)
    seen = sales.observed()[:, origin : origin + held]
    return sum(float(pinball(came, demand.quantile(p), p)[seen].sum()) for p in QUANTILE_COLUMNS.values())
