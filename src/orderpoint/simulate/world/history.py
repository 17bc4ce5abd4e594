"""What happened in the shop: deliveries, sales, stockouts, switches, returns, and the orders of its own simple rule.

One day of one item at one place: deliveries come in; what has expired is thrown away; customers buy what there is; of
those who find the shelf empty a share turns to the other item of the pair; returns come back at the end of the day.
Before the day begins the shop may order. With all terms in units, for every item, place and day:

    opening + received + restocked - sold - scrapped = closing >= 0          opening = closing of the day before
    sold = demand - lost + switched_in                                       lost = 0 where the shelf was not emptied

The shop's rule is what many do: the mean of the last 28 days' sales (not demand: days without stock count as zeros)
times the days to cover, plus a little safety; no season, no festival; and now and then an order is forgotten or
mistyped.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.simulate.world import fitted
from orderpoint.simulate.world.catalog import Catalog
from orderpoint.simulate.world.draws import Key, key_of, normal, poisson, uniform
from orderpoint.simulate.world.settings import WorldSettings
from orderpoint.simulate.world.suppliers import Suppliers

_STREAM = 31
_MEMORY_DAYS = 28
_FORGET, _MISTYPE = 0.06, 0.04
_GUESS_SD = 0.35  # of the log of the first order, placed before anything was sold
_RESTOCK_CHANCE = 0.7
_FROZEN_DAYS = 40  # a frozen item has not been ordered for so long
_DELAY_SCALE: Final = fitted.RETURN_DELAY_MEDIAN_DAYS / math.log(2.0)


class History(NamedTuple):
    """Arrays (items x locations of the slice, T days), in units; `opening` and `left` as said.

    Attributes:
        opening: on hand before the first day, shape (series,).
        received: deliveries of the day.
        sold: units sold, those to switchers included.
        lost: first-choice demand that found the shelf empty (part of it may have bought the other item).
        switched_in: units sold to customers who wanted the other item of the pair.
        returned: units that came back, to stock or not.
        returned_from: day number of the sale that they came back from, -1 where none did.
        restocked: of these the units that can be sold again, from the next day on.
        scrapped: expired units thrown away.
        closing: on hand at the end of the day.
        out_of_stock: 1 where the item was on offer and its shelf was emptied or empty.
        ordered: units ordered on the day.
        arrives: day number of their arrival, -1 where nothing was ordered.
        left: units on hand at the end of the last day by the day they came in (expiring items only), same shape.
    """

    opening: NDArray[np.int32]
    received: NDArray[np.int32]
    sold: NDArray[np.int32]
    lost: NDArray[np.int32]
    switched_in: NDArray[np.int32]
    returned: NDArray[np.int32]
    returned_from: NDArray[np.int32]
    restocked: NDArray[np.int32]
    scrapped: NDArray[np.int32]
    closing: NDArray[np.int32]
    out_of_stock: NDArray[np.int32]
    ordered: NDArray[np.int32]
    arrives: NDArray[np.int32]
    left: NDArray[np.int32]


class _Item(NamedTuple):
    """One item at one place, in plain numbers: arrays in a tuple would be counted up and down at every call."""

    pack: int
    moq: int
    shelf_life_days: int
    launch: int
    end: int
    switch_share: float
    return_share: float
    first_guess: float  # units a day
    ordered_until: int
    quoted_days: int
    review_days: int
    safety: float  # in standard deviations of a Poisson demand
    delay_scale_days: float  # of returns
    key: Key


class _Shop(NamedTuple):
    """The items of the slice (n), their rates (n, L), and what their suppliers (S) do."""

    supplier: NDArray[np.int64]
    pack: NDArray[np.int64]
    moq: NDArray[np.int64]
    shelf_life_days: NDArray[np.int64]
    launch_day: NDArray[np.int64]
    end_day: NDArray[np.int64]
    switch_share: NDArray[np.float64]
    return_share: NDArray[np.float64]
    log_rate: NDArray[np.float64]
    frozen: NDArray[np.bool_]
    may_order: NDArray[np.bool_]
    lead_days: NDArray[np.int32]
    quoted_days: NDArray[np.int64]
    review_days: NDArray[np.int64]
    safety: float
    delay_scale_days: float


# What changes from day to day for one item at one place.
_ON_HAND, _ON_ORDER, _RECENT, _OLDEST_LOT = 0, 1, 2, 3
# Columns of a row of the record; the order is that of the fields of History after the first.
_RECEIVED, _SOLD, _LOST, _SWITCHED_IN, _RETURNED, _RETURNED_FROM, _RESTOCKED = 0, 1, 2, 3, 4, 5, 6
_SCRAPPED, _CLOSING, _OUT_OF_STOCK, _ORDERED, _ARRIVES, _LEFT = 7, 8, 9, 10, 11, 12

_Record = NDArray[np.int32]
_State = NDArray[np.int64]


def play(settings: WorldSettings, catalog: Catalog, makers: Suppliers, units: NDArray[np.int32], first: int) -> History:
    """Live through the demand `units` (series, T) of the items from number `first` (even) on."""
    last = first + len(units) // settings.locations
    part = slice(first, last)
    columns = History._fields[1:]
    record = np.zeros((len(units), len(columns), units.shape[1]), np.int32)
    record[:, [_RETURNED_FROM, _ARRIVES]] = -1
    opening = np.zeros(len(units), np.int32)
    of_items: dict[str, Any] = {field: getattr(catalog, field)[part] for field in _Shop._fields[:10]}
    shop = _Shop(
        **of_items,
        may_order=makers.may_order,
        lead_days=makers.lead_days,
        quoted_days=makers.quoted_days,
        review_days=makers.review_days,
        safety=settings.care * fitted.SAFETY,
        delay_scale_days=_DELAY_SCALE,
    )
    _play(opening, record, units, shop, np.array([settings.seed, first]))
    return History(opening, *[record[:, column] for column in range(len(columns))])


@njit(cache=True, nogil=True)
def _play(opening: NDArray[np.int32], record: _Record, units: NDArray[np.int32], shop: _Shop, start: _State) -> None:
    items, places = shop.log_rate.shape
    days = units.shape[1]
    state = np.zeros((2, 4), np.int64)
    for job in range((items + 1) // 2 * places):
        pair, place = 2 * (job // places), job % places
        sides = min(2, items - pair)
        other = pair + sides - 1  # the item itself where it has no other
        row_0, row_1 = pair * places + place, other * places + place
        item_0, item_1 = _item(shop, pair, place, start, days), _item(shop, other, place, start, days)
        may_0, may_1 = shop.may_order[shop.supplier[pair]], shop.may_order[shop.supplier[other]]
        lead_0, lead_1 = shop.lead_days[shop.supplier[pair], place], shop.lead_days[shop.supplier[other], place]
        mine_0, mine_1 = record[row_0], record[row_1]
        state[:] = 0
        opening[row_0] = _open(mine_0, item_0, state[0])
        if sides == 2:
            opening[row_1] = _open(mine_1, item_1, state[1])
        for day in range(days):
            if may_0[day]:
                _reorder(mine_0, item_0, state[0], day, lead_0[day])
            _receive_and_sell(mine_0, item_0, state[0], day, units[row_0, day])
            if sides == 2:
                if may_1[day]:
                    _reorder(mine_1, item_1, state[1], day, lead_1[day])
                _receive_and_sell(mine_1, item_1, state[1], day, units[row_1, day])
                mine_1[_SWITCHED_IN, day] = _switch(mine_0[_LOST, day], item_0, mine_1, item_1, state[1], day)
                mine_0[_SWITCHED_IN, day] = _switch(mine_1[_LOST, day], item_1, mine_0, item_0, state[0], day)
                _evening(mine_1, item_1, state[1], day)
            _evening(mine_0, item_0, state[0], day)


@njit(cache=True)
def _item(shop: _Shop, item: int, place: int, start: _State, days: int) -> _Item:
    supplier = shop.supplier[item]
    key = key_of(start[0], _STREAM, (start[1] + item) * 64 + place)
    return _Item(
        shop.pack[item], shop.moq[item], shop.shelf_life_days[item], shop.launch_day[item], shop.end_day[item],
        shop.switch_share[item], shop.return_share[item],
        math.exp(shop.log_rate[item, place] + _GUESS_SD * normal(key, 900_000)),
        days - _FROZEN_DAYS if shop.frozen[item] else days,
        shop.quoted_days[supplier], shop.review_days[supplier], shop.safety, shop.delay_scale_days, key,
    )  # fmt: skip


@njit(cache=True)
def _open(record: _Record, item: _Item, state: _State) -> int:
    """Stock before the first day, of an item that was there already."""
    if item.launch > 0:
        return 0
    state[_ON_HAND] = _first_stock(item)
    record[_LEFT, 0] = state[_ON_HAND]
    return int(state[_ON_HAND])


@njit(cache=True)
def _first_stock(item: _Item) -> int:
    """A guess of the rate, for the days to cover and two weeks more."""
    days = item.quoted_days + item.review_days + 14
    if item.shelf_life_days > 0:
        days = min(days, int(0.7 * item.shelf_life_days))
    return max(1, math.ceil(item.first_guess * days))


@njit(cache=True)
def _receive_and_sell(record: _Record, item: _Item, state: _State, day: int, wanted: int) -> None:
    """What comes in, what expires, and the sales to those who want this item."""
    state[_ON_ORDER] -= record[_RECEIVED, day]
    if day > 0 and day == item.launch:
        record[_RECEIVED, day] += _first_stock(item)
    state[_ON_HAND] += record[_RECEIVED, day]
    if item.shelf_life_days > 0:
        record[_LEFT, day] += record[_RECEIVED, day]
        _expire(record, item, state, day)
    if wanted > 0:
        sold = min(wanted, state[_ON_HAND])
        record[_LOST, day] = wanted - sold
        _hand_over(record, item, state, day, sold)


@njit(cache=True)
def _expire(record: _Record, item: _Item, state: _State, day: int) -> None:
    while state[_OLDEST_LOT] <= day - item.shelf_life_days:
        gone = record[_LEFT, state[_OLDEST_LOT]]
        record[_LEFT, state[_OLDEST_LOT]] = 0
        record[_SCRAPPED, day] += gone
        state[_ON_HAND] -= gone
        state[_OLDEST_LOT] += 1


@njit(cache=True)
def _hand_over(record: _Record, item: _Item, state: _State, day: int, sold: int) -> None:
    """Take sold units off the shelf, the oldest lot first."""
    record[_SOLD, day] += sold
    state[_ON_HAND] -= sold
    if item.shelf_life_days == 0:
        return
    while sold > 0:
        lot = state[_OLDEST_LOT]
        taken = min(sold, record[_LEFT, lot])
        record[_LEFT, lot] -= taken
        sold -= taken
        if record[_LEFT, lot] == 0 and lot < day:
            state[_OLDEST_LOT] += 1


@njit(cache=True)
def _switch(lost: int, wanted: _Item, record: _Record, item: _Item, state: _State, day: int) -> int:
    """A share of the `lost` customers who found `wanted` sold out buy `item` where it is left; returns their units."""
    if lost == 0 or wanted.switch_share == 0.0 or state[_ON_HAND] == 0:
        return 0
    turned = int(lost * wanted.switch_share + uniform(wanted.key, 8 * day))
    taken = min(turned, int(state[_ON_HAND]))
    _hand_over(record, item, state, day, taken)
    return taken


@njit(cache=True)
def _evening(record: _Record, item: _Item, state: _State, day: int) -> None:
    """Note whether the shelf is empty, draw what of the day's sales comes back later, shelve today's returns."""
    if state[_ON_HAND] == 0 and item.launch <= day < item.end:
        record[_OUT_OF_STOCK, day] = 1
    sold = record[_SOLD, day]
    if sold > 0:
        back = min(sold, poisson(uniform(item.key, 8 * day + 1), min(400.0, sold * item.return_share)))
        if back > 0:
            _send_back(record, item, day, back)
    returned = record[_RETURNED, day]
    if returned > 0 and item.shelf_life_days == 0 and uniform(item.key, 8 * day + 3) < _RESTOCK_CHANCE:
        record[_RESTOCKED, day] = returned
        state[_ON_HAND] += returned
    record[_CLOSING, day] = state[_ON_HAND]
    state[_RECENT] += sold
    if day >= _MEMORY_DAYS:
        state[_RECENT] -= record[_SOLD, day - _MEMORY_DAYS]


@njit(cache=True)
def _send_back(record: _Record, item: _Item, day: int, back: int) -> None:
    """The units return on one day, the first from the drawn one on without a return; after the last day unseen."""
    days = record.shape[1]
    later = day + 1 + int(-item.delay_scale_days * math.log(uniform(item.key, 8 * day + 2)))
    while later < days and record[_RETURNED, later] > 0:
        later += 1
    if later < days:
        record[_RETURNED, later] = back
        record[_RETURNED_FROM, later] = day


@njit(cache=True)
def _reorder(record: _Record, item: _Item, state: _State, day: int, lead_days: int) -> None:
    """The shop's own rule: (s, S) on the mean of recent sales, on the supplier's order days.

    Nothing is ordered in an item's first week, nor so late that it would come after the item's end, nor lately if it
    is frozen.
    """
    known_days = min(_MEMORY_DAYS, day - max(0, item.launch))
    if known_days < 7 or day + item.quoted_days >= item.end or day >= item.ordered_until:
        return
    mean = state[_RECENT] / known_days
    protected = item.quoted_days + item.review_days
    point = mean * protected + item.safety * math.sqrt(mean * protected)
    level = point + mean * max(item.review_days, 7)
    if item.shelf_life_days > 0:
        level = min(level, 0.8 * mean * item.shelf_life_days)
    position = state[_ON_HAND] + state[_ON_ORDER]
    if position > point or uniform(item.key, 8 * day + 4) < _FORGET:
        return
    wanted = max(1.0, level - position)
    if uniform(item.key, 8 * day + 5) < _MISTYPE:
        wanted *= 0.3 + 1.4 * uniform(item.key, 8 * day + 6)
    quantity = max(item.moq, math.ceil(wanted / item.pack) * item.pack)
    record[_ORDERED, day] = quantity
    record[_ARRIVES, day] = day + lead_days
    state[_ON_ORDER] += quantity
    if day + lead_days < record.shape[1]:
        record[_RECEIVED, day + lead_days] += quantity
