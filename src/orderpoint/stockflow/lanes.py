"""Many paths of one series in lock-step: each function is one plain loop over lanes, which compilers turn into vectors.

Random numbers are hashes of a counter: two rounds of the 32-bit mixer of C. Wellons ("lowbias32"; multipliers
0x7feb352d, 0x846ca68b), with the lane's 64-bit key entering in two halves, so that no two lanes walk the same sequence.
`tests/stockflow` holds them to chi-square and serial correlation. Loops have few arrays each: a compiler gives up on
vectors where it has to prove too many of them apart. Units are int32.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.tables.families.counter_random import GOLDEN, hashed, key

Bits = NDArray[np.uint32]
Units = NDArray[np.int32]

COUNTERS = 16
(
    STOCK,
    POSITION,
    DEMAND,
    WANTED,
    SHORT,
    TIMES,
    HELD,
    WAITED,
    PEAK,
    ORDERS,
    WASTE,
    CYCLES,
    COVERED,
    SEEN,
    STOCK_THEN,
    POSITION_THEN,
) = range(COUNTERS)
"""Rows of a block's state: units on hand (below zero: waited for), position, demand of the period; then sums since they
were last emptied (units wanted, short, held and waiting at period ends, spoiled; times short, orders, cycles ended and
covered), the peak, TIMES as it was when goods last came, and stock and position when counting began."""

MIX_ONE, MIX_TWO, WEYL = np.uint32(0x7FEB352D), np.uint32(0x846CA68B), np.uint32(0x9E3779B9)
SIXTEEN, FIFTEEN = np.uint32(16), np.uint32(15)
LOW = np.uint64(0xFFFFFFFF)
HIGH = np.uint64(32)
NONE, ONE = np.int32(0), np.int32(1)


@njit(cache=True)
def lane_keys(seed: np.uint64, row: int, stream: int, first: int, low: Bits, high: Bits) -> None:
    """Keys of the paths `first`, `first + 1`, .. of a row, in two halves."""
    of = key(seed, row, stream)
    for w in range(len(low)):
        bits = hashed(of + np.uint64(first + w) * GOLDEN)
        low[w] = np.uint32(bits & LOW)
        high[w] = np.uint32(bits >> HIGH)


@njit(cache=True)
def random_bits(t: int, low: Bits, high: Bits, out: Bits) -> None:
    """32 random bits of every lane for counter t."""
    base = np.uint32(np.uint32(t) * WEYL)
    for w in range(len(out)):
        x = np.uint32(low[w] + base)
        x = np.uint32(np.uint32(x ^ (x >> SIXTEEN)) * MIX_ONE)
        x = np.uint32(x ^ high[w])
        x = np.uint32(np.uint32(x ^ (x >> FIFTEEN)) * MIX_TWO)
        out[w] = np.uint32(x ^ (x >> SIXTEEN))


@njit(cache=True)
def look_up(bits: Bits, words: Bits, shift: np.uint32, out: Bits) -> None:
    """The word of each lane's cell."""
    for w in range(len(out)):
        out[w] = words[bits[w] >> shift]


@njit(cache=True)
def pick(bits: Bits, words: Bits, size: np.uint32, out: Units) -> None:
    """The value of each lane: its cell or the cell's alias; `size`: bits of a cell."""
    mask = np.uint32((np.uint32(1) << size) - np.uint32(1))
    # `& 31` says that no bit is shifted out of 32, so that a compiler need not widen to 64
    right, left = np.uint32(np.uint32(32 - size) & np.uint32(31)), np.uint32(size & np.uint32(31))
    for w in range(len(out)):
        other = np.uint32(words[w] & mask)
        chosen = np.uint32(bits[w] >> right) if np.uint32(bits[w] << left) < np.uint32(words[w] ^ other) else other
        out[w] = np.int32(chosen)


@njit(cache=True)
def widen(value: Units, base: np.int32, stride: np.int32) -> None:
    """Units of each lane's value, where a cell is not its own number."""
    if base == NONE and stride == ONE:
        return
    for w in range(len(value)):
        value[w] = np.int32(base + np.int32(stride * value[w]))


@njit(cache=True)
def order_up(position: Units, levels: tuple[np.int32, np.int32], orders: Units, order: Units) -> None:
    """(R, s, S): `levels` (s, S); the order of every lane, counted in `orders` and added to its position."""
    low, high = levels
    for w in range(len(order)):
        lacking = np.int32(high - position[w]) if position[w] <= low else NONE
        order[w] = lacking
        position[w] = np.int32(position[w] + lacking)
        orders[w] = np.int32(orders[w] + (ONE if lacking > NONE else NONE))


@njit(cache=True)
def order_lots(
    position: Units, levels: tuple[np.int32, np.int32], lot: tuple[float, float, float], orders: Units, order: Units
) -> None:
    """The same in whole packs, at least the minimum, at most the largest (`group.lot_of`); `lot`: moq, pack, most."""
    low, high = levels
    moq, pack, most = lot
    largest = np.floor(most / pack) * pack
    for w in range(len(order)):
        wanted = np.float64(high - position[w])
        units = min(np.ceil(max(wanted, moq) / pack) * pack, largest)
        lacking = np.int32(units) if position[w] <= low and wanted > 0.0 and units >= moq else NONE
        order[w] = lacking
        position[w] = np.int32(position[w] + lacking)
        orders[w] = np.int32(orders[w] + (ONE if lacking > NONE else NONE))


@njit(cache=True)
def draw_arrivals(t: int, bits: Bits, leads: NDArray[np.int64], arrival: Units) -> None:
    """Period in which an order of period t arrives, from equally likely lead times (q,)."""
    number = np.uint64(len(leads))
    for w in range(len(arrival)):
        arrival[w] = np.int32(t + leads[(np.uint64(bits[w]) * number) >> HIGH])


@njit(cache=True)
def in_turn(order: Units, latest: Units, arrival: Units) -> None:
    """No order arrives before an earlier one; `latest`: the last arrival so far."""
    for w in range(len(order)):
        arrival[w] = max(arrival[w], latest[w])
        latest[w] = arrival[w] if order[w] > NONE else latest[w]


@njit(cache=True)
def add_up(total: Units, arriving: Units, now: Units) -> None:
    """Units ever received, `total`, with those that arrive; `now` takes a copy."""
    for w in range(len(total)):
        total[w] = np.int32(total[w] + arriving[w])
        now[w] = total[w]


@njit(cache=True)
def spoil(stock: Units, position: Units, total: Units, before: Units, waste: Units) -> None:
    """First in, first out: of what had come in by the period `before` speaks of, what has not left is too old.

    `total`, `before`: units that have ever come in, by now and by then. What has left is `total` less the stock.
    """
    for w in range(len(stock)):
        held = max(stock[w], NONE)
        old = max(np.int32(before[w] - np.int32(total[w] - held)), NONE)
        stock[w] = np.int32(stock[w] - old)
        position[w] = np.int32(position[w] - old)
        waste[w] = np.int32(waste[w] + old)


@njit(cache=True)
def serve_or_lose(state: Units, arriving: Units) -> None:
    """Lost sales: `equation.step` on whole units, for every lane; what arrives goes on the shelf before.

    `state` (COUNTERS, W): rows of one array need no proof that they lie apart.
    """
    for w in range(len(arriving)):
        stock = np.int32(state[STOCK, w] + arriving[w])
        sold = min(stock, state[DEMAND, w])
        missed = np.int32(state[DEMAND, w] - sold)
        state[STOCK, w] = np.int32(stock - sold)
        state[POSITION, w] = np.int32(state[POSITION, w] - sold)
        state[WANTED, w] = np.int32(state[WANTED, w] + state[DEMAND, w])
        state[SHORT, w] = np.int32(state[SHORT, w] + missed)
        state[TIMES, w] = np.int32(state[TIMES, w] + (ONE if missed > NONE else NONE))
        state[HELD, w] = np.int32(state[HELD, w] + np.int32(stock - sold))
        arriving[w] = NONE


@njit(cache=True)
def serve_or_wait(state: Units, arriving: Units) -> None:
    """Backlog: the same where demand waits."""
    for w in range(len(arriving)):
        stock, wanted = np.int32(state[STOCK, w] + arriving[w]), state[DEMAND, w]
        missed = np.int32(wanted - min(max(stock, NONE), wanted))
        left = np.int32(stock - wanted)
        state[STOCK, w] = left
        state[POSITION, w] = np.int32(state[POSITION, w] - wanted)
        state[WANTED, w] = np.int32(state[WANTED, w] + state[DEMAND, w])
        state[SHORT, w] = np.int32(state[SHORT, w] + missed)
        state[TIMES, w] = np.int32(state[TIMES, w] + (ONE if missed > NONE else NONE))
        state[HELD, w] = np.int32(state[HELD, w] + max(left, NONE))
        state[WAITED, w] = np.int32(state[WAITED, w] + max(np.int32(-left), NONE))
        arriving[w] = NONE


@njit(cache=True)
def count_peak(stock: Units, peak: Units) -> None:
    """The highest stock seen at a period's end."""
    for w in range(len(stock)):
        peak[w] = max(peak[w], stock[w])


@njit(cache=True)
def count_squares(units: Units, squares: NDArray[np.int64]) -> None:
    """Sums of squares, for the variance of orders and of demand."""
    for w in range(len(units)):
        squares[w] += np.int64(units[w]) * np.int64(units[w])


@njit(cache=True)
def count_cycles(arriving: Units, seen: Units, times: Units, cycles: Units, covered: Units) -> None:
    """Replenishment cycles that end now, and those in which nothing was short: `times` is as `seen` at the last."""
    for w in range(len(arriving)):
        ends = ONE if arriving[w] > NONE else NONE
        fine = ONE if times[w] == seen[w] else NONE
        cycles[w] = np.int32(cycles[w] + ends)
        covered[w] = np.int32(covered[w] + (fine & ends))
        seen[w] = times[w] if ends > NONE else seen[w]
