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

    `starts`: first column and shape of each part of x: shipped (a, H), bought, stock, short (s, H).
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
    sizes = {"shipped": arcs, "bought": stages, "stock": stages, "short": stages}
    starts, first = {}, 0
    for name, rows in sizes.items():
        starts[name] = (first, (rows, periods))
        first += rows * periods
    cells = _balance(problem, {name: start for name, (start, _) in starts.items()})
    balance = coo_array((cells[2], (cells[0].astype(np.int64), cells[1].astype(np.int64))), (stages * periods, first))
    right = problem.demand - problem.receipts
    right[:, 0] -= problem.on_hand
    upper, limits, bound_of = _bounds(problem)
    must = ~np.isfinite(problem.shortage)
    shortage = np.where(must, 0.0, problem.shortage)
    per_row = (problem.cost, problem.supply_cost, problem.holding, shortage)
    cost = np.concatenate([np.repeat(row, periods) for row in per_row])
    return FlowProgram(cost, balance.tocsr(), right.ravel(), upper, limits, bound_of, starts)


def _balance(problem: FlowProblem, start: dict[str, int]) -> FloatArray:
    """(3, cells): row, column and value of the balance lines, supply - use = demand."""
    stages, periods = problem.demand.shape
    cells: list[NDArray[Any]] = []

    def put(rows: IntArray, columns: IntArray, value: FloatArray | float) -> None:
        cells.append(np.stack([rows, columns, np.broadcast_to(value, rows.shape)]))

    grid = np.arange(stages * periods).reshape(stages, periods)
    put(grid.ravel(), start["bought"] + grid.ravel(), 1.0)
    put(grid.ravel(), start["stock"] + grid.ravel(), -1.0)
    put(grid[:, 1:].ravel(), start["stock"] + grid[:, :-1].ravel(), 1.0)
    put(grid.ravel(), start["short"] + grid.ravel(), 1.0)
    waits = np.flatnonzero(problem.backlog)
    put(grid[waits, 1:].ravel(), start["short"] + grid[waits, :-1].ravel(), -1.0)
    for k, (source, target) in enumerate(zip(problem.source, problem.target, strict=True)):
        lead, columns = int(problem.lead[k]), k * periods + np.arange(periods)
        put(grid[source], columns, -float(problem.per[k]))
        put(grid[target, lead:], columns[: max(periods - lead, 0)], 1.0)
    return np.concatenate(cells, axis=1)


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
