"""The slow twin: one item on one path, in plain words, with demand drawn as the fast form draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from orderpoint.stockflow import tally
from orderpoint.stockflow.alias import DemandTables
from orderpoint.stockflow.block import DEMAND_STREAM, LEAD_STREAM
from orderpoint.tables.families.counter_random import GOLDEN, hashed, key

WORD = (1 << 32) - 1


@dataclass(frozen=True)
class PlainRule:
    opening: int
    low: int
    high: int
    review: int
    leads: tuple[int, ...]
    crossing: bool = False
    moq: int = 1
    pack: int = 1
    most: float = math.inf
    life: int = 0
    backlog: bool = False


def bits(seed: int, row: int, stream: int, path: int, t: int) -> int:
    """The 32 random bits of one draw, in Python's own integers."""
    with np.errstate(over="ignore"):
        whole = int(hashed(key(np.uint64(seed), row, stream) + np.uint64(path) * GOLDEN))
    x = ((whole & WORD) + t * 0x9E3779B9) & WORD
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & WORD
    x ^= whole >> 32
    x = ((x ^ (x >> 15)) * 0x846CA68B) & WORD
    return x ^ (x >> 16)


def demand_of(tables: DemandTables, seed: int, row: int, path: int, periods: int) -> list[int]:
    """Demand of each period, by Walker's rule."""
    size, drawn = tables.bits, []
    for t in range(periods):
        x, phase = bits(seed, row, DEMAND_STREAM, path, t), t % tables.words.shape[2]
        cell, fraction = x >> (32 - size), x & ((1 << (32 - size)) - 1)
        word = int(tables.words[row, 0, phase, cell])
        chosen = cell if fraction < word >> size else word & ((1 << size) - 1)
        drawn.append(int(tables.base[row, 0, phase]) + int(tables.stride[row, 0, phase]) * chosen)
    return drawn


def leads_of(rule: PlainRule, seed: int, row: int, path: int, periods: int) -> list[int]:
    """Lead time of an order of each period."""
    number = len(rule.leads)
    return [
        rule.leads[bits(seed, row, LEAD_STREAM, path, t) * number >> 32 if number > 1 else 0] for t in range(periods)
    ]


def lot_of(rule: PlainRule, wanted: int) -> int:
    """Whole packs, at least the minimum, at most the largest order."""
    lots = math.ceil(max(wanted, rule.moq) / rule.pack) * rule.pack
    if lots > rule.most:
        lots = rule.most // rule.pack * rule.pack
    return int(lots) if lots >= rule.moq else 0


def leave_oldest(crates: list[list[int]], units: int) -> None:
    """Take units out of the crates, the oldest first."""
    for crate in crates:
        part = min(crate[1], units)
        crate[1] -= part
        units -= part


def shopkeeper(rule: PlainRule, demand: list[int], leads: list[int], warm_up: int = 0) -> dict[int, float]:
    """What a shopkeeper with a notebook would have counted: the columns of `tally` by their numbers."""
    crates = [[0, max(rule.opening, 0)]]  # [period of arrival, units], oldest first
    waiting, coming, last_arrival = max(-rule.opening, 0), [], 0
    seen: dict[int, float] = {}
    short_since = False
    for t, wanted in enumerate(demand):
        shelf = sum(units for _, units in crates)
        if t == warm_up:
            seen, short_since = {tally.OPENED: shelf}, False
        count = lambda column, units, seen=seen: seen.__setitem__(column, seen.get(column, 0) + units)  # noqa: E731
        if rule.life:
            count(tally.WASTE, sum(units for came, units in crates if came + rule.life <= t))
            crates = [crate for crate in crates if crate[0] + rule.life > t]
        shelf = sum(units for _, units in crates)
        position = shelf - waiting + sum(units for _, units in coming)
        if t % rule.review == 0 and position <= rule.low and rule.high > position:
            lots = lot_of(rule, rule.high - position)
            if lots > 0:
                arrival = t + leads[t] if rule.crossing else max(t + leads[t], last_arrival)
                last_arrival = max(arrival, last_arrival)
                coming.append((arrival, lots))
                count(tally.ORDERS, 1)
                count(tally.ORDERED, lots)
                count(tally.ORDERED_SQUARES, lots * lots)
        arrived = sum(units for when, units in coming if when == t)
        coming = [order for order in coming if order[0] != t]
        if arrived:
            crates.append([t, arrived])
            count(tally.BOUGHT, arrived)
            count(tally.CYCLES, 1)
            count(tally.COVERED, 0 if short_since else 1)
            short_since = False
        out = min(waiting, sum(units for _, units in crates))
        waiting -= out
        sold = min(wanted, sum(units for _, units in crates) - out)
        if rule.backlog:
            waiting += wanted - sold
        leave_oldest(crates, out + sold)
        shelf = sum(units for _, units in crates)
        short_since = short_since or sold < wanted
        count(tally.DEMAND, wanted)
        count(tally.DEMAND_SQUARES, wanted * wanted)
        count(tally.SHORT, wanted - sold)
        count(tally.SHORT_PERIODS, int(sold < wanted))
        count(tally.SHIPPED, out + sold)
        count(tally.HELD_DAYS, shelf)
        count(tally.WAITED_DAYS, waiting)
        seen[tally.PEAK] = max(seen.get(tally.PEAK, 0), shelf)
        seen[tally.LEFT] = shelf
    return seen
