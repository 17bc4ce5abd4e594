"""Successors: a new item takes over the demand of the one it replaces."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.catalog import Status
from orderpoint.forecast.newitems.ages import Ages
from orderpoint.forecast.newitems.market import Market
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INHERITED_CV2 = 0.1
"""How far a successor's level goes its own way from the old item's: a belief, which its own sales correct."""
SHARE_PERIODS = 2.0
"""Side by side, old and new are believed to share evenly, as if that had been seen for so many periods."""
NEVER = 1 << 40
MOST_STEPS = 10


@dataclass(frozen=True, eq=False)
class Pairs:
    """P successors: rows of the `new` and the `old` series at the same place, and how the old one hands over.

    `level` (P,): the old one's level while it was alone. `share` (P,): the new one's part of both while both sell.
    `end` int64 (P,): period (0 is the first of the history) from which the new one has it all, NEVER where unknown.
    `units`, `exposure` (P,): sold by both since the launch, and over what.
    `part` (P,): the new one's part among all that inherit from the old one.
    """

    new: Ints
    old: Ints
    level: Floats
    share: Floats
    end: Ints
    units: Floats
    exposure: Floats
    part: Floats


def pairs_of(sales: Sales, catalog: Catalog, ages: Ages, market: Market) -> Pairs:
    """Successors whose old item, the nearest up the chain, has sold at the same place; several heirs share evenly."""
    found, observed = _find(sales, catalog), sales.observed()
    new = np.array([n for n, _, _ in found], np.int64)
    old = np.array([o for _, o, _ in found], np.int64)
    end = np.array([e for _, _, e in found], np.int64)
    level, share, units, exposure = np.zeros((4, len(new)))
    heirs = Counter(old.tolist())
    for k, (n, o, e) in enumerate(found):
        start = int(min(max(ages.launch[n], 0), sales.timeline.count))
        busy = market.past[market.group[o]]
        level[k] = _alone(sales, observed[o, :start], o, busy) / heirs[o]
        seen_new, seen_old = observed[n, start:], observed[o, start:]
        sold_new, sold_old = sales.quantity[n, start:], sales.quantity[o, start:]
        both = seen_new & seen_old
        a, b = float(sold_new[both].sum()), float(sold_old[both].sum()) / heirs[o]
        prior = SHARE_PERIODS * max(level[k], 1e-9)
        share[k] = (a + 0.5 * prior) / (a + b + prior)
        over = np.arange(start, sales.timeline.count) >= e
        alone = seen_new & (over | (sales.state[o, start:] == 0))
        units[k] = a + b + float(sold_new[alone & ~both].sum())
        exposure[k] = float(busy[start:][both | alone].sum())
    part = np.array([1.0 / heirs[o] for o in old.tolist()])
    return Pairs(new, old, level, share, end, units, exposure, part)


def _alone(sales: Sales, seen: NDArray[np.bool_], old: int, busy: Floats) -> float:
    """The old one's units per usual period over the last year that it was `seen` in, before the new one's launch."""
    back = max(1, round(364 / sales.timeline.period.mean_days))
    last = int(np.flatnonzero(seen)[-1]) + 1 if seen.any() else len(seen)
    window = slice(max(0, last - back), last)
    some = seen[window]
    over = float(busy[window][some].sum())
    return float(sales.quantity[old, window][some].sum()) / over if over > 0 else 0.0


def _find(sales: Sales, catalog: Catalog) -> list[tuple[int, int, int]]:
    """(new row, old row, first period without the old one) of each successor."""
    rows, row_of = catalog.rows_of(sales.index.items), sales.index.row_of()
    at = {item: k for k, item in enumerate(catalog.items)}
    before = {item: catalog.replaces[k] for item, k in at.items() if catalog.replaces[k] is not None}
    sold = np.asarray(sales.observed().any(axis=1), np.bool_)
    found = []
    for (item, place), new in row_of.items():
        old = before.get(item)
        for _ in range(MOST_STEPS):
            row = None if old is None else row_of.get((old, place))
            if old is None or old == item or (row is not None and sold[row]):
                break
            old = before.get(old)
        if old is None or old == item or row is None or rows[sales.index.item_of[new]] is None:
            continue
        found.append((new, row, _end(sales, catalog, at.get(old))))
    return found


def _end(sales: Sales, catalog: Catalog, old: int | None) -> int:
    """The period after the old item's last one: by its end of life, or now where it is not active any more."""
    if old is None:
        return NEVER
    end = catalog.end_of_life[old]
    if end is not None:
        return sales.timeline.index_of(end) + 1
    return NEVER if catalog.status[old] is Status.ACTIVE else sales.timeline.count
