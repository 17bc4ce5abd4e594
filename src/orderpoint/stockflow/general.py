"""The general form: places, links, lots, failures and returns, path by path, on the one stock equation.

In each period of a group:

1. lots that are too old become waste, on the way too;
2. from the customers' end upwards each place reviews its position (on hand less what waits, on order, less what it
   owes to other places) and orders from its links;
3. from the suppliers' end downwards each place takes what arrives, sends what it owes to others as far as stock and
   capacity allow (`sending`), and serves its customers by `equation.step`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from orderpoint.stockflow.equation import shipped, step
from orderpoint.stockflow.group import BOUGHT_THEN, WATCHED, Group, count_bought, look, order, receive, spoil
from orderpoint.stockflow.lots import slot_of, take
from orderpoint.stockflow.places import (
    BACKLOG,
    FIRST_LEAD,
    LATE_BY,
    NEWEST_FIRST,
    OPENING,
    PLACE_STREAM,
    RETURN_AFTER,
    RETURN_SHARE,
    SHELF_LIFE,
    Supplied,
)
from orderpoint.stockflow.sending import PATH_STRIDE, give, ship_from_outside
from orderpoint.stockflow.tally import COLUMNS, OPENED, served
from orderpoint.tables import checks
from orderpoint.tables.demand import SEED_MASK
from orderpoint.tables.families.counter_random import key, uniform

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Paths = NDArray[np.float32]

BACK = 12
"""Stream of the random numbers of returns (`sending` has those of links)."""


@dataclass(frozen=True, eq=False)
class Story:
    """What happens to the places: `demand` float32 (m, paths, T) units; `receipts` (m, T) of orders under way.

    `price` (m, T): money per unit shipped; `days` (T,): length of each period. Figures of the first `warm_up` periods
    are not counted. `levels` (2, m, T): reorder point and order-up-to level at a review in each period; None: those of
    the places throughout.
    """

    demand: Paths
    receipts: FloatArray
    price: FloatArray
    days: FloatArray
    warm_up: int = 0
    levels: FloatArray | None = None


def play_general(world: Supplied, story: Story, seed: int) -> FloatArray:
    """(m, paths, tally.COLUMNS): what each place met on each path.

    Random numbers depend on the seed, the stream of the link or place, the path and the period alone: not on the
    policy, the number of threads or the order of work. Raises ValueError where shapes do not fit.
    """
    return _played(world, story, seed, watched=0)[0]


def watch_general(world: Supplied, story: Story, seed: int) -> FloatArray:
    """(WATCHED, m, T): the first path period by period, in units: on hand as a period begins, coming, and bought in it.

    `coming`: receipts and what was ordered, from suppliers or other places. Raises ValueError as `play_general` does.
    """
    return _played(world, story, seed, watched=story.demand.shape[2])[1]


def _played(world: Supplied, story: Story, seed: int, *, watched: int) -> tuple[FloatArray, FloatArray]:
    """The sums of all paths, and the first `watched` periods of the first path."""
    m, paths, periods = story.demand.shape
    checks.shape("story.demand", story.demand, (len(world.places.opening), paths, periods))
    for name in ("receipts", "price"):
        checks.shape(f"story.{name}", getattr(story, name), (m, periods))
    checks.shape("story.days", story.days, (periods,))
    levels = np.stack([world.places.reorder_point, world.places.order_up_to])[:, :, None]
    if story.levels is not None:
        checks.shape("story.levels", story.levels, (2, m, periods))
        levels = np.ascontiguousarray(story.levels)
    if not 0 <= story.warm_up < periods:
        raise ValueError(f"story.warm_up: expected below {periods} periods, got {story.warm_up}; play longer")
    bounds = np.stack([world.group_place[:-1], world.group_place[1:], world.group_link[:-1], world.group_link[1:]], 1)
    table, seen = np.zeros((m, paths, COLUMNS)), np.zeros((WATCHED, m, watched))
    facts = world.packed()
    given = (story.receipts, story.price, story.days, levels)
    _all(bounds, facts, story.demand, given, (np.uint64(seed & SEED_MASK), story.warm_up), table, seen)
    return table, seen


@njit(cache=True, parallel=True)
def _all(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    bounds: IntArray,
    facts: tuple[FloatArray, FloatArray, IntArray],
    demand: Paths,
    given: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    luck: tuple[np.uint64, int],
    table: FloatArray,
    seen: FloatArray,
) -> None:
    paths = demand.shape[1]
    place, link, leads = facts
    receipts, price, days, levels = given
    for work in prange(len(bounds) * paths):
        g, j = work // paths, work % paths
        p0, p1, a0, a1 = bounds[g]
        group = _opened((place[p0:p1], link[a0:a1], leads[a0:a1]), receipts[p0:p1], (luck[0], j))
        mine = (receipts[p0:p1], price[p0:p1], days, levels[:, p0:p1])
        _one_path(group, demand[p0:p1, j], mine, luck[1], seen[:, p0:p1, : seen.shape[2] if j == 0 else 0])
        table[p0:p1, j] = group.rows


@njit(cache=True)
def _opened(facts: tuple[FloatArray, FloatArray, IntArray], receipts: FloatArray, luck: tuple[np.uint64, int]) -> Group:
    """A group before the first period; stock at the start is as new."""
    # copies: threads that count references to one array wait for each other
    place, link, leads = facts[0].copy(), facts[1].copy(), facts[2].copy()
    m, a = len(place), len(link)
    slots = int(place[:, SHELF_LIFE].max()) + 1
    longest = int(place[:, FIRST_LEAD].max()) + 1
    for k in range(a):
        longest = max(longest, leads[k].max() + int(link[k, LATE_BY]) + 1)
    on_hand, lots, due = np.empty(m), np.zeros((m, slots + 1)), np.empty(m)
    for p in range(m):
        on_hand[p] = place[p, OPENING]
        lots[p, slot_of(0, int(place[p, SHELF_LIFE]), slots)] = max(place[p, OPENING], 0.0)
        due[p] = receipts[p].sum()
    return Group(
        place,
        link,
        leads,
        on_hand,
        due,
        lots,
        np.zeros((a, 3)),
        np.zeros((max(longest, 1), a, slots + 1)),
        np.zeros((int(place[:, RETURN_AFTER].max()) + 1, m)),
        np.zeros((m, COLUMNS)),
        np.zeros(slots + 1),
        luck,
    )


@njit(cache=True)
def _one_path(
    group: Group,
    demand: Paths,
    given: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    warm_up: int,
    seen: FloatArray,
) -> None:
    """All periods of one path; `demand` (m, T)."""
    receipts, price, days, levels = given
    places, last = len(demand), levels.shape[2] - 1
    for t in range(demand.shape[1]):
        if t == warm_up:
            group.rows[:] = 0.0
            group.rows[:, OPENED] = np.maximum(group.on_hand, 0.0)
        spoil(group, t)
        if t < seen.shape[2]:
            look(group, seen[:, :, t])
        for p in range(places - 1, -1, -1):
            order(group, t, p, (levels[0, p, min(t, last)], levels[1, p, min(t, last)]))
        if t < seen.shape[2]:
            count_bought(group, seen[BOUGHT_THEN, :, t])
        ship_from_outside(group, t)
        for p in range(places):
            inflow = receive(group, t, p, receipts[p, t])
            inflow -= give(group, t, p, group.on_hand[p] + inflow)
            _serve(group, (t, p), inflow, float(demand[p, t]), (price[p, t], days[t]))


@njit(cache=True, inline="always")
def _serve(group: Group, at: tuple[int, int], inflow: float, wanted: float, money: tuple[float, float]) -> None:
    """Customers of place p in period t are served, `at` (t, p)."""
    t, p = at
    before, place = group.on_hand[p], group.place[p]
    left, short = step(before, inflow, wanted, place[BACKLOG] > 0.0)
    units = shipped(before, inflow, left)
    group.hands[:] = 0.0
    take(group.lots[p], units, t, place[NEWEST_FIRST] > 0.0, group.hands)
    group.on_hand[p] = left
    if place[RETURN_SHARE] > 0.0 and units > 0.0:
        seed, j = group.luck
        stream = key(seed, int(place[PLACE_STREAM]), BACK)
        back = np.floor(place[RETURN_SHARE] * units + uniform(stream, j * PATH_STRIDE + t))
        group.back[(t + int(place[RETURN_AFTER])) % len(group.back), p] += min(back, units)
    served(group.rows[p], (wanted, short, units, left), money[0], money[1])
