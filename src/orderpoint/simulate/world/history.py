"""What happened in the shop: deliveries, sales, stockouts, switches, returns, and the orders of its own simple rule.

One day of one item at one place: deliveries come in; what has expired is thrown away; customers buy what there is; of those who
find the shelf empty a share turns to the other item of the pair; returns come back at the end of the day. Before the day begins
the shop may order. With all terms in units, for every item, place and day:

    opening + received + restocked - sold - scrapped = closing >= 0          opening = closing of the day before
    sold = demand - lost + switched_in                                       lost = 0 where the shelf was not emptied

The shop's rule is what many do: the mean of the last 28 days' sales (not demand: days without stock count as zeros) times the
days to cover, plus a little safety; no season, no festival; and now and then an order is forgotten or mistyped.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.simulate.world import fitted
from orderpoint.simulate.world.catalog import Catalog
from orderpoint.simulate.world.draws import key_of, normal, poisson, uniform
from orderpoint.simulate.world.settings import WorldSettings
from orderpoint.simulate.world.suppliers import Suppliers

_STREAM = 31
_MEMORY_DAYS = 28
_FORGET, _MISTYPE = 0.06, 0.04
_GUESS_SD = 0.35  # of the log of the first order, placed before anything was sold
_RESTOCK_CHANCE = 0.7
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
    out_of_stock: NDArray[np.uint8]
    ordered: NDArray[np.int32]
    arrives: NDArray[np.int32]
    left: NDArray[np.int32]


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
    safety: float  # in standard deviations of a Poisson demand
    delay_scale_days: float  # of returns


class _Shelf(NamedTuple):
    """What changes from day to day for the two items of a pair at one place."""

    on_hand: NDArray[np.int64]
    on_order: NDArray[np.int64]
    recent: NDArray[np.int64]  # units sold in the last 28 days
    oldest: NDArray[np.int64]  # day of the oldest lot left


class _At(NamedTuple):
    """One of the pair (`side` 0 or 1) on one day: its number in the slice, its row of the arrays, its place, its random stream."""

    side: int
    item: int
    row: int
    place: int
    day: int
    key: int


def play(settings: WorldSettings, catalog: Catalog, makers: Suppliers, units: NDArray[np.int32], first: int) -> History:
    """Live through the demand `units` (series, T) of the items from number `first` (even) on."""
    last = first + len(units) // settings.locations
    part = slice(first, last)
    kinds = [np.uint8 if field == "out_of_stock" else np.int32 for field in History._fields[1:]]
    out = History(np.zeros(len(units), np.int32), *[np.zeros(units.shape, kind) for kind in kinds])
    of_items = [getattr(catalog, field)[part] for field in _Shop._fields[:10]]
    safety = settings.care * fitted.SAFETY
    shop = _Shop(*of_items, makers.may_order, makers.lead_days, makers.quoted_days, makers.review_days, safety, _DELAY_SCALE)
    _play(out, units, shop, first, settings.seed)
    return out


@njit(cache=True, nogil=True)
def _play(out: History, units: NDArray[np.int32], shop: _Shop, first: int, seed: int) -> None:
    items, places = shop.log_rate.shape
    for job in range((items + 1) // 2 * places):
        pair, place = 2 * (job // places), job % places
        sides = min(2, items - pair)
        shelf = _Shelf(np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64))
        key_0 = key_of(seed, _STREAM, (first + pair) * 64 + place)
        key_1 = key_of(seed, _STREAM, (first + pair + 1) * 64 + place)
        for day in range(units.shape[1]):
            at_0 = _At(0, pair, pair * places + place, place, day, key_0)
            at_1 = _At(1, pair + 1, (pair + 1) * places + place, place, day, key_1)
            _morning(out, units, shop, shelf, at_0)
            if sides == 2:
                _morning(out, units, shop, shelf, at_1)
                _switch(out, shop, shelf, at_0, at_1)
                _switch(out, shop, shelf, at_1, at_0)
                _evening(out, shop, shelf, at_1)
            _evening(out, shop, shelf, at_0)


@njit(cache=True)
def _morning(out: History, units: NDArray[np.int32], shop: _Shop, shelf: _Shelf, at: _At) -> None:
    """An order perhaps; what comes in; what expires; and the sales to those who want this item."""
    k, row, day = at.side, at.row, at.day
    launch = shop.launch_day[at.item]
    if day == 0 and launch <= 0:
        shelf.on_hand[k] = out.opening[row] = out.left[row, 0] = _first_stock(shop, at)
    _reorder(out, shop, shelf, at)
    shelf.on_order[k] -= out.received[row, day]
    if day > 0 and day == launch:
        out.received[row, day] += _first_stock(shop, at)
    shelf.on_hand[k] += out.received[row, day]
    if shop.shelf_life_days[at.item] > 0:
        out.left[row, day] += out.received[row, day]
        _expire(out, shop, shelf, at)
    sold = min(units[row, day], shelf.on_hand[k])
    out.lost[row, day] = units[row, day] - sold
    _hand_over(out, shop, shelf, at, sold)


@njit(cache=True)
def _first_stock(shop: _Shop, at: _At) -> int:
    """A guess of the rate, for the days to cover and two weeks more."""
    supplier = shop.supplier[at.item]
    guess = math.exp(shop.log_rate[at.item, at.place] + _GUESS_SD * normal(at.key, 900_000))
    days = shop.quoted_days[supplier] + shop.review_days[supplier] + 14
    if shop.shelf_life_days[at.item] > 0:
        days = min(days, int(0.7 * shop.shelf_life_days[at.item]))
    return max(1, math.ceil(guess * days))


@njit(cache=True)
def _expire(out: History, shop: _Shop, shelf: _Shelf, at: _At) -> None:
    k, row = at.side, at.row
    while shelf.oldest[k] <= at.day - shop.shelf_life_days[at.item]:
        gone = out.left[row, shelf.oldest[k]]
        out.left[row, shelf.oldest[k]] = 0
        out.scrapped[row, at.day] += gone
        shelf.on_hand[k] -= gone
        shelf.oldest[k] += 1


@njit(cache=True)
def _hand_over(out: History, shop: _Shop, shelf: _Shelf, at: _At, sold: int) -> None:
    """Take sold units off the shelf, the oldest lot first."""
    k, row = at.side, at.row
    out.sold[row, at.day] += sold
    shelf.on_hand[k] -= sold
    if shop.shelf_life_days[at.item] == 0:
        return
    while sold > 0:
        lot = shelf.oldest[k]
        taken = min(sold, out.left[row, lot])
        out.left[row, lot] -= taken
        sold -= taken
        if out.left[row, lot] == 0 and lot < at.day:
            shelf.oldest[k] += 1


@njit(cache=True)
def _switch(out: History, shop: _Shop, shelf: _Shelf, wanted: _At, other: _At) -> None:
    """A share of those who found `wanted` sold out buy `other` where it is left."""
    lost = out.lost[wanted.row, wanted.day]
    share = shop.switch_share[wanted.item]
    if lost == 0 or share == 0.0 or shelf.on_hand[other.side] == 0:
        return
    turned = int(lost * share + uniform(wanted.key, 8 * wanted.day))
    taken = min(turned, shelf.on_hand[other.side])
    out.switched_in[other.row, other.day] = taken
    _hand_over(out, shop, shelf, other, taken)


@njit(cache=True)
def _evening(out: History, shop: _Shop, shelf: _Shelf, at: _At) -> None:
    """Note whether the shelf is empty, send some of the day's sales back on a later day, and put today's returns back."""
    k, row, day = at.side, at.row, at.day
    on_offer = shop.launch_day[at.item] <= day < shop.end_day[at.item]
    out.out_of_stock[row, day] = 1 if on_offer and shelf.on_hand[k] == 0 else 0
    sold = out.sold[row, day]
    if sold > 0:
        back = min(sold, poisson(uniform(at.key, 8 * day + 1), min(400.0, sold * shop.return_share[at.item])))
        if back > 0:
            _send_back(out, shop, at, back)
    if out.returned[row, day] > 0 and shop.shelf_life_days[at.item] == 0 and uniform(at.key, 8 * day + 3) < _RESTOCK_CHANCE:
        out.restocked[row, day] = out.returned[row, day]
        shelf.on_hand[k] += out.restocked[row, day]
    out.closing[row, day] = shelf.on_hand[k]
    shelf.recent[k] += sold
    if day >= _MEMORY_DAYS:
        shelf.recent[k] -= out.sold[row, day - _MEMORY_DAYS]


@njit(cache=True)
def _send_back(out: History, shop: _Shop, at: _At, back: int) -> None:
    """The units return on one day, the first from the drawn one on that bears no other return; after the last day nobody sees it."""
    days = out.returned.shape[1]
    day = at.day + 1 + int(-shop.delay_scale_days * math.log(uniform(at.key, 8 * at.day + 2)))
    while day < days and out.returned[at.row, day] > 0:
        day += 1
    if day < days:
        out.returned[at.row, day] = back
        out.returned_from[at.row, day] = at.day


@njit(cache=True)
def _reorder(out: History, shop: _Shop, shelf: _Shelf, at: _At) -> None:
    """The shop's own rule: (s, S) on the mean of recent sales, at the supplier's order days."""
    k, row, day = at.side, at.row, at.day
    supplier = shop.supplier[at.item]
    if not shop.may_order[supplier, day] or not _is_ordered(out, shop, at):
        return
    age = min(_MEMORY_DAYS, day - max(0, shop.launch_day[at.item]))
    mean = shelf.recent[k] / age
    protected = shop.quoted_days[supplier] + shop.review_days[supplier]
    point = mean * protected + shop.safety * math.sqrt(mean * protected)
    level = point + mean * max(shop.review_days[supplier], 7)
    if shop.shelf_life_days[at.item] > 0:
        level = min(level, 0.8 * mean * shop.shelf_life_days[at.item])
    position = shelf.on_hand[k] + shelf.on_order[k]
    if position > point or uniform(at.key, 8 * day + 4) < _FORGET:
        return
    wanted = max(1.0, level - position)
    if uniform(at.key, 8 * day + 5) < _MISTYPE:
        wanted *= 0.3 + 1.4 * uniform(at.key, 8 * day + 6)
    pack = shop.pack[at.item]
    quantity = max(shop.moq[at.item], math.ceil(wanted / pack) * pack)
    arrives = day + shop.lead_days[supplier, at.place, day]
    out.ordered[row, day] = quantity
    out.arrives[row, day] = arrives
    shelf.on_order[k] += quantity
    if arrives < out.received.shape[1]:
        out.received[row, arrives] += quantity


@njit(cache=True)
def _is_ordered(out: History, shop: _Shop, at: _At) -> bool:
    """Not in an item's first week, not so late that it would arrive after the item's end, not a frozen item of late."""
    if at.day - max(0, shop.launch_day[at.item]) < 7:
        return False
    if at.day + shop.quoted_days[shop.supplier[at.item]] >= shop.end_day[at.item]:
        return False
    return not (shop.frozen[at.item] and at.day >= out.sold.shape[1] - 40)
