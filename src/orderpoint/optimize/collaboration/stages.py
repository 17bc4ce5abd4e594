"""A network of stages with base stocks, as plain arrays that a compiled loop reads in the order in which goods flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.network.graph import StageGraph
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Arcs(NamedTuple):
    """Per arc (a,), in the forward order of their sources: stages, periods, shares, money per unit, units a period."""

    source: IntArray
    target: IntArray
    lead: IntArray
    share: FloatArray
    cost: FloatArray
    capacity: FloatArray


class Stages(NamedTuple):
    """Per stage (s,), in forward order: money per unit and period, money per order, units of an order and at start."""

    outside: NDArray[np.bool_]
    holding: FloatArray
    penalty: FloatArray
    backlog: NDArray[np.bool_]
    order_cost: FloatArray
    moq: FloatArray
    pack: FloatArray


@dataclass(frozen=True, eq=False)
class BaseStockNetwork:
    """s stages and a arcs to be played.

    Stages (s,): `outside` (no end of goods, no level), `holding` money per unit held at a period's end, `penalty` money
    per unit lost, or with `backlog` per unit and period of waiting, `order_cost` money per order, `moq`, `pack` units.
    Arcs (a,): `source`, `target` stages, `lead` whole periods, `share` of the target's order (they sum to 1
    for each target), `arc_cost` money per unit shipped, `capacity` units a period (inf: no bound).

    Raises ValueError, with the arc's name, where arcs form a cycle.
    """

    outside: NDArray[np.bool_]
    holding: FloatArray
    penalty: FloatArray
    backlog: NDArray[np.bool_]
    order_cost: FloatArray
    moq: FloatArray
    pack: FloatArray
    source: IntArray
    target: IntArray
    lead: IntArray
    share: FloatArray
    arc_cost: FloatArray
    capacity: FloatArray

    def __post_init__(self) -> None:
        stages, arcs = self.outside.shape, self.source.shape
        for name in ("holding", "penalty", "backlog", "order_cost", "moq", "pack"):
            checks.shape(f"network.{name}", getattr(self, name), stages)
        for name in ("target", "lead", "share", "arc_cost", "capacity"):
            checks.shape(f"network.{name}", getattr(self, name), arcs)
        shares = np.bincount(self.target, self.share, len(self.outside))
        fed = np.bincount(self.target, minlength=len(self.outside)) > 0
        if (np.abs(shares - 1.0)[fed] > 1e-9).any():
            raise ValueError("network.share: expected shares that sum to 1 for each target; divide by their sum")
        if (~fed & ~self.outside).any():
            raise ValueError("network: expected an arc into each stage that is not outside; add its source")

    def order(self) -> IntArray:
        """(s,): the stages from the sources to the customers."""
        return StageGraph(len(self.outside), self.source, self.target, np.ones(len(self.source))).order

    def compiled(self) -> tuple[Stages, Arcs, IntArray]:
        """Stages and arcs in forward order, and that order."""
        order = self.order()
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        rows = np.lexsort((place[self.target], place[self.source]))
        arcs = Arcs(
            place[self.source][rows],
            place[self.target][rows],
            self.lead[rows].astype(np.int64),
            self.share[rows],
            self.arc_cost[rows],
            self.capacity[rows],
        )
        names = ("outside", "holding", "penalty", "backlog", "order_cost", "moq", "pack")
        return Stages(*(getattr(self, name)[order] for name in names)), arcs, order
