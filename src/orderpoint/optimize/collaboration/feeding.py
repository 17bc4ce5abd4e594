"""Places that feed others, each looked at with all that it feeds: whether there are goods for their customers.

A hub asks for nothing itself, so by itself it never runs out and all it holds looks like too much. Its echelon
(`pooled`) has the customers of every place below it, and the stock on the way to them: it runs out where not even the
best sharing could serve all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np

from orderpoint.optimize.collaboration.pooled import Echelons, echelons_below, pooled
from orderpoint.optimize.collaboration.structure import Structure
from orderpoint.optimize.collaboration.views import seen_from_within
from orderpoint.optimize.sampling import Sampling
from orderpoint.stockflow.placed import moved
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Feeding:
    """The `echelons` of r series that feed others, and what each of them looks like as one series.

    `snapshot`, `demand`, `decisions`, `evaluation` are of r series: stock once today's transfers and further orders are
    on their way, today's orders of the whole echelon, and what they are expected to serve.
    """

    echelons: Echelons
    snapshot: Snapshot
    demand: Demand
    decisions: Decisions
    evaluation: Evaluation


@runtime_checkable
class LooksBelow(Protocol):
    """A policy whose places feed each other."""

    def feeding(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Feeding | None:
        """The places that feed others after `decisions`; None where none does."""
        ...


def feeding_of(
    snapshot: Snapshot, demand: Demand, decisions: Decisions, structure: Structure, sampling: Sampling
) -> Feeding:
    """The places of a structure that feed others, after `decisions`."""
    stocked = moved(seen_from_within(snapshot, structure), decisions)
    echelons = echelons_below(structure)
    view, ahead = pooled(stocked, demand, echelons)
    rows, first = echelons.rows, snapshot.supply.offsets[:-1]
    none = np.zeros(len(rows))
    own = replace(
        decisions.without_orders(),
        quantity=echelons.total(decisions.quantity),
        offer=view.supply.offsets[:-1] + decisions.offer[rows] - first[rows],
        reorder_point=none,
        order_up_to=none,
        shadow_price=none,
        network_gain=None,
        remarks=(),
    )
    return Feeding(echelons, view, ahead, own, sampling.evaluate(view, ahead, own))
