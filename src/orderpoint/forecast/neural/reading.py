"""Rows as tensors: numbers, codes, and the last periods of each series lined up with the period that is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from orderpoint.forecast.features.past import Past
from orderpoint.forecast.features.rows import Rows
from orderpoint.forecast.neural.header import Header
from orderpoint.forecast.neural.network import Batch
from orderpoint.forecast.panel import FloatArray


@dataclass(frozen=True, eq=False)
class Book:
    """What rows look up: demand and whether it was seen, with `window` empty periods before the first, and levels."""

    demand: Tensor
    seen: Tensor
    level: Tensor

    @classmethod
    def of(cls, past: Past, window: int, device: str) -> Book:
        """The past of a history as tensors."""
        before = ((0, 0), (window, 0))
        seen = np.pad(past.seen, before)
        demand = np.where(seen, np.pad(past.demand, before), np.float32(0))
        return cls(*(torch.from_numpy(np.ascontiguousarray(a)).to(device) for a in (demand, seen, past.level)))


@dataclass(frozen=True, eq=False)
class Table:
    """R rows: `numbers` (R, N) float32, `codes` (R, C) int64; whose they are, from where and for when, int64 (R,)."""

    numbers: Tensor
    codes: Tensor
    owner: Tensor
    origin: Tensor
    target: Tensor

    @classmethod
    def of(cls, read: tuple[FloatArray, np.ndarray[tuple[int, int], np.dtype[np.int64]]], rows: Rows) -> Table:
        """From the columns of some rows."""
        at = (rows.owner().astype(np.int64), rows.origin.astype(np.int64), rows.target.astype(np.int64))
        return cls(*(torch.from_numpy(np.ascontiguousarray(a)) for a in (*read, *at)))

    def batch(self, which: Tensor | slice, book: Book, header: Header) -> tuple[Batch, Tensor]:
        """Some rows, and the level (B,) of each, float64.

        Place q + phase k of the window holds the k-th last period before the origin that lies a whole number of phases
        and q periods before the one asked for: the same weekday stands at the same place whatever the step ahead.
        """
        device = book.level.device
        owner, origin, target = (a[which].to(device) for a in (self.owner, self.origin, self.target))
        level = book.level[owner, origin]
        place = torch.arange(header.window, device=device)
        turn, q = place // header.phase, place % header.phase
        lag = (q[None, :] - (target - origin + 1)[:, None]) % header.phase + header.phase * turn[None, :]
        at = (origin + header.window - 1)[:, None] - lag
        there = book.seen[owner[:, None], at].to(level.dtype)
        window = torch.log1p(book.demand[owner[:, None], at] / level[:, None])
        batch = Batch(self.numbers[which].to(device), self.codes[which].to(device), window, there)
        return batch, level.double()
