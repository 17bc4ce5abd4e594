"""The plan of a network as tables for pages and reports: who sends what where, what telling is worth, who supplies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from orderpoint.optimize.collaboration.network_flows import FlowCase, NetworkFlows, joined, part_flows
from orderpoint.optimize.collaboration.pooled import echelons_of
from orderpoint.optimize.collaboration.sourcing import Sourcings, sourced
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
    `sources`: series that several suppliers offer.
    """

    flows: NetworkFlows
    tiers: tuple[Tiers, ...]
    sources: Sourcings
    planned: int
    networks: int


@runtime_checkable
class PlansNetwork(Protocol):
    """A policy that plans places as a network; `None` where there is none after all."""

    def network_plan(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> NetworkPlan | None:
        """The network after `decisions`."""
        ...


def network_plan_of(case: FlowCase, demand: Demand, sampling: tuple[int, int], late_share: float) -> NetworkPlan:
    """The plan of the networks of `case`, those of the most valuable demand first.

    `sampling`: the most variables that their flow programs have together (one network is planned in any case), and the
    seed of the paths; `late_share` as in `sourced`.
    """
    feeds, mean, (variables, seed) = case.feeds, case.mean, sampling
    count = int(feeds.part.max(initial=-1)) + 1
    worth = np.bincount(feeds.part, mean.sum(axis=1) * case.snapshot.costs.unit_cost, count)
    arcs = np.bincount(feeds.part[feeds.source], minlength=count)
    offers = np.where(case.structure.orders, np.diff(case.snapshot.supply.offsets), 0)
    stages = np.bincount(feeds.part, 1 + offers, count)
    size = (PER_STAGE * stages + arcs + np.bincount(feeds.part, offers, count)) * mean.shape[1]
    joint = np.flatnonzero(arcs > 0)
    ranked = joint[np.argsort(-worth[joint], kind="stable")]
    fits = int(np.searchsorted(np.cumsum(size[ranked]), variables, side="right"))
    chosen = ranked[: max(fits, 1)]
    rows = [np.flatnonzero(feeds.part == p) for p in chosen]
    alike = [mine for mine in rows if len(np.unique(case.structure.units.size[mine])) == 1]
    fed = feeds, feeds.passing(demand.mean.mean(axis=1)[:, None])[:, 0]
    chains = [tiers_of(case.snapshot, demand, fed, mine, seed) for mine in alike]
    return NetworkPlan(
        flows=joined([part_flows(case, int(p)) for p in chosen]),
        tiers=tuple(chain for chain in chains if chain is not None),
        sources=sourced(case.snapshot, demand, case.decisions, echelons_of(case.structure), late_share),
        planned=len(chosen),
        networks=len(joint),
    )
