"""The plan of a network as tables for pages and reports: who sends what where, what telling is worth, who supplies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from orderpoint.optimize.collaboration.network_flows import FlowCase, NetworkFlows, joined, part_flows
from orderpoint.optimize.collaboration.sourcing import Sourced, sourced
from orderpoint.optimize.collaboration.tiers import Tiers, tiers_of
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

PER_STAGE = 4
"""Variables that the flow program has for every place and period, beside one for each arc and period."""


@dataclass(frozen=True, eq=False)
class NetworkPlan:
    """The networks of items in which most money flows: `planned` of them, of `networks` in all.

    `flows` of these; `tiers`: their chains alone and with shared information, where all places count the same unit;
    `sourced`: series with several offers, the first few of `several`.
    """

    flows: NetworkFlows
    tiers: tuple[Tiers, ...]
    sourced: tuple[Sourced, ...]
    planned: int
    networks: int
    several: int


@runtime_checkable
class PlansNetwork(Protocol):
    """A policy that plans places as a network; `None` where there is none after all."""

    def network_plan(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> NetworkPlan | None:
        """The network after `decisions`."""
        ...


def network_plan_of(case: FlowCase, demand: Demand, variables: int, seed: int) -> NetworkPlan:
    """The plan of the networks of `case`, those of the most valuable demand first.

    As many as have `variables` variables in their flow programs together, and at least one.
    """
    feeds, mean = case.feeds, case.mean
    count = int(feeds.part.max(initial=-1)) + 1
    worth = np.bincount(feeds.part, mean.sum(axis=1) * case.snapshot.costs.unit_cost, count)
    arcs = np.bincount(feeds.part[feeds.source], minlength=count)
    size = (PER_STAGE * np.bincount(feeds.part, minlength=count) + arcs) * mean.shape[1]
    joint = np.flatnonzero(arcs > 0)
    ranked = joint[np.argsort(-worth[joint], kind="stable")]
    fits = int(np.searchsorted(np.cumsum(size[ranked]), variables, side="right"))
    chosen = ranked[: max(fits, 1)]
    rows = [np.flatnonzero(feeds.part == p) for p in chosen]
    alike = [mine for mine in rows if len(np.unique(case.structure.units.size[mine])) == 1]
    chains = [tiers_of(case.snapshot, demand, feeds, mine, seed) for mine in alike]
    several, offered = sourced(case.snapshot, demand, case.decisions)
    return NetworkPlan(
        flows=joined([part_flows(case, int(p)) for p in chosen]),
        tiers=tuple(chain for chain in chains if chain is not None),
        sourced=several,
        planned=len(chosen),
        networks=len(joint),
        several=offered,
    )
