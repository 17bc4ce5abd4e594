"""All runs and voices of a portfolio as arrays that kernels take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.statistical.lanes import LANES, SLOTS, Shape, Size, Voice, size

Ints = NDArray[np.int64]


class Bank(NamedTuple):
    """Runs at their slots, R in all, with V voices.

    `shape` int64 (R, 3): kind, length, step. `at` int64 (R, 3): where states and what is shared begin in the memory of
    a run, and where that ends (0: the slot is empty). `params` float32 (R, P, LANES). `run_of` int64 (V,): the slot of
    a voice; `voice` int64 (V,): what it says; `table` int64 (V,): which movement of groups it reads, -1 for none. Set
    number v * LANES + c is lane c of voice v.
    """

    shape: Ints
    at: Ints
    params: NDArray[np.float32]
    run_of: Ints
    voice: Ints
    table: Ints


@dataclass(frozen=True, eq=False)
class Run:
    """One recursion: `params` float32 (P, C), C at most LANES, and the voices that speak of it.

    A voice is its name, what it says, and the movement table that it reads (-1 for none).
    """

    shape: Shape
    params: NDArray[np.float32]
    voices: tuple[tuple[str, Voice, int], ...]


def bank_of(runs: Mapping[str, Run]) -> Bank:
    """The runs by the names of their slots; lanes that a run does not fill repeat its last set."""
    slots = [name for name, _ in SLOTS]
    kinds = dict(SLOTS)
    sizes = {name: size(run.shape) for name, run in runs.items()}
    params = np.zeros((len(SLOTS), max(s.params for s in sizes.values()), LANES), np.float32)
    shape, at = np.zeros((len(SLOTS), 3), np.int64), np.zeros((len(SLOTS), 3), np.int64)
    for name, run in runs.items():
        rows, sets = run.params.shape
        if run.shape.kind != kinds[name] or rows != sizes[name].params or not 1 <= sets <= LANES:
            raise ValueError(f"bank: expected {kinds[name]!r} with 1 to {LANES} sets at {name}, got {run.shape}")
        slot = slots.index(name)
        params[slot, :rows, :sets] = run.params
        params[slot, :rows, sets:] = run.params[:, -1:]
        shape[slot] = tuple(run.shape)
        at[slot] = _places(sizes[name])
    voices = [(slots.index(name), int(said), table) for name, run in runs.items() for _, said, table in run.voices]
    of = np.array(voices, np.int64).reshape(-1, 3).T.copy()
    return Bank(shape, at, params, of[0], of[1], of[2])


def _places(s: Size) -> tuple[int, int, int]:
    """Where states and what is shared begin, and the end."""
    states = s.params * LANES
    shared = states + s.states * LANES
    return states, shared, shared + s.shared
