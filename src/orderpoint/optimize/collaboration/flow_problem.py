"""What a least-cost flow is asked of: demand, stock, supply and arcs over the periods of a horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PER_STAGE_AND_PERIOD = ("demand", "receipts", "supply")
PER_STAGE = ("on_hand", "space", "supply_cost", "holding", "shortage")
PER_ARC = ("target", "lead", "capacity", "cost", "per")


@dataclass(frozen=True, eq=False)
class FlowProblem:
    """s stages, a arcs, H periods. Units, and money per unit (of holding and waiting: and period).

    `names` (s,). `demand`, `receipts`, `supply` (s, H): asked for, coming in whatever is decided, and most that may be
    bought or made there (inf: no bound; 0: nothing). `on_hand`, `space` (s,) (inf: no bound); `supply_cost`, `holding`,
    `shortage` (s,): inf where demand must be met; `backlog` (s,): demand waits instead of being lost. Arcs: `source`,
    `target`, `lead` whole periods, `capacity` units a period, `cost`, `per` units of the source for one of the target.
    """

    names: tuple[str, ...]
    demand: FloatArray
    receipts: FloatArray
    supply: FloatArray
    on_hand: FloatArray
    space: FloatArray
    supply_cost: FloatArray
    holding: FloatArray
    shortage: FloatArray
    backlog: NDArray[np.bool_]
    source: IntArray
    target: IntArray
    lead: IntArray
    capacity: FloatArray
    cost: FloatArray
    per: FloatArray

    def __post_init__(self) -> None:
        count = len(self.names)
        shape = (count, self.demand.shape[1])
        for name in PER_STAGE_AND_PERIOD:
            checks.shape(f"flow.{name}", getattr(self, name), shape)
        for name in (*PER_STAGE, "backlog"):
            checks.shape(f"flow.{name}", getattr(self, name), (count,))
        for name in PER_ARC:
            checks.shape(f"flow.{name}", getattr(self, name), self.source.shape)
        for name in ("demand", "receipts", "on_hand", "supply_cost", "holding", "cost", "per"):
            checks.finite(f"flow.{name}", getattr(self, name), least=0.0)
        for name in ("supply", "space", "shortage", "capacity", "lead"):
            if not (getattr(self, name) >= 0).all():
                raise ValueError(f"flow.{name}: expected values of at least 0; say inf where there is no bound")
        ends = np.concatenate([self.source, self.target])
        if ((ends < 0) | (ends >= count)).any():
            raise ValueError("flow.source, flow.target: expected rows of `names`; add the missing stage")
