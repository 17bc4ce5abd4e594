"""Guaranteed service on trees and Clark-Scarf beside stockpyl: how many times faster, and the same answers.

usage: python -m benchmarks.network_peers [--quick]

Trees of 100 stages, placed many in one call; stockpyl is asked for the first of them, so its time for one tree stands
for all, and the costs of that tree must agree to 1e-9. Serial systems near example 6.1 of Snyder and Shen, many in one
call; stockpyl is asked for the example, whose cost must lie within [47.660, 47.661] here (stockpyl's grid is coarser:
47.669). Rounds of both alternate; each figure is the median of its rounds. stockpyl 1.0.2 was written for numpy 1:
its look-up of grid points is answered here as numpy 1 did, an array "without a copy" and one element as a number.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.optimize.network.graph import StageGraph
from orderpoint.optimize.network.guaranteed import ANY_TIME, GuaranteedService
from orderpoint.optimize.network.placement import Placement, place
from orderpoint.optimize.network.pooling import pooled_spread
from orderpoint.optimize.network.serial import SerialLevels, SerialSystems

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TREES, STAGES, LONGEST_STAGE_TIME = 1_000, 100, 10
SYSTEMS = 1_000
LEAST_TREE, LEAST_SERIAL = 20_000.0, 5_000.0
ROUNDS, QUICK_ROUNDS = 3, 1
MILLISECONDS = 1e3
EXAMPLE_6_1 = (47.660, 47.661)


def tree_arcs(rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """A random tree: each stage feeds an earlier one, or is fed by it."""
    earlier = np.array([rng.integers(k) for k in range(1, STAGES)])
    later, feeds = np.arange(1, STAGES), rng.random(STAGES - 1) < 0.5
    return np.where(feeds, later, earlier), np.where(feeds, earlier, later)


class Trees:
    """Many random trees, as arrays that ours and the peer are built from."""

    def __init__(self, seed: int = 20240101) -> None:
        rng = np.random.default_rng(seed)
        arcs = [tree_arcs(rng) for _ in range(TREES)]
        self.source = np.concatenate([s + k * STAGES for k, (s, _) in enumerate(arcs)])
        self.target = np.concatenate([t + k * STAGES for k, (_, t) in enumerate(arcs)])
        self.holding = rng.uniform(0.1, 2.0, TREES * STAGES)
        self.time = rng.integers(1, LONGEST_STAGE_TIME + 1, TREES * STAGES)

    def placed(self) -> Placement:
        """All of them, from the arrays on: the graph is checked and ordered, demand is pooled, stock is placed."""
        n = TREES * STAGES
        graph = StageGraph(n, self.source, self.target, np.ones(len(self.source)))
        spread = pooled_spread(graph, np.where(graph.has_target, 0.0, 1.0))
        promise = np.where(graph.has_target, ANY_TIME, 0)
        return place(GuaranteedService(graph, self.holding, self.time, spread, promise, np.zeros(n, np.int64)))

    def peer_cost(self) -> float:
        """The cost of the first tree, as stockpyl has it."""
        from stockpyl.gsm_tree import optimize_committed_service_times
        from stockpyl.supply_chain_network import SupplyChainNetwork
        from stockpyl.supply_chain_node import SupplyChainNode

        arcs = slice(0, STAGES - 1)
        tree = SupplyChainNetwork()
        feeds = set(self.source[arcs].tolist())
        for k in range(STAGES):
            node = SupplyChainNode(k, network=tree)
            node.processing_time, node.local_holding_cost = int(self.time[k]), float(self.holding[k])
            if k not in feeds:
                node.external_outbound_cst = 0
                node.demand_source.type = "N"
                node.demand_source.mean, node.demand_source.standard_deviation = 0.0, 1.0
            tree.add_node(node)
        tree.add_edges_from_list(list(zip(self.source[arcs].tolist(), self.target[arcs].tolist(), strict=True)))
        return float(optimize_committed_service_times(tree)[1])


class Serial:
    """Serial systems around example 6.1, the example first."""

    def __init__(self, seed: int = 20240101) -> None:
        factor = np.random.default_rng(seed).uniform(0.5, 2.0, SYSTEMS)
        factor[0] = 1.0
        rows = np.ones((SYSTEMS, 1))
        self.systems = SerialSystems(
            rows * [[3.0, 2.0, 2.0]], rows * [[1.0, 1.0, 2.0]], 37.12 * factor, np.full(SYSTEMS, 5.0)
        )

    def solved(self) -> SerialLevels:
        """The best levels of all."""
        return self.systems.optimal_normal(np.ones(SYSTEMS))

    def peer_cost(self) -> float:
        """The cost of the example, as stockpyl has it."""
        from stockpyl import helpers, ssm_serial

        def find_nearest(array: FloatArray, values: FloatArray, *rest: object) -> IntArray | int:
            found: IntArray = helpers.find_nearest(array, values, *rest)
            return found if np.ndim(values) else int(found[0])

        example = {"echelon_holding_cost": [2, 2, 3], "lead_time": [2, 1, 1], "stockout_cost": 37.12}
        demand = {"demand_mean": 5, "demand_standard_deviation": 1}
        nearest = mock.patch.object(ssm_serial, "find_nearest", find_nearest)
        with mock.patch.object(helpers, "np", NumpyOne()), nearest:
            return float(ssm_serial.optimize_base_stock_levels(num_nodes=3, **example, **demand)[1])


class NumpyOne:
    """numpy, but `array(.., copy=False)` copies where it must."""

    def __getattr__(self, name: str) -> object:
        return getattr(np, name)

    @staticmethod
    def array(values: object, *, ndmin: int = 0, copy: bool = True) -> NDArray[np.generic]:
        """As numpy 1 had it."""
        return np.array(values, ndmin=ndmin, copy=copy or None)


def timed(work: Callable[[], float]) -> tuple[float, float]:
    """What the work returns, and the seconds it took."""
    begun = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - begun


def compared(
    name: str, works: tuple[Callable[[], float], Callable[[], float]], many: int, rounds: int
) -> tuple[dict[str, object], float, float]:
    """The row without its limit, and the last answers; `works`: ours for `many` at once, the peer's for one."""
    ours, peer = works
    ours()  # compiled, or read from the cache, before the clock runs
    our_times, peer_times, our_answer, peer_answer = [], [], 0.0, 0.0
    for _ in range(rounds):
        our_answer, seconds = timed(ours)
        our_times.append(seconds / many)
        peer_answer, seconds = timed(peer)
        peer_times.append(seconds)
    mine, theirs = statistics.median(our_times), statistics.median(peer_times)
    row: dict[str, object] = {"name": name, "unit": "ms each", "ratio": theirs / mine}
    return row | {"ours": mine * MILLISECONDS, "peer": theirs * MILLISECONDS}, our_answer, peer_answer


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the driver's contract
    """The rows of the table: name, ours, peer, limit, ratio, unit."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    trees, serial = Trees(), Serial()
    tree, mine, theirs = compared(
        f"guaranteed service, {TREES:,} trees of {STAGES} stages (stockpyl: one tree)",
        (lambda: float(trees.placed().part_cost[0]), trees.peer_cost),
        TREES,
        rounds,
    )
    if not abs(mine - theirs) <= 1e-9 * theirs:
        raise ArithmeticError(f"guaranteed service: {mine} here, {theirs} with stockpyl")
    line, cost, _ = compared(
        f"Clark-Scarf, {SYSTEMS:,} systems of 3 stages (stockpyl: example 6.1)",
        (lambda: float(serial.solved().cost[0]), serial.peer_cost),
        SYSTEMS,
        rounds,
    )
    if not EXAMPLE_6_1[0] <= cost <= EXAMPLE_6_1[1]:
        raise ArithmeticError(f"Clark-Scarf: example 6.1 costs {cost}")
    return [tree | {"limit": LEAST_TREE}, line | {"limit": LEAST_SERIAL}]


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
