"""One block of paths of one series in lock-step: its state, what is rare in it, and how it is counted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.stockflow import lanes, tally
from orderpoint.stockflow.lanes import (
    COUNTERS,
    COVERED,
    CYCLES,
    DEMAND,
    HELD,
    ORDERS,
    PEAK,
    POSITION,
    POSITION_THEN,
    SEEN,
    SHORT,
    STOCK,
    STOCK_THEN,
    TIMES,
    WAITED,
    WANTED,
    WASTE,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Units = NDArray[np.int32]
Bits = NDArray[np.uint32]

FLUSH = 64
"""Periods after which 32-bit sums go over to the table: with stock below 2^24 they cannot overflow."""
DEMAND_STREAM, LEAD_STREAM = 16, 17

FIXED = 7
LOW, HIGH, REVIEW, LIFE, BACKLOG, CROSSING, PLAIN = range(FIXED)
"""What does not change: s, S, periods between reviews, shelf life, flags; PLAIN: any quantity may be ordered."""


class Rule(NamedTuple):
    """The rule and supply of n series, shape (n,) unless said; whole units and periods.

    Where the position is at or below `reorder_point` at a review (every `review` periods, the first in period 0), order
    up to `order_up_to`, in packs, at least `moq`, at most `most`. `leads` (n, q): equally likely lead times, one where
    it is certain; `crossing`: later orders may arrive earlier. `shelf_life` in periods (0: it keeps). `opening`: stock
    at the start. `backlog`: demand waits.
    """

    opening: IntArray
    reorder_point: IntArray
    order_up_to: IntArray
    review: IntArray
    leads: IntArray
    crossing: NDArray[np.bool_]
    moq: FloatArray
    pack: FloatArray
    most: FloatArray
    shelf_life: IntArray
    backlog: NDArray[np.bool_]


class Block(NamedTuple):
    """W paths of one series. `fixed` (FIXED,) and `lot` (moq, pack, most) as in `Rule`; `leads` (q,).

    Of each path: `counted` int32 (COUNTERS, W), its state and sums, whose first rows are `stock`, `position` and
    `demand`; `order`, units ever received `total`, and `latest` arrival so far, all int32 (W,); `random`, `found` bits
    being looked up; `keys` (4, W); `squares` (2, W) of orders and demand. What arrives in period t is in row t % L of
    `coming` (L, W); row t % (m + 1) of `history` (m + 1, W) holds the units ever received by then, for a shelf life
    of m.
    """

    fixed: IntArray
    lot: tuple[float, float, float]
    leads: IntArray
    stock: Units
    position: Units
    demand: Units
    order: Units
    total: Units
    latest: Units
    random: Bits
    found: Bits
    keys: Bits
    counted: Units
    squares: IntArray
    coming: Units
    history: Units


@njit(cache=True)
def opened(how: Rule, i: int, seed: np.uint64, which: tuple[int, int]) -> Block:
    """Series i before the first period; `which`: the first path, and how many."""
    first, W = which
    life, rows = how.shelf_life[i], how.leads[i].max() + 1
    plain = how.moq[i] <= 1.0 and how.pack[i] <= 1.0 and np.isinf(how.most[i])
    fixed = np.array(
        [
            how.reorder_point[i],
            how.order_up_to[i],
            how.review[i],
            life,
            int(how.backlog[i]),
            int(how.crossing[i]),
            int(plain),
        ]
    )
    keys = np.zeros((4, W), np.uint32)
    lanes.lane_keys(seed, i, DEMAND_STREAM, first, keys[0], keys[1])
    lanes.lane_keys(seed, i, LEAD_STREAM, first, keys[2], keys[3])
    counted = np.zeros((COUNTERS, W), np.int32)
    counted[STOCK][:] = how.opening[i]
    counted[POSITION][:] = how.opening[i]
    return Block(
        fixed,
        (how.moq[i], how.pack[i], how.most[i]),
        how.leads[i].copy(),
        counted[STOCK],
        counted[POSITION],
        counted[DEMAND],
        np.zeros(W, np.int32),
        np.full(W, max(how.opening[i], 0), np.int32),
        np.zeros(W, np.int32),
        np.zeros(W, np.uint32),
        np.zeros(W, np.uint32),
        keys,
        counted,
        np.zeros((2, W), np.int64),
        np.zeros((rows, W), np.int32),
        np.zeros((life + 1, W), np.int32),
    )


@njit(cache=True)
def send(block: Block, t: int) -> None:
    """Each path's order of period t arrives after a lead time of its own."""
    arrival = block.found.view(np.int32)
    lanes.random_bits(t, block.keys[2], block.keys[3], block.random)
    lanes.draw_arrivals(t, block.random, block.leads, arrival)
    if block.fixed[CROSSING] == 0:
        lanes.in_turn(block.order, block.latest, arrival)
    rows, row = len(block.coming), t % len(block.coming)
    for w in range(len(arrival)):
        there = row + arrival[w] - t
        block.coming[there - rows if there >= rows else there, w] += block.order[w]


@njit(cache=True)
def look_closer(block: Block, t: int, detailed: bool) -> None:  # noqa: FBT001 - a compiled kernel takes plain arguments
    """What not every run asks for.

    Lots, cycles that end with what arrives, and squares: of today's orders, and of the demand of the period before.
    """
    counted, arriving = block.counted, block.coming[t % len(block.coming)]
    if block.fixed[LIFE] > 0:
        lanes.add_up(block.total, arriving, block.history[t % len(block.history)])
    if detailed:
        lanes.count_cycles(arriving, counted[SEEN], counted[TIMES], counted[CYCLES], counted[COVERED])
        lanes.count_squares(block.demand, block.squares[1])
        if t % block.fixed[REVIEW] == 0:
            certain = len(block.leads) == 1
            rows = len(block.coming)
            lanes.count_squares(block.coming[(t + rows - 1) % rows] if certain else block.order, block.squares[0])


@njit(cache=True)
def begin(block: Block, table: FloatArray) -> None:
    """Counting begins."""
    table[:] = 0.0
    block.counted[DEMAND:] = 0  # demand too: that of the period before is still to be squared
    block.squares[:] = 0
    block.counted[STOCK_THEN][:] = block.stock
    block.counted[POSITION_THEN][:] = block.position


@njit(cache=True)
def flush(block: Block, table: FloatArray) -> None:
    """Sums go over to the table; marks (peak, times short) stay."""
    counted = block.counted
    for w in range(len(table)):
        table[w, tally.HELD_DAYS] += counted[HELD, w]
        table[w, tally.DEMAND] += counted[WANTED, w]
        table[w, tally.SHORT] += counted[SHORT, w]
        table[w, tally.WASTE] += counted[WASTE, w]
        table[w, tally.WAITED_DAYS] += counted[WAITED, w]
    for counter in (HELD, WANTED, SHORT, WASTE, WAITED):
        counted[counter] = 0


@njit(cache=True)
def finish(block: Block, table: FloatArray) -> None:
    """What is known at the end; orders, receipts and shipments follow from the balances of position and stock."""
    counted = block.counted
    lanes.count_squares(block.demand, block.squares[1])
    for w in range(len(table)):
        row = table[w]
        row[tally.SHORT_PERIODS] = counted[TIMES, w]
        row[tally.ORDERS] = counted[ORDERS, w]
        row[tally.PEAK] = counted[PEAK, w]
        row[tally.CYCLES] = counted[CYCLES, w]
        row[tally.COVERED] = counted[COVERED, w]
        row[tally.ORDERED_SQUARES] = block.squares[0, w]
        row[tally.DEMAND_SQUARES] = block.squares[1, w]
        gone = row[tally.WASTE] + row[tally.DEMAND]
        if block.fixed[BACKLOG] == 0:
            gone -= row[tally.SHORT]
        row[tally.ORDERED] = block.position[w] - counted[POSITION_THEN, w] + gone
        row[tally.BOUGHT] = block.stock[w] - counted[STOCK_THEN, w] + gone
        row[tally.OPENED] = max(counted[STOCK_THEN, w], 0)
        row[tally.LEFT] = max(block.stock[w], 0)
        row[tally.SHIPPED] = row[tally.OPENED] + row[tally.BOUGHT] - row[tally.WASTE] - row[tally.LEFT]
