"""Today's order of every series: its window exactly as things stand, and V of the position that it leaves behind."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.optimize.build_up.grid import PathArray, Terms, at_position
from orderpoint.optimize.build_up.season import Season, season_of
from orderpoint.optimize.build_up.windows import review_kinks
from orderpoint.optimize.kinks import Kinks, cost_at, order_kinks
from orderpoint.optimize.order_quantity import Lots, demanded_quantity, lots_of, position_of, serving_quantity
from orderpoint.optimize.protection import Clock, Lines, Offers, Setting

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

COLUMNS = 7
QUANTITY, OFFER, REORDER_POINT, ORDER_UP_TO, LEAST, RATE, DEMANDED = range(COLUMNS)
"""Columns of the table that `choose` fills.

LEAST: units that the price step asks for; RATE: money per period; DEMANDED: units that targets and minimum stocks ask
for in any case.
"""

POINTS = 24
"""Quantities looked at in one pass; each pass looks closer around the best of the last."""

ALIKE = 1e-9


class Kind(NamedTuple):
    """Per series (n,): periods that its goods keep (inf: for ever), and the strata of its level."""

    life: FloatArray
    strata: IntArray

    def rows(self, rows: slice) -> Kind:
        """Those of some series."""
        return Kind(self.life[rows], self.strata[rows])


@njit(cache=True)
def place_of(i: int, offer: float) -> tuple[int, int]:
    """Series and offer as signed numbers: numba makes the index of a parallel loop unsigned."""
    return np.int64(i), np.int64(offer)  # type: ignore[return-value]


@njit(cache=True, parallel=True)
def choose(paths: PathArray, lines: Lines, offers: Offers, clock: Clock, kind: Kind, table: FloatArray) -> None:
    """Fill `table` (n, COLUMNS) for the n series of `lines`, whose demand `paths` (n, paths, T) holds."""
    for i in prange(paths.shape[0]):
        setting, row = Setting(lines, offers, clock), np.zeros(COLUMNS)
        row[OFFER], row[RATE] = lines.first_offer[i], np.inf
        for o in range(lines.first_offer[i], lines.first_offer[i + 1]):
            _try(paths[i], setting, (i, o), kind, row)
        table[i] = row


@njit(cache=True)
def _try(paths: PathArray, setting: Setting, place: tuple[int, int], kind: Kind, row: FloatArray) -> None:
    """Take offer `place[1]` into `row`, at its best price step, where it costs less than what stands there."""
    i, o = place
    offers, lines = setting.offers, setting.lines
    most = min(offers.max_quantity[o], lines.max_stock[i])
    for b in range(offers.first_break[o] - 1, offers.first_break[o + 1]):
        price, least = offers.unit_cost[o], max(offers.moq[o], offers.pack[o], 1.0)
        if b >= offers.first_break[o]:
            price, least = offers.break_price[b], max(least, offers.break_quantity[b])
            if least > most:
                continue
        terms = Terms(offers.order_cost[o] + offers.joint_share[o], least, price, kind.life[i])
        season = season_of(paths, setting, place, terms, kind.strata[i])
        kinks = order_kinks(paths, setting, i, o)
        quantity, demanded = _quantity(kinks, season, setting, place, terms)
        cost = kinks.before + priced(kinks, season, position_of(setting, i, o), quantity)
        cost += terms.fixed if quantity > 0.0 else 0.0
        review = offers.next_arrival[o] - offers.arrival[o]
        ends = offers.next_arrival[o] + (len(season.points) - 1) * review
        rate = cost / ends + (price - lines.least_price[i]) * paths.mean()
        if lines.orderable[i] and not offers.open_today[o]:
            rate = np.inf
        if rate < row[RATE] - ALIKE * (1.0 + abs(rate)) or (row[OFFER] == o and row[RATE] == np.inf):
            row[QUANTITY], row[OFFER], row[LEAST], row[RATE] = quantity, o, least, rate
            row[DEMANDED] = demanded
            row[REORDER_POINT], row[ORDER_UP_TO] = _levels(season, paths, setting, place)


@njit(cache=True)
def priced(kinks: Kinks, season: Season, position: float, quantity: float) -> float:
    """Expected cost of the window and of all that follows when `quantity` is ordered, without its fixed cost."""
    strata, count = len(season.values), len(kinks.carry)
    total = 0.0
    for j in range(count):
        after = max(quantity, kinks.keep[j]) + kinks.carry[j]
        total += at_position(season.values[j * strata // count], season.grid, after)
    spoils = at_position(season.waste, season.grid, position + quantity) - at_position(
        season.waste, season.grid, position
    )
    return cost_at(kinks, quantity) + total / count + spoils


@njit(cache=True)
def _quantity(
    kinks: Kinks, season: Season, setting: Setting, place: tuple[int, int], terms: Terms
) -> tuple[float, float]:
    """Units to order, the best lot where it is worth its line's fixed cost; and units that are asked for anyway."""
    i, o = place
    lines = setting.lines
    lots = lots_of(setting, i, o, position_of(setting, i, o))
    lots = Lots(lots.pack, max(lots.least, np.ceil(terms.least / lots.pack) * lots.pack), lots.most)
    if lots.most < lots.least or not lines.orderable[i] or not setting.offers.open_today[o]:
        return 0.0, 0.0
    position = position_of(setting, i, o)
    floor = demanded_quantity(kinks, lots, setting, i, o)
    quantity = _best(kinks, season, position, lots)
    idle = priced(kinks, season, position, 0.0)
    saved = idle - priced(kinks, season, position, quantity) - setting.offers.order_cost[o]
    if saved <= ALIKE * (1.0 + abs(idle)) and floor <= 0.0:  # what is asked for in any case pays the fixed cost
        quantity = 0.0
    return max(quantity, floor), floor


@njit(cache=True)
def _best(kinks: Kinks, season: Season, position: float, lots: Lots) -> float:
    """The lot of least cost: an even look over all, then closer around the best."""
    grid = season.grid
    top = max(grid.low + grid.size * grid.stride - position, kinks.at.max() if len(kinks.at) else 0.0, lots.least)
    low = lots.least
    high = min(low + np.ceil((top - low) / lots.pack) * lots.pack, lots.most)
    while True:
        step = max(np.ceil((high - low) / lots.pack / POINTS), 1.0) * lots.pack
        best, least = low, np.inf
        quantity = low
        while quantity <= high:
            cost = priced(kinks, season, position, quantity)
            if cost < least - ALIKE * (1.0 + abs(cost)):
                best, least = quantity, cost
            quantity += step
        if step <= lots.pack:
            return float(best)
        first = low
        low, high = max(best - step + lots.pack, first), min(best + step - lots.pack, high)


@njit(cache=True)
def _levels(season: Season, paths: PathArray, setting: Setting, place: tuple[int, int]) -> tuple[float, float]:
    """(reorder point, order-up-to level) of today in whole units, within the item's service target and limits."""
    i, o = place
    point, up_to = season.points[0], season.levels[0]
    if setting.lines.service_target[i] > 0.0:
        kinks, _ = review_kinks(paths, setting, i, o, 0)
        base = serving_quantity(kinks, Lots(1.0, 1.0, np.inf), setting.lines.service_target[i])
        if base - 1.0 > point:
            point, up_to = base - 1.0, max(base, up_to + base - 1.0 - point)
    return bounded(point, up_to, setting, i)


@njit(cache=True)
def bounded(point: float, up_to: float, setting: Setting, i: int) -> tuple[float, float]:
    """Levels in whole units that keep minimum and maximum stock; none for what may not be ordered."""
    lines = setting.lines
    if not lines.orderable[i]:
        return 0.0, 0.0
    least, most = np.ceil(lines.min_stock[i]), np.floor(max(lines.max_stock[i], 0.0))
    up_to = min(max(np.floor(up_to + 1e-9), least), most)
    return max(min(max(np.floor(point + 1e-9), least - 1.0), up_to - 1.0), 0.0), up_to


@njit(cache=True, parallel=True)
def trace(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    paths: PathArray,
    lines: Lines,
    offers: Offers,
    clock: Clock,
    kind: Kind,
    table: FloatArray,
    quantity: FloatArray,
    saving: FloatArray,
) -> None:
    """What smaller orders than those of `table` would save: fill `quantity` and `saving`, both (n, P), from 0 up."""
    for i in prange(paths.shape[0]):
        if table[i, QUANTITY] > 0.0:
            setting, place = Setting(lines, offers, clock), place_of(i, table[i, OFFER])
            _trace_one(paths[i], setting, place, kind, (table[i, QUANTITY], table[i, LEAST]), quantity[i], saving[i])


@njit(cache=True)
def _trace_one(  # noqa: PLR0913, PLR0917
    paths: PathArray,
    setting: Setting,
    place: tuple[int, int],
    kind: Kind,
    whole: tuple[float, float],
    quantity: FloatArray,
    saving: FloatArray,
) -> None:
    """The curve of one series: the least lots first, then lots evenly spread up to the whole order."""
    i, o = place
    offers = setting.offers
    terms = Terms(offers.order_cost[o] + offers.joint_share[o], whole[1], offers.unit_cost[o], kind.life[i])
    season = season_of(paths, setting, place, terms, kind.strata[i])
    kinks, position = order_kinks(paths, setting, i, o), position_of(setting, i, o)
    lots = lots_of(setting, i, o, position)
    idle = priced(kinks, season, position, 0.0)
    packs = max(np.round((whole[0] - lots.least) / lots.pack), 0.0)
    last = len(quantity) - 1
    for k in range(1, last + 1):
        further = min(k - 1.0, packs) if packs < last or k <= 2 else np.round((k - 1) * packs / (last - 1))
        quantity[k] = min(lots.least + further * lots.pack, whole[0])
        saving[k] = idle - priced(kinks, season, position, quantity[k]) - offers.order_cost[o]
