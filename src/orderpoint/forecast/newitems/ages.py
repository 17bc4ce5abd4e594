"""How old each series is, and which ones are too young to speak for themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.domain.catalog import Status
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.sales import Sales, State

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONG_AGO = -1_000_000
"""Launch of a series that was on sale when the history began, and of which nothing else is known."""
YOUNG_DAYS = 182
"""Days after its launch for which an item's level is not taken as reached."""


@dataclass(frozen=True, eq=False)
class Ages:
    """Of n series over T periods.

    `launch` int64 (n,): period of the launch, below 0 before the history, T or more ahead. `share` (n,): part of that
    period on sale. `by_sale` bool (n,): the launch is only known by its first sale. `young` bool (n,): to be forecast
    with the help of its like. `mature` bool (n,): on sale, and old enough to teach.
    """

    launch: Ints
    share: Floats
    by_sale: NDArray[np.bool_]
    young: NDArray[np.bool_]
    mature: NDArray[np.bool_]


def ages_of(sales: Sales, catalog: Catalog) -> Ages:
    """Launches by the catalogue, else by the first period on sale; a series never on sale begins after the history.

    Items that are frozen, discontinued or past their end of life are neither young nor teachers; one that another item
    replaces does not teach.
    """
    line, items = sales.timeline, sales.index.items
    on_sale = sales.state != State.OFF
    begun = on_sale.any(axis=1)
    first = np.where(begun, on_sale.argmax(axis=1), line.count).astype(np.int64)
    rows = catalog.rows_of(items)
    stated = [None if k is None else catalog.launch[k] for k in rows]
    gone = np.array([k is not None and _gone(catalog, k, line) for k in rows], np.bool_)[sales.index.item_of]
    launch = np.where(first == 0, LONG_AGO, first)
    share = np.ones(len(first))
    told = np.zeros(len(first), np.bool_)
    for item, day in enumerate(stated):
        if day is None:
            continue
        at = line.index_of(day)
        # An item that sold before its stated launch began with its first sale; one launched long ago but never on sale
        # at this place has yet to begin here.
        fits = np.where(begun, first >= at, at >= line.count)
        mine = (sales.index.item_of == item) & fits
        launch[mine], told[mine] = at, True
        share[mine] = (line.start(at + 1) - day).days / line.days(at)
    sold = np.take_along_axis(sales.quantity, np.minimum(first, line.count - 1)[:, None], axis=1)[:, 0] > 0
    age_days = (line.count - launch) * line.period.mean_days
    young = (age_days < YOUNG_DAYS) & ~gone
    left = np.isin(np.array(items), [word for word in catalog.replaces if word])[sales.index.item_of]
    mature = (age_days >= YOUNG_DAYS) & ~gone & ~left & on_sale[:, -1] & sales.observed().any(axis=1)
    return Ages(launch, share, ~told & sold & (first > 0), young, mature)


def _gone(catalog: Catalog, row: int, line: Timeline) -> bool:
    end = catalog.end_of_life[row]
    return catalog.status[row] is not Status.ACTIVE or (end is not None and end < line.end)
