"""The makers the shop buys from, near ones and far ones in another currency, and the lead time of every order to them.

The whole lot that a supplier sends to a place for the orders of one day travels together, so a lead time is drawn for
each (supplier, place, day of order): a gamma of the supplier's mean and spread, in whole days of at least one, to
which the days are added on which suppliers rest between order and arrival.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np
from numpy.typing import NDArray

from orderpoint.simulate.world import fitted
from orderpoint.simulate.world.names import CATEGORIES, FAR_MAKERS, NEAR_MAKERS
from orderpoint.simulate.world.settings import WorldSettings

_STREAM = 3  # of the seed
_ITEMS_PER_SUPPLIER: Final = 25
_FEWEST, _MOST = 3, 300
_ORDER_DAYS: Final = ((0, 3), (0,), (0, 2, 4), (1, 4), (0, 1, 2, 3, 4))
_FAR_REVIEW_DAYS: Final = 14
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclasses.dataclass(frozen=True)
class Suppliers:
    """The suppliers of one world, S of them; D = `WorldSettings.span_days`.

    Attributes:
        names: of each.
        far: whether it is far away (cross-border), shape (S,).
        mean_days: true mean lead time before rounding and closures, shape (S,).
        cv: its coefficient of variation, shape (S,).
        quoted_days: what the supplier says, shape (S,).
        order_days: weekdays on which it takes orders (0 is Monday); empty where it goes by the review.
        review_days: days between two orders, shape (S,).
        currency: of its prices.
        may_order: whether the shop orders on a day, shape (S, D).
        lead_days: days from an order of that day to its arrival, closures counted, shape (S, locations, D).
        quote_days: the same as the supplier promises it, shape (S, D).
    """

    names: tuple[str, ...]
    far: NDArray[np.bool_]
    mean_days: NDArray[np.float64]
    cv: NDArray[np.float64]
    quoted_days: NDArray[np.int64]
    order_days: tuple[tuple[int, ...], ...]
    review_days: NDArray[np.int64]
    currency: tuple[str, ...]
    may_order: NDArray[np.bool_]
    lead_days: NDArray[np.int32]
    quote_days: NDArray[np.int32]


def make(settings: WorldSettings, closed: NDArray[np.bool_]) -> Suppliers:
    """The suppliers of one world; `closed` are the days on which all of them rest."""
    random = np.random.default_rng([settings.seed, _STREAM])
    count = min(_MOST, max(_FEWEST, settings.items // _ITEMS_PER_SUPPLIER))
    far = np.arange(count) % 5 >= 3  # two of five
    near_mean = random.uniform(*fitted.NEAR_LEAD_TIME_DAYS, count)
    far_mean = np.clip(fitted.LEAD_TIME_FAR_MEDIAN_DAYS * np.exp(0.25 * random.normal(size=count)), 21.0, 80.0)
    mean = np.where(far, far_mean, near_mean)
    cv = np.where(far, fitted.LEAD_TIME_CV_FAR, fitted.LEAD_TIME_CV_NEAR) * np.exp(0.2 * random.normal(size=count))
    optimism = random.choice([1.0, 1.0, 1.0, 0.85], count)  # one in four promises more than it keeps
    quoted = np.maximum(1, np.rint(mean * optimism)).astype(np.int64)
    pick = random.integers(0, len(_ORDER_DAYS), count)
    order_days = tuple(() if f else _ORDER_DAYS[p] for f, p in zip(far, pick, strict=True))
    review = np.array([_FAR_REVIEW_DAYS if not d else max(1, 7 // len(d)) for d in order_days], np.int64)
    leads = random.gamma(
        (1.0 / cv**2)[:, None, None], (mean * cv**2)[:, None, None], (count, settings.locations, settings.span_days)
    )
    lead = np.clip(np.rint(leads), 1, 180).astype(np.int64)
    quote = np.broadcast_to(quoted[:, None], (count, settings.span_days))
    return Suppliers(
        names=tuple(_name(s, bool(far[s]), settings.language) for s in range(count)),
        far=far,
        mean_days=mean,
        cv=cv,
        quoted_days=quoted,
        order_days=order_days,
        review_days=review,
        currency=tuple("USD" if f else "EUR" for f in far),
        may_order=_may_order(settings, order_days, review),
        lead_days=with_closures(lead, closed),
        quote_days=with_closures(quote, closed),
    )


def choices(suppliers: Suppliers, category: int) -> NDArray[np.int64]:
    """Numbers of the suppliers that make a category; fresh goods come from near ones."""
    number = np.arange(len(suppliers.names))
    fresh = CATEGORIES[category].shelf_life_days is not None and CATEGORIES[category].profile == "food"
    allowed = number[~suppliers.far] if fresh else number
    own = allowed[allowed % len(CATEGORIES) == category]
    return own if len(own) else allowed[[category % len(allowed)]]


def with_closures(lead_days: NDArray[np.int64], closed: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Lead times (..., D) by day of order, lengthened by the closed days from the order to the arrival.

    The work of `lead_days` is done on open days only: the arrival is the first day before which so many open days
    have passed.
    """
    days = lead_days.shape[-1]
    open_before = np.concatenate([[0], np.cumsum(~closed)])  # open days before day d
    need = open_before[np.arange(days)] + lead_days
    arrival = np.searchsorted(open_before, need, side="left")
    return (arrival - np.arange(days)).astype(np.int32)


def _may_order(
    settings: WorldSettings, order_days: tuple[tuple[int, ...], ...], review: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Order days by weekday, or every `review_days` counted so that today is one of them; shape (S, D)."""
    day = np.arange(settings.span_days)
    weekday = (day + settings.first_day.weekday()) % 7
    rows = [
        np.isin(weekday, week) if week else (day - settings.days) % every == 0
        for week, every in zip(order_days, review, strict=True)
    ]
    return np.stack(rows)


def _name(number: int, far: bool, language: str) -> str:  # noqa: FBT001
    makers = FAR_MAKERS if far else NEAR_MAKERS
    name = makers[number % len(makers)][language == "zh"]
    return f"{name} {number + 1}"
