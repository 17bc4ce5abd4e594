"""What the shop's own past says of its orders: how the holding cost and the forecast's uncertainty are to be weighed.

A policy that minimises expected cost trusts the forecast's distribution. Where that is too wide, too narrow or off to
one side, it holds too much or too little, and so does a policy whose window ends before its stock does: what was
ordered for a level that may be high stays where it turns out to be low. Both show in money: the last reviews of the
history are played with the holding cost taken at half to double, and with half of the level's variance, and the
weighing is kept that saved most after one standard error of what it saved is taken off. So a saving that is hardly
more than chance leaves both at 1. Costs of successive reviews depend on one another, as an order serves several of
them; the standard error allows for that (W. Newey and K. West 1987, "A simple, positive semi-definite,
heteroskedasticity and autocorrelation consistent covariance matrix", Econometrica 55(3), 703-708).

Lines with a fixed order cost keep 1: their orders last for many reviews, and so short a past cannot tell.
The replay shown beside the plan uses, on each of its days, only what was known before that day.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.base import Policy
from orderpoint.optimize.mincost import fixed_order_costs
from orderpoint.optimize.weighing import AS_IT_IS, Weighing, Weighs
from orderpoint.plan.case import PlanCase
from orderpoint.simulate.backtest import Contestant, Forecast, Stretch, choose_stretch, costs_by_period, play
from orderpoint.simulate.compare import systematic_sample
from orderpoint.simulate.hidden import wanted
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.sales import Sales
from orderpoint.tables.snapshot import Snapshot

FloatArray = NDArray[np.float64]

WEIGHINGS = (AS_IT_IS, *map(Weighing, (1.4, 0.7, 2.0, 0.5)), Weighing(level=0.5))
"""What is tried, first of all nothing: holding about half to double in steps of the root of two, or half the level."""

FEWEST_REVIEWS = 8
"""Reviews with a known outcome below which nothing is concluded."""

CALIBRATED = ("mincost",)
"""Algorithms that order at least expected cost, so that these weighings mean to them what they say."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What each weighing would have cost: `cost` (WEIGHINGS, reviews), money of all `series` played of `series_of`.

    `ends`: the first day after each review's cycle, when its outcome is known. `lag`: reviews whose costs one order
    touches.
    """

    first: date
    ends: tuple[date, ...]
    cost: FloatArray
    lag: int
    series: int
    series_of: int

    @property
    def weighing(self) -> Weighing:
        """The weighing that all of the past says."""
        return self.weighing_on(self.ends[-1])

    def weighing_on(self, day: date) -> Weighing:
        """The weighing that was known on the morning of `day`; none where too little was."""
        known = sum(end <= day for end in self.ends)
        if known < FEWEST_REVIEWS:
            return AS_IT_IS
        sure = [saved - error for saved, error in self.savings(known).values()]
        return WEIGHINGS[int(np.argmax(sure))]  # the first of equals is the nearest to nothing, which saves 0

    def savings(self, reviews: int | None = None) -> Mapping[Weighing, tuple[float, float]]:
        """Weighing -> (money saved beside none, its standard error), over the first `reviews` reviews (None: all)."""
        cost = self.cost[:, :reviews]
        return {w: total_and_error(cost[0] - own, self.lag) for w, own in zip(WEIGHINGS, cost, strict=True)}


def total_and_error(values: FloatArray, lag: int) -> tuple[float, float]:
    """Sum of a series of at least 2 values, and its standard error with Bartlett weights up to `lag` (Newey & West)."""
    count = len(values)
    away = values - values.mean()
    variance = float(away @ away)
    for k in range(1, min(lag, count - 1) + 1):
        variance += 2.0 * (1.0 - k / (lag + 1.0)) * float(away[k:] @ away[:-k])
    return float(values.sum()), math.sqrt(max(variance, 0.0) * count / (count - 1.0))


@dataclass(frozen=True)
class Weighed:
    """A policy that decides by the weighing of the day, which means something to it (`Weighs`)."""

    policy: Policy
    weighing_on: Callable[[date], Weighing]

    @property
    def name(self) -> str:
        """The name of the policy."""
        return self.policy.name

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """Orders of the snapshot's first day (see `Policy.decide`)."""
        return weighed(self.policy, self.weighing_on(snapshot.timeline.first)).decide(snapshot, demand)

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        """What any decisions are expected to cost and serve (see `Policy.evaluate`)."""
        return self.policy.evaluate(snapshot, demand, decisions)


def weighed(policy: Policy, weighing: Weighing) -> Policy:
    """The policy under the weighing, where it knows what that means."""
    return policy.weighed_by(weighing) if isinstance(policy, Weighs) else policy


def calibrate(case: PlanCase, forecast: Forecast, most_series: int) -> Calibration | None:
    """Play every weighing on the last part of the history; None where it is too short or no line could change.

    `most_series` bounds the work: a systematic sample, the same that the proof plays.
    """
    policy = case.replayed_by or case.policy
    rows = systematic_sample(case.sales, most_series)
    sales, snapshot = case.sales.take(rows), case.snapshot.take(rows)
    stretch = choose_stretch(sales, snapshot)
    if policy.name not in CALIBRATED or stretch is None or fixed_order_costs(snapshot).all():
        return None
    lead = int(np.median(snapshot.supply.arrival_period[snapshot.supply.offsets[:-1]]))
    reviews = (stretch.periods - lead) // stretch.step
    if reviews < FEWEST_REVIEWS:
        return None
    asked = wanted(sales, stretch.first)
    cost = np.zeros((len(WEIGHINGS), reviews))
    for row, weighing in zip(cost, WEIGHINGS, strict=True):
        contestant = Contestant(f"{weighing}", forecast, Weighed(policy, _always(weighing)))
        spent = _costs(sales, asked, snapshot, contestant, stretch)
        row[:] = spent[lead:].reshape(reviews, stretch.step).sum(axis=1)
    ends = [stretch.first + lead + (k + 1) * stretch.step for k in range(reviews)]
    then = snapshot.supply.next_arrival_period[snapshot.supply.offsets[:-1]]
    return Calibration(
        first=sales.timeline.start(ends[0] - stretch.step),
        ends=tuple(sales.timeline.start(end) for end in ends),
        cost=cost,
        lag=max(1, math.ceil(float(np.median(then)) / stretch.step)),
        series=len(rows),
        series_of=len(case.sales.index),
    )


def _always(weighing: Weighing) -> Callable[[date], Weighing]:
    return lambda _day: weighing


def _costs(sales: Sales, asked: FloatArray, snapshot: Snapshot, contestant: Contestant, stretch: Stretch) -> FloatArray:
    """Money of all series in each period of the stretch; `asked` is what customers wanted there."""
    played = play(sales, asked, snapshot, contestant, stretch)
    days = np.array([sales.timeline.days(stretch.first + k) for k in range(stretch.periods)], dtype=np.float64)
    return costs_by_period(played, snapshot, days)
