"""The contract that every policy keeps; `orderpoint.testing` ships the suite that checks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot


class Policy(Protocol):
    """Decides what to order today. A frozen dataclass whose parameters were checked when it was made."""

    @property
    def name(self) -> str:
        """The mission's name of the algorithm, in lower case: what `--method` takes."""
        ...

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today: whole units that keep MOQ, pack, maxima, status and budget.

        The same input gives the same result, bit by bit.
        """
        ...

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve, whoever made them."""
        ...


@runtime_checkable
class SeesWithin(Protocol):
    """A policy that judges places by other links than their own suppliers."""

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot by which `evaluate` judges."""
        ...


@runtime_checkable
class EvaluatesSeveral(Protocol):
    """A policy that looks at several decisions on paths of demand which it draws once."""

    def evaluate_several(self, demand: Demand, cases: Sequence[tuple[Snapshot, Decisions]]) -> list[Evaluation]:
        """What `evaluate` says of each case; they differ in their stock and decisions only."""
        ...


def evaluations(policy: Policy, demand: Demand, cases: Sequence[tuple[Snapshot, Decisions]]) -> list[Evaluation]:
    """What `policy` expects of each (snapshot, decisions); the snapshots differ in their stock only."""
    if isinstance(policy, EvaluatesSeveral):
        return policy.evaluate_several(demand, cases)
    return [policy.evaluate(snapshot, demand, decisions) for snapshot, decisions in cases]


def judged_by(policy: Policy, snapshot: Snapshot) -> Snapshot:
    """The snapshot on which what `policy` expects of its decisions comes true, or does not."""
    return policy.seen(snapshot) if isinstance(policy, SeesWithin) else snapshot
