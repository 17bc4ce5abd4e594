"""Places that supply each other, on one path: what spoils, what is ordered, and what arrives (`sending`: what is sent).

The steps are inlined: to hand a dozen arrays to a compiled function costs more than what most steps do with them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.stockflow.lots import slot_of
from orderpoint.stockflow.places import (
    FIRST_ORDER,
    FIRST_REVIEW,
    MOQ,
    MOST,
    OUTSIDE,
    PACK,
    PER,
    REVIEW,
    SHARE,
    SHELF_LIFE,
    SOURCE,
    TARGET,
)
from orderpoint.stockflow.tally import RETURNED, SPOILED_ON_WAY, TAKEN, WASTE, arrived, ordered

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

OWED, ON_WAY, LATEST = range(3)
"""Columns of `Group.pipes`: units ordered and not sent, units sent and not received, period of the last arrival."""

WATCHED = 3
ON_HAND_THEN, COMING_THEN, BOUGHT_THEN = range(WATCHED)
"""Rows of what is seen of a path period by period: units on hand and coming as it begins, bought in it."""


class Group(NamedTuple):
    """m places and a links on one path; places and links are counted from the group's first.

    `place` (m, ..), `link` (a, ..): facts by the columns of `places`; `leads` (a, q). `on_hand` (m,), below zero where
    customers wait; `due` (m,) receipts still to come; `lots` (m, A + 1); `pipes` (a, 3); `coming` (L, a, A + 1): what
    arrives in period t is in row t % L; `back` (B, m) the same for returns; `rows` (m, tally.COLUMNS); `hands` (A + 1,)
    lots being moved; `luck`: seed and path.
    """

    place: FloatArray
    link: FloatArray
    leads: IntArray
    on_hand: FloatArray
    due: FloatArray
    lots: FloatArray
    pipes: FloatArray
    coming: FloatArray
    back: FloatArray
    rows: FloatArray
    hands: FloatArray
    luck: tuple[np.uint64, int]


@njit(cache=True, inline="always")
def spoil(group: Group, t: int) -> None:
    """What may not be sold from this period on is waste."""
    slots = group.lots.shape[1] - 1
    if slots == 1:
        return
    gone = t % slots
    for p in range(len(group.lots)):
        units = group.lots[p, gone]
        if units > 0.0:
            group.rows[p, WASTE] += units
            group.on_hand[p] -= units
            group.lots[p, gone] = 0.0
    for k in range(len(group.link)):
        for row in range(len(group.coming)):
            units = group.coming[row, k, gone]
            if units > 0.0:
                group.rows[int(group.link[k, TARGET]), SPOILED_ON_WAY] += units
                group.pipes[k, ON_WAY] -= units
                group.coming[row, k, gone] = 0.0


@njit(cache=True, inline="always")
def order(group: Group, t: int, p: int, levels: tuple[float, float]) -> None:
    """Review place p, and order what it lacks; `levels`: reorder point, order-up-to level."""
    place = group.place[p]
    first = t == 0 and place[FIRST_ORDER] > 0.0
    since = t - int(place[FIRST_REVIEW])
    if not first and (since < 0 or since % int(place[REVIEW]) != 0):
        return
    wanted = place[FIRST_ORDER]
    if not first:
        position = _position(group, p)
        if position > levels[0]:
            return
        wanted = levels[1] - position
    if wanted <= 0.0:
        return
    for k in range(len(group.link)):
        link = group.link[k]
        if int(link[TARGET]) != p:
            continue
        units = wanted if first else lot_of(link[SHARE] * wanted, link[MOQ], link[PACK], link[MOST])
        if units > 0.0:
            group.pipes[k, OWED] += units
            ordered(group.rows[p], units, int(link[SOURCE]) == OUTSIDE)
        if first:
            return


@njit(cache=True)
def look(group: Group, seen: FloatArray) -> None:
    """Write what is on hand and coming at each place to `seen` (WATCHED, m); what is owed already is not bought."""
    for p in range(len(group.on_hand)):
        seen[ON_HAND_THEN, p] = max(group.on_hand[p], 0.0)
        seen[COMING_THEN, p] = group.due[p]
        seen[BOUGHT_THEN, p] = 0.0
    for k in range(len(group.link)):
        target = int(group.link[k, TARGET])
        seen[COMING_THEN, target] += group.pipes[k, OWED] + group.pipes[k, ON_WAY]
        if int(group.link[k, SOURCE]) == OUTSIDE:
            seen[BOUGHT_THEN, target] -= group.pipes[k, OWED]


@njit(cache=True)
def count_bought(group: Group, bought: FloatArray) -> None:
    """Add what suppliers owe after all have ordered, (m,)."""
    for k in range(len(group.link)):
        if int(group.link[k, SOURCE]) == OUTSIDE:
            bought[int(group.link[k, TARGET])] += group.pipes[k, OWED]


@njit(cache=True, inline="always")
def _position(group: Group, p: int) -> float:
    """On hand less what waits, and on order, less what place p owes to others."""
    position = group.on_hand[p] + group.due[p]
    for k in range(len(group.link)):
        if int(group.link[k, TARGET]) == p:
            position += group.pipes[k, OWED] + group.pipes[k, ON_WAY]
        elif int(group.link[k, SOURCE]) == p:
            position -= group.link[k, PER] * group.pipes[k, OWED]
    return float(position)


@njit(cache=True)
def lot_of(units: float, moq: float, pack: float, most: float) -> float:
    """The least lot of whole packs that covers `units` and the minimum, at most the largest; 0 where none fits."""
    if units <= 0.0:
        return 0.0
    lot = float(np.ceil(max(units, moq) / pack - 1e-9) * pack)
    if lot > most:
        lot = float(np.floor(most / pack + 1e-9) * pack)
    return lot if lot >= moq else 0.0


@njit(cache=True, inline="always")
def receive(group: Group, t: int, p: int, receipt: float) -> float:
    """Units that come into place p in this period: receipts, shipments, returns."""
    slots = group.lots.shape[1] - 1
    new = slot_of(t, int(group.place[p, SHELF_LIFE]), slots)
    back = group.back[t % len(group.back), p]
    group.back[t % len(group.back), p] = 0.0
    group.due[p] -= receipt
    group.lots[p, new] += receipt + back
    bought, taken = receipt, 0.0
    for k in range(len(group.link)):
        if int(group.link[k, TARGET]) != p:
            continue
        row, units = group.coming[t % len(group.coming), k], 0.0
        for slot in range(slots + 1):
            units += row[slot]
            group.lots[p, new if slot == slots else slot] += row[slot]
            row[slot] = 0.0
        group.pipes[k, ON_WAY] -= units
        if int(group.link[k, SOURCE]) == OUTSIDE:
            bought += units
        else:
            taken += units
    group.rows[p, RETURNED] += back
    group.rows[p, TAKEN] += taken
    arrived(group.rows[p], bought, taken)
    return float(bought + taken + back)
