"""A plan is held to its word: the simulator with the plan's decisions shows the cost and service that it expects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.simulate.confirm import Confirmation, confirm
from orderpoint.simulate.intervals import Interval, interval_of, ratio_of
from orderpoint.tables.decisions import Transfers
from orderpoint.testing.small_shop import SmallShop

PLAN = MinCost(Sampling(seed=1, paths=2048))


def confirmed(shop: SmallShop, paths: int = 400) -> Confirmation:
    snapshot, demand = shop.build()
    decisions = PLAN.decide(snapshot, demand)
    return confirm(snapshot, demand, decisions, PLAN.evaluate(snapshot, demand, decisions), paths, seed=97)


def shop(**changes: object) -> SmallShop:
    rng = np.random.default_rng(5)
    base = SmallShop(mean=rng.gamma(1.0, 6.0, 60), on_hand=rng.integers(0, 25, 60), level_cv2=0.1, order_cost=2.0)
    return replace(base, **changes)


@pytest.mark.parametrize("sd_days", [0.0, 5.0])
@pytest.mark.parametrize("backlog", [False, True])
def test_a_plan_costs_and_serves_what_it_expects(backlog: bool, sd_days: float) -> None:
    result = confirmed(shop(backlog=backlog, lead_time_sd_days=sd_days))
    assert result.total_cost.inside
    assert result.total_fill_rate.inside
    assert result.total_holding.inside
    assert result.total_stockout.inside
    assert result.holds
    assert result.cost.inside.mean() > 0.85


def test_a_plan_that_promises_too_much_is_caught() -> None:
    snapshot, demand = shop().build()
    decisions = PLAN.decide(snapshot, demand)
    honest = PLAN.evaluate(snapshot, demand, decisions)
    boastful = replace(honest, stockout_cost=0.7 * honest.stockout_cost, short=0.7 * honest.short)
    result = confirm(snapshot, demand, decisions, boastful, 400, seed=97)
    assert not result.total_cost.inside
    assert not result.total_fill_rate.inside
    assert not result.holds


def test_a_transfer_takes_from_one_and_gives_to_another() -> None:
    snapshot, demand = SmallShop(mean=(1e-9, 1e-9), on_hand=(10.0, 0.0), holding_per_period=7.0).build()
    decisions = PLAN.decide(snapshot, demand).without_orders()
    one = np.array([0])
    moved = replace(decisions, transfers=Transfers(one, one + 1, np.array([4.0]), one + 1, one + 7, np.zeros(1)))
    result = confirm(snapshot, demand, moved, PLAN.evaluate(snapshot, demand, moved), 2, seed=97)
    assert result.cost.simulated.tolist() == pytest.approx([3 * 6 * 7.0, 2 * 4 * 7.0])
    assert result.holds


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    inside = [interval_of(rng.gamma(2.0, 3.0, 60)).holds(6.0) for _ in range(2000)]
    assert np.mean(inside) == pytest.approx(0.94, abs=0.02)
    pairs = [rng.poisson(20.0, (2, 60)) for _ in range(2000)]
    held = [ratio_of(top.astype(float), (top + rest).astype(float)).holds(0.5) for top, rest in pairs]
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)


def test_an_interval_has_ends() -> None:
    assert (Interval(3.0, 1.0).low, Interval(3.0, 1.0).high) == (2.0, 4.0)
    assert not Interval(3.0, 1.0).holds(4.1)


def test_one_path_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        confirmed(shop(), paths=1)
