"""What may go wrong until the next order arrives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import poisson

from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.outlook import outlook
from orderpoint.testing.small_shop import SmallShop, with_receipt

POLICY = MinCost(paths=2048, looks_ahead=False)


def test_running_out_is_foreseen_with_its_period_and_its_probability() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0, 10.0), on_hand=(15, 35, 500), horizon=4).build()
    ordered = replace(POLICY.decide(snapshot, demand), quantity=np.array([40.0, 0.0, 0.0]))
    seen = outlook(POLICY, snapshot, demand, ordered)
    # Two weeks until today's order arrives, three until the next one: Poisson 20 and Poisson 30.
    assert seen.early_probability[:2] == pytest.approx(poisson.sf([15, 35], 20), abs=0.02)
    assert seen.stockout_probability[1] == pytest.approx(poisson.sf(35, 30), abs=0.02)
    assert list(seen.likely_period) == [1, -1, -1]
    assert seen.stockout_probability[2] == 0


def test_an_open_order_in_time_takes_the_risk_away() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), on_hand=15).build()
    decisions = POLICY.decide(snapshot, demand)
    before = outlook(POLICY, snapshot, demand, decisions)
    after = outlook(POLICY, with_receipt(snapshot, 1, 50), demand, decisions)
    assert before.early_probability[0] > 0.8
    assert after.early_probability[0] < 0.1


def test_overstock_is_what_a_strong_demand_leaves() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0), on_hand=(100, 20), horizon=4).build()
    nothing = replace(POLICY.decide(snapshot, demand), quantity=np.zeros(2))
    seen = outlook(POLICY, snapshot, demand, nothing)
    assert list(seen.overstock) == [100 - poisson.ppf(0.95, 40), 0]
