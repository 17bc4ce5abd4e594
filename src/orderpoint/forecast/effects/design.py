"""The columns of the regression: prices, promotions and drivers of each series, the days around festivals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.effects import around
from orderpoint.forecast.effects.around import AFTER, BEFORE
from orderpoint.forecast.effects.driven import driven
from orderpoint.forecast.effects.promotions import believed, told_by_price
from orderpoint.forecast.features import drivers
from orderpoint.forecast.features.planned import held, plan_of
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

PRICE, RIVAL, PROMOTION, DRIVER = "price", "competitor price", "promotion", "driver"
KINDS = {PRICE: PRICE, RIVAL: PRICE, PROMOTION: PROMOTION, BEFORE: "event", AFTER: "event", DRIVER: DRIVER}
"""What a column is about, by its name or the first word of its name."""
MOST_DRIVERS = 8
"""Drivers that get columns, those with the most rows first."""
MOST_WORK = 2e9
"""Products of two columns over all cells in one pass of learning; the days around festivals are left where there is
more."""
UNSEEN = 1e-6
CHUNK = 1024
"""Series whose prices are worked on at a time: all of them are as large as the sales."""
MOST_MEDIAN = 200
"""Periods from which a usual price is taken, at most."""


@dataclass(frozen=True, eq=False)
class Design:
    """K columns over n series and S periods: `own` float32 (A, n, S), then `shared` float32 (L, B, S), K = A + B.

    `names`: of all K columns: "price" (log of the price over `reference`), "competitor price" (log of the competitors'
    price over `reference`), "promotion" (its depth), "driver NAME" (in standard deviations from its mean), "before
    NAME", "after NAME" (share of the period's days). `place` int32 (n,): row of a series in `shared`. `reference`
    float32 (n,): the price that counts as usual, NaN where none is known.
    """

    names: tuple[str, ...]
    own: FloatArray
    shared: FloatArray
    place: NDArray[np.int32]
    reference: FloatArray

    @property
    def count(self) -> int:
        """Number of columns, K."""
        return len(self.names)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What each column is about: "price", "promotion", "driver" or "event"."""
        return tuple(KINDS[name] if name in KINDS else KINDS[name.partition(" ")[0]] for name in self.names)

    def until(self, periods: int) -> Design:
        """The first periods alone; 0 leaves what the columns are."""
        own, shared = self.own[:, :, :periods].copy(), self.shared[:, :, :periods].copy()
        return replace(self, own=own, shared=shared)


def design_of(sales: Sales, known: Known) -> Design:
    """The columns that the history has something to say about, over its periods.

    A price is its own only where a table of prices says what it will be: one that is seen on sales alone is not known
    ahead. A promotion seen on sales alone is known of the past, as far as
    `promotions.believed` goes; one that is nothing but its cut of the price is left to the price.
    """
    plan, line = plan_of(sales, known, sales.timeline), sales.timeline
    reference = np.full(len(sales.index), np.nan, np.float32)
    found: dict[str, FloatArray] = {}
    if plan.ahead and plan.price.size:
        reference = _median(plan.price)
        found[PRICE] = _log_ratio(plan.price, reference)
        if known.prices is not None and "competitor_price" in known.prices.columns:
            found[RIVAL] = _log_ratio(held(known.prices, "competitor_price", sales.index, line), reference)
    planned = plan.ahead and plan.promotion.size > 0
    if planned and not (PRICE in found and told_by_price(found[PRICE], plan.promotion)):
        found[PROMOTION] = plan.promotion
    elif not planned and sales.promotion is not None:
        found[PROMOTION] = believed(sales)
    own = {name: column for name, column in found.items() if column.size and _moves(column)}
    shared: dict[str, FloatArray] = {}
    told = drivers.names_of(known.drivers, MOST_DRIVERS)
    for name, column in zip(told, driven(told, sales, known, line), strict=True):
        if _moves(column):
            (shared if len(column) < len(sales.index) else own)[f"{DRIVER} {name}"] = column
    room = max(0, int((MOST_WORK / max(len(reference) * line.count, 1)) ** 0.5) - len(own) - len(shared))
    festivals = around.names_of(known.calendar, sales)[: room // 2 * 2]
    shared |= dict(zip(festivals, around.windows(festivals, sales, known, line), strict=True))
    return _stacked(own, shared, sales, reference)


def ahead_of(like: Design, sales: Sales, known: Known, timeline: Timeline) -> Design:
    """The columns of `like` over `timeline`, which follows the history.

    Raises InputFaults where a driver says nothing of the periods ahead.
    """
    plan = plan_of(sales, known, timeline) if known.prices is not None and known.prices.height else None
    nothing = np.zeros((len(sales.index), timeline.count), np.float32)
    told = tuple(name.partition(" ")[2] for name in like.names if name.startswith(f"{DRIVER} "))
    moved = dict(zip(told, driven(told, sales, known, timeline), strict=True))
    own: dict[str, FloatArray] = {}
    shared: dict[str, FloatArray] = {}
    for k, name in enumerate(like.names):
        word, _, rest = name.partition(" ")
        column = nothing
        if name == PRICE and plan is not None and plan.price.size:
            column = _log_ratio(plan.price, like.reference)
        elif name == RIVAL and known.prices is not None and "competitor_price" in known.prices.columns:
            column = _log_ratio(held(known.prices, "competitor_price", sales.index, timeline), like.reference)
        elif name == PROMOTION and plan is not None and plan.promotion.size:
            column = plan.promotion
        elif word == DRIVER:
            column = moved[rest]
        elif word in (BEFORE, AFTER):
            column = around.windows((name,), sales, known, timeline)[0]
        (own if k < len(like.own) else shared)[name] = column
    return _stacked(own, shared, sales, like.reference)


def _moves(column: FloatArray) -> bool:
    return bool(max(column.max(initial=0.0), -column.min(initial=0.0)) > UNSEEN)


def _stacked(own: dict[str, FloatArray], shared: dict[str, FloatArray], sales: Sales, reference: FloatArray) -> Design:
    n, places = len(sales.index), len(sales.index.locations)
    count = next((column.shape[1] for column in (*own.values(), *shared.values())), sales.timeline.count)
    left = np.stack(list(own.values())) if own else np.zeros((0, n, count), np.float32)
    right = np.stack(list(shared.values()), axis=1) if shared else np.zeros((places, 0, count), np.float32)
    return Design(
        (*own, *shared),
        np.ascontiguousarray(left, np.float32),
        np.ascontiguousarray(right, np.float32),
        sales.index.location_of.astype(np.int32),
        reference,
    )


def _median(price: FloatArray) -> FloatArray:
    """Median of each row's known prices, NaN where there is none."""
    some = price[:, :: max(1, price.shape[1] // MOST_MEDIAN)]
    out = np.full(len(price), np.nan, np.float32)
    there = np.isfinite(some).any(axis=1)
    if there.any():
        out[there] = np.nanmedian(some[there], axis=1)
    return out


def _log_ratio(price: FloatArray, reference: FloatArray) -> FloatArray:
    """log(price / reference), 0 where either is not known."""
    out = np.zeros_like(price)
    for first in range(0, len(price), CHUNK):
        rows = slice(first, first + CHUNK)
        fine = np.isfinite(price[rows]) & (price[rows] > 0) & (reference[rows] > 0)[:, None]
        ratio = np.divide(price[rows], reference[rows, None], out=np.ones_like(price[rows]), where=fine)
        np.log(ratio, out=out[rows])
    return out
