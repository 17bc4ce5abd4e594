"""One change of plans: demand, stock and money before and after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.base import Fitted
from orderpoint.forecast.features.planned import plan_of
from orderpoint.plan.case import PlanCase
from orderpoint.plan.change import Change, are_cuts, with_change
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known

Floats = NDArray[np.float64]
SAME = 1e-6
"""Relative difference below which two prices or demands are the same."""
BEYOND = 1.25
"""A price so many times above the greatest, or below the least, is one that the history cannot tell of."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """Demand under one set of plans, today's orders for it, what they are expected to cost, and prices (n, H).

    Prices are NaN where none is known.
    """

    demand: Demand
    decisions: Decisions
    evaluation: Evaluation
    price: Floats


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Before and after the change, over the `periods` that are shown.

    `rows` (n,): the series that it speaks of. `far` (n,): those of them whose new price lies far outside `seen`, the
    least and the greatest price that these have had. `price_alone`: nothing but prices changed.
    """

    before: Outcome
    after: Outcome
    periods: int
    rows: NDArray[np.bool_]
    far: NDArray[np.bool_]
    seen: tuple[float, float] | None = None
    price_alone: bool = True

    @property
    def priced(self) -> NDArray[np.bool_]:
        """Those of `rows` whose price is known in every period shown, before and after; (n,)."""
        known = [np.isfinite(one.price[:, : self.periods]).all(axis=1) for one in (self.before, self.after)]
        return np.asarray(self.rows & known[0] & known[1])

    @property
    def moved(self) -> bool:
        """Whether any of their demand changed."""
        lower, upper = (one.demand.mean[self.rows, : self.periods] for one in (self.before, self.after))
        return bool((lower != upper).any())

    @property
    def elasticity(self) -> float | None:
        """By how many per cent demand moves where the price rises by one: below 0, as a rule.

        None where demand does not answer a price, where more than prices changed, or every price is one that the
        history cannot tell of.

        The logarithm of demand after over before, over that of the prices, summed over the series not `far` and the
        periods whose price changes, and weighed by their demand before.
        """
        told = self.rows & ~self.far & self.price_alone
        old, new = (one.price[told, : self.periods] for one in (self.before, self.after))
        lower, upper = (one.demand.mean[told, : self.periods] for one in (self.before, self.after))
        there = (
            (old > 0) & (new > 0) & (np.abs(new / np.where(old > 0, old, 1.0) - 1.0) > SAME) & (lower > 0) & (upper > 0)
        )
        if not there.any() or np.allclose(lower[there], upper[there], rtol=SAME):
            return None
        answer = np.log(upper[there] / lower[there]) / np.log(new[there] / old[there])
        return float((answer * lower[there]).sum() / lower[there].sum())


def what_if(case: PlanCase, change: Change) -> WhatIf:
    """Forecast and decide twice with one fitted model: as things are planned, and with the change.

    Launches are learned with the history, so one that changes is learned anew.
    """
    fitted = case.forecaster.fit(case.sales, case.known)
    rows = change.rows(case.snapshot.index)
    changed = with_change(case, change)
    planned = case.known.prices is not None and case.known.prices.height > 0
    heard = changed if planned else replace(changed, prices=case.known.prices)  # no model has seen prices known ahead
    before = _outcome(case, fitted, case.known, case.known)
    again = case.forecaster.fit(case.sales, heard) if change.launch else fitted
    after = _outcome(case, again, heard, changed)
    far, seen = _far(case, before.price, after.price, rows)
    alone = change.event is None and not change.launch and (change.promotion is None or are_cuts(case))
    return WhatIf(before, after, case.shown_periods or case.snapshot.timeline.count, rows, far, seen, alone)


def _far(
    case: PlanCase, before: Floats, after: Floats, rows: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], tuple[float, float] | None]:
    """`WhatIf.far` and `WhatIf.seen`, of the prices (n, H) that are asked for before and after."""
    plan = plan_of(case.sales, case.known, case.sales.timeline)
    if not plan.price.size:
        return np.zeros_like(rows), None
    least, most = (
        function(np.where(np.isfinite(plan.price), plan.price, empty), axis=1)
        for function, empty in ((np.min, np.inf), (np.max, -np.inf))
    )
    known = rows & np.isfinite(least) & np.isfinite(most)
    new = np.isfinite(after) & ~(np.abs(after - before) <= SAME * np.abs(after))
    outside = (after < least[:, None] / BEYOND) | (after > most[:, None] * BEYOND)
    far = np.asarray(known & (new & outside).any(axis=1))
    return far, (float(least[far].min()), float(most[far].max())) if far.any() else None


def _outcome(case: PlanCase, fitted: Fitted, heard: Known, known: Known) -> Outcome:
    """What follows where `known` holds and the model is told what is `heard`."""
    demand = fitted.demand(case.snapshot.timeline.count, heard)
    decisions = case.policy.decide(case.snapshot, demand)
    evaluation = case.policy.evaluate(case.snapshot, demand, decisions)
    return Outcome(demand, decisions, evaluation, _price(case, known))


def _price(case: PlanCase, known: Known) -> Floats:
    """Price (n, H) of each period ahead: as planned, else as it is, else NaN."""
    history, ahead = case.sales.timeline, case.snapshot.timeline
    usual = case.snapshot.costs.price[:, None]
    whole = Timeline(history.first, history.period, history.count + ahead.count)
    planned = plan_of(case.sales, known, whole)
    if not (planned.ahead and planned.price.size):
        return np.repeat(usual, ahead.count, axis=1)
    price = planned.price[:, history.count :].astype(np.float64)
    return np.where(np.isfinite(price), price, usual)
