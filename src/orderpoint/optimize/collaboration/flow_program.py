"""The linear program of `flows` as arrays, its solution, and the check of a solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.collaboration.flow_problem import FlowProblem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Solved(NamedTuple):
    """Values of the variables, and the price of each balance line."""

    x: FloatArray
    duals: FloatArray


@dataclass(frozen=True, eq=False)
class FlowProgram:
    """min cost'x, balance x = right, 0 <= x <= upper; `limits` name groups of bounds, `bound_of` (v,) says which (-1).

    `starts`: first column and shape of each part of x: shipped (a, H), bought, stock, short, served (s, H). The lines
    are the goods of each stage and period, then its customers.
    """

    cost: FloatArray
    balance: Any
    right: FloatArray
    upper: FloatArray
    limits: tuple[str, ...]
    bound_of: IntArray
    starts: dict[str, tuple[int, tuple[int, int]]]

    def part(self, x: FloatArray, name: str) -> FloatArray:
        """One part of x in its shape."""
        first, shape = self.starts[name]
        return np.maximum(x[first : first + shape[0] * shape[1]], 0.0).reshape(shape)

    def keeping(self, kept: frozenset[str]) -> FlowProgram:
        """The program with the limits `kept` alone; the bounds of the others are gone, and nothing costs."""
        dropped = np.array([name not in kept for name in self.limits] + [False])
        upper = np.where(dropped[self.bound_of], np.inf, self.upper)
        return replace(self, upper=upper, cost=np.zeros_like(self.cost))


def program_of(problem: FlowProblem) -> FlowProgram:
    """The program of a flow problem."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - slow to import, needed once

    stages, periods = problem.demand.shape
    arcs = len(problem.source)
    sizes = {"shipped": arcs, "bought": stages, "stock": stages, "short": stages, "served": stages}
    starts, first = {}, 0
    for name, rows in sizes.items():
        starts[name] = (first, (rows, periods))
        first += rows * periods
    begins = {name: start for name, (start, _) in starts.items()}
    cells = np.concatenate([_goods(problem, begins), _customers(problem, begins)], axis=1)
    lines = 2 * stages * periods
    balance = coo_array((cells[2], (cells[0].astype(np.int64), cells[1].astype(np.int64))), (lines, first))
    goods = problem.receipts.copy()
    goods[:, 0] += problem.on_hand
    right = np.concatenate([goods.ravel(), problem.demand.ravel()])
    upper, limits, bound_of = _bounds(problem)
    must = ~np.isfinite(problem.shortage)
    shortage = np.where(must, 0.0, problem.shortage)
    per_row = (problem.cost, problem.supply_cost, problem.holding, shortage, np.zeros(stages))
    cost = np.concatenate([np.repeat(row, periods) for row in per_row])
    return FlowProgram(cost, balance.tocsr(), right, upper, limits, bound_of, starts)


def _goods(problem: FlowProblem, start: dict[str, int]) -> FloatArray:
    """(3, cells): row, column and value of what is left of each stage's goods, and where they went."""
    stages, periods = problem.demand.shape
    grid = np.arange(stages * periods).reshape(stages, periods)
    every = grid.ravel()
    cells = [
        _cells(every, start["stock"] + every, 1.0),
        _cells(grid[:, 1:].ravel(), start["stock"] + grid[:, :-1].ravel(), -1.0),
        _cells(every, start["served"] + every, 1.0),
        _cells(every, start["bought"] + every, -1.0),
    ]
    for k, (source, target) in enumerate(zip(problem.source, problem.target, strict=True)):
        lead, columns = int(problem.lead[k]), k * periods + np.arange(periods)
        cells.append(_cells(grid[source], columns, float(problem.per[k])))
        cells.append(_cells(grid[target, lead:], columns[: max(periods - lead, 0)], -1.0))
    return np.concatenate(cells, axis=1)


def _customers(problem: FlowProblem, start: dict[str, int]) -> FloatArray:
    """(3, cells): the same for customers: served, or short, or waiting since the period before."""
    stages, periods = problem.demand.shape
    grid = np.arange(stages * periods).reshape(stages, periods)
    every, waits = grid.ravel(), np.flatnonzero(problem.backlog)
    lines = stages * periods
    cells = [
        _cells(lines + every, start["served"] + every, 1.0),
        _cells(lines + every, start["short"] + every, 1.0),
        _cells(lines + grid[waits, 1:].ravel(), start["short"] + grid[waits, :-1].ravel(), -1.0),
    ]
    return np.concatenate(cells, axis=1)


def _cells(rows: IntArray, columns: IntArray, value: float) -> FloatArray:
    return np.stack([rows, columns, np.full(len(rows), value)])


def _bounds(problem: FlowProblem) -> tuple[FloatArray, tuple[str, ...], IntArray]:
    """(upper bound of each variable, names of limits, the limit of each variable or -1 where it has none)."""
    periods = problem.demand.shape[1]
    lost = np.where(problem.backlog[:, None], np.inf, problem.demand)
    must = ~np.isfinite(problem.shortage)
    may = np.where(must[:, None], 0.0, lost)
    names = problem.names
    arcs = [f"{names[s]} -> {names[t]}" for s, t in zip(problem.source, problem.target, strict=True)]
    capacity = np.repeat(problem.capacity[:, None], periods, axis=1)
    space = np.repeat(problem.space[:, None], periods, axis=1)
    rows = [
        *_named("capacity of", arcs, capacity, np.isfinite(problem.capacity)),
        *_named("supply of", names, problem.supply, _bounded(problem.supply)),
        *_named("space of", names, space, np.isfinite(problem.space)),
        *_named("demand of", names, may, must & (problem.demand > 0.0).any(axis=1)),
        *[("", np.full(periods, np.inf))] * len(names),
    ]
    limits = [name for name, _ in rows if name]
    place = {name: k for k, name in enumerate(limits)}
    bound_of = np.repeat([place.get(name, -1) for name, _ in rows], periods).astype(np.int64)
    return np.concatenate([row for _, row in rows]), tuple(limits), bound_of


def _bounded(supply: FloatArray) -> NDArray[np.bool_]:
    """The stages whose supply is a limit: some, but not without end; none at all is how the network is built."""
    return np.asarray(np.isfinite(supply).any(axis=1) & (supply > 0.0).any(axis=1))


def _named(
    kind: str, names: Sequence[str], bounds: FloatArray, limited: NDArray[np.bool_]
) -> list[tuple[str, FloatArray]]:
    """(name of the limit or "" where it is none, its bounds) of each row."""
    return [(f"{kind} {name}" if limits else "", row) for name, row, limits in zip(names, bounds, limited, strict=True)]


def solved(program: FlowProgram) -> Solved | None:
    """The optimum by HiGHS; None where there is no solution. Raises ArithmeticError where the solver gives up."""
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import, needed once

    bounds = np.stack([np.zeros_like(program.upper), program.upper], axis=1)
    result = linprog(program.cost, A_eq=program.balance, b_eq=program.right, bounds=bounds, method="highs")
    if result.status == 2:
        return None
    if result.status != 0:
        raise ArithmeticError(f"least_cost_flow: the solver gave up ({result.message})")
    return Solved(np.asarray(result.x), np.asarray(result.eqlin.marginals))


def violation(program: FlowProgram, x: FloatArray) -> float:
    """By how many units an answer breaks its worst line or bound; inf where it is no number."""
    if not np.isfinite(x).all():
        return float("inf")
    lines = np.abs(program.balance @ x - program.right).max(initial=0.0)
    return float(max(lines, (-x).max(initial=0.0), (x - program.upper).max(initial=0.0)))
