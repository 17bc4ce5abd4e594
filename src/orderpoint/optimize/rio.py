"""RIO: rules that a business writes down, alone or as guard rails of any algorithm (docs/algorithms/rio.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from orderpoint.optimize.base import Policy, evaluations, judged_by
from orderpoint.optimize.build_up.plan import CyclePlan, PlansCycles
from orderpoint.optimize.collaboration.alone import Alone, WeighsTransfers
from orderpoint.optimize.collaboration.feeding import Feeding, LooksBelow
from orderpoint.optimize.collaboration.network_plan import NetworkPlan, PlansNetwork
from orderpoint.optimize.rules.after import guarded
from orderpoint.optimize.rules.before import prepared
from orderpoint.optimize.rules.effects import Effect, remarks_of
from orderpoint.optimize.rules.lots import allowed
from orderpoint.optimize.rules.rule_set import RuleSet
from orderpoint.optimize.rules.scene import cheapest_offers
from orderpoint.optimize.rules.within_limits import Case
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.upkeep import following_demand, upkeep_of
from orderpoint.optimize.weighing import Weighing, Weighs
from orderpoint.stockflow.spoilage import keeping
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.upkeep import Upkeep


@dataclass(frozen=True, eq=False)
class DryRun:
    """What the rules do, step by step: nothing is hidden in the result.

    `seen`: the snapshot after the rules before. `proposed`: what the algorithm makes of it. `decided`: what the rules
    after leave of that. `effects`: which rule did what to which series, in the order in which it was done.
    """

    seen: Snapshot
    proposed: Decisions
    decided: Decisions
    effects: tuple[Effect, ...]

    def of(self, series: int) -> tuple[Effect, ...]:
        """The effects on one series (a row)."""
        return tuple(effect for effect in self.effects if series in effect.series)


@dataclass(frozen=True)
class Rio:
    """Rules before and after another algorithm.

    `base`: the algorithm between them; None: the rules alone, so that nothing is ordered but what they and the minimum
    stock ask for. `sampling`: the paths that orders are weighed on where limits cut them, and on which decisions are
    evaluated where there is no base.
    """

    rules: RuleSet
    base: Policy | None = None
    sampling: Sampling = field(default_factory=Sampling)
    name: str = "rio"

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of today (see `Policy.decide`), with remarks that say which rule did what."""
        return self.dry_run(snapshot, demand).decided

    def dry_run(self, snapshot: Snapshot, demand: Demand) -> DryRun:
        """The same with every step on the way."""
        seen, effects = prepared(self.rules, snapshot, demand)
        proposed = minimum_orders(keeping(seen, demand)) if self.base is None else self.base.decide(seen, demand)
        decided, further = guarded(self.rules, Case(seen, demand, self.sampling), proposed)
        effects += further
        priorities = {rule.name: rule.priority for rule in self.rules.rules}
        remarks = (*decided.remarks, *remarks_of(effects, priorities))
        return DryRun(seen, proposed, replace(decided, remarks=remarks), tuple(effects))

    def cycle_plan(self, snapshot: Snapshot, demand: Demand, decisions: Decisions | None = None) -> CyclePlan | None:
        """The season that the base plans after what the rules left of its orders; None where it plans none."""
        if not isinstance(self.base, PlansCycles):
            return None
        step = self.dry_run(snapshot, demand)
        return self.base.cycle_plan(step.seen, demand, step.decided if decisions is None else decisions)

    def alone(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Alone | None:
        """What each transfer does by itself, as the base sees it; None where it moves nothing."""
        if not isinstance(self.base, WeighsTransfers):
            return None
        return self.base.alone(snapshot, demand, decisions)

    def feeding(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Feeding | None:
        """The places that feed others, as the base sees them; None where it sees none."""
        if not isinstance(self.base, LooksBelow):
            return None
        return self.base.feeding(snapshot, demand, decisions)

    def network_plan(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> NetworkPlan | None:
        """The network as the base plans it after what the rules left; None where it plans none."""
        if not isinstance(self.base, PlansNetwork):
            return None
        return self.base.network_plan(prepared(self.rules, snapshot, demand)[0], demand, decisions)

    def upkeep(self, snapshot: Snapshot, demand: Demand, decisions: Decisions, periods: int) -> Upkeep:
        """As the base keeps up what the rules left; the levels of rules alone follow the demand."""
        if self.base is None:
            return following_demand(snapshot, demand, decisions, periods)
        return upkeep_of(self.base, prepared(self.rules, snapshot, demand)[0], demand, decisions, periods)

    def weighed_by(self, weighing: Weighing) -> Rio:
        """The same with its base under another weighing (see `Weighs`): rules see what is."""
        if not isinstance(self.base, Weighs):
            return self
        return replace(self, base=self.base.weighed_by(weighing))

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`)."""
        return (self.sampling if self.base is None else self.base).evaluate(snapshot, demand, decisions)

    def evaluate_several(self, demand: Demand, cases: Sequence[tuple[Snapshot, Decisions]]) -> list[Evaluation]:
        """The same for several cases (see `EvaluatesSeveral`)."""
        return (
            self.sampling.evaluate_several(demand, cases)
            if self.base is None
            else evaluations(self.base, demand, cases)
        )

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot by which the base judges."""
        return snapshot if self.base is None else judged_by(self.base, snapshot)


def minimum_orders(snapshot: Snapshot) -> Decisions:
    """Orders up to the minimum stock of each series from its cheapest open offer, and nothing else."""
    offer = cheapest_offers(snapshot)
    lots = allowed(snapshot, offer)
    costs = snapshot.costs
    level = np.minimum(np.ceil(costs.min_stock), np.floor(np.maximum(costs.max_stock, 0.0)))
    level = np.where(snapshot.orderable, level, 0.0)
    quantity = np.where(level > 0.0, lots.nearest_up(level - lots.position), 0.0)
    point = np.maximum(level - 1.0, 0.0)
    return Decisions(quantity, offer, point, level, np.zeros(len(level)))
