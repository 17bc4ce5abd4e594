"""The fast form: (R, s, S) and (R, S) over many periods, demand drawn inside the loop, a block of paths in lock-step.

Lost sales or backlog; a certain or random lead time, crossing or not; minimum order, pack, largest order; shelf life,
first in first out. No demand is stored: a draw is one look-up (`alias`) at a hash of (seed, series, path, period), so
that every rule meets the same demand and no number of threads changes a bit. What needs places, links, failures or
returns is played by `general`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.stockflow import lanes, tally
from orderpoint.stockflow.alias import DemandTables
from orderpoint.stockflow.block import (
    BACKLOG,
    FLUSH,
    HIGH,
    LIFE,
    LOW,
    PLAIN,
    REVIEW,
    Block,
    Rule,
    begin,
    finish,
    flush,
    look_closer,
    opened,
    send,
)
from orderpoint.stockflow.lanes import ORDERS, PEAK, WASTE
from orderpoint.tables import checks
from orderpoint.tables.demand import SEED_MASK

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LANES = 512
"""Paths in lock-step: their state stays in the nearest cache."""
MOST_UNITS = 1 << 24


def rule(order_up_to: ArrayLike, reorder_point: ArrayLike, lead_time: ArrayLike, **further: ArrayLike) -> Rule:
    """A rule with nothing but levels and lead times, (n,) or (n, q); what is given in `further` is added.

    Opens with the stock it orders up to.
    """
    n = len(np.asarray(order_up_to))
    leads = np.asarray(lead_time, np.int64)
    plain = {
        "opening": order_up_to,
        "review": np.ones(n),
        "crossing": np.zeros(n),
        "moq": np.ones(n),
        "pack": np.ones(n),
        "most": np.full(n, np.inf),
        "shelf_life": np.zeros(n),
        "backlog": np.zeros(n),
    }
    columns = {"order_up_to": order_up_to, "reorder_point": reorder_point, **plain, **further}
    kinds = {"crossing": np.bool_, "backlog": np.bool_, "moq": np.float64, "pack": np.float64, "most": np.float64}
    made: dict[str, Any] = {
        name: np.ascontiguousarray(column, kinds.get(name, np.int64)) for name, column in columns.items()
    }
    return Rule(leads=np.ascontiguousarray(leads if leads.ndim == 2 else leads[:, None]), **made)


@dataclass(frozen=True)
class Span:
    """`periods` played on `paths` paths; the first `warm_up` are not counted.

    `detailed`: also what waits, the peak, squares (bullwhip) and cycles, for up to twice the time.
    """

    periods: int
    paths: int
    warm_up: int = 0
    detailed: bool = False

    def __post_init__(self) -> None:
        if self.paths < 1 or not 0 <= self.warm_up < self.periods:
            raise ValueError(
                f"span: expected paths and a warm-up below the {self.periods} periods, got {self.paths}, {self.warm_up}"
            )


def play_long(demand: DemandTables, how: Rule, span: Span, seed: int) -> FloatArray:
    """(n, paths, tally.COLUMNS): what each series met on each path; unit-days are in periods, revenue is left out.

    Raises ValueError where shapes do not fit or levels leave -2^24..2^24.
    """
    n = len(demand.words)
    for name, column in zip(how._fields, how, strict=True):
        checks.shape(f"rule.{name}", column, (n, how.leads.shape[1]) if name == "leads" else (n,))
    for name in ("opening", "reorder_point", "order_up_to"):
        if (np.abs(getattr(how, name)) >= MOST_UNITS).any():
            raise ValueError(f"rule.{name}: expected levels below {MOST_UNITS} units; count in larger units")
    for name, least in (("review", 1), ("shelf_life", 0), ("leads", 0)):
        checks.finite(f"rule.{name}", getattr(how, name), least=least)
    if (how.pack < 1).any():
        raise ValueError("rule.pack: expected at least 1 unit")
    table = np.zeros((n, span.paths, tally.COLUMNS))
    width = min(LANES, -(-span.paths // demand.words.shape[1]))
    sizes = np.array([span.periods, span.warm_up, int(span.detailed), width, demand.bits])
    law = (demand.words, demand.base, demand.stride)
    _all(law, how, np.uint64(seed & SEED_MASK), sizes, table)
    return table


@njit(cache=True, parallel=True)
def _all(
    law: tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32]],
    how: Rule,
    seed: np.uint64,
    sizes: IntArray,
    table: FloatArray,
) -> None:
    """Every block of every series; `sizes`: periods, warm-up, detailed, lanes of a block, bits of a cell."""
    words, base, stride = law
    paths, width = table.shape[1], sizes[3]
    blocks = (paths + width - 1) // width
    for work in prange(len(table) * blocks):
        i, first = work // blocks, (work % blocks) * width
        last = min(first + width, paths)
        level = first * words.shape[1] // paths
        block = opened(how, i, seed, (first, last - first))
        _play(block, (words[i, level], base[i, level], stride[i, level]), sizes, table[i, first:last])


@njit(cache=True)
def _play(
    block: Block,
    law: tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32]],
    sizes: IntArray,
    table: FloatArray,
) -> None:
    """All periods of one block.

    Arrays are named once, before the loop: handing on the whole block costs as much as a period of 256 paths.
    """
    words, base, stride = law
    stock, position, order, demand = block.stock, block.position, block.order, block.demand
    random, found, low, high = block.random, block.found, block.keys[0], block.keys[1]
    counted, coming, history = block.counted, block.coming, block.history
    orders, waste, peak = counted[ORDERS], counted[WASTE], counted[PEAK]
    levels = (np.int32(block.fixed[LOW]), np.int32(block.fixed[HIGH]))
    review, life, backlog, plain = (
        block.fixed[REVIEW],
        block.fixed[LIFE],
        block.fixed[BACKLOG] > 0,
        block.fixed[PLAIN] > 0,
    )
    size = np.uint32(sizes[4])
    shift = np.uint32(np.uint32(32) - size)
    certain, detailed, rows = len(block.leads) == 1, sizes[2] > 0, len(coming)
    for t in range(sizes[0]):
        row, phase = t % rows, t % len(words)
        if t == sizes[1]:
            begin(block, table)
        if life > 0:
            lanes.spoil(stock, position, block.total, history[(t + 1) % (life + 1)], waste)
        if t % review == 0:
            target = coming[(t + rows - 1) % rows] if certain else order
            if plain:
                lanes.order_up(position, levels, orders, target)
            else:
                lanes.order_lots(position, levels, block.lot, orders, target)
            if not certain:
                send(block, t)
        if detailed or life > 0:
            look_closer(block, t, detailed)
        lanes.random_bits(t, low, high, random)
        lanes.look_up(random, words[phase], shift, found)
        lanes.pick(random, found, size, demand)
        lanes.widen(demand, base[phase], stride[phase])
        if backlog:
            lanes.serve_or_wait(counted, coming[row])
        else:
            lanes.serve_or_lose(counted, coming[row])
        if detailed:
            lanes.count_peak(stock, peak)
        if t % FLUSH == FLUSH - 1:
            flush(block, table)
    flush(block, table)
    finish(block, table)
