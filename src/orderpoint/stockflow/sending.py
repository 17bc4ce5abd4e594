"""What places that supply each other send, on one path: from outside and to one another, as their luck has it.

The steps are inlined, for the reason that `group` gives.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from orderpoint.stockflow.group import LATEST, ON_WAY, OWED, Group
from orderpoint.stockflow.lots import take
from orderpoint.stockflow.places import (
    CAPACITY,
    CROSSING,
    FIRST_LEAD,
    LATE_BY,
    LATE_SHARE,
    LINK_STREAM,
    NEVER_SHARE,
    OUTSIDE,
    PACK,
    PER,
    SHORT_PART,
    SHORT_SHARE,
    SOURCE,
    TARGET,
)
from orderpoint.stockflow.tally import SENT
from orderpoint.tables.families.counter_random import key, uniform

LEAD, NEVER, SHORT, LATE = range(8, 12)
"""Streams of random numbers; those below belong to other files."""
PATH_STRIDE = 1 << 24
"""More than any number of periods."""


@njit(cache=True, inline="always")
def ship_from_outside(group: Group, t: int) -> None:
    """Suppliers send what is owed, as far as their capacity goes; their goods are dated when they arrive."""
    for k in range(len(group.link)):
        if int(group.link[k, SOURCE]) == OUTSIDE:
            units = min(group.pipes[k, OWED], group.link[k, CAPACITY])
            if units > 0.0:
                group.pipes[k, OWED] -= units
                group.hands[:] = 0.0
                group.hands[-1] = units
                _send(group, t, k)


@njit(cache=True, inline="always")
def _send(group: Group, t: int, k: int) -> None:
    """Put the lots in `hands` on link k, as its luck has it."""
    link, sent = group.link[k], group.hands
    seed, j = group.luck
    counter, of = j * PATH_STRIDE + t, int(link[LINK_STREAM])
    if link[NEVER_SHARE] > 0.0 and uniform(key(seed, of, NEVER), counter) < link[NEVER_SHARE]:
        return
    units = sent.sum()
    if link[SHORT_SHARE] > 0.0 and uniform(key(seed, of, SHORT), counter) < link[SHORT_SHARE]:
        kept, units = np.floor(link[SHORT_PART] * units), 0.0
        for slot in range(len(sent)):
            sent[slot] = min(sent[slot], kept - units)
            units += sent[slot]
    leads = group.leads[k]
    lead = leads[0]
    if len(leads) > 1:
        lead = leads[int(uniform(key(seed, of, LEAD), counter) * len(leads))]
    exact = group.place[int(link[TARGET]), FIRST_LEAD]
    if t == 0 and exact >= 0.0 and int(link[SOURCE]) == OUTSIDE:
        lead = int(exact)
    if link[LATE_SHARE] > 0.0 and uniform(key(seed, of, LATE), counter) < link[LATE_SHARE]:
        lead += int(link[LATE_BY])
    arrival = t + lead
    if link[CROSSING] == 0.0:
        arrival = max(arrival, int(group.pipes[k, LATEST]))
        group.pipes[k, LATEST] = arrival
    group.pipes[k, ON_WAY] += units
    row = group.coming[arrival % len(group.coming), k]
    for slot in range(len(sent)):
        row[slot] += sent[slot]


@njit(cache=True, inline="always")
def give(group: Group, t: int, p: int, stock: float) -> float:
    """Send what other places have ordered from p, oldest lots first; a short stock is shared by what each is owed.

    Shares are whole packs; what is left goes in packs to the links in turn, alike, another first each period; where
    packs differ, some may wait a period. Returns the units sent, in units of p.
    """
    asked, number = 0.0, 0
    for k in range(len(group.link)):
        if int(group.link[k, SOURCE]) == p:
            asked += group.link[k, PER] * _asked(group, k)
            number += 1
    left = min(stock, asked)
    if left <= 0.0:
        return 0.0
    part = left / asked
    spare = left - _shared(group, p, part)
    # two rounds, so that the first in turn comes first wherever it stands among the links
    gone, turn, begin = 0.0, 0, t % number
    for k in range(2 * len(group.link)):
        at = k % len(group.link)
        if int(group.link[at, SOURCE]) != p:
            continue
        turn += 1
        if not begin < turn <= begin + number:
            continue
        units, lot = _share(group, at, part), group.link[at, PER] * group.link[at, PACK]
        if part < 1.0:
            room = np.floor((_asked(group, at) - units) / group.link[at, PACK] + 1e-9)
            fair = np.ceil(spare / lot / (begin + number + 1 - turn) - 1e-9)
            packs = max(min(fair, room, np.floor(spare / lot + 1e-9)), 0.0)
            units += packs * group.link[at, PACK]
            spare -= packs * lot
        gone += _take_and_send(group, t, at, units)
    group.rows[p, SENT] += gone
    return float(gone)


@njit(cache=True, inline="always")
def _take_and_send(group: Group, t: int, k: int, units: float) -> float:
    """Send `units` of the target over link k out of the lots of its source; returns what left, in the source's."""
    if units <= 0.0:
        return 0.0
    per = group.link[k, PER]
    group.hands[:] = 0.0
    take(group.lots[int(group.link[k, SOURCE])], per * units, t, False, group.hands)  # noqa: FBT003 - a kernel's plain arguments
    for slot in range(len(group.hands)):
        group.hands[slot] /= per
    group.pipes[k, OWED] -= units
    _send(group, t, k)
    return float(per * units)


@njit(cache=True, inline="always")
def _shared(group: Group, p: int, part: float) -> float:
    """Units of p in the shares of all whom it owes."""
    units = 0.0
    for k in range(len(group.link)):
        if int(group.link[k, SOURCE]) == p:
            units += group.link[k, PER] * _share(group, k, part)
    return float(units)


@njit(cache=True, inline="always")
def _share(group: Group, k: int, part: float) -> float:
    """The whole packs in a part of what link k would carry; all of it where there is enough."""
    if part >= 1.0:
        return _asked(group, k)
    return float(np.floor(part * _asked(group, k) / group.link[k, PACK] + 1e-9) * group.link[k, PACK])


@njit(cache=True, inline="always")
def _asked(group: Group, k: int) -> float:
    """What link k would carry in this period if there were stock."""
    return float(min(group.pipes[k, OWED], group.link[k, CAPACITY]))
