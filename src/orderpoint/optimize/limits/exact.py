"""The same choice as a mixed-integer program, for few lines, through HiGHS."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from orderpoint.optimize.limits.problem import Lines, Terms

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Answer:
    """What the solver says: `choice` (n,), None where it found none, and the most that can be saved, money."""

    choice: IntArray | None
    bound: float


@dataclass(frozen=True, slots=True)
class Care:
    """How far HiGHS goes: to a relative `gap`, over at most `nodes` nodes (not seconds, so that answers repeat)."""

    gap: float = 1e-7
    nodes: int = 2000


def solve(lines: Lines, terms: Terms, care: Care, offered: NDArray[np.bool_] | None = None) -> Answer:
    """Ask HiGHS for the best choice among those `offered` (n, P), all where None; its word is not checked here.

    Variables: x of each choice, y of each supplier (an order is placed), c of each supplier (containers). Every row is
    divided by its limit, so that a tolerance means the same in all.
    """
    line, column = np.nonzero(distinct(lines) if offered is None else offered & distinct(lines))
    program = _Program(lines, terms, line.astype(np.int64), column.astype(np.int64))
    rows = [program.one_each(), *program.common(), *program.of_suppliers()]
    upper = np.ones(program.width)
    upper[len(line) + len(terms.minimum) :] = np.inf
    cost = np.zeros(program.width)
    cost[: len(line)] = -lines.saving[line, column]
    cost[len(line) : len(line) + len(terms.minimum)] = terms.charge
    scale = max(float(np.abs(cost).sum()), 1e-12)
    with unheard():
        found = milp(
            cost / scale,
            constraints=[LinearConstraint(row.matrix, row.low, row.high) for row in rows],
            integrality=np.ones(program.width),
            bounds=Bounds(0.0, upper),
            options={"mip_rel_gap": care.gap, "node_limit": care.nodes},
        )
    bound = np.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound) * scale
    if found.x is None:
        return Answer(None, bound)
    choice = np.zeros(len(lines.quantity), np.int64)
    chosen = found.x[: len(line)] > 0.5
    choice[line[chosen]] = column[chosen]
    return Answer(choice, bound)


@contextmanager
def unheard() -> Iterator[None]:
    """Keep a line of HiGHS's own debugging, which no option turns off (1.8 to 1.12), out of a plan's output."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Linear rows: low <= matrix @ variables <= high."""

    matrix: csr_array
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class _Program:
    """The rows of the program; choice j is `column[j]` of line `line[j]`."""

    lines: Lines
    terms: Terms
    line: IntArray
    column: IntArray

    @property
    def width(self) -> int:
        """Number of variables."""
        return len(self.line) + 2 * len(self.terms.minimum)

    @property
    def money(self) -> FloatArray:
        """Money of each choice."""
        return self.lines.money[self.line, self.column]

    @property
    def volume(self) -> FloatArray:
        """Volume of each choice."""
        return self.lines.quantity[self.line, self.column] * self.lines.unit_volume[self.line]

    def matrix(self, row: IntArray, at: IntArray, value: FloatArray, rows: int) -> csr_array:
        """A sparse matrix over all variables."""
        return coo_array((value, (row, at)), shape=(rows, self.width)).tocsr()

    def one_each(self) -> _Rows:
        """At most one choice of each line."""
        at = np.arange(len(self.line))
        return _Rows(self.matrix(self.line, at, np.ones(len(at)), len(self.lines.quantity)), -np.inf, 1.0)

    def common(self) -> list[_Rows]:
        """Budget and room."""
        at, rows = np.arange(len(self.line)), []
        if np.isfinite(self.terms.budget):
            share = self.money / max(self.terms.budget, 1e-12)
            limit = 1.0 if self.terms.budget > 0.0 else 0.0
            rows.append(_Rows(self.matrix(np.zeros_like(at), at, share, 1), -np.inf, limit))
        place = self.lines.place[self.line]
        room = self.terms.room[place]
        held = np.isfinite(room) & (self.volume > 0.0)
        if held.any():
            share = self.volume[held] / np.maximum(room[held], 1e-12)
            rows.append(_Rows(self.matrix(place[held], at[held], share, len(self.terms.room)), -np.inf, 1.0))
        return rows

    def of_suppliers(self) -> list[_Rows]:
        """An order is placed and paid for where anything is bought, reaches its minimum, and fills its containers."""
        terms, count, suppliers = self.terms, len(self.line), len(self.terms.minimum)
        supplier = self.lines.supplier[self.line]
        at = np.flatnonzero((supplier >= 0) & terms.all_or_nothing[supplier]) if suppliers else np.zeros(0, np.int64)
        if not len(at):
            return []
        order = count + supplier[at]
        link = self.matrix(np.arange(len(at)), at, np.ones(len(at)), len(at))
        rows = [_Rows(link - self.matrix(np.arange(len(at)), order, np.ones(len(at)), len(at)), -np.inf, 0.0)]
        placed = count + np.arange(suppliers)
        asked = np.flatnonzero(terms.minimum > 0.0)
        share = self.money[at] / np.where(terms.minimum > 0.0, terms.minimum, np.inf)[supplier[at]]
        spent = self.matrix(supplier[at], at, share, suppliers)[asked]
        rows.append(
            _Rows(spent - self.matrix(asked, placed[asked], np.ones(len(asked)), suppliers)[asked], 0.0, np.inf)
        )
        boxed = np.flatnonzero(np.isfinite(terms.container))
        ones, boxes = np.ones(len(boxed)), placed[boxed] + suppliers
        filled = self.matrix(supplier[at], at, self.volume[at] / terms.container[supplier[at]], suppliers)[boxed]
        filled = filled - self.matrix(boxed, boxes, ones, suppliers)[boxed]
        ordered = self.matrix(boxed, placed[boxed], ones, suppliers)[boxed]
        rows.append(_Rows(filled, -np.inf, 0.0))
        rows.append(_Rows(filled + (1.0 - terms.fill) * ordered, 0.0, np.inf))
        rows.append(_Rows(self.matrix(boxed, boxes, ones, suppliers)[boxed] - ordered, 0.0, np.inf))
        return [row for row in rows if row.matrix.shape[0]]


def distinct(lines: Lines) -> NDArray[np.bool_]:
    """(n, P): choices that buy something that the column before does not."""
    offered = np.zeros(lines.quantity.shape, np.bool_)
    offered[:, 1:] = np.diff(lines.quantity, axis=1) > 0.0
    return offered & np.isfinite(lines.saving)
