"""The guaranteed-service problem: how long may each stage let its customers wait, so that safety stock costs least.

Source: S. C. Graves and S. P. Willems, "Optimizing strategic safety stock placement in supply chains", Manufacturing &
Service Operations Management 2 (2000), 68-83, problem P. Each stage j promises to its customers to deliver within S_j,
waits SI_j = max S_i for its slowest supplier i, and works T_j. Its safety stock covers the demand that the bound
admits over the net replenishment time tau_j = SI_j + T_j - S_j:

    min  sum_j h_j B_j(SI_j + T_j - S_j)    S_i <= SI_j on every arc (i, j);  SI_j + T_j - S_j >= 0;
                                            S_j <= s_j where customers wait;  SI_j >= what an outer supplier takes
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.optimize.network.graph import StageGraph
from orderpoint.optimize.network.tree import Costs, Ranges
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ANY_TIME = 2**40
"""The longest service time of a stage that faces no customer."""
LONGEST = 100_000
"""Periods from the first supplier to the last customer; more is a mistake of unit."""


@dataclass(frozen=True, eq=False)
class GuaranteedService:
    """n stages of a graph and what they cost; all arrays are (n,).

    `holding_cost` money per unit of safety stock and period. `stage_time` whole periods. `spread`: safety stock for a
    net replenishment time of one period, z sigma, in units (see `pooled_spread`). `max_service_time`: the longest wait
    that may be promised, whole periods; ANY_TIME where no customer is. `inbound_time`: whole periods that outer
    suppliers take. Safety stock for tau periods is spread * bound_shape[bound_row, tau]; None: the square root of tau.
    Own shapes (k, W) start with 0 and never fall; they need not be concave, and W must reach `longest` + 1.

    Raises ValueError where a number is missing, negative or no whole period.
    """

    graph: StageGraph
    holding_cost: FloatArray
    stage_time: IntArray
    spread: FloatArray
    max_service_time: IntArray
    inbound_time: IntArray
    bound_shape: FloatArray | None = None
    bound_row: IntArray | None = None

    def __post_init__(self) -> None:
        n = (self.graph.stages,)
        for name in ("holding_cost", "stage_time", "spread", "max_service_time", "inbound_time"):
            checks.shape(f"guaranteed service.{name}", getattr(self, name), n)
            checks.finite(f"guaranteed service.{name}", getattr(self, name), least=0.0)
        for name in ("stage_time", "max_service_time", "inbound_time"):
            if not np.issubdtype(getattr(self, name).dtype, np.integer):
                raise ValueError(f"guaranteed service.{name}: expected whole periods; round up and pass int64")
        if self.longest > LONGEST:
            raise ValueError(
                f"guaranteed service: expected at most {LONGEST} periods from end to end, got {self.longest}; count in "
                "longer periods"
            )
        self._check_bounds(n)

    def _check_bounds(self, n: tuple[int, ...]) -> None:
        if self.bound_shape is None or self.bound_row is None:
            if self.bound_shape is not None or self.bound_row is not None:
                raise ValueError("guaranteed service: expected bound_shape and bound_row together; give both or none")
            return
        checks.shape("guaranteed service.bound_row", self.bound_row, n)
        checks.finite("guaranteed service.bound_shape", self.bound_shape, least=0.0)
        rows, width = self.bound_shape.shape
        if width < self.longest + 1 or ((self.bound_row < 0) | (self.bound_row >= rows)).any():
            raise ValueError(
                f"guaranteed service.bound_shape: expected rows for tau = 0..{self.longest} and bound_row below "
                f"{rows}, got {width} columns; lengthen the table"
            )
        if (self.bound_shape[:, 0] != 0.0).any() or (np.diff(self.bound_shape) < 0.0).any():
            raise ValueError("guaranteed service.bound_shape: expected rows that start with 0 and never fall")

    @cached_property
    def ranges(self) -> Ranges:
        """The widest service times that can make sense: no stage waits longer than its slowest chain of suppliers."""
        in_high, out_high = _reach(
            self.graph.order,
            self.graph.source,
            self.graph.target,
            (self.stage_time, self.inbound_time, self.max_service_time),
        )
        return Ranges(self.inbound_time.astype(np.int64), in_high, np.zeros_like(in_high), out_high)

    @cached_property
    def longest(self) -> int:
        """The longest net replenishment time of any stage, in periods."""
        return int((self.ranges.in_high + self.stage_time).max(initial=0))

    @cached_property
    def costs(self) -> Costs:
        """The costs as the kernels read them."""
        nothing = np.empty((0, 0))
        time, weight = self.stage_time.astype(np.int64), self.holding_cost * self.spread
        if self.bound_shape is None or self.bound_row is None:
            shape, row = np.sqrt(np.arange(self.longest + 1.0))[None, :], np.zeros(self.graph.stages, np.int64)
            return Costs(time, weight, row, shape, True, nothing, nothing)  # noqa: FBT003 - a named tuple for kernels
        shape = np.ascontiguousarray(self.bound_shape)
        concave = bool((np.diff(shape, 2) <= 0.0).all())
        return Costs(time, weight, self.bound_row.astype(np.int64), shape, concave, nothing, nothing)


@dataclass(frozen=True, eq=False)
class Placement:
    """Where safety stock stands. All arrays (n,) but the last two.

    `service_time` S, `inbound_time` SI, `net_replenishment_time` tau, whole periods; `safety_stock` units; `cost` money
    per period. `part_cost`, `lower_bound` (parts,): money per period of each part, and what no placement can undercut.
    """

    service_time: IntArray
    inbound_time: IntArray
    net_replenishment_time: IntArray
    safety_stock: FloatArray
    cost: FloatArray
    part_cost: FloatArray
    lower_bound: FloatArray

    @property
    def total_cost(self) -> float:
        """Money per period of all stages."""
        return float(self.part_cost.sum())

    @property
    def gap(self) -> float:
        """The share of `total_cost` that a better placement could save at most."""
        total = self.total_cost
        return 0.0 if total <= 0.0 else max(0.0, 1.0 - float(self.lower_bound.sum()) / total)


def evaluate(problem: GuaranteedService, service_time: IntArray) -> Placement:
    """What given service times (n,), whole periods, need and cost; the lower bound is 0, which is always true.

    Raises ValueError where a customer would wait longer than he may, or a stage promise more time than it takes.
    """
    graph, S = problem.graph, np.asarray(service_time, np.int64)
    checks.shape("guaranteed service.service_time", S, (graph.stages,))
    SI = problem.inbound_time.astype(np.int64)
    np.maximum.at(SI, graph.target, S[graph.source])
    tau = SI + problem.stage_time - S
    for bad, what in (
        (S < 0, "expected a service time of at least 0"),
        (problem.max_service_time < S, "expected at most the longest service time promised to customers"),
        (tau < 0, "expected a service time of at most inbound time + stage time"),
    ):
        if bad.any():
            k = int(np.flatnonzero(bad)[0])
            name = graph.names[k] if graph.names else str(k)
            raise ValueError(f"guaranteed service.service_time: {what}, got {S[k]} at stage {name}; correct it")
    costs = problem.costs
    stock = problem.spread * costs.shape[costs.row, tau]
    cost = problem.holding_cost * stock
    parts = len(graph.part_start) - 1
    part_cost = np.bincount(graph.part, cost, parts).astype(np.float64)
    return Placement(S, SI, tau, stock, cost, part_cost, np.zeros(parts))


@njit(cache=True)
def _reach(
    order: IntArray, source: IntArray, target: IntArray, times: tuple[IntArray, IntArray, IntArray]
) -> tuple[IntArray, IntArray]:
    """The longest SI and S of each stage."""
    stage_time, inbound_time, max_service_time = times
    n = len(order)
    first = np.zeros(n + 1, np.int64)
    for k in range(len(source)):
        first[source[k] + 1] += 1
    first = np.cumsum(first)
    filled, after = first.copy(), np.empty(len(source), np.int64)
    for k in range(len(source)):
        after[filled[source[k]]] = target[k]
        filled[source[k]] += 1
    in_high, out_high = inbound_time.astype(np.int64), np.empty(n, np.int64)
    for k in order:
        out_high[k] = min(in_high[k] + stage_time[k], max_service_time[k])
        for q in range(first[k], first[k + 1]):
            in_high[after[q]] = max(in_high[after[q]], out_high[k])
    return in_high, out_high
