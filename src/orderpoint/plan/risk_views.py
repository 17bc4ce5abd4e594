"""What risks are judged by: each place by itself, and places that feed others with all that they feed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.messages import Language
from orderpoint.optimize.base import judged_by
from orderpoint.optimize.collaboration.feeding import LooksBelow
from orderpoint.plan.case import PlanCase
from orderpoint.stockflow.placed import moved
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RiskView:
    """r series as they stand once today's transfers and further orders are on their way; those `told` (r,) are listed.

    `owned` (r,): units held or on their way, of earlier orders and of transfers. Of these `here` (r,) are at the place
    that is listed, and `dated_here` (r, H) are its units that expire up to each period, None without dated lots.
    `of` ends the key of a sentence: "" where a place speaks for itself.
    """

    snapshot: Snapshot
    demand: Demand
    decisions: Decisions
    evaluation: Evaluation
    told: NDArray[np.bool_]
    owned: FloatArray
    here: FloatArray
    dated_here: FloatArray | None
    of: str
    language: Language


def risk_views(case: PlanCase, demand: Demand, decisions: Decisions, after: Evaluation) -> tuple[RiskView, ...]:
    """Places that feed nobody by themselves; then those that feed others, each with all that it feeds."""
    policy = case.policy
    seen = moved(judged_by(policy, case.snapshot), decisions)
    everywhere = np.ones(len(seen.index), np.bool_)
    owned = _owned(moved(case.snapshot, replace(decisions, further=None)))
    dated = None if seen.stock.expiring is None else np.cumsum(seen.stock.expiring, axis=1)
    if dated is not None:
        dated = np.minimum(dated, np.maximum(seen.stock.on_hand, 0.0)[:, None])
    own = RiskView(seen, demand, decisions, after, everywhere, owned, owned, dated, "", case.language)
    found = policy.feeding(case.snapshot, demand, decisions) if isinstance(policy, LooksBelow) else None
    if found is None:
        return (own,)
    rows = found.echelons.rows
    alone = everywhere.copy()
    alone[rows] = False
    below = RiskView(
        found.snapshot,
        found.demand,
        found.decisions,
        found.evaluation,
        np.ones(len(rows), np.bool_),
        found.echelons.total(owned),
        owned[rows],
        None if dated is None else dated[rows],
        "_below",
        case.language,
    )
    return replace(own, told=alone), below


def judged_below(case: PlanCase, demand: Demand, decisions: Decisions, evaluation: Evaluation) -> Evaluation:
    """`evaluation` of `decisions`, with the chance of running out of places that feed others that of all they feed."""
    policy = case.policy
    found = policy.feeding(case.snapshot, demand, decisions) if isinstance(policy, LooksBelow) else None
    if found is None:
        return evaluation
    risk = evaluation.stockout_risk.copy()
    risk[found.echelons.rows] = found.evaluation.stockout_risk
    return replace(evaluation, stockout_risk=risk)


def _owned(snapshot: Snapshot) -> FloatArray:
    """Units held or on their way, (n,)."""
    stock = snapshot.stock
    owned: FloatArray = np.maximum(stock.on_hand, 0.0) + stock.receipts.sum(axis=1) + stock.receipts_beyond
    return owned
