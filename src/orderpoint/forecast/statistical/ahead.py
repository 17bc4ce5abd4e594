"""The chosen sets of every series after the history: their means ahead, and carrying them on by a period."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.forecast.panel import Cells
from orderpoint.forecast.statistical import lanes as layout
from orderpoint.forecast.statistical.bank import Bank
from orderpoint.forecast.statistical.lanes import LANES, Kind, Shape, Vector, Voice
from orderpoint.forecast.statistical.machine import skip, speak, step
from orderpoint.forecast.statistical.one_pass import state_length
from orderpoint.forecast.statistical.seasons import last_of_phase, years_ago
from orderpoint.forecast.threads import in_chunks

L = LANES
ZERO, ONE = np.float32(0.0), np.float32(1.0)
FLAT_BELOW, LINE_BELOW = layout.FLAT_BELOW, layout.LINE_BELOW
WINTERS_TIMES, SEASONAL, LAST_YEAR = int(Kind.WINTERS_TIMES), int(Kind.SEASONAL), int(Kind.LAST_YEAR)
POOLED = int(Voice.POOLED)
WHOLE = 2
CARRIED = 2048
"""Series that one thread looks ahead for, or carries on, at a time."""
Plane = NDArray[np.float32]


class Chosen(NamedTuple):
    """Sets int32 (n, most), -1 for none, and weights (n, most); their memories, and where each series' begin (n + 1,).

    A memory is that of a run of one lane (`lanes`), parameters and all: it is read and carried on where it lies.
    """

    ids: NDArray[np.int32]
    weight: Plane
    begins: NDArray[np.int64]
    state: Vector


def means_ahead(
    bank: Bank, chosen: Chosen, known: int, rows: tuple[Plane, NDArray[np.int32]], move: tuple[Plane, NDArray[np.int64]]
) -> Plane:
    """Weighted means float32 (n, H) of the periods from `known` on.

    `rows`: factors ahead (G, H) and the group of each series; `move`: movements (K, A x B) now, and keys (tables, n).
    """
    out = np.zeros((len(chosen.ids), rows[0].shape[1]), np.float32)
    in_chunks(partial(_means_ahead, (bank, chosen), known, rows, move, out), len(chosen.ids), CARRIED)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _means_ahead(
    mixture: tuple[Bank, Chosen],
    known: int,
    rows: tuple[Plane, NDArray[np.int32]],
    move: tuple[Plane, NDArray[np.int64]],
    out: Plane,
    some: tuple[int, int],
) -> None:
    bank, chosen = mixture
    factor, group = rows
    ratios, key = move
    horizon = factor.shape[1]
    scratch = np.zeros(8, np.float32)
    means = np.zeros(horizon, np.float32)
    for i in range(some[0], some[1]):
        at = chosen.begins[i]
        for k in range(chosen.ids.shape[1]):
            which = chosen.ids[i, k]
            if which < 0:
                break
            voice = which // L
            r = bank.run_of[voice]
            memory = chosen.state[at : at + state_length(bank, r)]
            at += len(memory)
            shape = Shape(bank.shape[r, 0], bank.shape[r, 1], bank.shape[r, 2])
            speak(shape, bank.voice[voice], memory, 1, (WHOLE, scratch))
            if bank.voice[voice] == POOLED:
                scratch[0] *= ratios[key[bank.table[voice], i], which % L]
            periods_ahead(shape, memory, known, factor[group[i]], (scratch, means))
            for h in range(horizon):
                out[i, h] += chosen.weight[i, k] * means[h]


@njit(cache=True, error_model="numpy")
def periods_ahead(shape: Shape, memory: Vector, known: int, factor: Vector, out: tuple[Vector, Vector]) -> None:
    """Means of the periods ahead of one set; `out`: scratch with base, slope, phi, and where they go."""
    scratch, means = out
    kind, season = shape.kind, shape.length
    base, slope, phi = scratch[0], scratch[1], scratch[2]
    power, steps = ONE, ZERO
    for h in range(len(factor)):
        t = known + h
        f = factor[h]
        if kind < FLAT_BELOW:
            mean = base * f
        elif kind < SEASONAL:
            power *= phi
            steps += power
            mean = (base + slope * steps) * f
            if kind >= LINE_BELOW:
                index = memory[6 + t % season]
                mean = mean * index if kind == WINTERS_TIMES else mean + index * f
        elif kind == SEASONAL:
            share = memory[1] * memory[2 + season + 1 + t % season]
            mean = share * memory[2 + t % season] + (ONE - share) * base
        elif kind == LAST_YEAR:
            exact, wide = years_ago(memory, 5, (season, shape.step), known, t)
            value = wide if memory[1] > ZERO else exact
            share = memory[0] if value >= ZERO else ZERO
            mean = share * value + (ONE - share) * base * f
        else:
            mean = base * f + slope * last_of_phase(memory, 1, season, t % season)
        means[h] = max(mean, ZERO)


def carry_on(bank: Bank, chosen: Chosen, known: int, cells: Cells) -> None:
    """Carry the memories over the periods of `cells` (n, k), the first of which is period `known`, where they lie."""
    in_chunks(partial(_carry, bank, chosen, known, cells), len(chosen.ids), CARRIED)


@njit(cache=True, nogil=True, error_model="numpy")
def _carry(bank: Bank, chosen: Chosen, known: int, cells: Cells, some: tuple[int, int]) -> None:
    for i in range(some[0], some[1]):
        at = chosen.begins[i]
        for k in range(chosen.ids.shape[1]):
            which = chosen.ids[i, k]
            if which < 0:
                break
            r = bank.run_of[which // L]
            memory = chosen.state[at : at + state_length(bank, r)]
            at += len(memory)
            shape = Shape(bank.shape[r, 0], bank.shape[r, 1], bank.shape[r, 2])
            for t in range(cells.demand.shape[1]):
                if cells.seen[i, t]:
                    step(shape, memory, 1, known + t, (cells.demand[i, t], cells.factor[cells.group[i], t]))
                else:
                    skip(shape, memory, 1, known + t)
