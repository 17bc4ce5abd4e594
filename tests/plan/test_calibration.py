"""How orders weigh holding and level: what the past says in money, believed as far as its evidence goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.optimize.cims import Cims
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import parse_rules
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.weighing import AS_IT_IS, Weighing
from orderpoint.plan.calibration import (
    FEWEST_REVIEWS,
    WEIGHINGS,
    Calibration,
    Weighed,
    calibrate,
    total_and_error,
    weighed,
)
from orderpoint.plan.case import PlanCase
from orderpoint.plan.hindsight import ForecastWith, Remembered
from orderpoint.plan.proof import prove
from orderpoint.plan.run import run
from orderpoint.simulate.backtest import Played, costs_by_period, judge
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.testing.small_shop import TODAY, SmallShop

REVIEWS = 13
MONDAY = date(2025, 1, 6)


def learned(cost: np.ndarray) -> Calibration:
    ends = tuple(MONDAY + timedelta(weeks=k + 1) for k in range(cost.shape[1]))
    return Calibration(MONDAY, ends, cost, lag=3, series=5, series_of=5)


def costs(saved: dict[float, np.ndarray], reviews: int = REVIEWS) -> np.ndarray:
    """(WEIGHINGS, reviews): 100 a review, less what a holding factor saves; those not named cost 10 more."""
    found = {Weighing(factor): saving for factor, saving in saved.items()}
    other = {w: 10.0 * (w == AS_IT_IS) - 10.0 for w in WEIGHINGS}
    return np.stack([np.full(reviews, 100.0) - found.get(w, other[w]) for w in WEIGHINGS])


def test_the_standard_error_is_that_of_newey_and_west() -> None:
    values = np.array([3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, 6.0])
    away = values - values.mean()
    plain = sum((1.0 - abs(a - b) / 3.0) * away[a] * away[b] for a in range(8) for b in range(8) if abs(a - b) <= 2)
    assert total_and_error(values, 2) == pytest.approx((19.0, np.sqrt(plain * 8 / 7)))
    assert total_and_error(values, 0)[1] == pytest.approx(np.sqrt(8) * values.std(ddof=1))


def test_a_sure_saving_is_taken_and_an_unsure_one_is_not() -> None:
    swing = np.where(np.arange(REVIEWS) % 2 == 0, 40.0, -36.0)
    surely, hardly = np.full(REVIEWS, 3.0), np.repeat([30.0, -26.0], [7, 6])
    assert learned(costs({1.4: surely})).weighing == Weighing(1.4)
    assert learned(costs({0.5: surely, 1.4: surely / 2})).weighing == Weighing(0.5)
    assert learned(costs({1.4: hardly})).weighing == Weighing(1.0), "a saving below its standard error"
    assert learned(costs({1.4: surely, 2.0: hardly})).weighing == Weighing(1.4), "the surer of two"
    assert learned(costs({1.4: surely, 2.0: swing * 0 + 5.0})).weighing == Weighing(2.0)
    assert learned(costs({})).weighing == Weighing(1.0)


def test_a_day_knows_only_what_was_over_before_it() -> None:
    early, late = np.full(REVIEWS, 3.0), np.full(REVIEWS, 3.0)
    late[FEWEST_REVIEWS:] = -50.0
    turned, steady = learned(costs({1.4: late})), learned(costs({1.4: early}))
    for number, day in enumerate(steady.ends, 1):
        if number <= FEWEST_REVIEWS:
            assert turned.weighing_on(day) == steady.weighing_on(day)
        assert steady.weighing_on(day).holding == (1.4 if number >= FEWEST_REVIEWS else 1.0)
        assert steady.weighing_on(day - timedelta(days=1)).holding == (1.4 if number > FEWEST_REVIEWS else 1.0)
    assert turned.weighing == AS_IT_IS


def test_lines_with_a_fixed_order_cost_keep_their_holding_cost() -> None:
    snapshot, demand = SmallShop(order_cost=(0.0, 7.0, 0.0), holding_per_period=0.7).build()
    policy = MinCost(Sampling(paths=64))
    twice = Weighed(policy, lambda _day: Weighing(2.0))
    less, usual = twice.decide(snapshot, demand), policy.decide(snapshot, demand)
    assert (less.quantity[[0, 2]] <= usual.quantity[[0, 2]]).all()
    assert less.quantity[0] < usual.quantity[0]
    assert less.quantity[1] == usual.quantity[1]
    assert (twice.evaluate(snapshot, demand, less).cost == policy.evaluate(snapshot, demand, less).cost).all()
    assert (Weighed(policy, lambda _day: AS_IT_IS).decide(snapshot, demand).quantity == usual.quantity).all()


def test_promises_and_rules_know_the_forecast_and_the_costs_as_they_are() -> None:
    snapshot, demand = SmallShop(mean=(9.0, 9.0), service_target=(0.97, np.nan), stockout=0.5).build()
    demand = replace(demand, level_cv2=np.full(2, 0.6))
    policy = MinCost(Sampling(paths=256))
    half = weighed(policy, Weighing(level=0.5)).decide(snapshot, demand)
    assert half.quantity[0] == policy.decide(snapshot, demand).quantity[0], "a service target is a promise"
    text = "- name: full\n  when: on_hand >= 0\n  then:\n    order_up_to: cycle_demand_p95\n"
    guarded = Rio(parse_rules(text, "rules.yaml"), policy, Sampling(paths=256), "mincost")
    twice = weighed(guarded, Weighing(2.0, 0.5))
    assert (twice.decide(snapshot, demand).quantity == guarded.decide(snapshot, demand).quantity).all()
    assert weighed(Cims(), Weighing(2.0)) == Cims(), "a weighing means nothing to an algorithm of another aim"


@pytest.mark.parametrize("backlog", [False, True])
def test_costs_of_periods_add_up_to_what_a_contestant_is_judged_by(backlog: bool) -> None:
    snapshot, _ = SmallShop(order_cost=(0.0, 7.0, 3.0), backlog=backlog).build()
    random, shape = np.random.default_rng(5), (3, 9)
    left = random.normal(3.0, 5.0, shape) if backlog else random.uniform(0.0, 9.0, shape)
    played = Played(random.integers(0, 2, shape) * 6.0, left, random.uniform(0.0, 2.0, shape), np.full(shape, 4.0))
    by_period = costs_by_period(played, snapshot, np.full(9, 7.0))
    judged = judge("any", played, snapshot, Timeline(MONDAY, Period.WEEK, 9))
    assert by_period.sum() == pytest.approx(judged.cost)
    assert (by_period[:2] == 0.0).all(), "no order could have arrived"
    assert (by_period[2:] > 0.0).all()


@dataclass(frozen=True)
class Says:
    """A forecaster that says the true mean, `times` over, with a level of the given variance."""

    mean: np.ndarray
    times: float = 1.0
    level_cv2: float = 0.0
    name: str = "says"

    def fit(self, sales: Sales, known: Known) -> Said:  # noqa: ARG002
        return Said(self, sales)


@dataclass(frozen=True)
class Said:
    by: Says
    sales: Sales

    def demand(self, periods: int, known: Known) -> Demand:  # noqa: ARG002
        index, timeline = self.sales.index, self.sales.timeline.after(periods)
        rows = [int(name[-4:]) for name in index.item_names()]
        return Demand.poisson(index, timeline, self.by.times * self.by.mean[rows][:, None], self.by.level_cv2)


def shop(times: float, weeks: int = 40, level_cv2: float = 0.0, **columns: float) -> PlanCase:
    """Twelve items of steady Poisson demand, and a forecaster that says it `times` over, at an unsure level."""
    mean = np.linspace(2.0, 24.0, 12)
    snapshot, _ = SmallShop(mean=mean, **columns).build()
    quantity = np.random.default_rng(2).poisson(mean[:, None], (12, weeks)).astype(np.float32)
    timeline = Timeline(TODAY - timedelta(weeks=weeks), Period.WEEK, weeks)
    sales = Sales(snapshot.index, timeline, quantity, np.full(quantity.shape, State.OBSERVED, np.uint8))
    return PlanCase(sales, Known(snapshot.catalog), snapshot, Says(mean, times, level_cv2), MinCost(Sampling(paths=64)))


def learn(case: PlanCase) -> Calibration | None:
    return calibrate(case, ForecastWith(case.forecaster, case.known), 300)


def test_a_forecast_that_is_too_high_or_too_low_is_found_out() -> None:
    high, right, low = (learn(shop(times)) for times in (1.4, 1.0, 0.7))
    assert high is not None
    assert right is not None
    assert low is not None
    assert high.weighing.holding == 2.0
    assert low.weighing.holding == 0.5
    assert right.weighing.holding == 1.0
    assert high.ends[-1] == TODAY
    assert high.first == TODAY - timedelta(weeks=REVIEWS)


def test_a_level_that_is_surer_than_it_says_is_found_out() -> None:
    unsure = learn(shop(1.0, level_cv2=0.2))
    assert unsure is not None
    saved, error = unsure.savings()[Weighing(level=0.5)]
    assert saved > 2.0 * error, "half of it is nearer to the truth, which is none"
    assert unsure.weighing != AS_IT_IS


def test_less_of_an_unsure_level_orders_less() -> None:
    snapshot, demand = SmallShop(mean=(9.0, 9.0), order_cost=(0.0, 7.0), stockout=9.0).build()
    demand = replace(demand, level_cv2=np.full(2, 0.6))
    policy = MinCost(Sampling(paths=256))
    half = Weighed(policy, lambda _day: Weighing(level=0.5)).decide(snapshot, demand)
    usual = policy.decide(snapshot, demand)
    assert half.quantity[0] < usual.quantity[0]
    assert half.quantity[1] == usual.quantity[1], "a fixed order cost"


def test_it_is_left_out_where_nothing_can_be_learned() -> None:
    assert learn(shop(1.4, weeks=2 * (FEWEST_REVIEWS + 2) - 1)) is None, "the history is too short"
    assert learn(shop(1.4, weeks=2 * (FEWEST_REVIEWS + 2))) is not None
    assert learn(shop(1.4, order_cost=5.0)) is None, "orders last for many reviews"
    assert learn(replace(shop(1.4), policy=Cims())) is None, "an algorithm of another aim"


def test_the_plan_orders_by_it_and_the_replay_only_by_what_it_knew() -> None:
    case = shop(1.4)
    plan = run(case)
    assert plan.calibration is not None
    assert plan.calibration.weighing == Weighing(2.0)
    expected = weighed(case.policy, Weighing(2.0)).decide(case.snapshot, plan.demand)
    assert (plan.decisions.quantity == expected.quantity).all()
    assert plan.decisions.quantity.sum() < case.policy.decide(case.snapshot, plan.demand).quantity.sum()
    forecast = ForecastWith(case.forecaster, case.known)
    known, without = prove(case, forecast, plan.calibration), prove(case, forecast, None)
    assert known is not None
    assert without is not None
    always_2 = plan.calibration.cost[WEIGHINGS.index(Weighing(2.0))].sum()
    assert always_2 < known.kpis[-1].cost < without.kpis[-1].cost


def test_a_forecast_is_made_once_for_each_day() -> None:
    case, asked = shop(1.0), []

    def forecast(past: Sales, periods: int) -> Demand:
        asked.append(past.timeline.end)
        return case.forecaster.fit(past, case.known).demand(periods, case.known)

    remembered = Remembered(forecast)
    assert calibrate(case, remembered, 300) is not None
    prove(case, remembered, None)
    assert len(asked) == len(set(asked)) == REVIEWS + 2
