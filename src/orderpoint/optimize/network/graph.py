"""A network of stages without a cycle: who feeds whom, in which order, and in how many parts that touch nowhere.

What is wrong with a network is said by the name of the arc: one that closes a cycle, that leads nowhere, that stands
twice, that starts where it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.network.flow_order import ordered, parts_of
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StageGraph:
    """n stages and a arcs; goods flow from `source` to `target`.

    `stages` is n. `source`, `target` int64 (a,) are stages 0..n-1; `quantity_per` (a,), above 0, are units of the
    source in one unit of the target. `names` (n,) or empty are for messages. Parts that touch nowhere are allowed:
    each is a network of its own, so many networks are one graph.

    Raises ValueError, with the arc's name, for an unknown stage, a self-loop, an arc that stands twice, or a cycle.
    """

    stages: int
    source: IntArray
    target: IntArray
    quantity_per: FloatArray
    names: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        checks.shape("network.target", self.target, self.source.shape)
        checks.shape("network.quantity_per", self.quantity_per, self.source.shape)
        if self.names and len(self.names) != self.stages:
            raise ValueError(f"network.names: expected {self.stages} names, got {len(self.names)}; name every stage")
        self._check_arcs()
        checks.finite("network.quantity_per", self.quantity_per, least=float(np.finfo(np.float64).tiny))
        _ = self.order  # a cycle is found here

    @classmethod
    def of_names(
        cls, names: Sequence[str], arcs: Iterable[tuple[str, str]], quantity_per: Sequence[float] | None = None
    ) -> StageGraph:
        """The graph of `arcs` (source, target) between `names`; `quantity_per` is 1 where it is not given."""
        row = {name: k for k, name in enumerate(names)}
        pairs = list(arcs)
        for source, target in pairs:
            for name in (source, target):
                if name not in row:
                    raise ValueError(
                        f"network: the arc {source} -> {target} leads to {name}, which is no stage; add the stage or "
                        "remove the arc"
                    )
        ends = np.array([(row[s], row[t]) for s, t in pairs], np.int64).reshape(-1, 2)
        quantity = np.ones(len(pairs)) if quantity_per is None else np.asarray(quantity_per, np.float64)
        return cls(len(names), ends[:, 0].copy(), ends[:, 1].copy(), quantity, tuple(names))

    def arc_name(self, source: int, target: int) -> str:
        """An arc as people read it: "Part_1 -> Plant_2", or its numbers where stages have no names."""
        ends = (self.names[k] if self.names and 0 <= k < self.stages else f"stage {k}" for k in (source, target))
        return " -> ".join(ends)

    @cached_property
    def order(self) -> IntArray:
        """(n,): part by part, and in each part every source before its targets."""
        order, found = ordered(self.stages, self.source, self.target, self.part)
        if found < self.stages:
            arcs = ", ".join(self.arc_name(s, t) for s, t in _cycle(order[:found], self))
            raise ValueError(f"network: expected no cycle, but these arcs are one: {arcs}; remove one of them")
        return order

    @cached_property
    def place(self) -> IntArray:
        """(n,): where each stage stands in `order`."""
        place = np.empty(self.stages, np.int64)
        place[self.order] = np.arange(self.stages)
        return place

    @cached_property
    def part(self) -> IntArray:
        """(n,): the part of each stage, 0, 1, .. in the order of their first stages."""
        return parts_of(self.stages, self.source, self.target)

    @cached_property
    def part_start(self) -> IntArray:
        """(parts + 1,): where each part begins in `order`."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.part))]).astype(np.int64)

    @cached_property
    def is_tree(self) -> NDArray[np.bool_]:
        """(parts,): whether a part is a tree, the directions of its arcs left aside."""
        arcs = np.bincount(self.part[self.source], minlength=len(self.part_start) - 1)
        return np.asarray(arcs == np.diff(self.part_start) - 1)

    @cached_property
    def has_target(self) -> NDArray[np.bool_]:
        """(n,): whether a stage feeds another."""
        return np.bincount(self.source, minlength=self.stages) > 0

    def _check_arcs(self) -> None:
        ends = np.stack([self.source, self.target])
        for bad, what in (
            (
                ((ends < 0) | (ends >= self.stages)).any(axis=0),
                f"leads outside the {self.stages} stages; add the stage",
            ),
            (self.source == self.target, "ends where it starts; remove it"),
            (_repeated(self.source * self.stages + self.target), "stands twice; add their quantities to one arc"),
        ):
            if bad.any():
                k = int(np.flatnonzero(bad)[0])
                raise ValueError(f"network: the arc {self.arc_name(int(ends[0, k]), int(ends[1, k]))} {what}")


def _repeated(key: IntArray) -> NDArray[np.bool_]:
    first = np.zeros(len(key), np.bool_)
    first[np.unique(key, return_index=True)[1]] = True
    return ~first


def _cycle(done: IntArray, graph: StageGraph) -> list[tuple[int, int]]:
    """The arcs of one cycle among the stages that are not `done`, in the direction of flow."""
    waits = np.ones(graph.stages, np.bool_)
    waits[done] = False
    inside = waits[graph.source] & waits[graph.target]
    before = dict(zip(graph.target[inside].tolist(), graph.source[inside].tolist(), strict=True))
    stage, path = next(iter(before)), []
    while stage not in path:
        path.append(stage)
        stage = before[stage]
    ring = path[path.index(stage) :][::-1]
    return [(ring[k - 1], ring[k]) for k in range(len(ring))]
